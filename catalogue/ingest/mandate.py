"""For whom a key may send records. What becomes of those of others is decided where records are (`desk`)."""

import msgspec

from dcat.findings import Finding, finding
from dcat.model import Entry
from dcat.our_languages import best_along

RULE, CODE = "publisher-of-others", "PUBLISHER_OF_OTHERS"


class Mandate(msgspec.Struct, frozen=True, kw_only=True):
    """The publishers of a key."""

    slugs: frozenset[str]
    iris: frozenset[str]
    """IRIs that were named when the key was made."""
    refuses: bool
    """True when records of others are refused; they are told otherwise."""
    languages: tuple[str, ...]

    def remark(self, entry: Entry, slug: str, identifier: str) -> Finding | None:
        """On an entry of another; None for one of theirs, or of nobody. `slug`: of the publisher that it would be
        listed under."""
        publisher = entry.publisher
        if publisher is None or slug in self.slugs or (publisher.iri or "") in self.iris:
            return None
        name = best_along(self.languages, publisher.name)
        return finding(RULE, identifier, "dct:publisher", name.value if name else publisher.iri)
