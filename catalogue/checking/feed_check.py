"""A producer's own feed against the rules, as a harvest would see it, without a catalogue: nothing is kept.

What is named by a file, by an address or sent as it is, is read by the harvester of its kind and checked as ingest
checks it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from mimetypes import guess_type
from pathlib import Path
from typing import NamedTuple

import msgspec

from dcat import quality, rdf
from dcat.findings import Finding, Severity, finding
from dcat.model import Catalog, Dataset
from dcat.near_names import listed
from dcat.normalise import Note, complete
from dcat.quality import Score
from dcat.rdf import MEDIA_TYPES, Format, Graph
from dcat.read import Reader, evened_out
from dcat.rules import RULES
from dcat.rules import check as broken_rules
from harvesters import HARVESTERS, LINGUA_FRANCA, reader_of
from harvesters.base import MOST_RECORDS, Crawl, Fetched, Harvester, HarvestError, RawRecord
from harvesters.http import ONE_PAGE, OneAnswer, Response

from .. import clock
from ..errors import Invalid, Unreadable
from ..ingest.draft import Draft, Intake, read
from ..settings import Settings
from ..sources import intakes, manners, registration
from ..store.outcome import Outcome
from ..store.rows import SourceRow
from .as_sent import AsSent, as_sent
from .sent_document import Watched, not_a_feed, without_datasets

KIND = LINGUA_FRANCA
"""The kind that a feed is taken for when nobody says."""
SENT = "The document"
"""What a document is called that was sent, in sentences; it has no address that others could be relative to."""
OUT_OF_TIME = frozenset({"DEADLINE", "TIMEOUT"})
"""Codes of the faults after which what was read before still counts."""


class Limits(NamedTuple):
    """How much is read of a feed that somebody else named or sent."""

    records: int = MOST_RECORDS
    """Datasets, series and services."""
    seconds: float = 7200.0
    """For fetching all pages."""
    bytes: int = 200_000_000
    """Of one page or document, unpacked."""


UNLIMITED = Limits()
"""Those of a harvest."""


class Kept:
    """What a check passes on its way, for whoever wants to look at it again."""

    def __init__(self) -> None:
        self.graphs: list[Graph] = []
        """The pages of a feed, as they were sent; none of a kind that speaks no RDF."""
        self.raws: list[RawRecord] = []
        self.intake: Intake | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a feed."""

    resources: int
    """Datasets, series and services that were read."""
    findings: tuple[Finding, ...]
    """About each of them, with its subject, and about the feed as a whole; those about one subject together."""
    refused: tuple[tuple[str, str], ...]
    """Records that could not be published: identifier and reason."""
    skipped: tuple[tuple[str, str], ...]
    """Records that the feed itself says are not to be published."""
    incomplete: tuple[str, ...]
    """Why not everything could be read."""
    unread: dict[str, int]
    """Properties outside the profile, with how often they were seen."""
    as_sent: AsSent
    """What others find in it who repair nothing."""
    score: Score | None
    """The quality score that its datasets would have together; None when there is none."""

    def count(self, severity: Severity) -> int:
        """How many findings are that bad."""
        return sum(RULES[finding.rule].severity is severity for finding in self.findings)

    @property
    def violations(self) -> int:
        """What must be mended: findings that are violations, and records that could not be published."""
        return self.count(Severity.VIOLATION) + len(self.refused)

    @property
    def warnings(self) -> int:
        """What should be mended."""
        return self.count(Severity.WARNING)


def check(target: str, settings: Settings, format: str = "", kind: str = KIND, kept: Kept | None = None) -> Report:
    """Checks a file, or an address with all its pages; what was passed on the way is in `kept` when it is given.

    Raises `Unreadable` when it cannot be fetched or read at all, `OSError` for a file that cannot be opened, `Invalid`
    for a format or kind that is none.
    """
    said = media_type_of(format)
    if is_address(target):
        return check_address(target, settings, kind=kind, kept=kept)
    path = Path(target).resolve()
    media_type = said or guess_type(target)[0] or ""
    return check_document(path.read_bytes(), media_type, settings, address=path.as_uri(), name=path.name, kept=kept)


