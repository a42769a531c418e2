"""Formats, media types, compression and packages of files: EU file types and IANA media types."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs

import msgspec

from ..model import Concept, DataService, Distribution, Iri, Text
from ..vocab import FORMATS, MEDIA_TYPES, Term, registered_media_types
from .notes import Context, Log, Note
from .terms import find, said, several, spellings
from .written import keep

_IANA = re.compile(
    r"(?:https?://)?(?:www\.)?(?:iana\.org/assignments/media-types/|purl\.org/NET/mediatypes/)(?:media-types\.xhtml#)?",
    re.IGNORECASE,
)
_MEDIA_TYPE = re.compile(
    r"(?:application|audio|font|image|message|model|multipart|text|video)/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}", re.ASCII
)
_PARTS = re.compile(r"(?:[^:/?#]+:)?(?://[^/?#]*)?([^?#]*)(?:\?([^#]*))?")
"""Of RFC 3986, appendix B: the path and the query of any address."""
_ZIPPED = re.compile(
    r"(?:zip|zipped)[ ._:/-]*[(\[]?\s*(?P<a>[^()\[\]]+?)\s*[)\]]?|(?P<b>.+?)[ ._/+-]*[(\[]?\s*(?:zip|zipped)\s*[)\]]?",
    re.IGNORECASE,
)
_PROTOCOL = re.compile(r"(?:OGC|GLG|ESRI|WWW|INSPIRE|HTTP)[:_ -]+([A-Za-z0-9]+)", re.IGNORECASE)
_REMARK = re.compile(r"(?P<word>[^()\[\]]+?)\s*[(\[](?P<remark>[^()\[\]]+)[)\]]")
_FILLER = re.compile(
    r"\b(?:document|datei|dokument|endpoint|export|file|files|fichier|fichiers|format|formaat|bestand|bestanden)\b",
    re.IGNORECASE,
)
_ARCHIVES = {
    ".zip": ("package_format", "application/zip"),
    ".tar": ("package_format", "application/x-tar"),
    ".gz": ("compress_format", "application/gzip"),
    ".tgz": ("compress_format", "application/gzip"),
}
_ENDINGS = {"ZIP": ".zip", "GZIP": ".gz", "TAR": ".tar", "TAR_GZ": ".tgz"}
_CONTAINERS = frozenset({"ZIP", "GZIP", "TAR", "TAR_GZ", "OCTET", "BIN"})
_OUTPUTS = {
    "csv": "CSV",
    "shape-zip": "SHP",
    "application/json": "GEOJSON",
    "json": "GEOJSON",
    "geojson": "GEOJSON",
    "excel": "XLS",
    "excel2007": "XLSX",
}
"""What a WFS makes of its features, by the names that GeoServer and its kin give it; GML is what it gives anyway."""
_SERVICES = {"wms": "WMS_SRVC", "wfs": "WFS_SRVC", "wcs": "WCS_SRVC", "wmts": "WMTS_SRVC"}
_PAGES = frozenset({"HTML", "XHTML", "RDFA"})


class Meaning(NamedTuple):
    """What a source's word for a format means."""

    term: Term
    is_zipped: bool = False


@lru_cache(maxsize=4_096)
def meaning(text: str) -> Meaning | None:
    """The file type that a word, media type, extension or IRI means."""
    word = _bare(text)
    if not word or len(word) > 200:
        return None
    if term := FORMATS.find(text) or find(FORMATS, word) or _ending(word):
        return Meaning(term, _ends_zipped(text))
    if (zipped := _ZIPPED.fullmatch(word)) and (inner := zipped["a"] or zipped["b"]):
        term = find(FORMATS, inner.strip())
        return Meaning(term, True) if term else None
    if (protocol := _PROTOCOL.match(word.rpartition("/")[2])) and (term := FORMATS.find(protocol[1])):
        return Meaning(term)
    return next((Meaning(term) for inner in _within(word) if (term := find(FORMATS, inner) or _ending(inner))), None)


def _within(word: str) -> Iterator[str]:
    """What may be meant by more words than a format has, the surest first: a service, whatever it gives (`WMS (PNG)`),
    an ending that stands beside it (`Excel (.xls)`), what stands before a remark (`CSV (UTF-8)`), what is left without
    `file` or `document`."""
    if found := _REMARK.fullmatch(word):
        term = find(FORMATS, found["word"])
        is_service = term is not None and term.extra["family"] == "services"
        if not is_service and _ending(found["remark"]):
            yield found["remark"].strip()
        yield found["word"]
    if (rest := _FILLER.sub("", word).strip(" -:")) != word:
        yield rest


def _ending(word: str) -> Term | None:
    """The file type of an ending, with its dot or without."""
    return _by_extension().get(f".{word.strip().lstrip('.').casefold()}")


