"""The six verbs of the protocol: each fills the element of its name."""

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from catalogue import clock
from catalogue.store.rows import Header

from ..current import absolute, catalogue, minted, settings
from ..http.codings import CODINGS
from ..xml import tree
from ..xml.tree import Element
from . import dates, listing, records, sets
from .refusal import Refusal

T = TypeVar("T")
Arguments = dict[str, str]


class Verb(NamedTuple):
    """A verb, and what it takes."""

    answer: Callable[[Element, Arguments], Sequence[bytes] | None]
    """Fills the element of its name; gives back what stands in the places that it left, if any."""
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    exclusive: str = ""
    """An argument that stands alone."""

    def check(self, arguments: Arguments) -> None:
        """Raises `Refusal` for arguments that the verb does not take together."""
        if self.exclusive and self.exclusive in arguments:
            unknown, missing = arguments.keys() - {self.exclusive}, set[str]()
        else:
            unknown = arguments.keys() - {*self.required, *self.optional}
            missing = {name for name in self.required if not arguments.get(name)}
        if unknown:
            raise Refusal("badArgument", f"Not taken here: {', '.join(sorted(unknown))[:200]}.")
        if missing:
            raise Refusal("badArgument", f"Missing: {', '.join(sorted(missing))}.")


def identify(made: Element, _: Arguments) -> None:
    """What this repository is."""
    contact = settings().contact.removeprefix("mailto:")
    mailbox = contact if "@" in contact else f"postmaster@{urlsplit(minted('')).hostname}"
    for name, text in (
        ("repositoryName", settings().title),
        ("baseURL", absolute("/oai")),
        ("protocolVersion", "2.0"),
        ("adminEmail", mailbox),
        ("earliestDatestamp", dates.stamp(catalogue().headers.first() or clock.now())),
        ("deletedRecord", "persistent"),
        ("granularity", dates.SECOND),
        *(("compression", one.name) for one in CODINGS),
    ):
        tree.add(made, f"oai:{name}", text)


def list_metadata_formats(made: Element, arguments: Arguments) -> None:
    """The formats, which every record has."""
    if "identifier" in arguments:
        header_of(arguments["identifier"])
    for prefix, format in records.FORMATS.items():
        one = tree.add(made, "oai:metadataFormat")
        tree.add(one, "oai:metadataPrefix", prefix)
        tree.add(one, "oai:schema", format.schema)
        tree.add(one, "oai:metadataNamespace", format.namespace)


def list_sets(made: Element, arguments: Arguments) -> None:
    """All sets, in one part."""
    if "resumptionToken" in arguments:
        raise Refusal("badResumptionToken", "The list of sets has one part.")
    for name, title in sets.every():
        one = tree.add(made, "oai:set")
        tree.add(one, "oai:setSpec", name)
        tree.add(one, "oai:setName", title)


def get_record(made: Element, arguments: Arguments) -> Sequence[bytes]:
    """One record."""
    header = header_of(arguments["identifier"])
    return records.add_records(made, [header], known(arguments["metadataPrefix"]))


def list_identifiers(made: Element, arguments: Arguments) -> None:
    """Headers."""
    listed(made, listing.asked("ListIdentifiers", arguments), records.add_headers)


def list_records(made: Element, arguments: Arguments) -> Sequence[bytes]:
    """Records."""
    return listed(made, listing.asked("ListRecords", arguments), records.add_records)


def listed(made: Element, question: listing.Question, write: Callable[[Element, list[Header], str], T]) -> T:
    """A part of a list, with the token of the next one; the last of several has an empty token."""
    part = listing.part(question)
    written = write(made, part.headers, known(question.prefix))
    if part.following or question.after:
        size = {} if part.total is None else {"completeListSize": str(part.total)}
        tree.add(made, "oai:resumptionToken", part.following, cursor=str(question.given), **size)
    return written


def known(prefix: str) -> str:
    """The prefix of a format that there is. Raises `Refusal`."""
    if prefix not in records.FORMATS:
        names = " and ".join(records.FORMATS)
        raise Refusal("cannotDisseminateFormat", f"Records are given as {names}, not as {prefix[:40]!r}.")
    return prefix


def header_of(identifier: str) -> Header:
    """The header of one entry, live or removed. Raises `Refusal`."""
    found = catalogue().headers.of(records.id_of(identifier))
    if found is None:
        raise Refusal("idDoesNotExist", f"Nothing has the identifier {identifier[:200]!r}.")
    return found


_LIST = Verb(list_records, ("metadataPrefix",), ("from", "until", "set"), "resumptionToken")

VERBS = MappingProxyType(
    {
        "Identify": Verb(identify),
        "ListMetadataFormats": Verb(list_metadata_formats, optional=("identifier",)),
        "ListSets": Verb(list_sets, exclusive="resumptionToken"),
        "GetRecord": Verb(get_record, ("identifier", "metadataPrefix")),
        "ListIdentifiers": _LIST._replace(answer=list_identifiers),
        "ListRecords": _LIST,
    }
)
"""By name."""
