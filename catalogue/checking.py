"""A producer's own feed against the rules, as a harvest would see it, without a catalogue: nothing is kept."""

from collections import Counter
from collections.abc import Iterator, Mapping
from mimetypes import guess_type
from pathlib import Path

import msgspec

from dcat import quality
from dcat.findings import Finding, Severity
from dcat.model import Dataset
from dcat.quality import Score
from dcat.rdf import MEDIA_TYPES, Format
from dcat.rules import RULES
from harvesters import HARVESTERS
from harvesters.base import Crawl, HarvestError
from harvesters.http import Client, Response

from . import clock, outgoing, registry
from .errors import Invalid
from .reading import Draft, Intake, read
from .settings import Settings
from .store.rows import SourceRow

KIND = "dcat"
ONE_PAGE = "ONE_PAGE"
"""Code of the fault that a file goes on elsewhere."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a feed."""

    resources: int
    """Datasets, series and services that were read."""
    findings: tuple[Finding, ...]
    """About each of them, with its subject, and about the feed as a whole."""
    refused: tuple[tuple[str, str], ...]
    """Records that could not be published: identifier and reason."""
    incomplete: tuple[str, ...]
    """Why not everything could be read."""
    unread: dict[str, int]
    """Properties outside the profile, with how often they were seen."""
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


def check(target: str, settings: Settings, format: str = "") -> Report:
    """Reads a file or an address with all its pages.

    Raises `HarvestError` when it cannot be fetched or read at all, `Invalid` for a format that is none.
    """
    if format and format not in MEDIA_TYPES:
        raise Invalid(f"--format must be one of {', '.join(MEDIA_TYPES)}.", "format")
    address = target if is_address(target) else Path(target).resolve().as_uri()
    row = SourceRow(
        id=KIND,
        name=KIND,
        title="",
        url=address,
        kind=KIND,
        publisher="",
        schedule="",
        config={},
        active=True,
        created=clock.now(),
    )
    intake = registry.plain_intake(row, HARVESTERS[KIND], settings)
    crawl = Crawl()
    with client_for(target, settings, format) as client:
        drafts = list(drafts_of(intake, client, crawl))
    return report(drafts, crawl)


def drafts_of(intake: Intake, client: Client, crawl: Crawl) -> Iterator[Draft]:
    """Every record, read; a file that is one page of a feed ends where it ends."""
    try:
        for raw in intake.harvester.fetch(intake.source, client, crawl):
            yield read(raw, intake)
    except HarvestError as error:
        if error.code != ONE_PAGE:
            raise
        crawl.incomplete.append(str(error))


def report(drafts: list[Draft], crawl: Crawl) -> Report:
    """What was found, with the subject of each finding filled in."""
    unread = Counter(crawl.unread)
    findings = list(crawl.findings)
    for draft in drafts:
        unread.update(draft.unread)
        subject = (draft.entry.iri if draft.entry else None) or draft.raw.identifier
        findings += [msgspec.structs.replace(one, subject=one.subject or subject) for one in draft.findings]
    return Report(
        resources=len(drafts),
        findings=tuple(findings),
        refused=tuple((draft.raw.identifier, draft.reason) for draft in drafts if draft.entry is None),
        incomplete=tuple(crawl.incomplete),
        unread=dict(unread.most_common()),
        score=score_of(drafts),
    )


def score_of(drafts: list[Draft]) -> Score | None:
    """The score of all datasets among them, as they would be published."""
    scores = [quality.score(draft.entry) for draft in drafts if isinstance(draft.entry, Dataset)]
    return quality.combined(scores) if scores else None


def is_address(target: str) -> bool:
    """True for what is fetched, false for what is opened."""
    return target.lower().startswith(("http://", "https://"))


def client_for(target: str, settings: Settings, format: str) -> Client:
    """What fetches the target. Raises `OSError` when a file cannot be read."""
    if is_address(target):
        return outgoing.client(settings, target)
    media_type = MEDIA_TYPES[Format(format)] if format else guess_type(target)[0] or ""
    return OneFile(Path(target).resolve(), media_type)


class OneFile(Client):
    """A client that has one answer: a file that the person named. It never goes out to the network."""

    def __init__(self, path: Path, media_type: str) -> None:
        super().__init__()
        self.answer = Response(path.as_uri(), 200, {"Content-Type": media_type}, path.read_bytes(), True)

    def ask(
        self,
        url: str,
        *,
        accept: str = "*/*",  # noqa: ARG002 (as the client asks)
        headers: Mapping[str, str] | None = None,  # noqa: ARG002
        max_bytes: int | None = None,  # noqa: ARG002
    ) -> Response:
        """The file; raises `HarvestError` for any other address that the file leads to."""
        if url != self.answer.url:
            raise HarvestError(ONE_PAGE, "The file is one page of a longer feed; the other pages were not read.", url)
        return self.answer
