"""What a source's publisher decides on its jobs: removals that one holds are released or kept, one is cancelled."""

from flask import Response

from catalogue.errors import Conflict
from catalogue.store.rows import RunRow, TokenRow

from ..current import catalogue
from ..json.harvest_shapes import Approved, JobShape, Kept
from .auth import own_run
from .harvest import JOB, SCOPE, answer
from .operations import Operation
from .reports import job_shape


def approve_deletions(token: TokenRow, job: str) -> Response:
    """Removes exactly what that job saw missing. 409 when a later one looked, or what it saw has changed."""
    run = own_run(token, job)
    return answer(Approved(run.id, catalogue().runs.approve_removals(run.source, run.id)))


def keep_deletions(token: TokenRow, job: str) -> Response:
    """Keeps published exactly what that job saw missing; no later job misses it. 409 as for the other."""
    run = own_run(token, job)
    return answer(Kept(run.id, catalogue().runs.keep_removals(run.source, run.id)))


def cancel_job(token: TokenRow, job: str) -> Response:
    """Ends a job that waits or goes on; what it had saved stays. 409 when it has ended."""
    return answer(job_shape(cancelled(own_run(token, job))))


def cancelled(run: RunRow) -> RunRow:
    """The run when it has ended because somebody wants so; raises `Conflict` when it had ended before."""
    if run.ended is not None or run.id not in catalogue().runs.cancel(run.source):
        raise Conflict(f"Job {run.id} has ended already: it is {run.state}.")
    return catalogue().runs.numbered(run.id)


_JOB = "/api/1/harvest/job/{job}/"

OPERATIONS = (
    Operation(
        "POST", _JOB + "cancel", cancel_job, "End a job that waits or goes on", SCOPE, (JOB,), answers={200: JobShape}
    ),
    Operation(
        "POST", _JOB + "approve-deletions", approve_deletions, "Remove what a job holds", SCOPE, (JOB,),
        answers={200: Approved},
    ),
    Operation(
        "POST", _JOB + "keep-deletions", keep_deletions, "Keep what a job holds", SCOPE, (JOB,), answers={200: Kept}
    ),
)  # fmt: skip
"""Operations of this file."""
