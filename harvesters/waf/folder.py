"""Getting all files out of a folder and the folders in it, those that did not change excepted."""

import re
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import chain
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from dcat import rdf
from dcat.entries import entries

from .. import fgdc, iso, xml
from ..base import MOST_PAGES, MOST_RECORDS, Crawl, Fetched, HarvestError, RawRecord, StillThere
from ..details import OF_ONE_RECORD, one_by_one
from ..http import Client, Response, not_what_was_asked
from ..in_one_document import held_of, version_of
from ..sniff import is_html
from ..xml_records import N_TRIPLES, TYPES, found_in
from .listing import Link, ends_itself, links

RDF_TYPES = {
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".nt": N_TRIPLES,
    ".rdf": "application/rdf+xml",
}
"""Endings of files of DCAT; in `.xml` it may stand as well."""
SAFE = "/:@!$&'()*+,;= "
"""Characters of a path that stand in it as they are."""
_ENDINGS = (".xml", *RDF_TYPES)


class File(NamedTuple):
    """One file of metadata."""

    path: str
    """Within the folder, which is what its record is known by."""
    url: str
    said: str
    """What the list says of it: its date and size."""

    @property
    def as_changed(self) -> str:
        """Which file it is and when it changed; empty without a date."""
        return f"{self.said} {self.path}" if self.said else ""

    def __str__(self) -> str:
        return self.path


class Folder:
    """One folder during one run."""

    def __init__(self, address: str, client: Client, crawl: Crawl, *, depth: int, only: str) -> None:
        """`depth`: how many folders deep files are looked for. `only`: names of files that are taken."""
        self.address, self._client, self._crawl, self._depth, self._only = address, client, crawl, depth, only
        self._known = Counter(identifier.partition("#")[0] for identifier in crawl.versions)
        """How many records of each file are held, by its path."""

    def records(self) -> Iterator[Fetched]:
        """The records of every file once, by path."""
        files = sorted(self._files())
        if len(files) > MOST_RECORDS:
            self._crawl.incomplete.append(f"Only the first {MOST_RECORDS} files were read.")
        held, changed = held_of(self._crawl), []
        for file in files[:MOST_RECORDS]:
            if file.as_changed in held:
                yield from (StillThere(identifier=one) for one in held[file.as_changed])
            else:
                changed.append(file)
        yield from chain.from_iterable(one_by_one(changed, self._read, self._crawl, self.address))

    def _read(self, file: File) -> list[RawRecord]:
        """The records of a file; what may have held several and was cut, or cannot be read, may lack some."""
        answer = self._client.get(file.url)
        found = records(file, answer)
        if any(raw.media_type not in TYPES for raw in found) or (
            found[0].identifier == file.path and self._known[file.path] > 1
        ):
            self._crawl.incomplete.append(f"{file.url} cannot be read, so it is not known which records it holds.")
        elif not answer.proven and file.url.lower().endswith((".ttl", ".nt")):
            self._crawl.incomplete.append(f"{file.url} does not say how long it is, so it may have been cut off.")
        return found

    def _files(self) -> Iterator[File]:
        """The files of metadata, also of the folders within; a folder within that does not answer is told."""
        waiting, seen = [(self.address, 0)], {self.address}
        while waiting and self._crawl.pages < MOST_PAGES:
            here, level = waiting.pop(0)
            for link in self._listed(here, is_first=not level):
                if not link.is_folder and self._is_wanted(link.url):
                    yield File(self._path(link.url), link.url, link.said)
                elif link.is_folder and level < self._depth and link.url not in seen:
                    seen.add(link.url)
                    waiting.append((link.url, level + 1))

    def _listed(self, url: str, *, is_first: bool) -> list[Link]:
        try:
            answer = self._client.get(url, accept="text/html, */*;q=0.1")
            found = links(answer)
        except HarvestError as error:
            if is_first or error.code not in OF_ONE_RECORD:
                raise
            self._crawl.incomplete.append(f"The folder {url} could not be read: {error}")
            return []
        self._crawl.pages += 1
        if not ends_itself(answer):
            self._crawl.incomplete.append(f"The list of {url} has no end (</html>), so it may have been cut off.")
        return found

    def _is_wanted(self, url: str) -> bool:
        name = unquote(urlsplit(url).path.rpartition("/")[2])
        return name.lower().endswith(_ENDINGS) and (not self._only or fnmatchcase(name, self._only))

    def _path(self, url: str) -> str:
        base = unquote(urlsplit(self.address).path)
        return quote(unquote(urlsplit(url).path).removeprefix(base), safe=SAFE)


def records(file: File, answer: Response) -> list[RawRecord]:
    """The records in a file: one by the path of the file, several by that and their own identifiers. One that cannot
    be read is kept as it came, so that it is refused by name."""
    if is_html(answer.body):
        raise not_what_was_asked(answer, "a file of metadata")
    ending = re.search(r"\.\w+\Z", file.url.lower())
    found = list(_told_apart(file, answer.body, ending[0] if ending else ""))
    return [
        RawRecord(
            identifier=file.path if len(found) == 1 else f"{file.path}#{own}",
            body=body,
            media_type=media_type,
            address=file.url,
            version=version_of(file.as_changed, len(found)),
        )
        for own, body, media_type in found
    ]


def _told_apart(file: File, body: bytes, ending: str) -> Iterator[tuple[str, bytes, str]]:
    try:
        yield from _described(file, body, ending) if ending in RDF_TYPES else _written(file, body)
    except ValueError:
        yield "", body, RDF_TYPES.get(ending, xml.XML)


def _described(file: File, body: bytes, ending: str) -> list[tuple[str, bytes, str]]:
    """The entries of a file of DCAT."""
    graph = rdf.parse(body, RDF_TYPES[ending], file.url)
    found = [(subject, rdf.subgraph(graph, subject, kind), N_TRIPLES) for subject, kind in entries(graph).items()]
    return found or [("", body, RDF_TYPES[ending])]


def _written(file: File, body: bytes) -> list[tuple[str, bytes, str]]:
    """The records of a file of XML."""
    root = xml.opened(body, "a record of ISO 19115, FGDC or DCAT")
    if parts := iso.records_in(root):
        return [(iso.identifier_of(one), xml.canonical(one), xml.XML) for one in parts]
    if fgdc.is_record(root):
        return [("", xml.canonical(root), xml.XML)]
    if xml.name(root) == "RDF" or "www.w3.org/ns/dcat" in str(root.tag):
        return _described(file, body, ".rdf")
    found = found_in(root, file.url)
    return [(found.identifier, found.body, found.media_type)]
