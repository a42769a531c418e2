"""Dublin Core in XML (oai_dc, csw:Record) → DCAT.

https://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore, OGC 07-006r1 (10.2.5)
"""

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from dcat.model import (
    Agent,
    Concept,
    Dataset,
    Date,
    Distribution,
    Document,
    Entry,
    Identifier,
    Iri,
    LicenseDocument,
    Location,
    Period,
    ProvenanceStatement,
    RightsStatement,
    Text,
    Texts,
    Wkt,
)
from dcat.normalise.formats import from_address
from dcat.normalise.licences import licence

from . import xml
from .access import told_apart
from .base import Normalised
from .errors import SkipRecord
from .mapping import Mapped
from .nodes import date
from .publications import is_text, publication

MAPPING = (
    Mapped("title", "dct:title"),
    Mapped("description, abstract", "dct:description", "the paragraphs of one language together"),
    Mapped("identifier, the first", "dct:identifier", "a DOI is the IRI"),
    Mapped("identifier, the others", "dcat:landingPage, adms:identifier", "a landing page when an address"),
    Mapped(
        "creator",
        "dct:creator",
        "`Name, First name` is a person, whom [settings](../settings.md) may leave out",
    ),
    Mapped("publisher", "dct:publisher"),
    Mapped("subject", "dcat:keyword"),
    Mapped("date, issued", "dct:issued"),
    Mapped("modified", "dct:modified"),
    Mapped("language", "dct:language"),
    Mapped("coverage, spatial, BoundingBox", "dct:spatial"),
    Mapped("coverage, temporal", "dct:temporal", "what begins with a year, or names a start or an end"),
    Mapped(
        "rights, license, accessRights",
        "dct:license, dct:accessRights, dct:rights",
        "a licence or a term of access where one is meant",
    ),
    Mapped("relation", "dct:relation"),
    Mapped("references, URI, source", "dcat:distribution"),
    Mapped("provenance", "dct:provenance"),
    Mapped("type", "", "a text is a publication, what is neither data nor text is left aside"),
)

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DATA = frozenset(
    {
        *("dataset", "collection", "series", "service", "nongeographicdataset", "interactiveresource", "image"),
        *("data", "researchdata", "forschungsdaten", "datensatz", "jeudedonnées"),
        *("c_ddb1", "c_cb28", "acf7-8yt9", "fxf3-d3g7", "am6w-6qaw", "63ng-b465", "a8f1-npv9"),
        *("2h0m-x761", "dd58-gfsx", "ff4c-28rk", "cqmr-7k63", "w2xt-7017", "nhd0-w6sy"),
    }
)
"""Types of data in words, and of COAR by the codes of their addresses: the dataset and the kinds of it
(https://vocabularies.coar-repositories.org/resource_types/c_ddb1/)."""
_READ = frozenset(
    {
        *("title", "alternative", "description", "abstract", "creator", "publisher", "subject", "date", "modified"),
        *("issued", "identifier", "language", "rights", "relation", "references", "URI", "source", "coverage", "type"),
        *("format", "BoundingBox", "spatial", "temporal", "license", "accessRights"),
        *("provenance", "contributor"),
    }
)
_WEB = re.compile(r"https?://\S+")
_TIME = re.compile(
    r"(?:1[0-9]|20)\d\d(?:-\d\d)?(?:-\d\d)?\s*(?:\Z|[-/–]\s*(?:\d|\.\.|\Z))|(?:name=[^;]*; *)?(?:start|end)=",
    re.IGNORECASE,
)
"""How a time begins; a postal code and a box begin with a number, too."""
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)


class Elements:
    """The elements of a record by their names, in any namespace."""

    def __init__(self, root: etree._Element) -> None:
        self._found: dict[str, list[etree._Element]] = {}
        for each in root.iterchildren("*"):
            if xml.text(each):
                self._found.setdefault(xml.name(each), []).append(each)

    def words(self, *names: str) -> list[str]:
        """What stands in the elements of these names, each text once."""
        return list(dict.fromkeys(xml.text(each) for name in names for each in self._found.get(name, ())))

    def texts(self, *names: str) -> Texts:
        """The same with its language."""
        found = (each for name in names for each in self._found.get(name, ()))
        return tuple(dict.fromkeys(Text(xml.text(each), xml.language(each.get(_LANGUAGE) or "")) for each in found))

    def elements(self, name: str) -> list[etree._Element]:
        """The elements of a name."""
        return self._found.get(name, [])

    def unread(self) -> Counter[str]:
        """Names that nobody reads, with how often each was seen."""
        return Counter({name: len(each) for name, each in self._found.items() if name not in _READ})


def is_record(root: etree._Element) -> bool:
    """True for what has a title or an identifier of Dublin Core."""
    return any("purl.org/dc/" in str(each.tag) for each in root.iterchildren("*"))


def identifier_of(root: etree._Element) -> str:
    """The first identifier; empty for none."""
    return next(iter(Elements(root).words("identifier")), "")


def changed_of(root: etree._Element) -> str:
    """When the record was last changed, of csw:Record."""
    return next(iter(Elements(root).words("modified")), "")


def normalised(root: etree._Element) -> Normalised:
    """What a record says. Raises `SkipRecord` for software and the like, `ValueError` for no record."""
    if not is_record(root):
        raise ValueError(f"Expected a record of Dublin Core, found <{xml.name(root)}>.")
    elements = Elements(root)
    types = [word.rstrip("/").rpartition("/")[2].casefold().replace(" ", "") for word in elements.words("type")]
    if types and not _DATA.intersection(types):
        if any(map(is_text, types)):
            return Normalised(entry=_publication(elements), unread=dict(elements.unread()))
        raise SkipRecord(f"It is no dataset but {', '.join(elements.words('type'))} (dc:type).", "NOT_DATA")
    return Normalised(entry=_dataset(elements), unread=dict(elements.unread()))


