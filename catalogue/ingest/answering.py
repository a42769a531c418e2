"""Which of the addresses that entries lead to answer, as far as somebody asked."""

from collections.abc import Iterable, Iterator, Mapping

from dcat.model import Dataset, Entry
from dcat.quality import Reachable

from ..store import addresses
from ..store.database import Transaction

_ANSWERS = {addresses.WORKS: True, addresses.BROKEN: False}


def reachable(tx: Transaction, entries: Iterable[Entry]) -> Reachable:
    """What is known of the files of these entries: an address that lets no program in counts as one that nobody
    asked."""
    return answers(tx, entries).get


def answers(tx: Transaction, entries: Iterable[Entry]) -> dict[str, bool]:
    """The same by address, of those of which something is known."""
    states = addresses.states(tx, (url for entry in entries for url in _addresses(entry)))
    return {url: _ANSWERS[state] for url, state in states.items() if state in _ANSWERS}


def among(known: Mapping[str, bool], entry: Entry) -> dict[str, bool]:
    """What is known of the files of one entry."""
    return {url: known[url] for url in _addresses(entry) if url in known} if known else {}


def _addresses(entry: Entry) -> Iterator[str]:
    if isinstance(entry, Dataset):
        for file in entry.distribution:
            yield from file.access_url
            yield from file.download_url
