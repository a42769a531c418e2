"""Which parties are persons: their names are not published unless settings allow (Regulation (EU) 2016/679).

A source seldom says so. A wrong guess takes a dataset its publisher, so only clear signs count: the class, a form of
address, a given name before one or two other names, a mailbox that spells the name, and a contact's name that looks
like a person's and with which nobody can be reached.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

import msgspec

from ..findings import Finding
from ..model import Agent, Contact
from ..vocab import table

_TITLES = re.compile(
    r"(?:herrn?|frau|mr|mrs|ms|miss|mme|mlle|m(?=\.)|monsieur|madame|mademoiselle|dhr|mevr|mevrouw|de heer|dr|prof)"
    r"\.?\s+(?=\S)",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"[^\W\d_a-z][\w'’-]+(?: (?:van|von|de|der|den|du|la|le|ter|ten))*(?: [^\W\d_a-z]\.)?(?: [^\W\d_a-z][\w'’-]+){1,2}"
)
_TWO_NAMES = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})?[._][^\W\d_]{2,}(?:-[^\W\d_]{2,})?")
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"[\d_]")
_OFFICE = frozenset(
    re.findall(
        r"\w+",
        """
        administration agence agency agentschap amt api architects asbl association athenee authority bibliotheek
        bibliotheque bibliothek bureau center centre centrum city clinique collectif college commune company consult
        consulting contact data department desk dienst direction ecole federatie federation foundation fondation fonds
        geo gemeente gesellschaft gis gmbh government group groupe haus help helpdesk hochschule hogeschool hopital
        hospital huis info information institut institute instituut kantoor kliniek krankenhaus lab labs library
        lycee mail maison ministry musee museum network nv office open partners project projet provincie province
        region regie research reseau school schule secretariat service services sprl srl stad stadt stats statistics
        stichting stiftung studio support team town union universitat universite universiteit university verein ville
        vzw web webmaster zentrum ziekenhuis
        """,
    )
)
"""Words of a name, or of a mailbox, that is no person's."""
_PARTIES = frozenset({"dct:publisher", "dct:creator", "dcat:contactPoint", "prov:qualifiedAttribution", "prov:agent"})
_NAMES = frozenset({"foaf:name", "foaf:mbox", "vcard:fn", "vcard:hasEmail"})
UNNAMED = "…"
"""What stands in a remark where a person's name or mailbox stood."""


@lru_cache(maxsize=4_096)
def is_person(contact: Contact, publisher: Agent | None) -> bool:
    """True when the contact point is clearly a person."""
    if contact.is_individual:
        return True
    names = {" ".join(text.value.split()) for text in contact.name}
    if any(_is_titled(name) or is_a_persons(name) for name in names):
        return True
    return any(_is_spelled(words(name), contact) or _is_alone(name, contact, publisher) for name in names)


Hidden = frozenset[tuple[str, ...]]
"""The words of names that are not published."""


def is_personal(agent: Agent, hidden: Hidden) -> bool:
    """True when an agent is clearly a person, or is called as one of the contacts that are."""
    mails = (agent.mbox,) if agent.mbox else ()
    for text in agent.name:
        name, said = words(text.value), " ".join(text.value.split())
        if name in hidden or (agent.is_individual and not _OFFICE.intersection(name)):
            return True
        if _is_titled(said) or is_a_persons(said) or _is_spelled(name, Contact(email=mails)):
            return True
    return False


@lru_cache(maxsize=8_192)
def is_a_persons(name: str) -> bool:
    """True for a given name and one or two more names, in the way that people are called: `Jeanne Peeters`.

    That a name looks so is not enough: many a body is called as people are (`Bruxelles Mobilité`).
    """
    said = words(name)
    is_shaped = _NAME.fullmatch(name) and not _CODE.search(name)
    return bool(is_shaped) and said[0] in _given_names() and not _OFFICE.intersection(said)


@cache
def _given_names() -> frozenset[str]:
    return frozenset(row["name"] for row in table("given-name"))


def _is_titled(name: str) -> bool:
    return bool(_TITLES.match(name)) and len(name.split()) < 5


def without_names(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Remarks on parties without the names and mailboxes of persons: a remark must not tell what is not published."""
    return tuple(
        msgspec.structs.replace(one, value=UNNAMED) if _tells_a_name(one.field, one.value) else one for one in found
    )


def _tells_a_name(field: str, value: str) -> bool:
    steps = [step.partition("[")[0] for step in field.split("/")]
    if _PARTIES.isdisjoint(steps) and steps[-1] not in _NAMES:
        return False
    name = " ".join(value.split())
    first = _WORD.search(value.removeprefix("mailto:").casefold()) if "@" in value else None
    return is_a_persons(name) or _is_titled(name) or bool(first and first[0] in _given_names())


@lru_cache(maxsize=8_192)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, without accents and form of address."""
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", _TITLES.sub("", name)) if not unicodedata.combining(one)
    )
    return tuple(_WORD.findall(plain.casefold()))


def spells(address: str, name: tuple[str, ...]) -> bool:
    """True for an address in which a word of a person's name stands."""
    return any(word in address.casefold() for word in name if len(word) > 2)


def is_a_persons_mailbox(address: str, owner: Agent) -> bool:
    """True for `jeanne.peeters@` with a body: two names, of which neither is a word of the body, its domain or an
    office. More is hidden than with names, since a body is reached by its contact point."""
    local, _, domain = address.removeprefix("mailto:").casefold().partition("@")
    own = {word for text in owner.name for word in words(text.value)}
    said = words(local)
    known = any(word in own or word in _OFFICE or word in domain for word in said)
    return bool(_TWO_NAMES.fullmatch(local)) and not known


def _is_spelled(name: tuple[str, ...], contact: Contact) -> bool:
    """`jeanne.peeters@`, `peeters.jeanne.m@`, `j.peeters@` or `jpeeters@` for Jeanne Peeters, at an address that is not
    called so itself."""
    if not 2 <= len(name) <= 4 or _OFFICE.intersection(name):
        return False
    for address in contact.email:
        local, _, domain = address.removeprefix("mailto:").casefold().partition("@")
        parts = _WORD.findall(local)
        is_full = len(parts) > 1 and name[-1] in parts and _is_called(set(parts), name)
        if (is_full or local in {f"{name[0][0]}{name[-1]}", f"{name[-1]}{name[0][0]}"}) and name[-1] not in domain:
            return True
    return False


def _is_called(said: set[str], name: tuple[str, ...]) -> bool:
    """True when what a mailbox says beside a surname are names of that person: a given name may be the full form of a
    short one (`hayes.jeffrey@` for Jeff Hayes), and with one stands any initial."""
    given = {word for word in said if word != name[-1] and len(word) > 1}
    return given <= {*name, *_given_names()} if given else said <= {*name, name[0][0]}


def _is_alone(name: str, contact: Contact, publisher: Agent | None) -> bool:
    """A name shaped as a person's, not the publisher's, and nothing else: nobody is reached by it."""
    if contact.email or contact.url or contact.telephone or contact.organization or not _NAME.fullmatch(name):
        return False
    known = {word for text in (publisher.name if publisher else ()) for word in words(text.value)}
    said = words(name)
    return not known.intersection(said) and not _OFFICE.intersection(said)
