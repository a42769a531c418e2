"""The kind of source `data-json`: one file that lists every dataset.

https://resources.data.gov/resources/dcat-us/ (1.1), https://resources.data.gov/resources/dcat-us3/
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from dcat.findings import finding

from .. import document, json, json_stream
from ..base import MOST_RECORDS, Crawl, Harvester, HarvestError, Mapped, Normalised, RawRecord, Source
from ..fields import what_it_is
from ..http import Client, Response
from ..pod import LEFT_OUT, MAPPING, entry_of, identifier_of, members_of, parent_of

KINDS = {"dataset": "dataset", "service": "service", "datasetSeries": "series"}
"""What the lists of a catalogue hold, as entries of ours."""

DEEPEST = 20
"""Catalogues within catalogues."""

_OPEN_DATA = re.compile(rb"project-open-data|resources\.data\.gov|DCAT-US", re.IGNORECASE)
_OURS = re.compile(rb'"@context"|"@graph"|"resources"\s*:')
"""Of JSON-LD, and of CKAN."""
_LISTED = re.compile(rb'"(dataset|datasetSeries|service)"\s*:\s*\[|^\s*\[\s*\{')
_FIELDS = re.compile(rb'"(accessLevel|contactPoint|publisher|modified|accessURL|downloadURL|mbox)"\s*:')


READING = """\
- One document, asked for with the ETag or date of the last one. Where its server gives none it comes whole each time:
  the format has no pages and no filter, and `modified` is the publisher's own.
"""


class DataJson(Harvester):
    """A `data.json`."""

    kind: ClassVar[str] = "data-json"
    title: ClassVar[str] = "data.json (Project Open Data 1.0 and 1.1, DCAT-US 3), the file itself"
    reading: ClassVar[str] = READING
    documents: ClassVar[str] = "data.json of Project Open Data or DCAT-US"
    mapping: ClassVar[tuple[Mapped, ...]] = MAPPING
    left_out: ClassVar[dict[str, str]] = LEFT_OUT

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[RawRecord]:
        """Yields every dataset, series and service; of those with the same identifier the first.

        A dataset that others name in `isPartOf`, and that has no files, is their series.
        """
        response = document.fetched(source.url, client, crawl, accept=json.ACCEPT)
        if response is not None:
            yield from _File(response, crawl).records()

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one dataset, series or service."""
        said = json.opened(raw, "a dataset of data.json")
        entry, parts, unread = entry_of(said, source.url)
        return Normalised(entry=entry, parts=parts, unread=unread)

    def recognises(self, document: Response) -> bool:
        """True for JSON that names one of the standards, or lists datasets as they do."""
        start = document.body[:65536].removeprefix(b"\xef\xbb\xbf").lstrip()
        if not start.startswith((b"{", b"[")) or b'"resources"' in start:
            return False
        if _OPEN_DATA.search(start) and _LISTED.search(start):
            return True
        return not _OURS.search(start) and bool(_LISTED.search(start) and _FIELDS.search(start))


class _Item(NamedTuple):
    kind: str
    said: Any
    number: int
    """Which of its kind it is in the file, from 1."""
    is_member: bool = False
    """True for a dataset within the series or service that holds it: it may stand in the list too."""


class _File:
    """One file during one run."""

    def __init__(self, response: Response, crawl: Crawl) -> None:
        self._response, self._crawl = response, crawl
        self._seen: dict[str, bool] = {}
        """Identifiers, and whether what goes by them was a member of something."""

    def records(self) -> Iterator[RawRecord]:
        """The records of the file, which is read twice: what is a series is known at its end."""
        parents = {parent for item in self._items(Crawl()) if (parent := parent_of(item.said))}
        for item in self._items(self._crawl):
            if not isinstance(item.said, dict):
                self._lost(item, f"{what_it_is(item.said)} stands in its place")
                continue
            identifier, is_weak = identifier_of(item.said)
            if not identifier:
                self._lost(item, "it has no identifier, page or title")
            elif identifier in self._seen:
                if not (item.is_member or self._seen[identifier]):
                    self._found("duplicate-identifier", identifier)
                    self._crawl.doubles += 1
            elif len(self._seen) >= MOST_RECORDS:
                self._crawl.incomplete.append(f"Only the first {MOST_RECORDS} records were read.")
                return
            else:
                if is_weak:
                    self._found("identifier-weak", identifier)
                self._seen[identifier] = item.is_member
                yield self._record(identifier, item, parents)

    def _record(self, identifier: str, item: _Item, parents: set[str]) -> RawRecord:
        is_parent = identifier in parents and not item.said.get("distribution")
        kind = "series" if is_parent and item.kind == "dataset" else item.kind
        said = item.said if kind == "dataset" else item.said | {"is": kind}
        return json.record(identifier, said, self._crawl, address=self._response.url)

    def _items(self, crawl: Crawl) -> Iterator[_Item]:
        """What stands in the lists of the catalogue, and of catalogues in it."""
        counts = dict.fromkeys(KINDS, 0)
        names: set[str] = set()
        for name, said in json_stream.items(self._response, crawl, names):
            for kind, each, is_member in _nested(name or "dataset", said):
                counts[kind] += 1
                yield _Item(KINDS[kind], each, counts[kind], is_member)
        if names and names.isdisjoint((*KINDS, "catalog")):
            raise HarvestError(
                "NOT_A_FEED",
                f"{self._response.url} is JSON without a list `dataset`. Check that it is the address of a data.json.",
                self._response.url,
            )

    def _lost(self, item: _Item, why: str) -> None:
        """A record that cannot be told apart costs itself, and the proof that all was seen."""
        self._found("record-unreadable", f"{item.kind} {item.number}: {why}")
        self._crawl.incomplete.append(f"Number {item.number} ({item.kind}) could not be read: {why}.")

    def _found(self, rule: str, value: str) -> None:
        self._crawl.findings.append(finding(rule, self._response.url, "dct:identifier", value))


def _nested(name: str, said: Any, depth: int = 0) -> Iterator[tuple[str, Any, bool]]:
    """An item of a list of the catalogue, with what it holds; of a catalogue in it everything, and what stands in the
    place of one."""
    if name in KINDS:
        yield name, said, False
        yield from (("dataset", member, True) for member in members_of(said))
    elif name == "catalog" and isinstance(said, dict) and depth < DEEPEST:
        for inner in (*KINDS, "catalog"):
            listed = said.get(inner) or []
            for each in listed if isinstance(listed, list) else [listed]:
                yield from _nested(inner, each, depth + 1)
    elif name == "catalog" and not isinstance(said, dict):
        yield "dataset", said, False
