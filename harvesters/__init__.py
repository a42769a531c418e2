"""The ears of the catalogue: one file per kind of source. Nothing here knows the store or the index."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # who only names a kind waits for nothing that reads one
    from .base import Harvester
    from .http import Response

LINGUA_FRANCA = "dcat"
"""The kind that reads what is written in the language of the catalogue itself: a document that no other kind
recognises, and a record that a producer sends in RDF, whatever the kind of its source."""


class Kinds(Mapping[str, "Harvester"]):
    """Kinds of source by their name, each loaded when it is first asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], "Harvester"]]) -> None:
        self._makers = makers
        self._made: dict[str, Harvester] = {}

    def __getitem__(self, kind: str) -> "Harvester":
        if kind not in self._made:
            self._made[kind] = self._makers[kind]()
        return self._made[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def _ckan() -> "Harvester":
    from .ckan import Ckan  # noqa: PLC0415 (a kind is loaded when it is used: with it come its client and parsers)

    return Ckan()


def _dcat() -> "Harvester":
    from .dcat_feed import DcatFeed  # noqa: PLC0415 (as above)

    return DcatFeed()


HARVESTERS = Kinds(
    {
        "ckan": _ckan,
        "dcat": _dcat,
    }
)
"""Every kind of source, by the word for it in `--kind`."""


def reader_of(document: "Response") -> "Harvester":
    """The kind that reads a document; the lingua franca says what is wrong with one that no kind recognises."""
    known = (harvester for harvester in HARVESTERS.values() if harvester.recognises(document))
    return next(known, HARVESTERS[LINGUA_FRANCA])