def _publication(elements: Elements) -> Entry:
    """A text; what it refers to by DOI is what it uses."""
    said = _dataset(elements)
    named = (doi([word]) for word in elements.words("references", "relation"))
    return publication(said, filter(None, named))


def _dataset(elements: Elements) -> Dataset:
    identifiers = elements.words("identifier")
    pages = [word for word in identifiers if _WEB.fullmatch(word)]
    links = [word for word in elements.words("references", "URI", "source") if _WEB.fullmatch(word)]
    terms, statements = _terms(elements)
    access, rights = told_apart(statements)
    files = tuple(_file(link, elements.words("format"), terms, rights) for link in links)
    publishers = elements.texts("publisher")
    dates = sorted(elements.words("issued", "date"))
    modified = elements.words("modified")
    return Dataset(
        iri=doi(identifiers),
        title=elements.texts("title")[:1] if not _is_tagged(elements) else elements.texts("title"),
        description=one_text_a_language(elements.texts("description", "abstract")),
        publisher=Agent(name=publishers[:1]) if publishers else None,
        creator=tuple(Agent(name=(text,), is_individual=_is_person(text.value)) for text in elements.texts("creator")),
        keyword=elements.texts("subject"),
        identifier=tuple(Text(word) for word in identifiers[:1]),
        other_identifier=tuple(Identifier(notation=(Text(word),)) for word in identifiers[1:] if word not in pages),
        issued=date(dates[0]) if dates else None,
        modified=date(modified[-1]) if modified else None,
        language=tuple(Concept(labels=(Text(word),)) for word in elements.words("language")),
        landing_page=tuple(Document(iri=Iri(page)) for page in pages),
        relation=tuple(Iri(word) for word in elements.words("relation") if _WEB.fullmatch(word)),
        access_rights=access,
        spatial=(*_places(elements), *_boxes(elements)),
        temporal=tuple(_periods(elements)),
        provenance=tuple(ProvenanceStatement(labels=(text,)) for text in elements.texts("provenance")),
        distribution=files,
        license=None if files else terms,
        rights=() if files else rights,
    )


def doi(identifiers: list[str]) -> Iri | None:
    """The address of the first DOI among identifiers."""
    found = next(filter(None, map(_DOI.fullmatch, identifiers)), None)
    return Iri(f"https://doi.org/{found[1]}") if found else None


def _is_tagged(elements: Elements) -> bool:
    return any(text.lang for text in elements.texts("title"))


def one_text_a_language(texts: Texts) -> Texts:
    """The paragraphs of one language as one text."""
    found: dict[str, list[str]] = {}
    for text in texts:
        found.setdefault(text.lang, []).append(text.value)
    return tuple(Text("\n\n".join(values), lang) for lang, values in found.items())


def _is_person(name: str) -> bool:
    """True for `Peeters, Jeanne`, as repositories write persons."""
    return re.fullmatch(r"[^\W\d_][\w'’ -]+, (?:[^\W\d_][\w'’-]*\.? ?){1,4}", name) is not None


def _terms(elements: Elements) -> tuple[LicenseDocument | None, tuple[RightsStatement, ...]]:
    said = elements.texts("license", "rights", "accessRights")
    named = next((text for text in said if licence(text.value)), None)
    rights = tuple(RightsStatement(labels=(text,)) for text in said if text != named)
    if named is None:
        return None, rights
    is_address = _WEB.fullmatch(named.value) is not None
    return LicenseDocument(iri=Iri(named.value)) if is_address else LicenseDocument(titles=(named,)), rights


def _file(
    link: str, formats: list[str], terms: LicenseDocument | None, rights: tuple[RightsStatement, ...]
) -> Distribution:
    is_download = from_address(link)[0] is not None
    return Distribution(
        access_url=(Iri(link),),
        download_url=(Iri(link),) if is_download else (),
        format=Concept(labels=(Text(formats[0]),)) if len(formats) == 1 and not is_download else None,
        license=terms,
        rights=rights,
    )


def _places(elements: Elements) -> tuple[Location, ...]:
    """Places by their names; a coverage that begins with a digit is a time or a box."""
    named = (text for text in elements.texts("coverage", "spatial") if not text.value[:1].isdigit())
    return tuple(Location(labels=(text,)) for text in named if not _TIME.match(text.value))


def _periods(elements: Elements) -> Iterator[Period]:
    """Times among coverages: `1990-2000`, `2019-01-01/2019-12-31`, `start=1990; end=2000` (DCMI Period)."""
    times = [word for word in elements.words("coverage") if _TIME.match(word)]
    for text in dict.fromkeys([*elements.words("temporal"), *times]):
        yield Period(start=Date(text), end=Date(text))


def _boxes(elements: Elements) -> tuple[Location, ...]:
    """Boxes of csw:Record (ows:BoundingBox): latitude first in a system that is named by a URN."""
    found = []
    for box in elements.elements("BoundingBox"):
        corners = [xml.text(xml.child(box, corner)).split() for corner in ("LowerCorner", "UpperCorner")]
        if all(len(corner) == 2 for corner in corners):
            is_turned = "urn:" in (box.get("crs") or "")
            (west, south), (east, north) = (corner[::-1] if is_turned else corner for corner in corners)
            shape = f"POLYGON(({west} {north},{east} {north},{east} {south},{west} {south},{west} {north}))"
            found.append(Location(bbox=Wkt(shape)))
    return tuple(found)
