"""Publishers, creators and contacts: public bodies under their CBE IRI, and no names of persons."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeVar

import msgspec

from ..model import Agent, Attribution, Contact, DataService, Dataset, DatasetSeries, Iri, Publication, Text
from ..order import ordered_nodes
from ..vocab import AGENCIES, PUBLISHER_TYPES, Term
from .notes import Log
from .persons import UNNAMED, Hidden, is_a_persons_mailbox, is_person, is_personal, spells, words
from .terms import find, one

_PROFILES = ("orcid.org/", "linkedin.com/in/")
"""Where persons have pages of their own."""

R = TypeVar("R", Dataset, DatasetSeries, DataService, Publication)


def name_publisher(entry: R, log: Log) -> R:
    """dct:publisher: one body has one IRI, whatever it is called; the source's own when the record names none."""
    publisher = _agent(entry.publisher, "dct:publisher", log) if entry.publisher else None
    if publisher is None and log.context.publisher is not None:
        log.note(
            "dct:publisher", "", "publisher-default", next((name.value for name in log.context.publisher.name), "")
        )
        publisher = log.context.publisher
    return entry if publisher is entry.publisher else msgspec.structs.replace(entry, publisher=publisher)


def name_creators(entry: Dataset, log: Log) -> Dataset:
    """dct:creator and the agents of qualified attributions."""
    if entry.creator:
        agents = (_agent(agent, "dct:creator", log) for agent in entry.creator)
        entry = msgspec.structs.replace(entry, creator=ordered_nodes(tuple(filter(None, agents))))
    if isinstance(entry, Dataset) and entry.qualified_attribution:
        attributions = []
        for given in entry.qualified_attribution:
            agents = (_agent(agent, "prov:qualifiedAttribution", log) for agent in given.agent)
            if named := ordered_nodes(tuple(filter(None, agents))):
                attributions.append(msgspec.structs.replace(given, agent=named))
        entry = msgspec.structs.replace(entry, qualified_attribution=tuple(attributions))
    return entry


def _agent(agent: Agent, field: str, log: Log) -> Agent | None:
    term = body(agent)
    if term is not None:
        known = published(term)
        if agent.iri != known.iri:
            log.note(field, agent.iri or agent.name[0].value, "agent-mapped", known.iri)
        kept = msgspec.structs.replace(known, homepage=agent.homepage, mbox=agent.mbox, identifier=agent.identifier)
        return agent if kept == agent else kept
    if not agent.name:
        log.note(field, agent.iri or "", "agent-nameless")
        return None
    kind = one(PUBLISHER_TYPES, agent.type, f"{field}/dct:type", log)
    return agent if kind == agent.type else msgspec.structs.replace(agent, type=kind)


def named(name: str) -> Agent:
    """The agent that a name or number means: a public body of our table, else one that is called so."""
    term = body(Agent(name=(Text(name),)))
    return published(term) if term is not None else Agent(name=(Text(name),))


def body(agent: Agent) -> Term | None:
    """The public body of our table that an agent is, by IRI, number or any spelling of its name."""
    texts = (agent.iri or "", *(text.value for text in agent.name), *(text.value for text in agent.identifier))
    return next((term for text in texts if text and (term := find(AGENCIES, text))), None)


@lru_cache(maxsize=128)
def published(term: Term) -> Agent:
    """A public body of our table as it is published."""
    kind = PUBLISHER_TYPES.concept(PUBLISHER_TYPES.by_code[term.extra["type"]])
    return Agent(iri=term.iri, name=term.labels, type=kind)


def without_personal_agents(entry: R, log: Log) -> R:
    """dct:publisher, dct:creator and prov:qualifiedAttribution without persons, also those that a contact is called,
    and without their mailboxes."""
    if log.context.show_persons:
        return entry
    hidden = frozenset(
        words(text.value) for one in entry.contact if is_person(one, entry.publisher) for text in one.name
    )
    publisher = _impersonal_agent(entry.publisher, "dct:publisher", hidden, log) if entry.publisher else None
    if publisher is not entry.publisher:
        entry = msgspec.structs.replace(entry, publisher=publisher)
    if not isinstance(entry, Dataset | Publication):
        return entry
    creators = _impersonal_agents(entry.creator, "dct:creator", hidden, log)
    if isinstance(entry, Publication):
        return entry if creators == entry.creator else msgspec.structs.replace(entry, creator=creators)
    attributions = tuple(_impersonal_roles(entry.qualified_attribution, hidden, log))
    if (creators, attributions) == (entry.creator, entry.qualified_attribution):
        return entry
    return msgspec.structs.replace(entry, creator=creators, qualified_attribution=attributions)


