"""What codes and concepts are called in the reader's language."""

from functools import cache

from catalogue.search.facets import FACETS
from dcat import vocab
from dcat.model import Concept, Text
from dcat.vocab import Term, Vocabulary, label

from . import words
from .words import gettext as _
from .words import message

KINDS = {
    "arcgis-hub": message("ArcGIS Hub portal"),
    "ckan": message("CKAN portal"),
    "csw": message("Catalogue service (CSW)"),
    "data-json": message("data.json file"),
    "dataverse": message("Dataverse repository"),
    "dcat": message("DCAT feed"),
    "dkan": message("DKAN portal"),
    "ldes": message("Stream of changes (LDES)"),
    "oai-pmh": message("Repository (OAI-PMH)"),
    "ogc-records": message("Catalogue service (OGC API Records)"),
    "opendatasoft": message("Opendatasoft portal"),
    "push": message("Records that the publisher sends"),
    "schema-org": message("Web site with schema.org"),
    "sdmx": message("Statistics service (SDMX)"),
    "socrata": message("Socrata portal"),
    "stac": message("Catalogue of images and maps (STAC)"),
    "table": message("List (CSV or Excel)"),
    "udata": message("udata portal"),
    "waf": message("Folder of metadata files"),
}
"""What kinds of source are called."""


def kind(value: str) -> str:
    """What a kind of source is called; its code when nothing is known of it."""
    return _(KINDS[value]) if value in KINDS else value


REUSES = {
    "article": message("Article"),
    "app": message("App or site"),
    "map": message("Map"),
    "research": message("Research"),
    "teaching": message("Teaching"),
}
"""What kinds of reuse are called."""


def reuse(value: str) -> str:
    """What a kind of reuse is called."""
    return _(REUSES[value]) if value in REUSES else value


FOUND_IN = {
    "keyword": message("Keyword:"),
    "file": message("In a file:"),
    "column": message("In a column:"),
    "layer": message("In a layer:"),
}
"""What stands before the words of an entry that match outside its title and description (`Hit.where`)."""


def found_in(where: str) -> str:
    """What stands before what matches there."""
    return _(FOUND_IN[where])


def code(value: str, facet: str) -> str:
    """What a facet's value is called; the value itself when nothing is known of it."""
    if facet == "licence" and value == "NONE":
        return _("no licence given")
    if facet == "licence" and value == "OTHER":
        return _("another licence")
    return FACETS[facet].label(value, words.language())


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