def media_type_of(format: str) -> str:
    """The media type of a format of RDF by its short name; empty for none. Raises `Invalid`."""
    if format and format not in MEDIA_TYPES:
        raise Invalid(f"--format must be one of {', '.join(MEDIA_TYPES)}.", "format")
    return MEDIA_TYPES[Format(format)] if format else ""


def check_address(
    url: str, settings: Settings, limits: Limits = UNLIMITED, *, kind: str = KIND, kept: Kept | None = None
) -> Report:
    """Checks what is at an address, with all its pages. Raises `Unreadable`, `Invalid` for no address or kind."""
    harvester = registration.harvester_of(HARVESTERS, kind)
    intake = intakes.plain_intake(_row(registration.check_url(url), kind), harvester, settings)
    behaviour = manners.manners(settings, intake.source.url)
    try:
        with Watched(**behaviour, deadline=limits.seconds, max_bytes=limits.bytes) as web:
            return _checked(intake, web, limits, kept)
    except HarvestError as error:
        raise Unreadable(str(error), error.code, "url") from error


def check_document(
    body: bytes,
    media_type: str,
    settings: Settings,
    limits: Limits = UNLIMITED,
    *,
    address: str = SENT,
    name: str = SENT,
    kept: Kept | None = None,
) -> Report:
    """Checks a document of whichever kind recognises it. Raises `Unreadable`."""
    document = Response(address, 200, {"Content-Type": media_type}, body, True)
    harvester = reader_of(document)
    intake = intakes.plain_intake(_row(address, harvester.kind), harvester, settings)
    crawl, remarks = Crawl(), Remarks(harvester, limits, kept)
    remarks.take(document)
    try:
        with OneAnswer(document, limits.bytes) as client:
            raws = harvester.records_of(client, intake.source, crawl)
            drafts = _taken(raws, intake, crawl, limits, kept)
    except HarvestError as error:
        sentence = not_a_feed(body, name) if error.code == "NOT_A_FEED" else str(error).replace(address, name)
        raise Unreadable(sentence, error.code, "body") from error
    crawl.findings += remarks.found
    if _says_nothing(drafts, crawl):
        raise Unreadable(without_datasets(name), "NOT_A_FEED", "body")
    found = report(drafts, crawl, intake, remarks.found)
    links = tuple(finding for finding in found.findings if finding.rule != "paging-rewritten")  # they are not followed
    return msgspec.structs.replace(found, findings=links)


def _row(url: str, kind: str) -> SourceRow:
    """A source that is not registered."""
    return SourceRow(
        id=kind,
        name=kind,
        title="",
        url=url,
        kind=kind,
        publisher="",
        schedule="",
        config={},
        active=True,
        created=clock.now(),
    )


def _checked(intake: Intake, client: Watched, limits: Limits, kept: Kept | None) -> Report:
    crawl, remarks = Crawl(), Remarks(intake.harvester, limits, kept)
    client.watch = remarks.take
    drafts = _taken(intake.harvester.fetch(intake.source, client, crawl), intake, crawl, limits, kept)
    crawl.findings += remarks.found
    if _says_nothing(drafts, crawl):
        raise Unreadable(without_datasets(intake.source.url), "NOT_A_FEED", "url")
    return report(drafts, crawl, intake, remarks.found)


def _says_nothing(drafts: list[Draft], crawl: Crawl) -> bool:
    """True for a feed with neither an entry nor a reason for there being none, which nobody may call fine."""
    return not drafts and not crawl.findings and not crawl.incomplete


