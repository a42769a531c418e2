"""What a search can be narrowed by: one entry each, from which schema, queries, addresses, pages and docs follow.

A filter says how a value is read from an address and which documents it keeps. A facet is a filter whose values can be
counted, either because documents carry them (`values`) or because they are few and known (`options`).
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from dcat import quality, vocab

from . import subjects
from .base import Document
from .filters import Facet, Filter, Form, Labels, code_of, matching, one_of
from .language.analysis import key
from .near_duplicates import CODE_LENGTH
from .ranges import DAYS, box, covering, parse_box, parse_period, parse_since, period, since, updated
from .surroundings import with_regions

TYPES = ("dataset", "service", "series", "publication")
VALUE_LIMIT = 200
"""Characters of one chosen value."""
_NO_TEXT = r"\x00-\x1f\x7f\x85\u2028\u2029"
_SLUG = matching(
    rf"[^\s/?#{_NO_TEXT}]{{1,200}}", "%(name)s must be the name in a publisher's address, not “%(value)s”.", str.lower
)


_DEGREES, _DAY = r"-?\d{1,3}(\.\d{1,9})?", r"\d{4}(-\d\d(-\d\d)?)?"
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ´"), "'")
_NO_WORDS: Mapping[str, Labels] = MappingProxyType({})


def keyword_value(text: str) -> str:
    """A keyword as a value: two spellings that differ in capitals, blanks, the sign of an apostrophe or in how accents
    are composed are one; of a long one its beginning."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    return " ".join(text.lower().split())[:VALUE_LIMIT].rstrip()


def column_value(text: str) -> str:
    """The heading of a column as a value: `Code postal`, `code_postal` and `CODE POSTAL` are one."""
    return key(text)[:VALUE_LIMIT].rstrip()


def _keywords(document: Document) -> tuple[str, ...]:
    own = (keyword_value(text.value) for text in document.keyword if not text.is_machine_translated)
    return tuple(dict.fromkeys(filter(None, own)))


def _term_label(vocabulary: vocab.Vocabulary, words: Mapping[str, Labels] = _NO_WORDS) -> Callable[[str, str], str]:
    """Labels of a vocabulary; `words` are those of values that it does not have."""

    def label(value: str, language: str) -> str:
        if value in words:
            return words[value][language]
        term = vocabulary.by_code.get(value)
        return vocab.label(term, language) if term else value

    return label


def _words_label(words: Mapping[str, Labels]) -> Callable[[str, str], str]:
    return lambda value, language: words[value][language] if value in words else value


def _labels(fr: str, nl: str, de: str, en: str) -> Labels:
    return {"fr": fr, "nl": nl, "de": de, "en": en}


def _families(vocabulary: vocab.Vocabulary, codes: Iterable[str]) -> tuple[str, ...]:
    """The families of codes; a code that is in no table is of the family `other`, one that says that there is none of
    none."""
    known = (vocabulary.by_code.get(code) for code in codes if code != "NONE")
    return tuple(dict.fromkeys(term.extra.get("family", "other") if term else "other" for term in known))


_LANGUAGE_BY_TAG = {term.extra["tag"]: term for term in vocab.LANGUAGES if "tag" in term.extra}


def _language_label(value: str, language: str) -> str:
    term = _LANGUAGE_BY_TAG.get(value)
    return vocab.label(term, language) if term else value


def _language_tag(value: str) -> str:
    """The two letters of a language; the EU's code of it (`FRA`) means the same."""
    term = vocab.LANGUAGES.by_code.get(value.upper())
    return term.extra.get("tag", value.lower()) if term else value.lower()


def _hvd_values(document: Document) -> tuple[str, ...]:
    """`yes`, and its categories with the category above each."""
    terms = (vocab.HVD_CATEGORIES.by_code.get(code) for code in document.hvd)
    above = (code for term in terms if term for code in (term.code, term.extra.get("broader", "")))
    return tuple(dict.fromkeys(("yes", *filter(None, above)))) if document.hvd else ()


