"""What a producer should do next, what citizens lose most by first.

First what they cannot see at all (a source that is not read, records that are refused), then what they cannot use
(addresses, licences), then what they cannot judge or find (dates, languages, descriptions).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flask import url_for

from catalogue.search.base import Query
from catalogue.store.addresses import BROKEN
from catalogue.store.questions import OPEN
from catalogue.store.reuses import WAITING
from catalogue.store.rows import RunRow, SourceRow
from dcat import quality
from dcat.findings import Severity

from ..current import catalogue, searched
from ..wording import reasons, run_words, words
from ..wording.words import gettext as _
from ..wording.words import ngettext, pgettext
from ..wording.writing import number

LOSSES = (
    ("accessURL", "downloadURL", "endpointURL", "distribution"),
    ("license", "rights", "accessRights"),
    ("title", "description"),
    ("modified", "issued", "accrualPeriodicity", "temporal"),
    ("language", "publisher", "contactPoint", "format", "mediaType", "theme", "keyword", "spatial"),
)
"""Properties by what a reader loses without them: the data itself, the right to use it, what it is, how fresh, where to
ask and how to find it."""
FREQUENCY = "dct:accrualPeriodicity"
OF_RUN, OF_QUALITY = 100, 1000
"""From where remarks of the last reading and improvements of the quality stand in the order."""


class Task(NamedTuple):
    """Something to do."""

    rank: float
    words: str
    help: str
    """How."""
    address: str
    """Where it is done, or what it is about."""
    link: str
    """The words of that link."""
    detail: str = ""
    """What happened, in English."""
    field: str = ""
    """The property that it is about, without the path to it: what is said of it once is not said again."""


def tasks(sources: Iterable[SourceRow], publisher: str) -> list[Task]:
    """All of them, most useful first."""
    found = [*of_publisher(publisher), *(one for source in sources for one in of_source(source))]
    told = {one.field for one in found}
    found += (one for one in (*of_key_facts(publisher), *of_quality(publisher)) if one.field not in told)
    return sorted(found, key=lambda one: one.rank)


def of_operators() -> Iterator[Task]:
    """What waits for who runs the catalogue."""
    if waiting := len(catalogue().sources.waiting()):
        said = ngettext(
            "%(n)s source waits for your approval.", "%(n)s sources wait for your approval.", waiting, n=number(waiting)
        )
        help = _("Nothing of it is read until you decide.")
        yield Task(-1, said, help, url_for("producers.waiting"), pgettext("link", "Decide"))

    count, _rows = catalogue().questions.listed(state=OPEN, limit=1)
    yield from of_questions(count, url_for("producers.all_questions"))
    if named := catalogue().reuses.listed(state=WAITING, limit=1)[0]:
        said = ngettext("%(n)s article or app waits.", "%(n)s articles or apps wait.", named, n=number(named))
        help = _("A publisher named it. Nobody sees it until you decide.")
        yield Task(-1, said, help, url_for("producers.all_reuses"), pgettext("link", "Decide"))


def of_publisher(publisher: str) -> Iterator[Task]:
    """What readers ask about a publisher's data."""
    if publisher:
        count, _rows = catalogue().questions.listed(publisher, OPEN, limit=1)
        yield from of_questions(count, url_for("producers.questions"))


def of_questions(count: int, page: str) -> Iterator[Task]:
    """So many questions wait."""
    if count:
        said = ngettext("%(n)s question of a reader waits.", "%(n)s questions of readers wait.", count, n=number(count))
        yield Task(-1, said, _("Answer it, or close it."), page, pgettext("link", "Answer"))


def of_source(source: SourceRow) -> Iterator[Task]:
    """What is to be done about one source: it as a whole, then what its last reading told."""
    page = url_for("producers.source", name=source.name)
    ended = [run for run in catalogue().runs.of_source(source.name, 10) if run.ended]
    name = source.title or source.name
    if source.declined:
        said = _("“%(source)s” was declined by those who run this catalogue.", source=name)
        yield Task(0, said, _("Change it, and it is looked at again."), page, _("See why"))
    elif not source.approved:
        help = _("Those who run this catalogue look at it first. You have nothing to do.")
        yield Task(4, _("“%(source)s” waits for approval.", source=name), help, page, name)
    elif not source.active:
        yield Task(3, _("“%(source)s” is paused.", source=name), _("Nothing new is read until you resume."), page, name)
    elif not ended:
        yield Task(4, _("“%(source)s” was never read.", source=name), _("Read it now."), page, name)
    if source.moved_to:
        change = url_for("producers.change", name=source.name)
        said = _("“%(source)s” says that it has moved to %(address)s.", source=name, address=source.moved_to)
        yield Task(2, said, _("Change the address here; nothing else changes."), change, _("Change the source"))
    if broken := catalogue().links.counts(source=source.name)[BROKEN]:
        said = ngettext("%(n)s link does not work.", "%(n)s links do not work.", broken, n=number(broken))
        yield Task(5, said, _("Repair the file, or give its new address."), f"{page}#links", _("See the links"))
    if ended:
        yield from of_last(source, ended[0])
    if done := next((run for run in ended if run.state not in {"failed", "aborted"}), None):
        yield from of_findings(source, done)


