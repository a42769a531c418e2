"""Where a page stands in a paged feed, in the words of Hydra (https://www.hydra-cg.com/spec/latest/core/).

data.europa.eu looks for a `hydra:PagedCollection`, fails without its `totalItems` and reads `nextPage`; CKAN and udata
read `hydra:next` of a `hydra:PartialCollectionView`. One node that is both serves them all.
"""

from catalogue.publishing.feed import link
from dcat.namespaces import expand

from ..current import absolute
from ..http.params import Pairs, address

TYPES = ("hydra:PagedCollection", "hydra:PartialCollectionView")
INTEGER = expand("xsd:integer")


def paging(path: str, parameters: Pairs, page: int, per_page: int, total: int) -> str:
    """The node of one page, as N-Triples. Its subject is the address of the page; every link is an absolute IRI."""
    here = page_address(path, parameters, page)
    types = [link(here, "rdf:type", expand(name)) for name in TYPES]
    numbers = [number(here, "hydra:totalItems", total), number(here, "hydra:itemsPerPage", per_page)]
    turns = [
        link(here, f"hydra:{step}", page_address(path, parameters, to))
        for step, to in sorted(steps(page, per_page, total).items())
    ]
    return "".join([*types, *numbers, *turns])


def steps(page: int, per_page: int, total: int) -> dict[str, int]:
    """The pages that can be turned to from this one. The last page has no next one."""
    last = max(1, -(-total // per_page))
    found = {"first": 1, "last": last}
    if page > 1:
        found["previous"] = min(page - 1, last)
    if page < last:
        found["next"] = found["nextPage"] = page + 1
    return found


def page_address(path: str, parameters: Pairs, page: int) -> str:
    """The absolute address of one page."""
    return address(absolute(path), (*parameters, ("page", str(page))))


def number(subject: str, property: str, value: int) -> str:
    """A triple with a whole number."""
    return f'<{subject}> <{expand(property)}> "{value}"^^<{INTEGER}> .\n'
