"""Trains the dictionary that large values of the store are packed with, on the example agencies, which are ours.

    python -m benchmarks.dictionary FILE

No catalogue's own rows go into it: what is in a dictionary is in every installation and in no erasing's reach. A
dictionary that was ever used stays; a new one gets the next number in `catalogue/store/packing.py`.
"""

import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from catalogue.cli.demo import fill
from catalogue.demo.server import serve_agencies
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store import packing
from catalogue.store.tables import assessments, contents, records

SIZE = 32_768
"""Bytes: twice as many leave values of other catalogues as large."""


def samples(folder: Path) -> list[bytes]:
    """What is kept packed of the example agencies."""
    settings = Settings(data_dir=folder, fetch_allow=("127.0.0.0/8",), check_links=False, preview_mb=0)
    with serve_agencies() as base:
        fill(settings, base)
    catalogue = Catalogue(settings)
    columns = (contents.c.said, records.c.body, assessments.c.measures)
    with catalogue._database.read() as tx:  # noqa: SLF001 (as it is kept, which no noun tells)
        values = [tx.execute(sa.select(sa.type_coerce(one, sa.LargeBinary))).scalars().all() for one in columns]
    catalogue.close()
    return [packing.unpack(value) for some in values for value in some if value]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        Path(sys.argv[1]).write_bytes(packing.trained(samples(Path(name)), SIZE))
