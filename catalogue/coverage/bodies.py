"""The local bodies of which something is asked: each commune, and its public centre for social welfare (CPAS, OCMW)."""

import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from dcat import vocab
from dcat.model import Texts
from dcat.our_languages import OUR_LANGUAGES

from ..search.language.analysis import words
from .communes import Commune, communes

COMMUNE, CPAS = "commune", "cpas"
KINDS = (COMMUNE, CPAS)


class Body(NamedTuple):
    """One of them."""

    kind: str
    commune: Commune

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.commune.slug if self.kind == COMMUNE else f"{self.kind}-{self.commune.slug}"


@cache
def bodies() -> tuple[Body, ...]:
    """All of them: the communes by their French names, then their CPAS."""
    ordered = sorted(communes(), key=lambda one: words(one.names[0]))
    return tuple(Body(kind, commune) for kind in KINDS for commune in ordered)


@cache
def by_slug() -> dict[str, Body]:
    """Each by its name in addresses."""
    return {body.slug: body for body in bodies()}


@lru_cache(maxsize=4_096)
def named(names: Texts) -> Body | None:
    """The body that a publisher of these names is."""
    return next((found for text in names if (found := _named(words(text.value)))), None)


def _named(said: list[str]) -> Body | None:
    known = _words()
    for names, commune in _names():
        rest = _without(said, names)
        if len(rest) < len(said) and all(word in known["around"] or word in commune.postcodes for word in rest):
            return Body(CPAS if known["cpas"].intersection(rest) else COMMUNE, commune)
    return None


def _without(said: list[str], names: Iterable[tuple[str, ...]]) -> list[str]:
    """The words without those of a name, wherever it stands among them."""
    text = f" {' '.join(said)} "
    for name in names:
        text = text.replace(f" {' '.join(name)} ", "  ")
    return text.split()


@cache
def _names() -> tuple[tuple[tuple[tuple[str, ...], ...], Commune], ...]:
    """The names of each commune as words, the longest first."""
    return tuple((_names_of(commune), commune) for commune in communes())


def _names_of(commune: Commune) -> tuple[tuple[str, ...], ...]:
    term = vocab.PLACES.by_code[commune.code]
    written = (*(vocab.label(term, language) for language in OUR_LANGUAGES), *term.aliases)
    return tuple(sorted({tuple(words(name)) for name in written}, key=len, reverse=True))


@cache
def _words() -> dict[str, frozenset[str]]:
    text = files(__package__).joinpath("bodies.toml").read_text("utf-8")
    return {name: frozenset(listed) for name, listed in tomllib.loads(text).items()}
