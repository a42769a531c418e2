"""The nodes that objects of data.json have in common: texts alone, or objects since DCAT-US 3."""

import re

from dcat.model import (
    Agent,
    Concept,
    Contact,
    Document,
    Iri,
    LicenseDocument,
    Location,
    Period,
    RightsStatement,
    Standard,
    Text,
    Texts,
)

from ..fields import Fields
from ..nodes import concepts, date, documents, iri, iris, labelled, standards, statement, wkt

_NUMBERS = re.compile(r"\s*[\[(]?\s*-?\d+(\.\d+)?(\s*[,\s]\s*-?\d+(\.\d+)?){1,5}\s*[\])]?\s*")
_SAYS_NOTHING = frozenset({"true", "false", "none", "n/a", "null"})


def agents(fields: Fields, name: str) -> list[Agent]:
    """Organisations: objects, or names alone; the one that stands above says nothing of this dataset."""
    found = [_agent(one) for one in fields.objects(name)]
    found = found or [labelled(Agent, "name", word) for word in fields.words(name)]
    return [one for one in found if one.iri or one.name]


def _agent(fields: Fields) -> Agent:
    fields.ignore(("subOrganizationOf", "prefLabel", "altLabel", "notation"))
    own, homepage = fields.text("@id"), fields.text("homepage")
    return Agent(
        iri=Iri(own) if own.startswith(("http://", "https://")) else None,
        name=fields.texts("name") or fields.texts("prefLabel"),
        mbox=iri(fields.text("mbox", "hasEmail", "email")),
        homepage=Document(iri=Iri(homepage)) if homepage else None,
    )


def contacts(fields: Fields) -> tuple[Contact, ...]:
    found = [_contact(one) for one in fields.objects("contactPoint")]
    person, mail = fields.texts("person") or fields.texts("contactPoint"), fields.text("mbox")
    if not found and (person or mail):  # 1.0
        found = [Contact(name=person, email=iris(filter(None, [mail])))]
    return tuple(one for one in found if one != Contact())


def _contact(fields: Fields) -> Contact:
    fields.ignore(("@id",))
    organization = fields.texts("organization-name") or tuple(
        text for one in fields.objects("hasOrganization") for text in one.texts("name")
    )
    return Contact(
        name=fields.texts("fn") or fields.texts("name"),
        organization=organization,
        email=iris((*fields.words("hasEmail", "email"), *named(fields, "hasEmail"))),
        url=iris(fields.words("hasURL", "url")),
        telephone=iris(fields.words("tel", "hasTelephone")),
    )


def keywords(fields: Fields) -> Texts:
    """A list; in 1.0 one text with commas."""
    found = fields.texts("keyword")
    words = [
        (word.strip(), text.lang)
        for text in found
        for word in (text.value.split(",") if len(found) == 1 else [text.value])
    ]
    return tuple(Text(word, lang) for word, lang in dict.fromkeys(words) if word)


def concepts_of(fields: Fields, name: str) -> tuple[Concept, ...]:
    """Terms by IRI or name, or objects that have one or both."""
    found = []
    for one in fields.objects(name):
        one.ignore(("inScheme", "notation", "definition"))
        found.append(Concept(iri=iri(one.text("@id")), labels=one.texts("prefLabel") or one.texts("title")))
    return tuple(one for one in found if one != Concept()) or concepts(fields.words(name))


def pages_of(fields: Fields, name: str) -> tuple[Document, ...]:
    return documents((*fields.words(name), *named(fields, name)))


def standards_of(fields: Fields) -> tuple[Standard, ...]:
    found = [Standard(iri=iri(one.text("@id")), titles=one.texts("title")) for one in fields.objects("conformsTo")]
    return tuple(one for one in found if one != Standard()) or standards(fields.words("conformsTo"))


def rights_of(fields: Fields, name: str) -> RightsStatement | None:
    """A statement that is an object."""
    found = next(iter(concepts_of(fields, name)), None) if fields.objects(name) else None
    return RightsStatement(iri=found.iri, labels=found.labels) if found else None


def statements(fields: Fields) -> tuple[RightsStatement, ...]:
    """Words about rights; `true`, which portals leave there, says nothing."""
    words = [word for word in fields.words("rights") if word.lower() not in _SAYS_NOTHING]
    return tuple(one for one in (*map(statement, words), rights_of(fields, "rights")) if one)[:1]


def licence(fields: Fields) -> LicenseDocument | None:
    objects = [
        LicenseDocument(iri=iri(one.text("@id", "url")), titles=one.texts("title") or one.texts("name"))
        for one in fields.objects("license")
    ]
    text = next(iter(fields.words("license")), "")
    found: LicenseDocument | None = labelled(LicenseDocument, "labels", "" if text.lower() in _SAYS_NOTHING else text)
    return found or next((one for one in objects if one != LicenseDocument()), None)


_SIDES = ("xmin", "ymin", "xmax", "ymax")
"""Of an extent, as ArcGIS writes it."""


def places(fields: Fields) -> tuple[Location, ...]:
    """Boxes and GeoJSON, names, or objects of these."""
    objects = fields.objects("spatial")
    if objects and all(map(_is_drawn, objects)):
        for one in objects:
            one.ignore((*_SIDES, "type", "coordinates", "bbox", "crs", "spatialReference"))
        return (Location(geometry=wkt(fields.literal("spatial"))),)
    found = [_place(one) for one in objects] or [_place_of(word) for word in fields.words("spatial")]
    return tuple(one for one in found if one != Location())


def _is_drawn(fields: Fields) -> bool:
    """True for an object of GeoJSON, or an extent of ArcGIS."""
    return ("type" in fields and "coordinates" in fields) or all(side in fields for side in _SIDES)


def _place(fields: Fields) -> Location:
    return Location(
        iri=iri(fields.text("@id")),
        labels=fields.texts("prefLabel") or fields.texts("title") or fields.texts("name"),
        geometry=wkt(fields.literal("geometry")),
        bbox=wkt(fields.literal("bbox")),
        centroid=wkt(fields.literal("centroid")),
    )


def _place_of(text: str) -> Location:
    if _NUMBERS.fullmatch(text) or text.startswith("{"):
        return Location(geometry=wkt(text))
    found: Location = labelled(Location, "labels", text)
    return found


def periods(fields: Fields) -> tuple[Period, ...]:
    """`start/end`, or objects."""
    found = [
        Period(start=date(one.text("startDate", "start")), end=date(one.text("endDate", "end")))
        for one in fields.objects("temporal")
    ]
    for text in fields.words("temporal"):
        start, slash, end = text.partition("/")
        found.append(Period(start=date(start.strip()), end=date(end.strip() if slash else start.strip())))
    return tuple(one for one in found if one != Period())


def named(fields: Fields, name: str) -> list[str]:
    """The IRIs of objects in a field, or what stands for them."""
    found = [one.text("@id", "identifier", "notation", "url") for one in fields.objects(name)]
    for one in fields.objects(name):
        one.ignore(("title", "schemaAgency", "version"))
    return list(filter(None, found))
