"""A schema.org Dataset → a dataset. Values stay as they are written: `dcat.normalise` mends them.

https://schema.org/Dataset, https://github.com/ESIPFed/science-on-schema.org
"""

import re
from collections.abc import Iterable, Iterator

from dcat.model import (
    Agent,
    Checksum,
    Contact,
    Dataset,
    Date,
    Distribution,
    Document,
    Hex,
    Identifier,
    Integer,
    Iri,
    LicenseDocument,
    Location,
    Period,
    Publication,
    RightsStatement,
    Text,
    Texts,
    Wkt,
)

from ..fields import Fields
from ..nodes import beside, concept, concepts, date, documents, iri, iris, is_iri, labelled, statement
from ..publications import publication

PUBLIC = Iri("http://publications.europa.eu/resource/authority/access-right/PUBLIC")

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_BESIDE = ("/", "./", "../", "?")
"""How an address without a host begins."""
_PARTS_OF_ADDRESS = ("addressLocality", "addressRegion", "addressCountry")
_PERSONAL = ("givenName", "familyName")


def entry_of(fields: Fields, page: str) -> Dataset:
    """What a description says. `page`: where it stands."""
    own, language = fields.text("@id"), fields.text("language-of-page")
    names, notation = _identifiers(fields)
    files = _files(fields, language, page)
    rights = statement(fields.text("conditionsOfAccess"))
    publisher, creators = _agents(fields, "publisher", "provider"), _agents(fields, "creator", "author")
    version = fields.text("version")
    return Dataset(
        iri=Iri(own) if own.startswith(("http://", "https://")) else None,
        title=_in(language, fields.texts("name")),
        description=_in(language, fields.texts("description") or fields.texts("abstract")),
        publisher=next(iter(publisher), None) or next((one for one in creators if not one.is_individual), None),
        creator=creators,
        contact=_contacts(fields),
        keyword=_in(language, _keywords(fields)),
        identifier=tuple(Text(name) for name in names[:1]),
        other_identifier=tuple(Identifier(notation=(Text(one),)) for one in (*names[1:], *notation)),
        issued=date(fields.text("datePublished", "dateCreated")),
        modified=date(fields.text("dateModified")),
        version=Text(version) if version else None,
        language=concepts((*fields.words("inLanguage"), *_named(fields, "inLanguage", "alternateName", "name"))),
        landing_page=documents((_addresses(fields.words("url"), page) or [page])[:1]),
        page=documents(word for word in fields.words("sameAs") if is_iri(word)),
        access_rights=RightsStatement(iri=PUBLIC) if fields.flag("isAccessibleForFree") else None,
        spatial=_places(fields),
        temporal=tuple(_period(word) for word in fields.words("temporalCoverage")),
        relation=iris(
            word
            for name in ("isBasedOn", "isPartOf", "hasPart")
            for word in (*fields.words(name), *_named(fields, name, "@id", "url"))
            if is_iri(word)
        ),
        distribution=files,
        license=None if files else _licence(fields),
        rights=(rights,) if rights and not files else (),
    )


def publication_of(said: Dataset, fields: Fields) -> Publication:
    """A text instead; what it is based on is the data that it uses."""
    return publication(said, iris(word for word in _based_on(fields) if is_iri(word)))


def _based_on(fields: Fields) -> list[str]:
    return [*fields.words("isBasedOn"), *_named(fields, "isBasedOn", "@id", "url")]


def _in(language: str, texts: Texts) -> Texts:
    """Texts that say no language are in that of the page."""
    tag = language.replace("_", "-").lower()
    return tuple(Text(text.value, text.lang or tag) for text in texts)


def _named(fields: Fields, name: str, *names: str) -> list[str]:
    """What the objects in a field are called; nothing else is asked of them."""
    found = [one.text(*names) for one in fields.objects(name)]
    for one in fields.objects(name):
        one.ignore(one.unread_names())
    return list(filter(None, found))


def _identifiers(fields: Fields) -> tuple[list[str], list[str]]:
    """Identifiers as texts, and those of objects (PropertyValue)."""
    texts = fields.words("identifier") or [word for word in fields.words("@id") if is_iri(word)]
    return texts, _named(fields, "identifier", "url", "value", "@id")


def _keywords(fields: Fields) -> Texts:
    named = tuple(Text(name) for name in _named(fields, "keywords", "name"))
    texts = tuple(dict.fromkeys((*fields.texts("keywords"), *named)))
    if len(texts) == 1:
        return tuple(Text(word.strip(), texts[0].lang) for word in re.split("[,;]", texts[0].value) if word.strip())
    return texts


def _agents(fields: Fields, *names: str) -> tuple[Agent, ...]:
    """Organisations and people in the first of these roles: objects, or names."""
    for name in names:
        found = [_agent(one) for one in _parties(fields.objects(name), name)] or [
            labelled(Agent, "name", word) for word in fields.words(name)
        ]
        if found := [one for one in found if one.iri or one.name]:
            fields.ignore(names)
            for other in (one for each in names for one in fields.objects(each)):
                other.ignore(other.unread_names())
            return tuple(found)
    return ()


def _parties(given: Iterable[Fields], name: str) -> Iterator[Fields]:
    """Each of them, those too that stand in a list of JSON-LD or in a role (https://schema.org/Role)."""
    for one in given:
        within = [*one.objects("@list"), *one.objects(name)]
        if within:
            one.ignore(one.unread_names())
        yield from _parties(within, name) if within else (one,)