_TYPE_WORDS = {
    "dataset": _labels("Jeu de données", "Dataset", "Datensatz", "Dataset"),
    "service": _labels("Service", "Dienst", "Dienst", "Service"),
    "publication": _labels("Publication", "Publicatie", "Veröffentlichung", "Publication"),
    "series": _labels("Série de jeux de données", "Datasetreeks", "Datensatzreihe", "Dataset series"),
}
_FORMAT_FAMILIES = {
    "tables": _labels("Tableaux", "Tabellen", "Tabellen", "Tables"),
    "maps": _labels("Cartes", "Kaarten", "Karten", "Maps"),
    "structured": _labels("Données structurées", "Gestructureerde data", "Strukturierte Daten", "Structured data"),
    "documents": _labels("Documents", "Documenten", "Dokumente", "Documents"),
    "media": _labels(
        "Images, son et vidéo", "Beeld, geluid en video", "Bild, Ton und Video", "Images, sound and video"
    ),
    "services": _labels("Services", "Services", "Dienste", "Services"),
    "other": _labels("Autres", "Andere", "Sonstige", "Other"),
}
_LICENCE_FAMILIES = {
    "free": _labels("Libre, sans condition", "Vrij, zonder voorwaarden", "Ohne Bedingungen", "Free, no conditions"),
    "attribution": _labels("Mentionner la source", "Bron vermelden", "Quelle nennen", "Name the source"),
    "share-alike": _labels(
        "Partage dans les mêmes conditions", "Delen onder dezelfde voorwaarden", "Weitergabe zu gleichen Bedingungen",
        "Share under the same terms",
    ),
    "restricted": _labels("Usage restreint", "Beperkt gebruik", "Eingeschränkte Nutzung", "Restricted use"),
    "other": _labels("Autre licence", "Andere licentie", "Andere Lizenz", "Other licence"),
}  # fmt: skip
_UPDATED = {
    "30d": _labels("Ces 30 derniers jours", "De laatste 30 dagen", "In den letzten 30 Tagen", "In the last 30 days"),
    "12m": _labels(
        "Ces 12 derniers mois", "De laatste 12 maanden", "In den letzten 12 Monaten", "In the last 12 months"
    ),
    "3y": _labels("Ces 3 dernières années", "De laatste 3 jaar", "In den letzten 3 Jahren", "In the last 3 years"),
}
_BANDS = {
    "excellent": _labels("Excellente", "Uitstekend", "Ausgezeichnet", "Excellent"),
    "good": _labels("Bonne", "Goed", "Gut", "Good"),
    "sufficient": _labels("Suffisante", "Voldoende", "Ausreichend", "Sufficient"),
    "bad": _labels("Faible", "Zwak", "Schwach", "Poor"),
}

_LICENCE_WORDS = {
    "NONE": _labels("Aucune licence indiquée", "Geen licentie vermeld", "Keine Lizenz angegeben", "No licence stated"),
    "OTHER": _LICENCE_FAMILIES["other"],
}
_HVD_WORDS = {
    "yes": _labels("Toutes", "Alle", "Alle", "All"),
    "OTHER": _labels("Catégorie inconnue", "Categorie onbekend", "Kategorie unbekannt", "Category unknown"),
}

