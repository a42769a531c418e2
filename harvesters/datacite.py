"""DataCite in XML → DCAT, of any version of the kernel. https://datacite-metadata-schema.readthedocs.io/en/4.6/"""

from collections import Counter
from collections.abc import Callable, Container, Iterator

from lxml import etree

from dcat.model import (
    Agent,
    Concept,
    Dataset,
    Date,
    Document,
    Identifier,
    Iri,
    LicenseDocument,
    Location,
    Period,
    RightsStatement,
    Text,
    Texts,
    Wkt,
)
from dcat.normalise.licences import licence

from . import xml
from .access import told_apart
from .base import Normalised
from .dublin_core import doi, one_text_a_language
from .errors import SkipRecord
from .mapping import Mapped
from .nodes import date
from .publications import is_text, publication

MAPPING = (
    Mapped("titles", "dct:title", "the main one of each language"),
    Mapped("descriptions", "dct:description"),
    Mapped("identifier", "dct:identifier", "a DOI is the IRI"),
    Mapped("alternateIdentifiers", "dcat:landingPage, adms:identifier", "a landing page when an address"),
    Mapped("creators", "dct:creator"),
    Mapped("publisher", "dct:publisher"),
    Mapped("subjects", "dcat:keyword"),
    Mapped("dates: Issued, Available; publicationYear", "dct:issued"),
    Mapped("dates: Updated", "dct:modified"),
    Mapped("dates: Collected, Coverage", "dct:temporal"),
    Mapped("language", "dct:language"),
    Mapped("geoLocations", "dct:spatial"),
    Mapped(
        "rightsList", "dct:license, dct:accessRights, dct:rights", "a licence or a term of access where one is meant"
    ),
    Mapped("relatedIdentifiers", "dct:relation"),
    Mapped("version", "dcat:version"),
    Mapped("resourceTypeGeneral", "", "a text is a publication, what is neither data nor text is left aside"),
)

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DATA = frozenset({"", "Dataset", "Collection", "DataPaper", "Service", "Other", "Model", "Image"})
USES = frozenset({"Cites", "References", "IsSupplementedBy", "IsDerivedFrom", "Requires"})
"""How a text is related to the data that it uses (relationType)."""
_ISSUED, _MODIFIED = ("Issued", "Available"), ("Updated",)
_READ = frozenset(
    {
        *("identifier", "titles", "descriptions", "creators", "publisher", "publicationYear", "subjects", "dates"),
        *("language", "resourceType", "alternateIdentifiers", "relatedIdentifiers", "rightsList", "geoLocations"),
        *("version", "sizes", "formats", "contributors", "schemaVersion"),
    }
)


def is_record(root: etree._Element) -> bool:
    """True for the root of a record, and for what repositories wrap around one (oai_datacite)."""
    return resource_in(root) is not None


def resource_in(root: etree._Element) -> etree._Element | None:
    """The record itself."""
    found = (each for each in root.iter("*") if xml.name(each) == "resource" and xml.child(each, "titles") is not None)
    return next(found, None)


def identifier_of(root: etree._Element) -> str:
    """The DOI, or whatever stands in its place; empty for none."""
    resource = resource_in(root)
    return xml.text(xml.child(resource, "identifier")) if resource is not None else ""


def normalised(root: etree._Element) -> Normalised:
    """What a record says. Raises `SkipRecord` for software and the like, `ValueError` for what is no record."""
    resource = resource_in(root)
    if resource is None:
        raise ValueError(f"Expected a record of DataCite, found <{xml.name(root)}>.")
    type = xml.child(resource, "resourceType")
    general = (type.get("resourceTypeGeneral") or "").strip() if type is not None else ""
    if general not in _DATA and not is_text(general):
        raise SkipRecord(f"It is no dataset but {general} (resourceTypeGeneral).", "NOT_DATA")
    unread = Counter(xml.name(each) for each in resource.iterchildren("*") if xml.text(each))
    said = _dataset(resource)
    entry = said if general in _DATA else publication(said, _related(resource, USES))
    return Normalised(entry=entry, unread={name: n for name, n in unread.items() if name not in _READ})


def _dataset(resource: etree._Element) -> Dataset:
    own = xml.text(xml.child(resource, "identifier"))
    others = [
        (xml.text(each), each.get("alternateIdentifierType") or "") for each in _all(resource, "alternateIdentifier")
    ]
    pages = [text for text, _ in others if text.startswith(("http://", "https://"))]
    language = xml.text(xml.child(resource, "language"))
    publisher = _texts(resource, "publisher", language)
    terms, statements = _terms(resource, language)
    access, rights = told_apart(statements)
    version = xml.text(xml.child(resource, "version"))
    iri = doi([own])
    return Dataset(
        iri=iri,
        title=tuple({text.lang: text for text in reversed(_titles(resource, language))}.values())[::-1],
        description=one_text_a_language(_descriptions(resource, language)),
        publisher=Agent(name=publisher[:1]) if publisher else None,
        creator=tuple(_creators(resource)),
        keyword=_texts(resource, "subject", language),
        identifier=(Text(own),) if own else (),
        other_identifier=tuple(Identifier(notation=(Text(text),)) for text, _ in others if text and text not in pages),
        issued=date(_date(resource, _ISSUED) or xml.text(xml.child(resource, "publicationYear"))),
        modified=date(_date(resource, _MODIFIED)),
        language=(Concept(labels=(Text(language),)),) if language else (),
        access_rights=access,
        landing_page=tuple(Document(iri=Iri(page)) for page in dict.fromkeys([*([iri] if iri else []), *pages])),
        version=Text(version) if version else None,
        relation=tuple(dict.fromkeys(_related(resource))),
        spatial=tuple(dict.fromkeys(_places(resource, language))),
        temporal=tuple(_periods(resource)),
        license=terms,
        rights=rights,
    )


