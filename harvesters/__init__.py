"""The ears of the catalogue: one file per kind of source. Nothing here knows the store or the index."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING

from .foreign import Foreign, found

if TYPE_CHECKING:  # who only names a kind waits for nothing that reads one
    from .base import Harvester
    from .http import Response

LINGUA_FRANCA = "dcat"
"""The kind that reads what is written in the language of the catalogue itself: a document that no other kind
recognises, and a record that a producer sends in RDF, whatever the kind of its source."""


PUSH = "push"
"""The kind of a source that nobody reads: its producer sends the records."""


class Kinds(Mapping[str, "Harvester"]):
    """Kinds of source by their name, each loaded when it is first asked for: with it come its client and parsers.

    After ours come those that packages from outside bring (`foreign`), looked for when somebody asks for all of them,
    or for one that is none of ours.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        """`places`: the file of each kind, and its class there."""
        self._places = places
        self._made: dict[str, Harvester] = {}

    @cached_property
    def _foreign(self) -> Mapping[str, Foreign]:
        return found(self._places)

    def origin(self, kind: str) -> str:
        """The package that brings a kind, with its version; empty for ours."""
        return "" if kind in self._places or kind not in self._foreign else self._foreign[kind].origin

    def __getitem__(self, kind: str) -> "Harvester":
        if kind not in self._places:
            return self._foreign[kind].harvester
        if kind not in self._made:
            file, _, name = self._places[kind].partition(":")
            self._made[kind] = getattr(import_module(f".{file}", __package__), name)()
        return self._made[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in self._places or kind in self._foreign

    def __iter__(self) -> Iterator[str]:
        return chain(self._places, self._foreign)

    def __len__(self) -> int:
        return len(self._places) + len(self._foreign)


HARVESTERS = Kinds(
    {
        "arcgis-hub": "arcgis_hub:ArcgisHub",
        "ckan": "ckan:Ckan",
        "csw": "csw:Csw",
        "data-json": "data_json:DataJson",
        "dataverse": "dataverse:Dataverse",
        "dcat": "dcat_feed:DcatFeed",
        "dkan": "dkan:Dkan",
        "ldes": "ldes:Ldes",
        "oai-pmh": "oai:OaiPmh",
        "ogc-records": "ogc:OgcRecords",
        "opendatasoft": "opendatasoft:Opendatasoft",
        "push": "push:Push",
        "sdmx": "sdmx:Sdmx",
        "socrata": "socrata:Socrata",
        "stac": "stac:Stac",
        "table": "table:TableList",
        "udata": "udata:Udata",
        "waf": "waf:Waf",
        "schema-org": "schema_org:SchemaOrg",  # last: portals with an API describe their pages so too
    }
)
"""Every kind of source, by the word for it in `--kind`."""


def reader_of(document: "Response") -> "Harvester":
    """The kind that reads a document; the lingua franca says what is wrong with one that no kind recognises."""
    known = (harvester for harvester in HARVESTERS.values() if harvester.recognises(document))
    return next(known, HARVESTERS[LINGUA_FRANCA])