_FACETS = (
    Facet(
        name="type",
        title=_labels("Type", "Type", "Typ", "Type"),
        help="What kind of entry: dataset, service, series or publication.",
        example="dataset",
        parse=one_of(*TYPES),
        values=lambda document: (document.type,),
        label=_words_label(_TYPE_WORDS),
    ),
    Facet(
        name="theme",
        title=_labels("Thème", "Thema", "Thema", "Theme"),
        help="Code of the EU data-theme table.",
        example="TRAN",
        parse=one_of(*vocab.THEMES.by_code),
        values=lambda document: document.theme,
        label=_term_label(vocab.THEMES),
    ),
    Facet(
        name="subject",
        title=_labels("Sujet", "Onderwerp", "Gegenstand", "Subject"),
        help="A subject whose coverage is told, as titles and keywords name it: `budget`, `trees` and so on.",
        example="budget",
        parse=one_of(*subjects.subjects()),
        values=subjects.of,
        label=subjects.label,
    ),
    Facet(
        name="publisher",
        title=_labels("Producteur", "Aanbieder", "Herausgeber", "Publisher"),
        help="Name of the publisher, as in the address of its page.",
        example="bruxelles-mobilite",
        parse=_SLUG,
        values=lambda document: (document.publisher_name,) if document.publisher_name else (),
        label=lambda _value, _language: "",
    ),
    Facet(
        name="keyword",
        title=_labels("Mot-clé", "Trefwoord", "Schlagwort", "Keyword"),
        help="A keyword, in any language; capitals do not matter.",
        example="vélo",
        parse=matching(
            rf"[^{_NO_TEXT}]{{1,{VALUE_LIMIT}}}", "%(name)s must be a keyword, not “%(value)s”.", keyword_value
        ),
        values=_keywords,
    ),
    Facet(
        name="format_family",
        title=_labels("Famille de formats", "Soort formaat", "Formatart", "Kind of format"),
        help="What one does with the files: tables, maps, structured, documents, media, services or other.",
        example="tables",
        parse=one_of(*_FORMAT_FAMILIES),
        values=lambda document: _families(vocab.FORMATS, document.format),
        label=_words_label(_FORMAT_FAMILIES),
    ),
    Facet(
        name="format",
        title=_labels("Format", "Formaat", "Format", "Format"),
        help="Code of the EU file-type table.",
        example="CSV",
        parse=code_of(vocab.FORMATS),
        values=lambda document: document.format,
        label=_term_label(vocab.FORMATS),
    ),
    Facet(
        name="licence_family",
        title=_labels("Conditions d’utilisation", "Gebruiksvoorwaarden", "Nutzungsbedingungen", "Terms of use"),
        help="What the licence asks: free, attribution, share-alike, restricted or other.",
        example="free",
        parse=one_of(*_LICENCE_FAMILIES),
        values=lambda document: _families(vocab.LICENCES, document.licence),
        label=_words_label(_LICENCE_FAMILIES),
    ),
    Facet(
        name="licence",
        title=_labels("Licence", "Licentie", "Lizenz", "Licence"),
        help="Code of the EU licence table; NONE when no licence is given, OTHER for one that the table does not know.",
        example="CC0",
        parse=code_of(vocab.LICENCES, *_LICENCE_WORDS),
        values=lambda document: document.licence,
        label=_term_label(vocab.LICENCES, _LICENCE_WORDS),
    ),
    Facet(
        name="updated",
        title=_labels("Mis à jour", "Bijgewerkt", "Aktualisiert", "Updated"),
        help="Changed in the last 30 days (30d), 12 months (12m) or 3 years (3y).",
        example="12m",
        parse=one_of(*DAYS),
        clause=updated,
        options=tuple(DAYS),
        label=_words_label(_UPDATED),
    ),
    Facet(
        name="area",
        title=_labels("Territoire", "Gebied", "Gebiet", "Area"),
        help="NIS code of a commune or region; a region also finds what covers one of its communes.",
        example="21009",
        parse=one_of(*vocab.PLACES.by_code),
        values=lambda document: with_regions(document.area),
        label=_term_label(vocab.PLACES),
    ),
    Facet(
        name="language",
        title=_labels("Langue", "Taal", "Sprache", "Language"),
        help="Two-letter code of a language that the entry is described or available in.",
        example="fr",
        parse=matching(
            r"[a-z]{2,3}", "%(name)s must be the two-letter code of a language, not “%(value)s”.", _language_tag
        ),
        values=lambda document: document.language,
        label=_language_label,
    ),
    Facet(
        name="frequency",
        title=_labels("Fréquence de mise à jour", "Updatefrequentie", "Aktualisierung", "Update frequency"),
        help="Code of the EU frequency table.",
        example="DAILY",
        parse=one_of(*vocab.FREQUENCIES.by_code),
        values=lambda document: (document.frequency,) if document.frequency else (),
        label=_term_label(vocab.FREQUENCIES),
    ),
    Facet(
        name="hvd",
        title=_labels("Données de forte valeur", "Hoogwaardige data", "Hochwertige Daten", "High-value data"),
        help="`yes`, or the code of a high-value dataset category.",
        example="c_b79e35eb",
        parse=one_of("yes", *vocab.HVD_CATEGORIES.by_code),
        values=_hvd_values,
        label=_term_label(vocab.HVD_CATEGORIES, _HVD_WORDS),
    ),
    Facet(
        name="quality",
        title=_labels("Qualité", "Kwaliteit", "Qualität", "Quality"),
        help="Band of the metadata quality score: excellent, good, sufficient or bad.",
        example="good",
        parse=one_of(*_BANDS),
        values=lambda document: (quality.band(document.quality),) if document.quality is not None else (),
        label=_words_label(_BANDS),
    ),
)  # fmt: skip