def of_last(source: SourceRow, run: RunRow) -> Iterator[Task]:
    """What the last reading of a source could not do by itself."""
    page = url_for("producers.run", name=source.name, number=run.id)
    name = source.title or source.name
    if run.state in {"failed", "aborted"}:
        why = reasons.of_run(run)
        yield Task(
            0, _("“%(source)s” could not be read.", source=name), why.words, page, _("See the report"), why.detail
        )
    if lost := run.refused + run.failed:
        said = ngettext(
            "%(n)s record is not shown at all.", "%(n)s records are not shown at all.", lost, n=number(lost)
        )
        yield Task(1, said, _("The report says why, and how to mend it."), page, _("See the report"))
    if (held := catalogue().runs.held(source.name)) and held.id == run.id:
        said = ngettext(
            "%(n)s entry is missing in “%(source)s”: remove it, or keep it?",
            "%(n)s entries are missing in “%(source)s”: remove them, or keep them?",
            run.held,
            n=number(run.held),
            source=name,
        )
        yield Task(2, said, _("Nothing is removed until you decide."), page, pgettext("link", "Decide"))


def of_findings(source: SourceRow, run: RunRow) -> Iterator[Task]:
    """What the last reading remarked in records, by cause."""
    page = url_for("producers.run", name=source.name, number=run.id)
    groups = catalogue().runs.finding_groups(run.id)
    field_of = {(rule, run_words.without_number(field)): field for rule, field, _number, _example in groups}
    for rule, field in field_of:
        alike = [group for group in groups if (group[0], run_words.without_number(group[1])) == (rule, field)]
        cause = run_words.cause(rule, field, sum(group[2] for group in alike), alike[0][3], words.language())
        if cause.severity is not Severity.INFO:
            heavy = 0 if cause.severity is Severity.VIOLATION else 0.5
            seen = ngettext("Seen %(n)s time.", "Seen %(n)s times.", cause.times, n=number(cause.times))
            order = OF_RUN + loss(field) + heavy - min(cause.times, 10_000) / 100_000
            yield Task(
                order, cause.message, f"{cause.fix} {seen}", page, _("See the report"), field=field.rpartition("/")[2]
            )


def of_key_facts(publisher: str) -> Iterator[Task]:
    """What every reader asks first and no score counts: how often data are updated. A reader who misses it is offered a
    ready letter to the publisher."""
    if not publisher:
        return
    asked = Query(filters={"publisher": (publisher,), "type": ("dataset",)}, facets=("frequency",), all_values=True)
    found = searched(asked)
    lacking = found.count - sum(one.count for one in found.facets.get("frequency", ()))
    if lacking > 0 and not found.reduced:
        said = ngettext(
            "%(n)s dataset does not say how often it is updated.",
            "%(n)s datasets do not say how often they are updated.",
            lacking,
            n=number(lacking),
        )
        help = _("Give the update frequency: readers are offered a ready letter that asks you for it.")
        page = url_for("pages.publisher", name=publisher)
        order = OF_RUN + loss(FREQUENCY) + 0.5 - min(lacking, 10_000) / 100_000  # as what a reading remarks
        yield Task(order, said, help, page, _("See your data"), field=FREQUENCY)


def of_quality(publisher: str) -> Iterator[Task]:
    """What would bring points of quality, with how many datasets or files lack it."""
    score = catalogue().assessments.scores().by_publisher.get(publisher)
    page = url_for("pages.publisher", name=publisher) if publisher else ""
    for measure in score.hints if score else ():
        lacking = measure.counted - measure.fulfilled
        if lacking:
            known = quality.indicators()[measure.code]
            said = ngettext(
                "%(what)s: missing %(n)s time",
                "%(what)s: missing %(n)s times",
                lacking,
                what=known.name[words.language()],
                n=number(lacking),
            )
            order = OF_QUALITY + loss(known.field) - min(measure.to_gain, 405) / 1000
            yield Task(order, said, known.hint[words.language()], page, _("See your data"), field=known.field)


def loss(field: str) -> int:
    """How soon what is wrong with a field hurts a reader: 0 is worst."""
    last = field.rpartition("/")[2].rpartition(":")[2]
    return next((rank for rank, names in enumerate(LOSSES) if last in names), len(LOSSES))
