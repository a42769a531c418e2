"""The communes, as the table of places has them: every name and number by which people know one."""

from functools import cache
from typing import NamedTuple

from dcat import vocab
from dcat.our_languages import OUR_LANGUAGES

from ..search.language import concepts
from ..search.language.analysis import words

OFFICIAL = ("fr", "nl")
"""Languages in which communes have a name of their own, and answer letters."""


class Commune(NamedTuple):
    """One commune."""

    code: str
    """NIS code."""
    slug: str
    """Its names in its official languages, as in the address of its page."""
    names: tuple[str, ...]
    """The official names, one for each language."""
    postcodes: tuple[str, ...]

    def name(self, language: str) -> str:
        """What it is called in a language."""
        return vocab.label(vocab.PLACES.by_code[self.code], language)

    @property
    def both(self) -> str:
        """Its official names, each of them once."""
        return " / ".join(dict.fromkeys(self.names))


@cache
def communes() -> tuple[Commune, ...]:
    """All of them, in the order of their codes: those places that have postal codes."""
    return tuple(_commune(term) for term in vocab.PLACES if "postcodes" in term.extra)


def _commune(term: vocab.Term) -> Commune:
    names = tuple(vocab.label(term, language) for language in OFFICIAL)
    slug = "-".join(dict.fromkeys(word for name in names for word in ["-".join(words(name))]))
    return Commune(term.code, slug, names, tuple(term.extra["postcodes"].split("|")))


@cache
def _by_any_name() -> dict[str, Commune]:
    found: dict[str, Commune] = {}
    for commune in communes():
        term = vocab.PLACES.by_code[commune.code]
        named = (*(vocab.label(term, language) for language in OUR_LANGUAGES), *term.aliases)
        found |= {"-".join(words(name)): commune for name in named}
        found |= dict.fromkeys((commune.slug, commune.code, *commune.postcodes), commune)
    return found


def commune(name: str) -> Commune | None:
    """The commune with that slug, NIS code, postal code or name, however it is written."""
    return _by_any_name().get("-".join(words(name[:100])))


def in_query(text: str, language: str) -> Commune | None:
    """The commune that the words of a search name, by name or number; None where they name several or none."""
    named = (concepts.concepts()[found.concept].codes for found in concepts.in_query(words(text), language))
    meant = {codes[0].removeprefix(concepts.PLACE) for codes in named if len(codes) == 1}  # Woluwe alone is two of them
    found = [one for one in communes() if one.code in meant] if meant else []
    return found[0] if len(found) == 1 else None
