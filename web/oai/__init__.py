"""OAI-PMH 2.0: the whole catalogue and its removals, for those who keep a copy.

A door only translates: its errors are elements of its answers, and no state is kept between two parts of a list.
https://www.openarchives.org/OAI/openarchivesprotocol.html
"""

from flask import Blueprint, Flask

from .. import errors
from . import calls


def register(app: Flask) -> None:
    """Adds the repository to the application."""
    oai = Blueprint("oai", __name__)
    oai.add_url_rule("/oai", "repository", calls.call, methods=["GET", "POST"], strict_slashes=False)
    app.register_blueprint(oai)
    errors.speaks(app, "/oai", calls.refused)
