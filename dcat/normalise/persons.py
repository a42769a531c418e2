"""Which contact points are persons: their names are not published unless settings allow (Regulation (EU) 2016/679).

A source seldom says so. A wrong guess takes a dataset its contact point, so only clear signs count: the class, a form
of address, a mailbox that spells the name, and a name of a person with which nobody can be reached.
"""

import re
import unicodedata
from functools import lru_cache

from ..model import Agent, Contact

_TITLES = re.compile(
    r"(?:herrn?|frau|mr|mrs|ms|miss|mme|mlle|m(?=\.)|monsieur|madame|mademoiselle|dhr|mevr|mevrouw|de heer|dr|prof)"
    r"\.?\s+(?=\S)",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"[^\W\d_a-z][\w'’-]+(?: (?:van|von|de|der|den|du|la|le|ter|ten))*(?: [^\W\d_a-z]\.)?(?: [^\W\d_a-z][\w'’-]+){1,2}"
)
_WORD = re.compile(r"[^\W\d_]+")
_OFFICE = frozenset(
    re.findall(
        r"\w+",
        """
        administration agence agency agentschap amt api authority bureau center centre centrum city commune contact data
        department desk dienst direction geo gemeente gis government group help helpdesk info information institut
        institute instituut kantoor mail ministry office open provincie province region regie secretariat service
        services stad stadt stats statistics support team town university ville web webmaster
        """,
    )
)
"""Words of a name, or of a mailbox, that is no person's."""


@lru_cache(maxsize=4_096)
def is_person(contact: Contact, publisher: Agent | None) -> bool:
    """True when the contact point is clearly a person."""
    if contact.is_individual:
        return True
    names = {" ".join(text.value.split()) for text in contact.name}
    if any(_TITLES.match(name) and len(name.split()) < 5 for name in names):
        return True
    return any(_is_spelled(words(name), contact) or _is_alone(name, contact, publisher) for name in names)


Hidden = frozenset[tuple[str, ...]]
"""The words of names that are not published."""


def is_personal(agent: Agent, hidden: Hidden) -> bool:
    """True when an agent is clearly a person, or is called as one of the contacts that are.

    A name alone is not enough: many a body is called as people are.
    """
    mails = (agent.mbox,) if agent.mbox else ()
    for text in agent.name:
        name = words(text.value)
        if name in hidden or (agent.is_individual and not _OFFICE.intersection(name)):
            return True
        is_titled = _TITLES.match(" ".join(text.value.split())) and len(text.value.split()) < 5
        if is_titled or _is_spelled(name, Contact(email=mails)):
            return True
    return False


@lru_cache(maxsize=8_192)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, without accents and form of address."""
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", _TITLES.sub("", name)) if not unicodedata.combining(one)
    )
    return tuple(_WORD.findall(plain.casefold()))


def _is_spelled(name: tuple[str, ...], contact: Contact) -> bool:
    """`jeanne.peeters@`, `j.peeters@` or `jpeeters@` for Jeanne Peeters, at an address that is not called so itself."""
    if not 2 <= len(name) <= 4 or _OFFICE.intersection(name):
        return False
    for address in contact.email:
        local, _, domain = address.removeprefix("mailto:").casefold().partition("@")
        parts = _WORD.findall(local)
        is_full = len(parts) > 1 and set(parts) <= {*name, name[0][0]} and name[-1] in parts
        if (is_full or local in {f"{name[0][0]}{name[-1]}", f"{name[-1]}{name[0][0]}"}) and name[-1] not in domain:
            return True
    return False


def _is_alone(name: str, contact: Contact, publisher: Agent | None) -> bool:
    """A name shaped as a person's, not the publisher's, and nothing else: nobody is reached by it."""
    if contact.email or contact.url or contact.telephone or contact.organization or not _NAME.fullmatch(name):
        return False
    known = {word for text in (publisher.name if publisher else ()) for word in words(text.value)}
    said = words(name)
    return not known.intersection(said) and not _OFFICE.intersection(said)
