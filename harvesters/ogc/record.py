"""A record of OGC API Records → DCAT, field by field. Values stay as they are written: `dcat.normalise` mends them."""

from collections.abc import Iterator
from typing import Any

from dcat.model import (
    Agent,
    Concept,
    Contact,
    DataService,
    Dataset,
    Document,
    Duration,
    Entry,
    Identifier,
    Iri,
    LicenseDocument,
    Location,
    Period,
    Text,
    Texts,
)
from dcat.vocab import INSPIRE_THEMES, TOPIC_CATEGORIES

from ..errors import SkipRecord
from ..fields import Fields
from ..links import link, offered
from ..nodes import concepts, date, iri, iris, labelled, statement, wkt

_NOT_DATA = frozenset({"application", "software", "fieldSession", "collectionHardware"})
"""Types of records that describe no data."""

_PUBLISHING = ("publisher", "owner", "resourceprovider", "custodian", "distributor", "pointofcontact")
"""Roles of contacts, that of the publisher first."""

_ELSEWHERE = frozenset({"other", "various", "proprietary", "othercontraints"})
"""Words for a licence that a link names."""


def entry_of(fields: Fields, address: str) -> Entry:
    """What a record says. `address`: where it stands. Raises `SkipRecord` for what describes no data."""
    reading = _Reading(fields, address)
    if reading.type in _NOT_DATA:
        raise SkipRecord(f"It describes no data but {reading.type} (type).", "NOT_DATA")
    return reading.service() if reading.type == "service" else reading.dataset()


_OF_IRIS = frozenset({"uri", "iri", *(f"https://www.rfc-editor.org/rfc/rfc{number}" for number in (3986, 3987))})
"""Schemes of external identifiers that name what is described itself."""


