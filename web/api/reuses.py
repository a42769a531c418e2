"""What was made with data: read by everybody, named by producers, let through by operators."""

from typing import Annotated

import msgspec
from flask import Response, request

from catalogue.errors import NotFound
from catalogue.publishing.reuses import LONGEST, NewReuse
from catalogue.store.reuses import KINDS, ReuseRow
from catalogue.store.rows import EntryRow, TokenRow
from dcat.our_languages import OUR_LANGUAGES

from ..current import absolute, catalogue
from ..feeds.entry_documents import json_document
from ..http.caching import cached
from ..http.params import whole
from .bodies import read
from .harvest import ITEMS, ITEMS_LIMIT, SLICE, answer
from .operations import Operation, Parameter, path, text

SCOPE = "harvest"
OPERATOR = "operator"


class ReuseShape(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was made with data."""

    id: int
    dataset: str
    """Slug of the entry."""
    page: str
    """Page of that entry."""
    kind: str
    title: str
    language: str
    url: str
    state: str
    """`waiting` for an operator, or `shown`."""
    named: str


class ReuseList(msgspec.Struct, frozen=True):
    """What was made with data, the newest first."""

    total: int
    offset: int
    limit: int
    data: tuple[ReuseShape, ...]


class WrittenReuse(msgspec.Struct, forbid_unknown_fields=True):
    """What was made, and where it is."""

    dataset: str
    """Slug or id of the entry."""
    kind: Annotated[str, msgspec.Meta(extra_json_schema={"enum": list(KINDS)})]
    title: Annotated[str, msgspec.Meta(max_length=LONGEST)]
    url: Annotated[str, msgspec.Meta(extra_json_schema={"pattern": "^https?://"})]
    language: Annotated[str, msgspec.Meta(extra_json_schema={"enum": list(OUR_LANGUAGES)})] = "fr"


@cached()
def list_reuses() -> Response:
    """What was made with data, as far as it is shown."""
    offset, limit = whole("offset", 0, 0, 10**9), whole("limit", ITEMS, 1, ITEMS_LIMIT)
    entry = live(request.args["dataset"]).id if request.args.get("dataset") else ""
    total, rows = catalogue().reuses.listed(entry_id=entry, offset=offset, limit=limit)
    return json_document(ReuseList(total, offset, limit, tuple(map(shape, rows))))


def add_reuse(token: TokenRow) -> Response:
    """Names something that was made with your data; an operator looks at it before everybody sees it."""
    new = read(WrittenReuse)
    publisher = "" if OPERATOR in token.scopes else token.publisher
    row = catalogue().reuses.add(live(new.dataset), NewReuse(new.kind, new.title, new.url, new.language), publisher)
    return answer(shape(row), 201)


def approve_reuse(token: TokenRow, reuse: str) -> Response:
    """Lets everybody see it."""
    return answer(shape(catalogue().reuses.approve(own_reuse(token, reuse).id)))


def remove_reuse(token: TokenRow, reuse: str) -> Response:
    """Takes it away."""
    return answer(shape(catalogue().reuses.remove(own_reuse(token, reuse).id)))


def own_reuse(token: TokenRow, number: str) -> ReuseRow:
    """The one with that number, when this key may change it; raises `NotFound` in the same words else."""
    absent = NotFound(f"You have named nothing with the number {number[:20]!r}.")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise absent
    try:
        row = catalogue().reuses.one(int(number))
    except NotFound as error:
        raise absent from error
    if OPERATOR not in token.scopes and (not token.publisher or row.publisher != token.publisher):
        raise absent
    return row


def live(name: str) -> EntryRow:
    """The entry with that slug or id; raises `NotFound`."""
    found = catalogue().entries.find(name[:200])
    if not isinstance(found, EntryRow):
        raise NotFound(f"{name[:100]!r} was removed.")
    return found


def shape(row: ReuseRow) -> ReuseShape:
    """One as JSON."""
    return ReuseShape(
        id=row.id,
        dataset=row.name,
        page=absolute(f"/{row.language}/{row.entry_kind}/{row.name}"),
        kind=row.kind,
        title=row.title,
        language=row.language,
        url=row.url,
        state=row.state,
        named=row.at.isoformat(),
    )


_REUSE = "/api/1/reuses/{reuse}/"
REUSE = path("reuse", "Its number, as `id` gives it.")

OPERATIONS = (
    Operation(
        "GET", "/api/1/reuses/", list_reuses, "What was made with data", "",
        (Parameter("dataset", "Slug or id of an entry.", text()), *SLICE),
        answers={200: ReuseList},
    ),
    Operation(
        "POST", "/api/1/reuses/", add_reuse, "Name something that was made with your data", SCOPE, body=WrittenReuse,
        answers={201: ReuseShape},
    ),
    Operation(
        "POST", _REUSE + "approve/", approve_reuse, "Let everybody see it", OPERATOR, (REUSE,),
        answers={200: ReuseShape},
    ),
    Operation("DELETE", _REUSE, remove_reuse, "Take it away", SCOPE, (REUSE,), answers={200: ReuseShape}),
)  # fmt: skip
"""Operations of this file."""