def _agent(fields: Fields) -> Agent:
    own, homepage = fields.text("@id"), fields.text("url")
    given = " ".join(filter(None, map(fields.text, _PERSONAL)))
    is_person = "Person" in fields.words("@type") or bool(given)
    fields.ignore(fields.unread_names())
    return Agent(
        iri=Iri(own) if own.startswith(("http://", "https://")) else None,
        name=fields.texts("name", "legalName") or ((Text(given),) if given else ()),
        mbox=iri(fields.text("email")),
        homepage=Document(iri=Iri(homepage)) if homepage and not is_person else None,
        is_individual=is_person,
    )


def _contacts(fields: Fields) -> tuple[Contact, ...]:
    """Where to ask: of the dataset, else of who publishes or made it."""
    asked = fields.objects("contactPoint")
    for role in ("publisher", "provider", "creator", "author"):
        asked = asked or [point for one in fields.objects(role) for point in one.objects("contactPoint")]
    found = []
    for one in asked:
        found.append(
            Contact(
                name=one.texts("name", "contactType"),
                email=iris(one.words("email")),
                url=iris(one.words("url")),
                telephone=iris(one.words("telephone")),
            )
        )
        one.ignore(one.unread_names())
    return tuple(one for one in found if one.email or one.url or one.telephone)


def _files(fields: Fields, language: str, page: str) -> tuple[Distribution, ...]:
    terms, rights = _licence(fields), statement(fields.text("conditionsOfAccess"))
    said = (rights,) if rights else ()
    files = [_file(one, language, page, terms, said) for one in fields.objects("distribution")]
    plain = _addresses(fields.words("contentUrl") or fields.words("distribution"), page)
    files += (Distribution(download_url=(url,), license=terms, rights=said) for url in plain if is_iri(url))
    return tuple(dict.fromkeys(file for file in files if file.download_url or file.access_url))


def _addresses(words: Iterable[str], page: str) -> tuple[Iri, ...]:
    """Addresses; one without a host (`/files/trees.csv`) stands beside the page that names it."""
    return iris(beside(word, page) if word.startswith(_BESIDE) and "://" in page else word for word in words)


def _file(
    fields: Fields, language: str, page: str, terms: LicenseDocument | None, rights: tuple[RightsStatement, ...]
) -> Distribution:
    form = fields.words("encodingFormat", "fileFormat")
    media = next((word for word in form if "/" in word), "")
    size, sum = fields.text("contentSize"), fields.text("sha256")
    downloads = _addresses(fields.words("contentUrl"), page)
    return Distribution(
        access_url=_addresses(fields.words("url"), page) or downloads,
        download_url=downloads,
        title=_in(language, fields.texts("name")),
        description=_in(language, fields.texts("description")),
        media_type=concept(media),
        format=concept(next((word for word in form if "/" not in word), "") or media),
        byte_size=Integer(size) if size else None,
        license=_licence(fields) or terms,
        rights=rights,
        issued=date(fields.text("datePublished", "uploadDate")),
        modified=date(fields.text("dateModified")),
        checksum=Checksum(algorithm=Iri("sha256"), value=Hex(sum)) if sum else None,
    )


def _licence(fields: Fields) -> LicenseDocument | None:
    """The first licence that is named, by address or words."""
    words = [*fields.words("license"), *_named(fields, "license", "url", "@id", "name")]
    best = next(filter(is_iri, words), "") or next(iter(words), "")
    found: LicenseDocument | None = labelled(LicenseDocument, "labels", best)
    return found


def _period(text: str) -> Period:
    """`2019-01-01/2026-12-31`; `..` or nothing leaves an end open, one date alone is both."""
    start, slash, end = (part.strip() for part in text.partition("/"))
    ends = [None if each in {"", ".."} else Date(each) for each in (start, end if slash else start)]
    return Period(start=ends[0], end=ends[1])


def _places(fields: Fields) -> tuple[Location, ...]:
    found: list[Location] = [labelled(Location, "labels", word) for word in fields.words("spatialCoverage")]
    for one in fields.objects("spatialCoverage"):
        shapes = [_shape(geo) for geo in (*one.objects("geo"), one) if geo.words("box", "polygon", "latitude")]
        addresses = one.objects("address")
        named = one.texts("name") or next((each.texts(*_PARTS_OF_ADDRESS) for each in addresses), ())
        for each in addresses:
            each.ignore(each.unread_names())
        found += [Location(labels=named, geometry=shape) for shape in shapes or [None]]
        one.ignore(one.unread_names())
    return tuple(dict.fromkeys(place for place in found if place != Location()))


def _shape(geo: Fields) -> Wkt | None:
    """A box `south west north east`, a polygon of `latitude longitude`, or a point, in the order of WKT."""
    latitude, longitude = (geo.text(name).replace(",", ".") for name in ("latitude", "longitude"))
    numbers = _NUMBER.findall(geo.text("box", "polygon"))
    geo.ignore(geo.unread_names())
    if latitude and longitude:
        return Wkt(f"POINT({longitude} {latitude})")
    if len(numbers) == 4:
        south, west, north, east = numbers
        return Wkt(f"{west},{south},{east},{north}")
    if len(numbers) >= 8 and len(numbers) % 2 == 0:
        return Wkt(f"POLYGON(({', '.join(_pairs(numbers))}))")
    return None


def _pairs(numbers: Iterable[str]) -> list[str]:
    values = list(numbers)
    return [f"{east} {north}" for north, east in zip(values[::2], values[1::2], strict=True)]
