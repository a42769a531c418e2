"""High-value datasets: recognised by regulation, category, keyword or words, and marked on every part that must be.

Regulation (EU) 2023/138; https://semiceu.github.io/DCAT-AP/releases/3.0.0-hvd/.
"""

import re
from functools import lru_cache
from typing import TypeVar

import msgspec

from ..model import Concept, DataService, Dataset, DatasetSeries, Distribution, LegalResource
from ..order import ordered_nodes
from ..vocab import HVD_CATEGORIES, HVD_REGULATION
from .notes import Log
from .terms import resolve, said

R = TypeVar("R", Dataset, DatasetSeries, DataService)
N = TypeVar("N", Dataset, DatasetSeries, DataService, Distribution)

REGULATION = LegalResource(iri=HVD_REGULATION)

_ELI = re.compile(
    r"https?://(?:data|eur-lex)\.europa\.eu/"
    r"(?:eli/reg_impl/2023/138(?:/.*)?|.*[?&]uri=CELEX(?::|%3A)32023R0138(?:[&#].*)?)\Z",
    re.IGNORECASE,
)
"""The regulation by its identifier, or by the address of a page of EUR-Lex about it."""
_CODE = re.compile(r"(?:https?://data\.europa\.eu/bna/|hvd[_ :-]*(?:cat[_ :-]*)?)(c_[0-9a-f]{8})\Z", re.IGNORECASE)
_WORDS = re.compile(
    r"hvd|hvd[_ -]cat.*|high[- ]value data(?:\s?sets?)?|données? de forte valeur|jeux? de données de forte valeur"
    r"|ensembles? de données de (?:forte|grande) valeur|hoogwaardige (?:data|gegevens)(?:sets?)?"
    r"|hochwertige datensätze",
    re.IGNORECASE,
)


def mark_hvd(entry: R, log: Log) -> R:
    """dcatap:hvdCategory by its IRI, and dcatap:applicableLegislation on the entry, its files and their services."""
    entry = _with_laws(entry, log)
    claimed = is_claimed(entry)
    categories = _categories(entry, log)
    if not claimed and not categories:
        return entry
    if categories != entry.hvd_category:
        entry = msgspec.structs.replace(entry, hvd_category=categories)
    if not categories:
        log.note("dcatap:hvdCategory", "", "hvd-without-category")
        return _unmarked(entry)
    marked = _mark_parts(_mark(entry))
    if missing := _lacking(marked):
        for field in missing:
            log.note(field, "", "hvd-incomplete")
        return _unmarked(entry)
    if not claimed:
        log.note("dcatap:applicableLegislation", categories[0].iri, "hvd-marked", HVD_REGULATION)
    return marked


def _lacking(entry: R) -> list[str]:
    """What the profile demands of high-value data and the entry has not. Without it, the mark would be a violation.

    A service that gives the data may be an entry of its own, which only the catalogue knows (`awaits_service`).
    """
    if isinstance(entry, DataService):
        return _lacking_service(entry)
    missing = ["dcat:distribution"] if isinstance(entry, Dataset) and not entry.distribution else []
    if any(file.license is None and not file.rights for file in entry.distribution):
        missing.append("dct:license")
    return missing


def _lacking_service(service: DataService) -> list[str]:
    missing = [
        field for field, value in (("dcat:contactPoint", service.contact), ("foaf:page", service.page)) if not value
    ]
    return missing if service.license or service.rights else [*missing, "dct:license"]


def is_claimed(entry: N) -> bool:
    """True when the regulation is named as a law that demands it."""
    return any(law.iri == HVD_REGULATION for law in entry.applicable_legislation)


