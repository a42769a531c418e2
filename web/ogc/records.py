"""An entry as a record: a Feature of GeoJSON with the properties of a record.

https://docs.ogc.org/is/20-004r1/20-004r1.html#clause-record-core. Texts stand in one language, which the record names.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from catalogue.indexing.entry_document import extent, span
from catalogue.store.rows import EntryRow
from dcat import vocab
from dcat.days import first_day, last_day
from dcat.model import Agent, Concept, Contact, DataService, Dataset, Distribution, Entry, Texts
from dcat.our_languages import best_along

from ..current import settings
from ..http.kept_records import kept
from ..json.entry_shapes import page_address
from ..xml import dublin_core
from .answers import GEOJSON, Json, link

RECORD = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"
IRI = "https://www.rfc-editor.org/rfc/rfc3987"
"""The scheme of an external identifier that is the IRI of the entry itself."""
ITEMS = "/ogc/collections/datasets/items"


def record(row: EntryRow, language: str) -> Json:
    """One record."""
    said = best_along((language, *settings().languages), row.entry.title)
    spoken = said.lang if said and said.lang else language
    return {
        "id": row.id,
        "type": "Feature",
        "conformsTo": [RECORD],
        "geometry": geometry(row.entry),
        "time": time(row.entry),
        "properties": _without_gaps(properties(row, spoken)),
        "links": list(links(row, spoken)),
    }


def written(row: EntryRow, language: str) -> msgspec.Raw:
    """The same as JSON, as it was written before if nothing changed."""
    made_of = (ITEMS, language, row.version, row.iri, row.name)
    return msgspec.Raw(kept(lambda: msgspec.json.encode(record(row, language)), *made_of))


def properties(row: EntryRow, language: str) -> Json:
    """What the record says."""
    entry = row.entry
    return {
        "type": row.kind,
        "title": plain(entry.title, language) or row.name,
        "description": plain(entry.description, language),
        "keywords": _keywords(entry.keyword, language),
        "language": {"code": language},
        "languages": [{"code": each} for each in sorted({text.lang for text in entry.title if text.lang})],
        "resourceLanguages": [{"code": code} for code in map(dublin_core.language, entry.language) if code],
        "created": moment(row.created),
        "updated": moment(row.updated),
        "recordCreated": moment(row.created),
        "recordUpdated": moment(row.updated),
        "resourceCreated": entry.issued,
        "resourceUpdated": entry.modified,
        "externalIds": [{"scheme": IRI, "value": row.iri}, *({"value": text.value} for text in entry.identifier)],
        "themes": list(themes(entry)),
        "formats": [{"name": name} for name in map(_format, dublin_core.formats(entry)) if name],
        "contacts": [*_publisher(entry.publisher, language), *(contact(one, language) for one in entry.contact)],
        "license": _licence(entry),
        "rights": plain(tuple(text for one in _rights(entry) for text in one), language),
    }


def geometry(entry: Entry) -> Json | None:
    """The area covered, as a polygon: clients index the corners of a ring."""
    box = extent(entry.spatial)
    if box is None:
        return None
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def time(entry: Entry) -> Json | None:
    """The time covered; `..` for an open end."""
    start, end = span(entry.temporal)
    if not (start or end):
        return None
    return {"interval": [_day(start, first_day), _day(end, last_day)]}


def themes(entry: Entry) -> Iterator[Json]:
    """Concepts by the table that they are of."""
    by_scheme: dict[str, list[Json]] = {}
    for theme in entry.theme:
        term = vocab.THEMES.by_iri.get(theme.iri or "")
        scheme = (vocab.THEMES.scheme if term else theme.scheme) or ""
        title = vocab.label(term, settings().languages[0]) if term else plain(theme.labels)
        said = {"id": term.code if term else theme.iri or title, "title": title, "url": theme.iri}
        by_scheme.setdefault(scheme, []).append(_without_gaps(said))
    for name, concepts in by_scheme.items():
        yield _without_gaps({"concepts": concepts, "scheme": name})


def links(row: EntryRow, language: str) -> Iterator[Json]:
    """Ways to the data, to words about them, and to the same in other forms."""
    entry, path = row.entry, f"/{row.kind}/{row.name}"
    yield link(f"{ITEMS}/{row.id}", "self", GEOJSON)
    yield link("/ogc/collections/datasets", "collection")
    yield link(page_address(row.kind, row.name), "alternate", "text/html")
    yield link(f"{path}.ttl", "alternate", "text/turtle", "DCAT-AP")
    for page in entry.landing_page:
        yield link(str(page.iri), "about", "", plain(page.titles, language))
    for page in entry.page:
        yield link(str(page.iri), "describedby", "", plain(page.titles, language))
    for terms in dublin_core.licences(entry):
        if terms.iri:
            yield link(terms.iri, "license", "")
    if isinstance(entry, DataService):
        yield from _service(entry)
    else:
        for file in entry.distribution:
            yield from _file(file, language)


def _file(file: Distribution, language: str) -> Iterator[Json]:
    media_type = (file.media_type.iri or "").rpartition("/media-types/")[2] if file.media_type else ""
    title = plain(file.title, language)
    for address in file.download_url:
        yield {**link(str(address), "enclosure", media_type, title), **_length(file)}
    if not file.download_url:
        for address in file.access_url:
            yield link(str(address), "item", media_type, title)
    for service in file.access_service:
        yield from _service(service)


def _service(service: DataService) -> Iterator[Json]:
    for address in service.endpoint_url:
        yield link(str(address), "service", "")
    for address in service.endpoint_description:
        yield link(str(address), "service-desc", "")


def _length(file: Distribution) -> Json:
    size = file.byte_size or ""
    return {"length": int(size)} if size.isascii() and size.isdigit() else {}


def _publisher(agent: Agent | None, language: str) -> Iterator[Json]:
    if agent and (name := plain(agent.name, language)):
        yield {"organization": name, "roles": ["publisher"]}


def contact(one: Contact, language: str) -> Json:
    """Where to ask."""
    found = {
        "name": plain(one.name, language),
        "organization": plain(one.organization or one.name, language),
        "emails": [{"value": address.removeprefix("mailto:")} for address in one.email],
        "phones": [{"value": number.removeprefix("tel:")} for number in one.telephone],
        "links": [{"href": address, "rel": "about"} for address in one.url],
        "roles": ["pointOfContact"],
    }
    return _without_gaps(found)


def plain(texts: Texts, language: str = "") -> str:
    """The best text for those who read that language."""
    best = best_along((language, *settings().languages) if language else settings().languages, texts)
    return best.value if best else ""


def moment(at: datetime) -> str:
    """A moment in UTC."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _keywords(texts: Texts, language: str) -> list[str]:
    """Those of the language and of none; all of them when there are none of that."""
    some = [text for text in texts if text.lang in {language, ""}] or texts
    return list(dict.fromkeys(text.value for text in some))


def _format(term: Concept) -> str:
    known = vocab.FORMATS.by_iri.get(term.iri or "")
    return known.code if known else plain(term.labels)


def _licence(entry: Entry) -> str:
    """The identifier of SPDX where there is one licence that has it, else `other` where a link says which; the words of
    a licence that has no address."""
    found = dublin_core.licences(entry)
    if any(one.iri for one in found):
        known = vocab.LICENCES.by_iri.get(found[0].iri or "") if len(found) == 1 else None
        return known.extra.get("spdx", "other") if known else "other"
    return next(filter(None, (plain(one.titles or one.labels) for one in found)), "")


def _rights(entry: Entry) -> Iterable[Texts]:
    rights = entry.rights if isinstance(entry, DataService | Dataset) else ()
    return (one.labels for one in rights)


def _day(text: str, known: Any) -> str:
    ordinal = known(text) if text else None
    return date.fromordinal(ordinal).isoformat() if ordinal else ".."


def _without_gaps(said: Json) -> Json:
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}
