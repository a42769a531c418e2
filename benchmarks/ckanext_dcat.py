"""ckanext-dcat as it reads a feed, without a CKAN site: run by the Python of its own environment (`benchmarks.peers`).

Answers each path of a Turtle file on its input with the number of datasets and the seconds of the processor that
parsing it and mapping it to CKAN's datasets took.
"""

import sys
import time
from pathlib import Path

import flask
from ckan.common import config, config_declaration
from flask_babel import Babel

config_declaration.load_core_declaration()
config_declaration.make_safe(config)
for option in config_declaration.iter_options():
    config.setdefault(str(option), config_declaration[option].default)
config["ckan.site_url"] = "https://data.example.org"

from ckanext.dcat.processors import RDFParser  # noqa: E402 (it reads the options)


def measured(data: bytes) -> tuple[int, float]:
    """How many datasets were read, and in how many seconds."""
    began = time.process_time()
    parser = RDFParser(profiles=["euro_dcat_ap_3"])
    parser.parse(data, _format="turtle")
    count = sum(1 for _ in parser.datasets())
    return count, time.process_time() - began


def main() -> None:
    """Answers line by line."""
    app = flask.Flask(__name__)
    Babel(app)
    with app.app_context(), app.test_request_context():
        for line in sys.stdin:
            print(*measured(Path(line.strip()).read_bytes()), flush=True)


if __name__ == "__main__":
    main()
