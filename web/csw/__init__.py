"""CSW 2.0.2: our entries as records of a catalogue service, for QGIS, GeoNetwork and the tools of INSPIRE.

A door only translates: what our search cannot be asked is refused in an exception report, never ignored.
https://portal.ogc.org/files/?artifact_id=20555 (OGC 07-006r1)
"""

from flask import Blueprint, Flask

from .. import errors
from . import calls, exceptions


def register(app: Flask) -> None:
    """Adds the service to the application."""
    csw = Blueprint("csw", __name__)
    csw.add_url_rule("/csw", "service", calls.call, methods=["GET", "POST"], strict_slashes=False)
    app.register_blueprint(csw)
    errors.speaks(app, "/csw", exceptions.refused)
