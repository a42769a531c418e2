"""What a resource is about: keywords, themes of vocabularies, topic categories, high-value categories.

https://github.com/SEMICeu/iso-19139-to-dcat-ap (Mappings.md), and for high-value datasets the good practice of INSPIRE:
https://github.com/INSPIRE-MIF/GeoDCAT-AP-pilot
"""

import re
from typing import NamedTuple

from dcat.model import Concept, Iri, LegalResource, Text, Texts
from dcat.vocab import HVD_CATEGORIES, HVD_REGULATION, INSPIRE_THEMES, THEMES, TOPIC_CATEGORIES, Term

from .tree import Item, Value

_OF_SERVICES = "/SpatialDataServiceCategory/"
_CODELIST = "inspire.ec.europa.eu/metadata-codelist/"
_LAWS = "data.europa.eu/eli/"
_THEMES = "http://inspire.ec.europa.eu/theme/"
_AT_GEMET = re.compile(r"/inspire[-_]themes?/([a-z]{2})/?\Z")
"""The same themes, as GEMET names them."""


class Subjects(NamedTuple):
    """What was found among the keywords."""

    keywords: Texts
    themes: tuple[Concept, ...]
    hvd_categories: tuple[Concept, ...]
    legislation: tuple[LegalResource, ...]


def subjects(resource: Item) -> Subjects:
    """Each keyword by what it means: its words are kept as keywords, unless a vocabulary of the EU has them."""
    words: dict[Text, None] = {}
    themes: dict[Concept, None] = {}
    categories: dict[Concept, None] = {}
    laws: dict[LegalResource, None] = {}
    for group in resource.items("descriptiveKeywords"):
        is_inspire = _is_inspire(group)
        for keyword in group.values("keyword"):
            if category := _hvd(keyword):
                categories[category] = None
            elif _LAWS in keyword.href:
                laws[LegalResource(iri=Iri(keyword.href))] = None
            elif _OF_SERVICES not in keyword.href:
                theme = _theme(keyword, is_inspire=is_inspire)
                themes |= {theme: None} if theme else {}
                words |= {} if theme and _is_listed(theme) else dict.fromkeys(keyword.texts)
    themes |= dict.fromkeys(map(_topic, filter(_topic_of, resource.codes("topicCategory"))))
    if categories and not laws:
        laws[LegalResource(iri=HVD_REGULATION)] = None
    return Subjects(tuple(words), tuple(themes), tuple(categories), tuple(laws))


def _is_inspire(group: Item) -> bool:
    """True for keywords of the 34 themes of INSPIRE."""
    thesaurus = group.value("thesaurusName/title")
    said = f"{thesaurus.text} {thesaurus.href}".casefold()
    return "inspire" in said and ("theme" in said or "thème" in said or "gemet" in said)


def _hvd(keyword: Value) -> Concept | None:
    term = HVD_CATEGORIES.find(keyword.href) if "/bna/" in keyword.href else None
    return Concept(iri=term.iri) if term else None


def _theme(keyword: Value, *, is_inspire: bool) -> Concept | None:
    """A concept: by its IRI, or by its name when it is one of INSPIRE's themes; None for a free word."""
    if is_inspire and not keyword.href:
        term = next(filter(None, (INSPIRE_THEMES.find(text.value) for text in keyword.texts)), None)
        return Concept(iri=term.iri, labels=keyword.texts) if term else None
    if not keyword.href.startswith(("http://", "https://")):
        return None
    if found := _AT_GEMET.search(keyword.href):
        return Concept(iri=Iri(_THEMES + found[1]), labels=keyword.texts)
    return Concept(iri=Iri(keyword.href), labels=keyword.texts)


def _is_listed(theme: Concept) -> bool:
    """True for a term of a list of the EU, whose name is no word to search by."""
    iri = theme.iri or ""
    return _CODELIST in iri or any(vocabulary.find(iri) for vocabulary in (THEMES, INSPIRE_THEMES))


def _topic_of(code: str) -> Term | None:
    """A topic category; profiles divide them further (`environment_NatureProtection`)."""
    return TOPIC_CATEGORIES.find(code) or TOPIC_CATEGORIES.find(code.partition("_")[0])


def _topic(code: str) -> Concept:
    """A topic category by its IRI: it stands for themes of the EU and is none itself."""
    term = _topic_of(code)
    return Concept(iri=term.iri if term else None)