def _ends_zipped(text: str) -> bool:
    return re.search(r"[( ]zip\)?\s*\Z", text, re.IGNORECASE) is not None and text.strip().casefold() != "zip"


def _bare(text: str) -> str:
    word = _IANA.sub("", text.strip()).strip(" .*") if not text.startswith(".") else text.strip()
    return word.partition(";")[0].strip()


@lru_cache(maxsize=1)
def _by_extension() -> dict[str, Term]:
    """File types by ending; an ending that several have means the first of the commonest families."""
    order = {"tables": 0, "structured": 1, "maps": 2, "documents": 3, "media": 4}
    found: dict[str, Term] = {}
    for term in sorted(FORMATS, key=lambda term: (order.get(term.extra["family"], 9), len(term.code))):
        for extension in term.words("extensions"):
            found.setdefault(extension, term)
    for extension, code in {".dbf": "DBF", ".rdf": "RDF_XML", ".html": "HTML", ".htm": "HTML", ".pdf": "PDF"}.items():
        found[extension] = FORMATS.by_code[code]
    found[".xml"], found[".zip"], found[".tif"] = (FORMATS.by_code[code] for code in ("XML", "ZIP", "TIFF"))
    return found


def media_type(text: str) -> str | None:
    """The media type in a text when it is one that IANA may know; unregistered trees (`x-`) are none."""
    word = _bare(text).casefold()
    if not _MEDIA_TYPE.fullmatch(word):
        return None
    return None if word.partition("/")[2].startswith(("x-", "x.", "prs.")) else word


@lru_cache(maxsize=512)
def media_concept(name: str) -> Concept:
    """An IANA media type as it is published."""
    return Concept(iri=Iri(MEDIA_TYPES + name), labels=(Text(name),))


def is_container(term: Term) -> bool:
    """True for what only says what a file is packed in, or that it is bytes."""
    return term.code in _CONTAINERS


def _meaning_of(concept: Concept | None) -> Meaning | None:
    if concept is None:
        return None
    if concept.iri and (found := meaning(concept.iri)):
        return found
    return next((found for text in spellings(concept) if (found := meaning(text))), None)


def is_service_format(file: Distribution) -> bool:
    """True for a file whose format or media type is that of a service (`WMS`, `application/vnd.ogc.wfs_xml`)."""
    said = (_meaning_of(file.format), _meaning_of(file.media_type))
    return any(found is not None and found.term.extra["family"] == "services" for found in said)


@lru_cache(maxsize=4_096)
def from_address(address: str) -> tuple[Term | None, str]:
    """What the address of a file says: its type by its ending, by what a WFS is asked for (`outputFormat=csv`) or by
    `service=WMS`, and the ending of its archive."""
    path, query = _parts(address)
    if query and (asked := _from_query(query)):
        return asked
    name = path.rpartition("/")[2].casefold()
    stem, dot, ending = name.rpartition(".")
    archive = f".{ending}" if dot and f".{ending}" in _ARCHIVES else ""
    if archive:
        stem, dot, ending = stem.rpartition(".")
    term = _by_extension().get(f".{ending}") if dot else None
    return (None if term is not None and term.code in _PAGES else term), archive


def _parts(address: str) -> tuple[str, str]:
    """Path and query."""
    found = _PARTS.match(address)
    return (found[1], found[2] or "") if found else ("", "")


def _from_query(query: str) -> tuple[Term, str] | None:
    asked = {name.casefold(): values[0].casefold() for name, values in parse_qs(query[:500]).items()}
    if asked.get("request") == "getfeature" and (output := _OUTPUTS.get(asked.get("outputformat", ""))):
        return FORMATS.by_code[output], ".zip" if output == "SHP" else ""
    code = _SERVICES.get(asked.get("service", ""))
    return (FORMATS.by_code[code], "") if code else None


def name_format(file: Distribution, log: Log) -> Distribution:
    """Format, media type, compression and package of a file, each also from the others and from the address."""
    given = (file.format, file.media_type, file.compress_format, file.package_format)
    named, notes = _named(given, *_addressed(file))
    log.repeat(notes)
    file = msgspec.structs.replace(
        file,
        format=named.format,
        media_type=named.media_type,
        compress_format=named.compress_format,
        package_format=named.package_format,
    )
    return keep(file, "dct:format", [one.value for one in named.as_written]) if named.as_written else file


_Given = tuple[Concept | None, Concept | None, Concept | None, Concept | None]
"""Format, media type, compression and package."""


