"""What lies in what, as the table of places says it: no region is named here."""

from collections.abc import Iterable

from dcat import vocab


def around(code: str) -> tuple[str, ...]:
    """The places around a place, the nearest first; none around one that no table knows."""
    place = vocab.PLACES.by_code.get(code)
    wider = place.extra.get("within", "") if place else ""
    return (wider, *around(wider)) if wider else ()


def with_regions(codes: Iterable[str]) -> tuple[str, ...]:
    """The places themselves and the regions around them; what is around everything tells nothing apart."""
    own = tuple(codes)
    return tuple(dict.fromkeys((*own, *(wider for code in own for wider in around(code)[:-1]))))
