"""Where a page stands in a paged feed, in the words of Hydra (https://www.hydra-cg.com/spec/latest/core/).

data.europa.eu looks for a `hydra:PagedCollection`, fails without its `totalItems` and reads `nextPage`; CKAN and udata
read `hydra:next` of a `hydra:PartialCollectionView`. One node that is both serves them all.
"""

from typing import NamedTuple

from catalogue.publishing.feed import link
from dcat.namespaces import expand

from ..current import absolute
from ..http.params import Pairs, address

TYPES = ("hydra:PagedCollection", "hydra:PartialCollectionView")
INTEGER = expand("xsd:integer")
NEXT = ("next", "nextPage")
"""What each vocabulary calls the page that follows."""


class Place(NamedTuple):
    """Where a page lies in a feed of entries in order of id."""

    after: str
    """Id of the entry before its first one; empty for a page that is asked for by its number alone."""
    last: str
    """Id of its last entry; empty when no page follows."""


def paging(path: str, parameters: Pairs, page: int, per_page: int, total: int, *, place: Place | None = None) -> str:
    """The node of one page, as N-Triples. Its subject is the address of the page; every link is an absolute IRI.

    With a `place` the next page begins after the last entry of this one, wherever that stands by then: pages told by
    their number alone move when entries are removed, and what moves past the reader he would take for removed too.
    """
    here = page_address(path, parameters, page, place.after if place else "")
    types = [link(here, "rdf:type", expand(name)) for name in TYPES]
    numbers = [number(here, "hydra:totalItems", total), number(here, "hydra:itemsPerPage", per_page)]
    turned = steps(page, per_page, total)
    if place:
        turned = {step: to for step, to in turned.items() if step not in NEXT}
        turned |= dict.fromkeys(NEXT if place.last else (), page + 1)
    turns = [
        link(here, f"hydra:{step}", page_address(path, parameters, to, place.last if place and step in NEXT else ""))
        for step, to in sorted(turned.items())
    ]
    return "".join([*types, *numbers, *turns])


def steps(page: int, per_page: int, total: int) -> dict[str, int]:
    """The pages that can be turned to from this one. The last page has no next one."""
    last = max(1, -(-total // per_page))
    found = {"first": 1, "last": last}
    if page > 1:
        found["previous"] = min(page - 1, last)
    if page < last:
        found |= dict.fromkeys(NEXT, page + 1)
    return found


def page_address(path: str, parameters: Pairs, page: int, after: str = "") -> str:
    """The absolute address of one page."""
    return address(absolute(path), (*parameters, ("page", str(page)), *((("after", after),) if after else ())))


def number(subject: str, property: str, value: int) -> str:
    """A triple with a whole number."""
    return f'<{subject}> <{expand(property)}> "{value}"^^<{INTEGER}> .\n'