def _taken(fetched: Iterable[Fetched], intake: Intake, crawl: Crawl, limits: Limits, kept: Kept | None) -> list[Draft]:
    """Every record, read, as far as the limits allow; a document that is one page of a feed ends where it ends."""
    drafts: list[Draft] = []
    raws: list[RawRecord] = []
    records = (each for each in fetched if isinstance(each, RawRecord))  # a check holds nothing that is still there
    try:
        for raw in islice(records, limits.records):
            raws.append(raw)
            drafts += read(raw, intake)
        if next(records, None) is not None:
            crawl.incomplete.append(f"Only the first {limits.records:,} records were checked.")
    except HarvestError as error:
        if error.code != ONE_PAGE and not (drafts and error.code in OUT_OF_TIME):
            raise
        crawl.incomplete.append(str(error))
    if kept is not None:
        kept.raws, kept.intake = raws, intake
    return drafts


class Remarks:
    """What no harvest needs, but others who read the feed ask for: a complete description of the catalogue, and the
    data types and classes of the profile."""

    def __init__(self, harvester: Harvester, limits: Limits, kept: Kept | None) -> None:
        self.found: dict[Finding, None] = {}
        self._harvester, self._limits = harvester, limits
        self._kept = kept

    def take(self, answer: Response) -> None:
        """Looks at one page; what cannot be read in it is the harvester's to tell."""
        try:
            graph = self._harvester.graph(answer, self._limits.bytes)
        except (HarvestError, rdf.ParseError):
            return
        if graph is None:
            return
        if self._kept is not None:
            self._kept.graphs.append(graph)
        for catalog in Reader(graph).instances(Catalog):
            self.found.update(dict.fromkeys(broken_rules(complete(catalog))))
        self.found.update(dict.fromkeys(evened_out(graph)))


def report(drafts: list[Draft], crawl: Crawl, intake: Intake, remarks: Iterable[Finding] = ()) -> Report:
    """What was found, with the subject of each finding filled in. `remarks`: those that concern the feed as a whole."""
    unread = Counter(crawl.unread)
    findings = list(crawl.findings)
    for draft in drafts:
        unread.update(draft.unread)
        subject = (draft.entry.iri if draft.entry else None) or draft.raw.identifier
        own = (one for one in draft.findings if one.rule != "not-read")  # told once, of the whole feed
        told = dict.fromkeys((*own, *repairs(draft.notes)))
        findings += [msgspec.structs.replace(one, subject=one.subject or subject) for one in told]
    if unread:
        findings.append(finding("not-read", value=listed(unread)))
    order = {subject: number for number, subject in enumerate(dict.fromkeys(one.subject for one in findings))}
    unpublished = [draft for draft in drafts if draft.entry is None]
    return Report(
        resources=len(drafts),
        findings=tuple(sorted(findings, key=lambda one: order[one.subject])),
        refused=tuple((each.raw.identifier, each.reason) for each in unpublished if each.outcome != Outcome.SKIPPED),
        skipped=tuple((each.raw.identifier, each.reason) for each in unpublished if each.outcome == Outcome.SKIPPED),
        incomplete=tuple(crawl.incomplete),
        unread=dict(unread.most_common()),
        as_sent=as_sent((draft.raw for draft in drafts if not draft.part_of), intake, remarks),
        score=score_of(drafts),
    )


def repairs(notes: Iterable[Note]) -> Iterator[Finding]:
    """What is repaired without a word at each harvest, since nothing is lost; whoever checks a feed may mend it."""
    for note in notes:
        if RULES[note.rule].trace_only:
            yield finding(note.rule, "", note.field, note.raw or note.published)


def score_of(drafts: list[Draft]) -> Score | None:
    """The score of all datasets among them, as they would be published."""
    scores = [quality.score(draft.entry) for draft in drafts if isinstance(draft.entry, Dataset)]
    return quality.combined(scores) if scores else None


def is_address(target: str) -> bool:
    """True for what is fetched, false for what is opened."""
    return target.lower().startswith(("http://", "https://"))
