"""What codes are called in the reader's language: themes, formats, licences, frequencies, languages."""

from functools import cache

from dcat import vocab
from dcat.model import Concept, Text
from dcat.vocab import Term, Vocabulary, label

from . import words
from .words import gettext as _
from .words import ngettext

OF_FACET = {
    "theme": vocab.THEMES,
    "format": vocab.FORMATS,
    "licence": vocab.LICENCES,
    "frequency": vocab.FREQUENCIES,
    "hvd": vocab.HVD_CATEGORIES,
}
"""The vocabulary that a facet's values are codes of."""


def term_of(facet: str, code: str) -> Term | None:
    """The term behind a facet's value; languages are known by their two letters."""
    if facet == "language":
        return languages().get(code)
    return OF_FACET[facet].by_code.get(code) if facet in OF_FACET else None


@cache
def languages() -> dict[str, Term]:
    """Languages by their two letters."""
    return {term.extra["tag"]: term for term in reversed(vocab.LANGUAGES.terms) if "tag" in term.extra}


def code(facet: str, value: str) -> str:
    """What a facet's value is called; the value itself when nothing is known of it."""
    if facet == "type":
        return kinds(value, 1)
    if facet == "licence" and value == "NONE":
        return _("no licence given")
    if facet == "licence" and value == "OTHER":
        return _("another licence")
    found = term_of(facet, value)
    return label(found, words.language()) if found else value


def kinds(kind: str, number: int) -> str:
    """The word for a kind of entry, for one or for several."""
    if kind == "service":
        return ngettext("Service", "Services", number)
    if kind == "series":
        return ngettext("Dataset series", "Dataset series", number)
    return ngettext("Dataset", "Datasets", number)


def known(iri: str | None) -> Term | None:
    """The term with that IRI, in whichever vocabulary."""
    return _by_iri().get(iri) if iri else None


@cache
def _by_iri() -> dict[str, Term]:
    return {iri: term for vocabulary in vocab.VOCABULARIES for iri, term in vocabulary.by_iri.items()}


def concept(value: Concept | None, vocabulary: Vocabulary | None = None) -> Text | None:
    """What a concept is called: by its vocabulary, else by its own label, else by the end of its address."""
    if value is None:
        return None
    term = vocabulary.by_iri.get(value.iri or "") if vocabulary else known(value.iri)
    if term:
        return Text(label(term, words.language()), words.language())
    if own := words.pick(value.labels):
        return own.text
    return Text(tail(value.iri)) if value.iri else None


def tail(iri: str) -> str:
    """The last step of an address: the best name that a nameless thing has."""
    return iri.rstrip("/#").rpartition("/")[2].rpartition("#")[2] or iri


def theme(value: Concept) -> str:
    """The code of a data theme; empty for a concept of another vocabulary."""
    term = vocab.THEMES.by_iri.get(value.iri or "")
    return term.code if term else ""
