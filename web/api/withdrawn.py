"""Records that were withdrawn: which there are, and putting them back."""

import msgspec
from flask import Response

from catalogue.store.rows import TokenRow

from ..current import catalogue
from ..http.params import whole
from ..json.harvest_shapes import PutBack, WithdrawnList, WithdrawnShape
from .auth import own_source
from .bodies import read
from .harvest import ITEMS, ITEMS_LIMIT, SLICE, SOURCE, answer
from .operations import Operation

SCOPE = "push"


def list_withdrawn(token: TokenRow, source: str) -> Response:
    """Records that no harvest publishes because they were withdrawn, the last one first."""
    name = own_source(token, source).name
    offset, limit = whole("offset", 0, 0, 10**9), whole("limit", ITEMS, 1, ITEMS_LIMIT)
    total, rows = catalogue().records.withdrawn(name, offset, limit)
    found = tuple(WithdrawnShape(**msgspec.structs.asdict(row)) for row in rows)
    return answer(WithdrawnList(total, offset, limit, found))


def put_back(token: TokenRow, source: str) -> Response:
    """Lets a record come back that was withdrawn: under its old address, with the next harvest that lists it. 404 for
    one that was not withdrawn."""
    name, wanted = own_source(token, source).name, read(PutBack)
    catalogue().records.put_back(name, wanted.identifier)
    return answer(PutBack(wanted.identifier))


_SOURCE = "/api/1/harvest/source/{source}/"

OPERATIONS = (
    Operation(
        "GET", _SOURCE + "withdrawn/", list_withdrawn, "Records that were withdrawn", SCOPE, (SOURCE, *SLICE),
        answers={200: WithdrawnList},
    ),
    Operation(
        "POST", _SOURCE + "put-back/", put_back, "Let a record come back that was withdrawn", SCOPE, (SOURCE,),
        body=PutBack, answers={200: PutBack},
    ),
)  # fmt: skip
"""Operations of this file."""
