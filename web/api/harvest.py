"""Harvest sources: registering one, running it, reading what became of every record.

What is read is open to everybody; what changes something needs the key of the source's publisher.

Addresses follow udata, so that its clients feel at home.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from flask import Response, request
from werkzeug.exceptions import PreconditionFailed

from catalogue.checking.finding_out import check_options, find_out
from catalogue.harvesting.moves import Move
from catalogue.search.base import BadQuery
from catalogue.search.params import printable
from catalogue.sources.conditions import Condition, anyhow
from catalogue.sources.editing import Change, options
from catalogue.sources.manners import Bounds
from catalogue.store.outcome import Outcome
from catalogue.store.outcomes import Cause as Remarked
from catalogue.store.rows import OutcomeRow, RunRow, SourceRow, TokenRow
from dcat.our_languages import OUR_LANGUAGES

from ..current import catalogue, settings
from ..feeds.documents import streamed
from ..feeds.search import asked_language
from ..http import trial as a_check
from ..http.params import whole
from ..json.harvest_shapes import (
    Backend,
    BackendOption,
    Cause,
    Declining,
    DifferenceList,
    DifferenceShape,
    FindOrder,
    Found,
    ItemList,
    JobList,
    JobShape,
    Moved,
    MoveList,
    MoveOrder,
    NewSource,
    Removal,
    Report,
    RunOrder,
    SourceChange,
    SourceList,
    SourceShape,
    Trial,
    TrialReport,
)
from .auth import any_run, any_source, own_source, visitor
from .bodies import read
from .operations import MATCH, Operation, Parameter, one_of, path, text, whole_number
from .reports import items, job_shape, source_shape
from .table import table

SCOPE = "harvest"
ITEMS = 100
"""Records in one answer, unless `limit` says otherwise."""
ITEMS_LIMIT = 1_000
PREVIEWED = 20
"""Records that a dry run reads."""
BOUNDS = Bounds(a_check.LIMITS.seconds, a_check.LIMITS.bytes)
"""What a dry run may spend while its producer waits: as much as the check of a feed."""


def answer(shape: object, status: int = 200, **headers: str) -> Response:
    """A struct as the JSON of a producer's own, which no cache may keep."""
    response = Response(msgspec.json.encode(shape), status, headers, mimetype="application/json")
    response.cache_control.no_store = True
    return response


def list_backends() -> Response:
    """The kinds of source that are installed."""
    return answer([Backend(*described) for described in kinds()])


def kinds() -> Iterator[tuple[str, str, tuple[BackendOption, ...]]]:
    """Code, title and options of each kind."""
    for kind, harvester in sorted(catalogue().harvesters.items()):
        options = (BackendOption(one.name, one.type.__name__, one.default, one.help) for one in harvester.all_options)
        yield kind, harvester.title, tuple(options)


def list_sources() -> Response:
    """All sources, or those of one publisher."""
    reader = visitor()
    rows = catalogue().sources.all(request.args.get("publisher", ""))
    found = tuple(source_shape(row, reader) for row in rows)
    return answer(SourceList(len(found), found))


def create_source(token: TokenRow) -> Response:
    """Registers a source for the producer."""
    row = registered(token, read(NewSource))
    return answer(
        source_shape(row, token.publisher), 201, Location=f"{request.script_root}/api/1/harvest/source/{row.name}/"
    )


def registered(token: TokenRow, new: NewSource, name: str = "") -> SourceRow:
    """A source as it is registered for a producer; what its options read is tried first."""
    given: dict[str, Any] = {"config": new.config, "credentials": new.credentials}
    if new.config:
        with a_check.turn():
            check_options(settings(), catalogue().harvesters, new.kind, new.url, **given)
    return catalogue().sources.add(
        new.url,
        new.kind,
        name=name,
        title=new.title,
        publisher=token.publisher,
        schedule=new.schedule,
        config=new.config,
        credentials=new.credentials,
        by_producer=True,
    )


def show_source(source: str) -> Response:
    """One source with its last run; a key of its publisher shows its options too. The tag stands for what people
    decided of it: runs do not change it."""
    return told(any_source(source), visitor())


