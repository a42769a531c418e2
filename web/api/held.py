"""Removals that a job holds: the source's publisher releases them, or keeps what they would remove."""

from flask import Response

from catalogue.store.rows import TokenRow

from ..current import catalogue
from ..json.harvest_shapes import Approved, Kept
from .auth import own_run
from .harvest import JOB, SCOPE, answer
from .operations import Operation


def approve_deletions(token: TokenRow, job: str) -> Response:
    """Removes exactly what that job saw missing. 409 when a later one looked, or what it saw has changed."""
    run = own_run(token, job)
    return answer(Approved(run.id, catalogue().runs.approve_removals(run.source, run.id)))


def keep_deletions(token: TokenRow, job: str) -> Response:
    """Keeps published exactly what that job saw missing; no later job misses it. 409 as for the other."""
    run = own_run(token, job)
    return answer(Kept(run.id, catalogue().runs.keep_removals(run.source, run.id)))


_JOB = "/api/1/harvest/job/{job}/"

OPERATIONS = (
    Operation(
        "POST", _JOB + "approve-deletions", approve_deletions, "Remove what a job holds", SCOPE, (JOB,),
        answers={200: Approved},
    ),
    Operation(
        "POST", _JOB + "keep-deletions", keep_deletions, "Keep what a job holds", SCOPE, (JOB,), answers={200: Kept}
    ),
)  # fmt: skip
"""Operations of this file."""