_FILTERS = (
    Filter(
        name="bbox",
        title=_labels("Rectangle", "Rechthoek", "Rechteck", "Bounding box"),
        help="Entries whose bounding box overlaps minx,miny,maxx,maxy (degrees, WGS 84).",
        example="4.3,50.8,4.4,50.9",
        parse=Form(parse_box, {"pattern": rf"^{_DEGREES}(,{_DEGREES}){{3}}$"}),
        clause=box,
    ),
    Filter(
        name="column",
        title=_labels("Colonne", "Kolom", "Spalte", "Column"),
        help="Heading of a column: datasets with a table that has it, whatever its capitals, accents, `_` and `-`.",
        example="code postal",
        parse=matching(
            rf"[^{_NO_TEXT}]{{1,{VALUE_LIMIT}}}",
            "%(name)s must be the heading of a column, not “%(value)s”.",
            column_value,
        ),
    ),
    Filter(
        name="covering",
        title=_labels("Couvre", "Bestrijkt", "Umfasst", "Covers"),
        help="NIS code of a place: entries about it, about a place around it, or whose bounding box overlaps its own.",
        example="21009",
        parse=one_of(*vocab.PLACES.by_code),
        clause=covering,
    ),
    Filter(
        name="modified_since",
        title=_labels("Nouveau depuis", "Nieuw sinds", "Neu seit", "New since"),
        help="Entries that came in or changed here since a date or moment; how old the data are is `updated`.",
        example="2026-01-31T12:00:00Z",
        parse=Form(parse_since, {"pattern": r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$"}),
        clause=since,
    ),
    Filter(
        name="period",
        title=_labels("Période", "Periode", "Zeitraum", "Period"),
        help="Entries whose period overlaps a date or start/end; either end may be left open.",
        example="2018/2020",
        parse=Form(parse_period, {"pattern": rf"^{_DAY}$|^({_DAY}|\.\.)?/{_DAY}$|^{_DAY}/(\.\.)?$"}),
        clause=period,
    ),
    Filter(
        name="similar",
        title=_labels("Semblables", "Vergelijkbaar", "Ähnlich", "Similar"),
        help="Near-duplicates of one result, by the code that the result page gives.",
        example="8f14e45fceea1",
        parse=matching(
            rf"[0-9a-f]{{{CODE_LENGTH}}}",
            "%(name)s must be a code that a page of results gives, not “%(value)s”.",
            str.lower,
        ),
    ),
)

FACETS: dict[str, Facet] = {facet.name: facet for facet in _FACETS}
"""Filters whose values are counted, in the order in which pages show them."""

FILTERS: dict[str, Filter] = {**FACETS, **{other.name: other for other in _FILTERS}}
"""Everything that a search can be narrowed by, in the order in which an address is written."""