def change_source(token: TokenRow, source: str) -> Response:
    """Changes a source, its address included: all identities stay, and the next run compares with what is there."""
    row = changed(own_source(token, source), read(SourceChange), unless_changed)
    return told(row, token.publisher)


def told(row: SourceRow, publisher: str) -> Response:
    """A source as that publisher may see it, with the tag of its version."""
    response = answer(source_shape(row, publisher))
    response.set_etag(row.version)
    return response


def unless_changed(version: str) -> None:
    """Raises 412 when the source is not in the state that `If-Match` asks for."""
    if request.if_match and not request.if_match.contains(version):
        raise PreconditionFailed("The source has changed since you read it; read it again.")


def changed(row: SourceRow, wanted: SourceChange, condition: Condition = anyhow) -> SourceRow:
    """A source as its producer changes it; what its options read is tried first."""
    condition(row.version)
    change = Change(**{name: getattr(wanted, name) for name in wanted.__struct_fields__})
    if wanted.config:
        wants = options(row, change)
        with a_check.turn():
            check_options(settings(), catalogue().harvesters, row.kind, wanted.url or row.url, config=wants)
    return catalogue().sources.edit(row.name, change, by_producer=True, condition=condition)


def delete_source(token: TokenRow, source: str) -> Response:
    """Removes a source; its entries answer 410 from then on."""
    return answer(Removal(catalogue().sources.remove(own_source(token, source).name, condition=unless_changed)))


def pause_source(token: TokenRow, source: str) -> Response:
    """No run starts until it is resumed."""
    return answer(source_shape(catalogue().sources.pause(own_source(token, source).name), token.publisher))


def resume_source(token: TokenRow, source: str) -> Response:
    """Runs start again."""
    return answer(source_shape(catalogue().sources.resume(own_source(token, source).name), token.publisher))


def approve_source(_token: TokenRow, source: str) -> Response:
    """Lets a source run that a producer registered, or moved to another server."""
    return answer(source_shape(catalogue().sources.approve(any_source(source).name), ""))


def decline_source(_token: TokenRow, source: str) -> Response:
    """Says why a source that waits is not to be read; its publisher is told. Nothing of it is removed, and it waits
    again when it is changed. 409 for one that does not wait."""
    return answer(source_shape(catalogue().sources.decline(any_source(source).name, read(Declining).reason), ""))


def run_source(token: TokenRow, source: str) -> Response:
    """Queues a run; the one that waits already when there is one."""
    row = own_source(token, source)
    order = read(RunOrder) if request.content_length else RunOrder()
    run = catalogue().runs.request(row.name, full=order.job_type == "force_harvest")
    return answer(job_shape(run), 202, Location=f"{request.script_root}/api/1/harvest/job/{run.id}/")


def confirm_move(token: TokenRow, source: str) -> Response:
    """Confirms what a report proposes as `identifier-changed`: the entry `old` is removed, and its addresses lead to
    `new`."""
    row, move = own_source(token, source), read(MoveOrder)
    catalogue().runs.confirm_move(row.name, move.old, move.new)
    return answer(Moved(move.old, move.new))


def confirm_moves(token: TokenRow, source: str) -> Response:
    """Confirms everything that the last run proposes as `identifier-changed`: a portal has another host name."""
    return answer(moved(catalogue().runs.confirm_moves(own_source(token, source).name)))


def list_moves(source: str) -> Response:
    """What the last run proposes as `identifier-changed`, and nobody has confirmed yet."""
    return answer(moved(catalogue().runs.proposed_moves(any_source(source).name)))


def moved(moves: list[Move]) -> MoveList:
    """Moves as the API gives them."""
    return MoveList(len(moves), tuple(Moved(move.old, move.new) for move in moves))


def preview_source(token: TokenRow, source: str) -> Response:
    """Dry run of a registered source: its first records and every finding; writes nothing."""
    name = own_source(token, source).name
    with a_check.turn():
        return trial(*catalogue().runs.preview_of(name, PREVIEWED, BOUNDS))


