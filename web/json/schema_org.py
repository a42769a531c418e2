"""What search engines read in a page: schema.org as JSON-LD (https://schema.org/Dataset)."""

from typing import Any

from catalogue.store.rows import EntryRow
from dcat import vocab
from dcat.model import Agent, DataService, Dataset, Distribution, Entry, LicenseDocument, Texts

from ..current import absolute, minted, settings
from ..wording import facts, prose, words, writing

KINDS = {"dataset": "Dataset", "service": "WebAPI", "series": "Dataset", "publication": "CreativeWork"}


def data(row: EntryRow) -> dict[str, Any]:
    """An entry in the words of schema.org; what it does not say is left out."""
    entry = row.entry
    found: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": KINDS[row.kind],
        "@id": row.iri,
        "url": absolute(f"/{words.language()}/{row.kind}/{row.name}"),
        "identifier": absolute(f"/id/{row.kind}/{row.id}"),
        "name": best(entry.title),
        "description": prose.plain(best(entry.description), 5000),
        "keywords": sorted({text.value for text in entry.keyword if not text.is_machine_translated}),
        "datePublished": writing.done(entry.issued),
        "dateModified": writing.done(entry.modified),
        "publisher": organisation(entry.publisher) if entry.publisher else None,
        "includedInDataCatalog": catalog(),
        **special(entry),
    }
    return {name: value for name, value in found.items() if value}


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
        "spatialCoverage": [place.value for one in entry.spatial if (place := facts.place(one))],
        "license": next((licence(file.license) for file in facts.files(entry) if file.license), None),
    }
    if isinstance(entry, Dataset):
        found["distribution"] = [download(file) for file in entry.distribution[:100]]
        found["isAccessibleForFree"] = True
        found["version"] = entry.version.value if entry.version else None
    return found


def organisation(agent: Agent) -> dict[str, Any]:
    """The publisher."""
    found = {"@type": "Organization", "name": best(agent.name), "url": agent.homepage.iri if agent.homepage else None}
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


def coverage(entry: Entry) -> str:
    """The first period as an ISO 8601 interval."""
    for period in entry.temporal:
        start, end = writing.iso(period.start), writing.iso(period.end)
        if start or end:
            return f"{start or '..'}/{end or '..'}"
    return ""


def licence(given: LicenseDocument | None) -> str | None:
    """Address of a licence."""
    return given.iri if given else None


def best(texts: Texts) -> str:
    """The text in the language of the page, or the next best."""
    label = words.pick(texts)
    return label.text.value if label else ""
