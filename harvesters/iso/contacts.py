"""Who is responsible, in which role, and where to ask (CI_ResponsibleParty, CI_Responsibility).

A person is told from a desk, so that whoever publishes the record can leave the person out: an `individualName` is a
person's unless it says the name of a team, or its mailbox is called as a whole word of it.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from dcat.model import Agent, Attribution, Concept, Contact, Document, Iri, Text, Texts

from ..nodes import iris
from .tree import Item

_PUBLISHERS = ("publisher", "distributor", "resourceProvider", "owner", "pointOfContact", "custodian")
"""Roles that may publish, the most fitting first."""
_CREATORS = frozenset({"author", "originator", "principalInvestigator", "coAuthor"})
_ROLES = "http://inspire.ec.europa.eu/metadata-codelist/ResponsiblePartyRole/"
_INSPIRE = frozenset(
    {
        *("author", "custodian", "distributor", "originator", "owner", "pointOfContact", "principalInvestigator"),
        *("processor", "publisher", "resourceProvider", "user"),
    }
)
_SAID_ELSEWHERE = frozenset({"publisher", "pointOfContact", "author"})
"""Roles that have a property of their own in DCAT-AP."""
_DESK = re.compile(
    r"\b(?:[ée]quipe|team|\w*service|services|dienst|cellule|cel|help ?desk|secr[ée]tariat|secretariaat|support|"
    r"info\w*|contact|depart\w+|d[ée]part\w+|direction|directie|unit\w*|bureau|office|referat|abteilung|amt|afdeling|"
    r"administrat\w+|manager|webmaster|cent(?:re|er|rum)|\w*zentrum|coordinator)\b",
    re.IGNORECASE,
)


class Party(NamedTuple):
    """One responsible party."""

    role: str
    organisation: Texts
    person: Texts
    """Name of a person, or of a desk."""
    position: Texts
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    pages: tuple[str, ...]


def parties(record: Item, resource: Item) -> list[Party]:
    """Those of the resource; those of its distribution after them, and those of the record last."""
    own = resource.items("pointOfContact", "citation/citedResponsibleParty")
    distributors = record.items("distributionInfo/distributor/distributorContact")
    found = [*map(_party, (*own, *distributors))]
    return [*found, *(_party(one)._replace(role="") for one in record.items("contact"))]


def _party(one: Item) -> Party:
    """CI_ResponsibleParty of ISO 19139; CI_Responsibility of 19115-3 has the same one level deeper."""
    held = one.item("party") or one
    person = held.item("individual") or (held if held.kind == "CI_Individual" else None)
    is_new = person is not None or held.kind == "CI_Organisation"
    names = ("name",) if is_new else ("organisationName",)
    contacts = [*held.items("contactInfo"), *(person.items("contactInfo") if person else ())]
    return Party(
        role=one.code("role"),
        organisation=() if held.kind == "CI_Individual" else held.texts(*names),
        person=person.texts("name") if person else _name(held),
        position=(person or held).texts("positionName"),
        emails=_all(contacts, "address/electronicMailAddress"),
        phones=_all(contacts, "phone/voice", "phone/number"),
        pages=_all(contacts, "onlineResource/linkage"),
    )


def _name(party: Item) -> Texts:
    """In one field, or in two as the Swiss profile has it."""
    first, last = party.texts("individualFirstName"), party.texts("individualLastName")
    if first and last:
        return (Text(f"{first[0].value} {last[0].value}", last[0].lang),)
    return party.texts("individualName") or last


def _all(contacts: Iterable[Item], *paths: str) -> tuple[str, ...]:
    found = (value.text for one in contacts for value in one.values(*paths))
    return tuple(dict.fromkeys(filter(None, found)))


def publisher(found: list[Party]) -> Agent | None:
    """The organisation whose role fits best."""
    named = [one for one in found if one.organisation]
    for role in (*_PUBLISHERS, *(one.role for one in named)):
        for one in named:
            if one.role == role:
                return _agent(one, found)
    return None


def creators(found: list[Party]) -> tuple[Agent, ...]:
    """Who made the data."""
    return tuple(dict.fromkeys(_agent(one, found) for one in found if one.role in _CREATORS and _is_named(one)))


def attributions(found: list[Party]) -> tuple[Attribution, ...]:
    """Those with a role that DCAT-AP has no property for, as GeoDCAT-AP says it."""
    fitting = [one for one in found if one.role and one.role not in _SAID_ELSEWHERE and _is_named(one)]
    return tuple(dict.fromkeys(Attribution(agent=(_agent(one, found),), role=(_role(one.role),)) for one in fitting))


def contacts(found: list[Party]) -> tuple[Contact, ...]:
    """Where to ask: the points of contact, else whoever can be reached."""
    points = [one for one in found if one.role == "pointOfContact"]
    reachable = [one for one in points if one.emails or one.pages or one.phones]
    others = sorted((one for one in found if one.emails), key=_is_of_person)
    return tuple(dict.fromkeys(map(_contact, reachable or others[:1] or points)))


def _role(role: str) -> Concept:
    """A role of INSPIRE's list by its IRI, any other by its name."""
    return Concept(iri=Iri(_ROLES + role)) if role in _INSPIRE else Concept(labels=(Text(role, "en"),))


def _is_named(one: Party) -> bool:
    return bool(one.organisation or one.person)


def _agent(one: Party, found: list[Party]) -> Agent:
    """A party as an agent. An organisation is the same one in each of its roles: it has the first mailbox and page of
    all, a person's mailbox excepted."""
    if not one.organisation:
        return Agent(name=one.person, is_individual=not _is_desk(one))
    same = [each for each in found if each.organisation == one.organisation]
    mailbox = next((each.emails[0] for each in same if each.emails and not _is_of_person(each)), "")
    page = next((each.pages[0] for each in same if each.pages), "")
    homepage = Document(iri=Iri(page)) if page else None
    return Agent(name=one.organisation, homepage=homepage, mbox=Iri(mailbox) if mailbox else None)


def _contact(one: Party) -> Contact:
    name = one.person or one.organisation or one.position
    is_individual = bool(one.person) and not _is_desk(one)
    return Contact(
        name=name,
        organization=one.organisation if name != one.organisation else (),
        email=iris(one.emails),
        url=iris(one.pages),
        telephone=iris(one.phones),
        is_individual=is_individual,
    )


def _is_desk(one: Party) -> bool:
    """True when the name beside the organisation is no person's."""
    words = {word for text in one.person for word in re.findall(r"\w+", text.value.casefold())}
    mailboxes = {mail.partition("@")[0].casefold() for mail in one.emails}
    return any(_DESK.search(text.value) for text in one.person) or bool(words & mailboxes)


def _is_of_person(one: Party) -> bool:
    """True for a mailbox that spells the name of the person beside it."""
    names = {word for text in one.person for word in re.findall(r"\w+", text.value.casefold()) if len(word) > 2}
    return not _is_desk(one) and any(name in mail.casefold() for mail in one.emails[:1] for name in names)