class _Reading:
    """One record while it is read."""

    def __init__(self, fields: Fields, address: str) -> None:
        self._fields = fields
        self._says = (fields.objects("properties") or [Fields({})])[0]
        self.type = self._says.text("type")
        self._id, self._address = fields.text("id"), address
        self._lang = _language(self._says, "language")
        self._every = [link(one) for name in ("links", "associations") for one in fields.objects(name)]
        self._every += [link(one) for one in self._says.objects("associations")]
        terms = offered(self._every, None).licences
        self._license = self._licence(terms[0] if terms else "")
        self._offers = offered(self._every, self._license, self._lang)

    def dataset(self) -> Dataset:
        """As a dataset."""
        files, rights = self._offers.files, self._rights()
        resolution = self._says.text("resolution") or self._time("resolution")
        return Dataset(
            **self._common(),
            iri=self._iri(),
            distribution=files,
            license=None if files else self._license,
            rights=rights if not files else (),
            temporal_resolution=Duration(resolution) if resolution.startswith("P") else None,
            other_identifier=tuple(self._identifiers()),
            spatial=tuple(self._places()),
            temporal=tuple(self._periods()),
        )

    def service(self) -> DataService:
        """As a service."""
        services = [service for file in self._offers.files for service in file.access_service]
        said = [one.href for one in self._every if one.relation == "service"]
        return DataService(
            **self._common(),
            iri=self._iri(),
            endpoint_url=iris(self._offers.endpoints or dict.fromkeys(said)),
            endpoint_description=iris(one.href for one in self._every if one.relation == "service-desc"),
            license=self._license,
            rights=self._rights(),
            conforms_to=tuple(dict.fromkeys(standard for service in services for standard in service.conforms_to)),
        )

    def _common(self) -> dict[str, Any]:
        says = self._says
        return {
            "title": self._texts("title"),
            "description": self._texts("description"),
            "keyword": tuple(self._keywords()),
            "theme": tuple(self._themes()),
            "publisher": self._publisher(),
            "contact": tuple(self._contacts()),
            "identifier": (Text(self._id),) if self._id else (),
            "issued": date(self._when("Created")),
            "modified": date(self._when("Updated")),
            "language": concepts(filter(None, (_code(one) for one in says.objects("resourceLanguages")))),
            "landing_page": self._offers.landing_pages or (Document(iri=Iri(self._address)),),
            "page": self._offers.pages,
            "access_rights": statement(says.text("accessRights", "accessrights")),
        }

    def _texts(self, name: str) -> Texts:
        """A field; texts that say their language keep it."""
        found = self._says.texts(name)
        return tuple(Text(text.value, text.lang or self._lang) for text in found)

    def _keywords(self) -> Iterator[Text]:
        yield from self._texts("keywords")
        for theme in self._says.objects("themes"):
            for one in theme.objects("concepts"):
                if word := one.text("title", "name", "id"):
                    yield Text(word, self._lang)

    def _themes(self) -> Iterator[Concept]:
        """Concepts with an address, and names of ISO's and INSPIRE's own lists."""
        for theme in self._says.objects("themes"):
            theme.ignore(("scheme",))
            for one in theme.objects("concepts"):
                address, word = one.text("url"), one.text("title", "name", "id")
                one.ignore(("id", "description"))
                if address.startswith("http"):
                    yield Concept(iri=Iri(address), labels=(Text(word, self._lang),) if word else ())
                elif TOPIC_CATEGORIES.find(word) or INSPIRE_THEMES.find(word):
                    yield Concept(labels=(Text(word, self._lang),))

    def _publisher(self) -> Agent | None:
        """The contact whose role comes nearest to a publisher's; the first one when none says its role."""
        contacts = self._says.objects("contacts", "providers")
        ranked = sorted(contacts, key=lambda one: min(map(_rank, _roles(one)), default=len(_PUBLISHING)))
        name = next(filter(None, (one.texts("organization", "name") for one in ranked)), ())
        return Agent(name=tuple(Text(text.value, text.lang or self._lang) for text in name)) if name else None

    def _contacts(self) -> Iterator[Contact]:
        for one in self._says.objects("contacts", "providers"):
            one.ignore(("addresses", "position", "identifier", "logo", "hoursOfService", "contactInstructions"))
            emails = [each.text("value") for each in one.objects("emails")] or one.words("emails", "email")
            pages = [each.text("href") for each in one.objects("links")]
            phones = [each.text("value") for each in one.objects("phones")]
            for each in (*one.objects("links"), *one.objects("emails"), *one.objects("phones")):
                each.ignore(("rel", "type", "title", "description", "roles", "hreflang"))
            name = one.texts("name")
            if emails or pages or name:
                yield Contact(
                    name=name or one.texts("organization"),
                    organization=one.texts("organization"),
                    email=iris(filter(None, emails)),
                    url=iris(filter(None, pages)),
                    telephone=iris(filter(None, phones)),
                )

    def _when(self, what: str) -> str:
        """A date of the data. The standard's own `created` and `updated` are the record's, but few servers tell these
        apart: one that does repeats them as `recordCreated` and `recordUpdated`."""
        said, of_record = self._says.text(what.lower()), self._says.text(f"record{what}")
        return self._says.text(f"resource{what}") or ("" if said == of_record else said)

    def _iri(self) -> Iri | None:
        """Its own IRI, when an external identifier says to be one."""
        for one in self._says.objects("externalIds"):
            if one.text("scheme").lower() in _OF_IRIS:
                return iri(one.text("value"))
        return None

    def _identifiers(self) -> Iterator[Identifier]:
        for one in self._says.objects("externalIds"):
            if one.text("scheme").lower() in _OF_IRIS:
                continue
            if (value := one.text("value")) and value != self._id:
                yield Identifier(notation=(Text(value),))

    def _places(self) -> Iterator[Location]:
        shape = self._fields.literal("geometry")
        if shape:
            yield Location(geometry=wkt(shape))

    def _periods(self) -> Iterator[Period]:
        """An interval or a day; `..` and null are open ends."""
        for one in self._fields.objects("time"):
            interval = one.value("interval")
            ends = [*interval, None, None][:2] if isinstance(interval, list) else [one.text("date", "timestamp")] * 2
            start, end = (each if isinstance(each, str) and each != ".." else "" for each in ends)
            if start or end:
                yield Period(start=date(start), end=date(end))

    def _time(self, name: str) -> str:
        return next((one.text(name) for one in self._fields.objects("time")), "")

    def _licence(self, linked: str) -> LicenseDocument | None:
        said = self._says.text("license")
        for one in self._says.objects("license"):
            said = one.text("href", "url", "id", "title", "name")
        if linked and (not said or said.lower() in _ELSEWHERE):
            return LicenseDocument(iri=iri(linked))
        if not said or said.lower() in _ELSEWHERE:
            return None
        found: LicenseDocument = labelled(LicenseDocument, "titles", said)
        return found

    def _rights(self) -> tuple[Any, ...]:
        return tuple(filter(None, [statement(self._says.text("rights"))]))


def _roles(contact: Fields) -> list[str]:
    """Roles as words, or as objects with a name."""
    return contact.words("roles") or [one.text("name", "id") for one in contact.objects("roles")]


def _rank(role: str) -> int:
    plain = role.rpartition("/")[2].lower()
    return _PUBLISHING.index(plain) if plain in _PUBLISHING else len(_PUBLISHING)


def _language(fields: Fields, name: str) -> str:
    """A language: a code, or an object that has one."""
    return next((_code(one) for one in fields.objects(name)), "") or fields.text(name)


def _code(language: Fields) -> str:
    language.ignore(("name", "alternate", "dir"))
    return language.text("code")