def _impersonal_roles(given: tuple[Attribution, ...], hidden: Hidden, log: Log) -> Iterator[Attribution]:
    for role in given:
        agents = _impersonal_agents(role.agent, "prov:qualifiedAttribution", hidden, log)
        if agents or not role.agent:
            yield role if agents == role.agent else msgspec.structs.replace(role, agent=agents)


def _impersonal_agents(agents: tuple[Agent, ...], field: str, hidden: Hidden, log: Log) -> tuple[Agent, ...]:
    return tuple(filter(None, (_impersonal_agent(one, field, hidden, log) for one in agents)))


def _impersonal_agent(agent: Agent, field: str, hidden: Hidden, log: Log) -> Agent | None:
    """None for a person; a body without the mailbox of one."""
    if _is_hidden(agent, field, hidden, log):
        return None
    if agent.mbox is None or not _is_personal_mailbox(agent.mbox, agent, hidden):
        return agent
    log.forget(f"{field}/foaf:mbox")
    log.note(f"{field}/foaf:mbox", "", "person-hidden")
    return msgspec.structs.replace(agent, mbox=None)


def _is_personal_mailbox(mbox: str, agent: Agent, hidden: Hidden) -> bool:
    return any(spells(mbox, name) for name in hidden) or is_a_persons_mailbox(mbox, agent)


def _is_hidden(agent: Agent, field: str, hidden: Hidden, log: Log) -> bool:
    if body(agent) is not None or not is_personal(agent, hidden):
        return False
    log.forget(field)
    log.note(f"{field}/foaf:name", "", "person-hidden")
    return True


def without_persons(entry: R, log: Log) -> R:
    """dcat:contactPoint: at most one address each, no names of persons, nothing that cannot be reached or named."""
    if not entry.contact:
        return entry
    kept = tuple(filter(None, (_contact(contact, entry.publisher, log) for contact in entry.contact)))
    if all(one is other for one, other in zip(kept, entry.contact, strict=False)) and len(kept) == len(entry.contact):
        return entry
    return msgspec.structs.replace(entry, contact=ordered_nodes(kept))


def _called(contact: Contact, log: Log) -> Contact:
    """A body of our table with several names in a language, which are those of all its desks, has its own."""
    tags = [text.lang for text in contact.name]
    term = find(AGENCIES, contact.iri) if contact.iri and len(set(tags)) < len(tags) else None
    if term is None:
        return contact
    log.note("dcat:contactPoint/vcard:fn", contact.iri or "", "agent-mapped", term.iri)
    return msgspec.structs.replace(contact, name=published(term).name)


def _contact(contact: Contact, publisher: Agent | None, log: Log) -> Contact | None:
    contact = _called(contact, log)
    if not log.context.show_persons and is_person(contact, publisher):
        log.forget("dcat:contactPoint")
        log.note("dcat:contactPoint/vcard:fn", "", "person-hidden")
        contact = _impersonal(contact)
    for name in ("email", "url"):
        values = getattr(contact, name)
        if len(values) > 1:
            log.note("dcat:contactPoint", " ".join(values), "contact-several", values[0])
            contact = msgspec.structs.replace(contact, **{name: values[:1]})
    if contact.iri and contact == Contact(iri=contact.iri):
        return _of_an_address(contact.iri, log)
    is_reached = contact.email or contact.url or contact.name or contact.organization or contact.telephone
    return contact if is_reached else None


def _of_an_address(iri: Iri, log: Log) -> Contact | None:
    """The contact of which a feed gives nothing but an address: its page, where that is one of the web and of no
    person."""
    is_of_person = any(site in iri for site in _PROFILES)
    if is_of_person or not iri.startswith(("http://", "https://")):
        log.note("dcat:contactPoint", UNNAMED if is_of_person else iri, "agent-nameless")
        return None
    log.note("dcat:contactPoint", iri, "contact-page")
    return Contact(iri=iri, url=(iri,))


def _impersonal(contact: Contact) -> Contact:
    """The contact without the person: an address that spells the person's name goes too."""
    names = [words(text.value) for text in contact.name]
    mails = tuple(mail for mail in contact.email if not any(spells(mail, name) for name in names))
    return msgspec.structs.replace(contact, name=contact.organization, email=mails, is_individual=False)