def preview_new_source(_token: TokenRow) -> Response:
    """Dry run of a source that is not registered; writes nothing."""
    wanted, runs = read(Trial), catalogue().runs
    given = {"config": wanted.config, "credentials": wanted.credentials}
    with a_check.turn():
        return trial(*runs.preview(wanted.url, wanted.kind, **given, limit=PREVIEWED, bounds=BOUNDS))


def find_source(_token: TokenRow) -> Response:
    """Finds out which source an address belongs to: its kind, its own address, and the options for what a page shows.
    Registers nothing."""
    wanted = read(FindOrder)
    with a_check.turn():
        found = find_out(wanted.url, settings(), catalogue().harvesters, wanted.credentials)
    return answer(Found(found.kind, found.url, found.config, found.why))


def trial(run: RunRow, found: list[OutcomeRow]) -> Response:
    """What would be published."""
    return answer(TrialReport(job_shape(run), items(found)))


def list_jobs(source: str) -> Response:
    """The last runs of a source, newest first."""
    found = tuple(job_shape(row) for row in catalogue().runs.of_source(any_source(source).name))
    return answer(JobList(len(found), found))


def show_job(job: str) -> Response:
    """One run with its problems grouped by cause."""
    run = any_run(job)
    causes = tuple(
        Cause(rule=r, field=f, records=n, example=v) for r, f, n, v in catalogue().runs.finding_groups(run.id)
    )
    return answer(Report(job=job_shape(run), causes=causes))


def list_items(job: str) -> Response:
    """What became of each record, with every finding."""
    run = any_run(job)
    outcome = request.args.get("outcome", "")
    if outcome and outcome not in tuple(Outcome):
        raise BadQuery(
            "%(name)s must be one of %(known)s, not “%(value)s”.",
            "outcome",
            known=", ".join(Outcome),
            value=printable(outcome[:40]),
        )
    offset, limit = whole("offset", 0, 0, 10**9), whole("limit", ITEMS, 1, ITEMS_LIMIT)
    rule = request.args.get("rule", "")
    cause = Remarked(rule, request.args.get("field", "")) if rule else None
    found = catalogue().runs.outcomes(run.id, outcome=outcome, cause=cause, offset=offset, limit=limit)
    return answer(ItemList(offset, limit, items(found)))


def list_differences(job: str) -> Response:
    """What a run changed in the records that were published before: field, before and after."""
    run = any_run(job)
    offset, limit = whole("offset", 0, 0, 10**9), whole("limit", ITEMS, 1, ITEMS_LIMIT)
    total, found = catalogue().runs.differences(run.id, offset=offset, limit=limit)
    data = tuple(DifferenceShape(**msgspec.structs.asdict(one)) for one in found)
    return answer(DifferenceList(total, offset, limit, data))


