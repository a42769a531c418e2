"""Dry runs of whole sources: asked for here, made by a worker, looked at here."""

import msgspec
from flask import Response, request

from catalogue.errors import found
from catalogue.sources.editing import Change
from catalogue.store.rows import RehearsalRow, TokenRow

from ..current import catalogue
from ..json.harvest_shapes import DifferenceShape, RehearsalOrder, RehearsalShape
from .auth import own_source
from .bodies import read
from .harvest import SCOPE, SOURCE, answer
from .operations import Operation
from .reports import items, job_shape


def rehearse_source(token: TokenRow, source: str) -> Response:
    """Asks for a dry run of all records, of the source as it is or with another `url` and `config`; a worker makes it.
    Writes nothing of what it reads. 409 while another one goes on."""
    name = own_source(token, source).name
    order = read(RehearsalOrder) if request.content_length else RehearsalOrder()
    asked = catalogue().rehearsals.request(name, Change(url=order.url, config=order.config))
    return answer(rehearsal_shape(name, asked), 202, Location=request.script_root + request.path)


def show_rehearsal(token: TokenRow, source: str) -> Response:
    """The last dry run of all records that was asked for: how far it is, and what it came to."""
    name = own_source(token, source).name
    return answer(rehearsal_shape(name, found(catalogue().rehearsals.last(name), f"dry run of {name!r}")))


def rehearsal_shape(source: str, row: RehearsalRow) -> RehearsalShape:
    """A dry run as the API gives it."""
    told = row.told
    return RehearsalShape(
        source=source,
        state=row.state,
        asked=row.asked,
        started=row.started,
        ended=row.ended,
        change=row.change,
        job=job_shape(told.run) if told else None,
        refused=items(told.refused) if told else (),
        changes=tuple(DifferenceShape(**msgspec.structs.asdict(one)) for one in told.differences) if told else (),
        going=items(told.going) if told else (),
    )


_REHEARSAL = "/api/1/harvest/source/{source}/rehearsal/"

OPERATIONS = (
    Operation(
        "POST", _REHEARSAL, rehearse_source, "Try all of a source", SCOPE, (SOURCE,), body=RehearsalOrder,
        answers={202: RehearsalShape},
    ),
    Operation(
        "GET", _REHEARSAL, show_rehearsal, "What the whole of a source would bring", SCOPE, (SOURCE,),
        answers={200: RehearsalShape},
    ),
)  # fmt: skip
"""Operations of this file."""