@lru_cache(maxsize=512)
def _named(given: _Given, address: Term | None, archive: str) -> tuple[Distribution, tuple[Note, ...]]:
    """The same of a file of which only these are known, and what its address says: as thousands of files have them."""
    format, media_type, compression, package = given
    log = Log(Context(), "")
    said_format, said_type = _meaning_of(format), _meaning_of(media_type)
    term = _choose(said_format, said_type, address)
    named = Distribution(
        format=_format(format, term, said_format, log),
        media_type=_type(media_type, term, log),
        compress_format=_container(compression, "dcat:compressFormat", log),
        package_format=_container(package, "dcat:packageFormat", log),
    )
    if named.format is None and format is not None:
        named = keep(named, "dct:format", spellings(format)[-1:])
    return _packed(named, term, archive or _said_archive(said_format, said_type), log), tuple(log.notes)


def _said_archive(*said: Meaning | None) -> str:
    """The ending of the archive that a format such as `CSV (ZIP)`, or `ZIP` beside a media type, speaks of."""
    for found in filter(None, said):
        if found.is_zipped or found.term.code in _ENDINGS:
            return _ENDINGS.get(found.term.code, ".zip")
    return ""


def _addressed(file: Distribution) -> tuple[Term | None, str]:
    for address in (*file.download_url, *file.access_url):
        term, archive = from_address(address)
        if term is not None or archive:
            return term, archive
    return None, ""


def _choose(said_format: Meaning | None, said_type: Meaning | None, address: Term | None) -> Term | None:
    """The format said; when that is only a container, what it holds; when nothing is said, what the address says."""
    candidates = [found.term for found in (said_format, said_type) if found is not None]
    if address is not None:
        candidates.append(address)
    content = [term for term in candidates if not is_container(term)]
    if said_format is None and address is not None and address in content:
        return address if said_type is None or is_container(said_type.term) else content[0]
    return next(iter(content or candidates), None)


def _format(given: Concept | None, term: Term | None, found: Meaning | None, log: Log) -> Concept | None:
    raw = said(given) if given else ""
    if term is None:
        if raw:
            log.note("dct:format", raw, "format-unknown")
        return None
    if raw != term.iri:
        rule = "term-mapped" if found is not None else "format-unknown" if raw else "format-derived"
        log.note("dct:format", raw, rule, term.iri)
    return FORMATS.concept(term)


def _type(given: Concept | None, term: Term | None, log: Log) -> Concept | None:
    raw = said(given) if given else ""
    name = media_type(raw) if raw else None
    if name not in registered_media_types():
        known = _meaning_of(given)
        own = (known.term if known and not is_container(known.term) else term) or (known.term if known else None)
        usual = own.extra.get("media_type") if own and "registered" in own.extra else None
        name = usual or (None if known else name)
    if name is None:
        if raw:
            log.note("dcat:mediaType", raw, "media-type-unknown")
        return None
    concept = media_concept(name)
    if concept.iri != raw:
        log.note("dcat:mediaType", raw, "term-mapped" if raw else "format-derived", concept.iri)
    return concept


def _container(concept: Concept | None, field: str, log: Log) -> Concept | None:
    if concept is None:
        return None
    known = _meaning_of(concept)
    name = next(filter(None, map(media_type, spellings(concept))), None)
    if name is None and known is not None:
        name = known.term.extra.get("media_type")
    if name is None:
        log.note(field, said(concept), "media-type-unknown")
        return None
    published = media_concept(name)
    if published.iri != concept.iri:
        log.note(field, said(concept), "term-mapped", published.iri)
    return published


def _packed(file: Distribution, term: Term | None, archive: str, log: Log) -> Distribution:
    """Says that a file is zipped when its address or its format says so and its content is something else."""
    if not archive or term is None or is_container(term):
        return file
    name, content = _ARCHIVES[archive]
    if file.package_format or file.compress_format or term.extra.get("media_type") == content:
        return file
    field = {"package_format": "dcat:packageFormat", "compress_format": "dcat:compressFormat"}[name]
    log.note(field, "", "format-derived", MEDIA_TYPES + content)
    if name == "package_format":
        return msgspec.structs.replace(file, package_format=media_concept(content))
    return msgspec.structs.replace(file, compress_format=media_concept(content))


def name_service_formats(service: DataService, log: Log) -> DataService:
    """dct:format of a service; one that says nothing is known by its addresses."""
    concepts = tuple(
        FORMATS.concept(found.term) if (found := _meaning_of(concept)) else concept for concept in service.format
    )
    known = several(FORMATS, concepts, "dct:format", log)
    if not known:
        addresses = (*service.endpoint_description, *service.endpoint_url)
        term = next((term for address in addresses if (term := from_address(address)[0])), None)
        if term is not None and term.extra["family"] == "services":
            log.note("dct:format", "", "format-derived", term.iri)
            known = (FORMATS.concept(term),)
    return service if known == service.format else msgspec.structs.replace(service, format=known)