def list_errors(job: str) -> Response:
    """What somebody must mend after a run as a table for a spreadsheet (semicolons, byte order mark), the worst first,
    in the language of `lang`; with `all=1` every finding, also those that need nobody."""
    run, lang, every = any_run(job), asked_language(), whole("all", 0, 0, 1)
    response = streamed(table(catalogue(), run.id, lang, whole=bool(every)), "text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="job-{run.id}.csv"'
    response.cache_control.no_store = True
    return response


SOURCE = path("source", "Name of the source, as `name` gives it.")
JOB = path("job", "Number of the job, as `id` gives it.")
OUTCOME = Parameter("outcome", "Only records with this outcome.", one_of(Outcome))
SLICE = (
    Parameter("offset", "How many to pass over.", whole_number(0, 10**9, 0)),
    Parameter("limit", "How many to give.", whole_number(1, ITEMS_LIMIT, ITEMS)),
)
CAUSE = (
    Parameter("rule", "Only records of which that was found, in `field`.", text()),
    Parameter("field", "Where it was found, without numbers: `dcat:distribution/dct:format`.", text()),
)
ALL = Parameter("all", "`1`: every finding, also what needs nobody.", whole_number(0, 1, 0))
LANG = Parameter("lang", "Language of the sentences.", one_of(OUR_LANGUAGES))

_SOURCE = "/api/1/harvest/source/{source}/"
_JOB = "/api/1/harvest/job/{job}/"

OPERATIONS = (
    Operation(
        "GET", "/api/1/harvest/backends/", list_backends, "Kinds of source and their options",
        answers={200: list[Backend]},
    ),
    Operation(
        "GET", "/api/1/harvest/sources/", list_sources, "All sources", "",
        (Parameter("publisher", "Only those of one publisher.", text()),), answers={200: SourceList},
    ),
    Operation(
        "POST", "/api/1/harvest/sources/", create_source, "Register a source", SCOPE,
        body=NewSource, answers={201: SourceShape},
    ),
    Operation(
        "POST", "/api/1/harvest/source/preview/", preview_new_source, "Try a source without registering it", SCOPE,
        body=Trial, answers={200: TrialReport}, is_limited=True,
    ),
    Operation(
        "POST", "/api/1/harvest/source/find/", find_source, "Find out which source an address belongs to", SCOPE,
        body=FindOrder, answers={200: Found}, is_limited=True,
    ),
    Operation("GET", _SOURCE, show_source, "One source", "", (SOURCE,), answers={200: SourceShape}),
    Operation(
        "PATCH", _SOURCE, change_source, "Change a source", SCOPE, (SOURCE, MATCH), body=SourceChange,
        answers={200: SourceShape},
    ),
    Operation(
        "DELETE", _SOURCE, delete_source, "Remove a source and its entries", SCOPE, (SOURCE, MATCH),
        answers={200: Removal},
    ),
    Operation(
        "POST", _SOURCE + "pause/", pause_source, "Start no more runs", SCOPE, (SOURCE,), answers={200: SourceShape}
    ),
    Operation(
        "POST", _SOURCE + "resume/", resume_source, "Start runs again", SCOPE, (SOURCE,), answers={200: SourceShape}
    ),
    Operation(
        "POST", _SOURCE + "approve/", approve_source, "Let a source run that a producer registered", "operator",
        (SOURCE,), answers={200: SourceShape},
    ),
    Operation(
        "POST", _SOURCE + "decline/", decline_source, "Say that a source that waits is not to be read", "operator",
        (SOURCE,), body=Declining, answers={200: SourceShape},
    ),
    Operation(
        "POST", _SOURCE + "run/", run_source, "Queue a run", SCOPE, (SOURCE,), body=RunOrder, answers={202: JobShape}
    ),
    Operation(
        "POST", _SOURCE + "moved/", confirm_move, "Confirm that an entry took another identifier", SCOPE, (SOURCE,),
        body=MoveOrder, answers={200: Moved},
    ),
    Operation(
        "POST", _SOURCE + "moved/all/", confirm_moves, "Confirm all of them", SCOPE, (SOURCE,),
        answers={200: MoveList},
    ),
    Operation(
        "GET", _SOURCE + "moved/", list_moves, "Entries that seem to have taken another identifier", "", (SOURCE,),
        answers={200: MoveList},
    ),
    Operation(
        "GET", _SOURCE + "preview/", preview_source, "What a run would publish", SCOPE, (SOURCE,),
        answers={200: TrialReport}, is_limited=True,
    ),
    Operation("GET", _SOURCE + "jobs/", list_jobs, "Runs of a source", "", (SOURCE,), answers={200: JobList}),
    Operation("GET", _JOB, show_job, "One run and its problems by cause", "", (JOB,), answers={200: Report}),
    Operation(
        "GET", _JOB + "items/", list_items, "What became of each record", "", (JOB, OUTCOME, *SLICE, *CAUSE),
        answers={200: ItemList},
    ),
    Operation(
        "GET", _JOB + "changes", list_differences, "What a run changed: field, before, after", "", (JOB, *SLICE),
        answers={200: DifferenceList},
    ),
    Operation(
        "GET", _JOB + "errors.csv", list_errors, "What must be mended, as a table", "", (JOB, LANG, ALL),
        answers={200: None}, produces="text/csv",
    ),
)  # fmt: skip
"""Operations of this file. The order decides nothing: `preview` is a fixed step and wins over a source's name."""
