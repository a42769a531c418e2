"""What memory and time a national event stream takes, harvested into a catalogue, at several sizes.

    python -m benchmarks.event_stream [OBJECTS …]

The stream is made while it is served, in the shape of data.gov.be's: a tree of pages, activities that name a graph,
every fifth object a dataset and the others its files, each an object of its own. Each size is harvested by a process of
its own: whole, again unchanged, and once more after ten datasets were deleted. Printed is what the process holds beyond
one that harvested a hundred objects.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.alone import Measured, harvest
from benchmarks.whole_portals import serving_bytes
from catalogue.service import Catalogue
from catalogue.settings import Settings

SIZES = (12_000, 24_000, 48_000)
A_PAGE = 100
"""Objects of a page."""
DELETED = 10
IDLE = 100
PREFIXES = """\
@prefix as: <https://www.w3.org/ns/activitystreams#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix tree: <https://w3id.org/tree#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATASET = """<https://gov.example/id/{n}> a dcat:Dataset ; dct:title "Jeu {n}"@fr , "Dataset {n}"@nl ;
  dct:description "{about}"@fr ; dcat:keyword "eau"@fr , "air"@fr ; dcat:distribution {files} ;
  dct:publisher [ a foaf:Agent ; foaf:name "Commune {agency}"@fr ] ."""
FILE = """<https://gov.example/id/{n}> a dcat:Distribution ; dcat:accessURL <https://gov.example/file/{n}.csv> ;
  dct:format "CSV" ; dct:title "Fichier {n}"@fr ."""
ABOUT = "Ce que la commune mesure chaque jour, et comment. " * 12


class Stream:
    """An event stream of that many objects."""

    def __init__(self, objects: int) -> None:
        self.objects, self.asked, self.ends = objects, 0, False
        """`ends`: with a last page that deletes some datasets."""

    def answer(self, path: str, _: Mapping[str, str]) -> bytes:
        """What is served at a path."""
        self.asked += 1
        return self.page(path.strip("/"))

    def page(self, name: str) -> bytes:
        """A page of the tree, in TriG."""
        if name == "root":
            return (PREFIXES + f"<root> a tree:Node ; {self._relations()} .").encode()
        number = int(name)
        acts = self._deleted() if number == self._full() else map(_created, self._of(number))
        return (PREFIXES + f"<{name}> a tree:Node .\n" + "".join(acts)).encode()

    def _full(self) -> int:
        return -(-self.objects // A_PAGE)

    def _of(self, page: int) -> range:
        return range(page * A_PAGE, min(self.objects, (page + 1) * A_PAGE))

    def _relations(self) -> str:
        relations = (
            f"[ a tree:{type} ; tree:node <{page}> ; tree:value {_moment(page + later)} ]"
            for page in range(self._full() + self.ends)
            for type, later in (("GreaterThanOrEqualToRelation", 0), ("LessThanRelation", 1))
        )
        return f"tree:relation {' , '.join(relations)}"

    def _deleted(self) -> Iterator[str]:
        for n in range(0, 5 * DELETED, 5):
            yield _act(f"gone{n}", "Delete", n, self._full(), "")


def _created(n: int) -> str:
    files = " , ".join(f"<https://gov.example/id/{n + k}>" for k in range(1, 5))
    said = FILE if n % 5 else DATASET
    return _act(str(n), "Create", n, n // A_PAGE, said.format(n=n, files=files, agency=n % 300, about=ABOUT))


def _act(name: str, type: str, n: int, page: int, said: str) -> str:
    activity = f"<https://gov.example/act/{name}>"
    named = f"{activity} {{ {said} }}" if said else ""
    return f"{activity} a as:{type} ; as:object <https://gov.example/id/{n}> ; as:published {_moment(page)} . {named}\n"


def _moment(page: int) -> str:
    return f'"2025-{page // 672 + 1:02}-{page // 24 % 28 + 1:02}T{page % 24:02}:00:00Z"^^xsd:dateTime'


def measured(objects: int) -> Iterator[tuple[str, Measured, int]]:
    """What three harvests of a stream took, each with the pages that were asked for."""
    stream = Stream(objects)
    with tempfile.TemporaryDirectory() as folder, serving_bytes(stream.answer) as address:
        settings = Settings(data_dir=Path(folder), fetch_allow=("127.0.0.0/8",), harvest_processes=1)
        catalogue = Catalogue(settings)
        catalogue.init()
        name = catalogue.sources.add(f"{address}/root", "ldes", title="Stream").name
        catalogue.close()
        for what in ("whole", "unchanged", "deleted"):
            stream.asked, stream.ends = 0, what == "deleted"
            yield what, harvest(settings, name), stream.asked


def main(*sizes: int) -> None:
    """Prints a line a harvest."""
    idle = next(measured(IDLE))[1].memory
    for objects in sizes or SIZES:
        for what, found, pages in measured(objects):
            print(
                f"{objects:7} objects, {what:9} {pages:5} pages {found.seen:6} entries {found.writes:6} writes "
                f"{found.removed:3} removed {found.seconds:6.1f} s {(found.memory - idle) / 1000:6.1f} MB"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