def _with_laws(entry: N, log: Log) -> N:
    """The regulation under its one IRI."""
    laws = entry.applicable_legislation
    if not laws or all(law.iri == HVD_REGULATION or not law.iri or not _ELI.match(law.iri) for law in laws):
        return entry
    kept = tuple(REGULATION if law.iri and _ELI.match(law.iri) else law for law in laws)
    log.note("dcatap:applicableLegislation", next(law.iri for law in laws if law.iri), "iri-rewritten", HVD_REGULATION)
    return msgspec.structs.replace(entry, applicable_legislation=ordered_nodes(kept))


@lru_cache(maxsize=2_048)
def category(text: str) -> Concept | None:
    """The category that an IRI, code or keyword (`HVD_cat_c_a9135398`) means."""
    found = _CODE.match(text.strip())
    term = HVD_CATEGORIES.by_code.get(found[1].lower()) if found else HVD_CATEGORIES.by_iri.get(text)
    return HVD_CATEGORIES.concept(term) if term else None


def _categories(entry: R, log: Log) -> tuple[Concept, ...]:
    found: dict[str, Concept] = {}
    for given in entry.hvd_category:
        term = resolve(HVD_CATEGORIES, given)
        if term is None:
            log.note("dcatap:hvdCategory", said(given), "term-unknown")
            continue
        if given.iri != term.iri:
            log.note("dcatap:hvdCategory", said(given), "term-mapped", term.iri)
        found[term.iri] = HVD_CATEGORIES.concept(term)
    for text in _spoken(entry):
        if (concept := category(text)) is not None and concept.iri and concept.iri not in found:
            log.note("dcatap:hvdCategory", text, "hvd-from-keyword", concept.iri)
            found[concept.iri] = concept
    if not found and (is_claimed(entry) or any(_WORDS.fullmatch(text.value) for text in entry.keyword)):
        found = _by_name(entry, log)
    return tuple(found[iri] for iri in sorted(found))


def _spoken(entry: R) -> tuple[str, ...]:
    return (*(text.value for text in entry.keyword), *(theme.iri for theme in entry.theme if theme.iri))


def _by_name(entry: R, log: Log) -> dict[str, Concept]:
    """Categories named in the keywords of an entry that says it is high-value data."""
    found: dict[str, Concept] = {}
    for text in entry.keyword:
        if term := HVD_CATEGORIES.find(text.value):
            log.note("dcatap:hvdCategory", text.value, "hvd-from-keyword", term.iri)
            found[term.iri] = HVD_CATEGORIES.concept(term)
    return found


def _mark(part: N) -> N:
    if is_claimed(part):
        return part
    laws = ordered_nodes((*part.applicable_legislation, REGULATION))
    return msgspec.structs.replace(part, applicable_legislation=laws)


def _mark_parts(entry: R) -> R:
    if isinstance(entry, DataService):
        return entry
    files = []
    for file in entry.distribution:
        services = tuple(_mark_service(service, entry) for service in file.access_service)
        marked = _mark(file)
        files.append(
            marked if services == file.access_service else msgspec.structs.replace(marked, access_service=services)
        )
    return msgspec.structs.replace(entry, distribution=tuple(files))


def _mark_service(service: DataService, entry: Dataset | DatasetSeries) -> DataService:
    """A service within a high-value dataset serves high-value data: it takes what it lacks from the dataset."""
    completed = msgspec.structs.replace(
        service,
        hvd_category=service.hvd_category or entry.hvd_category,
        contact=service.contact or entry.contact,
        page=service.page or entry.page or entry.landing_page,
    )
    return service if _lacking_service(completed) else _mark(completed)


def _unmarked(entry: R) -> R:
    """Without the claim, which cannot be published: the profile demands a category with it."""
    entry = _without_law(entry)
    if isinstance(entry, DataService):
        return entry
    return msgspec.structs.replace(entry, distribution=tuple(_without_law(file) for file in entry.distribution))


def _without_law(part: N) -> N:
    laws = tuple(law for law in part.applicable_legislation if law.iri != HVD_REGULATION)
    return msgspec.structs.replace(part, applicable_legislation=laws) if laws != part.applicable_legislation else part
