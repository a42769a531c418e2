"""What search engines read in a page: schema.org as JSON-LD (https://schema.org/Dataset)."""

from typing import Any

from catalogue.store.rows import EntryRow
from dcat import vocab
from dcat.model import (
    Agent,
    Concept,
    DataService,
    Dataset,
    Distribution,
    Entry,
    LicenseDocument,
    Location,
    Texts,
)
from dcat.normalise.geometries import Box, box_of

from ..current import absolute, minted, settings
from ..wording import facts, prose, words, writing

KINDS = {"dataset": "Dataset", "service": "WebAPI", "series": "Dataset", "publication": "CreativeWork"}

SHORTEST, LONGEST = 50, 5_000
"""Characters of a description that search engines take
(https://developers.google.com/search/docs/appearance/structured-data/dataset)."""


def data(row: EntryRow) -> dict[str, Any]:
    """An entry in the words of schema.org; what it does not say is left out."""
    entry = row.entry
    found: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": KINDS[row.kind],
        "@id": row.iri,
        "url": absolute(f"/{words.language()}/{row.kind}/{row.name}"),
        "identifier": identifiers(row),
        "sameAs": [page.iri for page in entry.landing_page if page.iri],
        "name": best(entry.title),
        "description": description(row),
        "inLanguage": languages(entry.language),
        "keywords": sorted({text.value for text in entry.keyword if not text.is_machine_translated}),
        "datePublished": writing.done(entry.issued),
        "dateModified": writing.done(entry.modified),
        "publisher": organisation(entry.publisher) if entry.publisher else None,
        "includedInDataCatalog": catalog(),
        **special(entry),
    }
    return {name: value for name, value in found.items() if value}


def identifiers(row: EntryRow) -> list[str]:
    """What the entry is called: here first, then by its source, as a DOI."""
    own = (text.value for text in row.entry.identifier if text.value != row.iri)
    return list(dict.fromkeys((absolute(f"/id/{row.kind}/{row.id}"), *own)))


def description(row: EntryRow) -> str:
    """What it is about. One too short to be taken is said with the title and who publishes it."""
    said = prose.plain(best(row.entry.description), LONGEST)
    if len(said) >= SHORTEST:
        return said
    title, publisher = best(row.entry.title), row.entry.publisher
    who = (best(publisher.name) if publisher else "") or row.publisher_name or ""
    return " – ".join(dict.fromkeys(filter(None, (said, title, who, settings().title))))


def languages(given: tuple[Concept, ...]) -> list[str]:
    """Languages of the data, as BCP 47 tags them."""
    terms = (vocab.LANGUAGES.by_iri.get(one.iri or "") for one in given)
    return [term.extra["tag"] for term in terms if term and term.extra.get("tag")]


def catalog() -> dict[str, Any]:
    """This catalogue, as entries name it (https://schema.org/DataCatalog)."""
    return {
        "@type": "DataCatalog",
        "@id": minted("/catalog"),
        "name": settings().title,
        "url": absolute(f"/{words.language()}/"),
    }


def whole_catalog(description: str) -> dict[str, Any]:
    """This catalogue, as its home page tells of it."""
    return {
        "@context": "https://schema.org/",
        **catalog(),
        "description": description,
        "inLanguage": list(settings().languages),
        "license": vocab.LICENCES.by_code["CC0"].iri,
        "isAccessibleForFree": True,
    }


def special(entry: Entry) -> dict[str, Any]:
    """What only datasets, or only services, have."""
    if isinstance(entry, DataService):
        return {
            "documentation": [page.iri for page in entry.page if page.iri],
            "license": licence(entry.license),
            "termsOfService": licence(entry.license),
        }
    found: dict[str, Any] = {
        "temporalCoverage": coverage(entry),
        "spatialCoverage": [said for one in entry.spatial if (said := place(one))],
        "license": next((licence(file.license) for file in facts.files(entry) if file.license), None),
    }
    if isinstance(entry, Dataset):
        found["creator"] = [organisation(one) for one in entry.creator if one.name]
        found["distribution"] = [download(file) for file in entry.distribution[:100]]
        found["isAccessibleForFree"] = is_public(entry)
        found["version"] = entry.version.value if entry.version else None
    return found


def organisation(agent: Agent) -> dict[str, Any]:
    """Who published or made it."""
    kind = "Person" if agent.is_individual else "Organization"
    found = {"@type": kind, "name": best(agent.name), "url": agent.homepage.iri if agent.homepage else None}
    return {name: value for name, value in found.items() if value}


def download(file: Distribution) -> dict[str, Any]:
    """One file."""
    found = {
        "@type": "DataDownload",
        "name": best(file.title),
        "contentUrl": next(iter(file.download_url), None),
        "url": next(iter(file.access_url), None),
        "encodingFormat": media_type(file),
        "contentSize": file.byte_size,
    }
    return {name: value for name, value in found.items() if value}


def media_type(file: Distribution) -> str:
    """Its media type, else that of its format."""
    own = (file.media_type.iri if file.media_type else None) or ""
    if own.startswith(vocab.MEDIA_TYPES):
        return own.removeprefix(vocab.MEDIA_TYPES)
    term = vocab.FORMATS.by_iri.get(file.format.iri or "") if file.format else None
    return term.extra.get("media_type", "") if term else ""


def is_public(entry: Dataset) -> bool:
    """True when everybody may have the data."""
    return bool(entry.access_rights and entry.access_rights.iri == vocab.ACCESS_RIGHTS.by_code["PUBLIC"].iri)


def coverage(entry: Entry) -> list[str]:
    """The periods as ISO 8601 intervals."""
    ends = ((writing.iso(period.start), writing.iso(period.end)) for period in entry.temporal)
    return sorted(f"{start or '..'}/{end or '..'}" for start, end in ends if start or end)


def place(given: Location) -> str | dict[str, Any] | None:
    """An area by its name, and by its box or point where it has one."""
    name = facts.place(given)
    box = box_of(given.bbox or given.centroid or "")[0]
    if box is None:
        return name.value if name else None
    found: dict[str, Any] = {"@type": "Place", "geo": shape(box)}
    return {**found, "name": name.value} if name else found


def shape(box: Box) -> dict[str, Any]:
    """A box or point: latitudes come first (https://schema.org/box)."""
    if box.is_point:
        return {"@type": "GeoCoordinates", "latitude": box.south, "longitude": box.west}
    return {"@type": "GeoShape", "box": f"{box.south} {box.west} {box.north} {box.east}"}


def licence(given: LicenseDocument | None) -> str | None:
    """Address of a licence."""
    return given.iri if given else None


def best(texts: Texts) -> str:
    """The text in the language of the page, or the next best."""
    label = words.pick(texts)
    return label.text.value if label else ""