def _all(resource: etree._Element, name: str) -> list[etree._Element]:
    return [each for each in xml.descendants(resource, name) if xml.text(each)]


def _texts(resource: etree._Element, name: str, language: str) -> Texts:
    return tuple(dict.fromkeys(_text(each, language) for each in _all(resource, name)))


def _text(element: etree._Element, language: str) -> Text:
    return Text(_words(element), xml.language(element.get(_LANGUAGE) or language))


def _words(element: etree._Element) -> str:
    """What an element says; `<br/>`, which the kernel allows in descriptions, is the end of a line."""
    parts = [element.text or ""]
    for each in element.iterchildren("*"):
        parts += ["\n" if xml.name(each) == "br" else xml.text(each), each.tail or ""]
    return "".join(parts).strip()


def _descriptions(resource: etree._Element, language: str) -> Texts:
    """The abstract before methods, contents and notes."""
    found = sorted(_all(resource, "description"), key=lambda each: each.get("descriptionType") != "Abstract")
    return tuple(dict.fromkeys(_text(each, language) for each in found))


def _titles(resource: etree._Element, language: str) -> list[Text]:
    """The main titles before those of a type (`AlternativeTitle`, `TranslatedTitle`); a subtitle is no title alone."""
    named = [each for each in _all(resource, "title") if each.get("titleType") != "Subtitle"]
    found = sorted(named, key=lambda each: each.get("titleType") is not None)
    return [_text(each, language) for each in found]


def _creators(resource: etree._Element) -> Iterator[Agent]:
    for each in _all(resource, "creatorName"):
        is_body = each.get("nameType") == "Organizational"
        yield Agent(name=(Text(xml.text(each)),), is_individual=not is_body and "," in xml.text(each))


def _date(resource: etree._Element, types: tuple[str, ...]) -> str:
    said = {each.get("dateType"): xml.text(each) for each in _all(resource, "date")}
    return next((said[type].partition("/")[0] for type in types if type in said), "")


def _periods(resource: etree._Element) -> Iterator[Period]:
    for each in _all(resource, "date"):
        if each.get("dateType") in {"Collected", "Coverage"}:
            start, _, end = xml.text(each).partition("/")
            yield Period(start=date(start.strip()), end=Date(end.strip() or start.strip()))


def _related(resource: etree._Element, types: Container[str] | None = None) -> Iterator[Iri]:
    """What it is related to, or what it is related to in one of some ways."""
    for each in _all(resource, "relatedIdentifier"):
        if types is not None and each.get("relationType") not in types:
            continue
        text = xml.text(each)
        if found := doi([text]):
            yield found
        elif text.startswith(("http://", "https://")):
            yield Iri(text)


def _terms(resource: etree._Element, language: str) -> tuple[LicenseDocument | None, tuple[RightsStatement, ...]]:
    """The first that means a licence, by its address or its words; the others are rights."""
    named: LicenseDocument | None = None
    rights: list[RightsStatement] = []
    for each in xml.descendants(resource, "rights"):
        address = (each.get("rightsURI") or "").strip()
        words = (Text(xml.text(each), xml.language(each.get(_LANGUAGE) or language)),) if xml.text(each) else ()
        means = any(licence(said) for said in (address, *(text.value for text in words)) if said)
        if means and named is None:
            named = LicenseDocument(iri=Iri(address) if address else None, titles=words)
        elif address or words:
            rights.append(RightsStatement(iri=Iri(address) if address else None, labels=words))
    return named, tuple(rights)


def _places(resource: etree._Element, language: str) -> Iterator[Location]:
    for each in xml.descendants(resource, "geoLocation"):
        names = _texts(each, "geoLocationPlace", language)
        shapes = [shape for name, read in _SHAPES.items() for one in xml.children(each, name) if (shape := read(one))]
        if shapes:
            yield Location(labels=names, bbox=Wkt(shapes[0]))
        elif names:
            yield Location(labels=names)


def _box(box: etree._Element) -> str:
    """The box by four elements, or as older kernels have it by two corners, latitude first."""
    bounds = ("westBoundLongitude", "eastBoundLongitude", "southBoundLatitude", "northBoundLatitude")
    west, east, south, north = (xml.text(xml.child(box, name)) for name in bounds)
    if not all((west, east, south, north)):
        corners = xml.text(box).split()
        if len(corners) != 4:
            return ""
        south, west, north, east = corners
    return f"POLYGON(({west} {north},{east} {north},{east} {south},{west} {south},{west} {north}))"


def _point(point: etree._Element) -> str:
    """A point by two elements, or as older kernels have it by two numbers, latitude first."""
    east, north = (xml.text(xml.child(point, name)) for name in ("pointLongitude", "pointLatitude"))
    if not (east and north):
        numbers = xml.text(point).split()
        if len(numbers) != 2:
            return ""
        north, east = numbers
    return f"POINT({east} {north})"


def _polygon(polygon: etree._Element) -> str:
    points = (_point(each).removeprefix("POINT(").removesuffix(")") for each in xml.children(polygon, "polygonPoint"))
    return f"POLYGON(({','.join(points)}))"


_SHAPES: dict[str, Callable[[etree._Element], str]] = {
    "geoLocationBox": _box,
    "geoLocationPolygon": _polygon,
    "geoLocationPoint": _point,
}
"""How a shape is read, by its element; the one that says most first."""
