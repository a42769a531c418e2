"""Persons whose data were erased, as keyed hashes, and every place of the store where a person may be named.

`TEXTS` and `JSONS` are what is rewritten, `LEFT` is what is not, with the reason; together they are all texts and bytes
that the store has, and a test holds that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from sqlalchemy import Table, and_, delete, func, select, update

from .codec import insert
from .database import Transaction
from .tables import contents, entries, erasures, follows, metadata, questions, records, subscriptions, unanswered

TEXTS: Mapping[str, tuple[str, ...]] = {
    "sources": ("title", "declined"),
    "runs": ("error", "error_where"),
    "outcomes": ("reason",),
    "findings": ("subject", "value"),
    "differences": ("before", "after"),
    "history": ("before", "after"),
    "decisions": ("value",),
    "deliveries": ("answer",),
    "entries": ("refusal",),
    "questions": ("text", "wording", "answer"),
    "reuses": ("title",),
}
JSONS: Mapping[str, tuple[str, ...]] = {
    "runs": ("incomplete", "unread", "findings"),
    "entries": ("title", "publisher_title"),
    "publishers": ("title",),
    "agents": ("agent",),
    "rehearsals": ("change", "told"),
    "notices": ("facts",),
    "records": ("unread",),
}
LEFT: Mapping[str, tuple[str, ...]] = {
    # read again from the record without the person; swept when nothing names them any more
    "records": ("identifier", "media_type", "address", "body", "body_hash", "mapping", "part_of"),
    "contents": ("pending", "said", "shared"),
    "nodes": ("lines",),
    "assessments": ("hash", "measures"),
    # written anew, line by line, in its chain; deleted
    "audit": ("who", "subject", "before", "after", "chain"),
    "subscriptions": ("publisher", "address", "nonce"),
    "follows": ("address", "nonce", "query", "known"),
    "questions": ("address", "form", "nonce"),
    "unanswered": ("key", "words"),
    # names and addresses for life, by which entries are known: they are told (`named_for_life`)
    "entries": ("identifier", "iri", "publisher", "hash", "reason"),
    "keys": ("key",),
    "links": ("subject", "target"),
    "agents": ("iri",),
    "addresses": ("key", "url", "host", "media_type", "etag", "changes"),
    "address_uses": ("key",),
    "redirects": ("old", "new"),
    "reuses": ("url", "publisher"),
    "sites": ("url",),
    "outcomes": ("identifier",),
    "versions": ("identifier", "version"),
    "decisions": ("identifier", "field"),
    # what publishers' files hold is theirs to change
    "previews": ("address", "found", "tag", "modified"),
    # settings, keys and codes
    "sources": ("name", "url", "url_key", "publisher", "schedule", "config", "validators", "moved_to"),
    "credentials": ("shown", "sealed"),
    "tokens": ("hash", "publisher", "scopes", "publishers"),
    "sessions": ("hash",),
    "leases": ("worker",),
    "uses": ("who",),
    "erasures": ("hash",),
    "runs": ("worker", "error_code"),
    "notices": ("key",),
    "findings": ("rule", "field"),
    "differences": ("field",),
    "history": ("field",),
}
"""Columns that are not rewritten, and why."""

READ = 200
"""Rows that are fetched together."""

OfText = Callable[[str], str]
"""A text without the persons that it names."""


class Mark(NamedTuple):
    """What is remembered of a name or a mailbox."""

    kind: str
    """`name` or `mail`."""
    words: int
    """Of a name; 0 of a mailbox."""
    hash: bytes


class Passage(NamedTuple):
    """A row in which a person is named, and what is to stand in it."""

    table: str
    key: dict[str, Any]
    before: dict[str, Any]
    values: Mapping[str, Any]


class Held(NamedTuple):
    """A record in which a person is named."""

    source_id: str
    identifier: str
    entry_id: str
    """Empty when nothing was ever published of it."""
    is_removed: bool


def every(tx: Transaction) -> tuple[Mark, ...]:
    """All that is remembered."""
    rows = tx.execute(select(erasures.c.kind, erasures.c.words, erasures.c.hash).order_by(erasures.c.id))
    return tuple(Mark(kind, words, bytes(hash)) for kind, words, hash in rows)


def newest(tx: Transaction) -> int:
    """The number of the last one; 0 when there is none."""
    last: int = tx.execute(select(func.coalesce(func.max(erasures.c.id), 0))).scalar_one()
    return last


def add(tx: Transaction, marks: Iterable[Mark], at: datetime) -> None:
    """Remembers persons; those that are remembered already stay."""
    if rows := [{**mark._asdict(), "at": at} for mark in marks]:
        tx.execute(insert(tx, erasures).on_conflict_do_nothing(index_elements=["hash"]), rows)


def passages(tx: Transaction, of_text: OfText) -> Iterator[Passage]:
    """Every row that is rewritten."""
    for name in dict.fromkeys((*TEXTS, *JSONS)):
        table = metadata.tables[name]
        texts, jsons = TEXTS.get(name, ()), JSONS.get(name, ())
        for row in _rows(tx, table, (*texts, *jsons)):
            fresh: dict[str, Any] = {one: of_text(row[one]) for one in texts if row[one]}
            fresh |= {one: of_text(row[one].decode()).encode() for one in jsons if row[one]}
            if changed := {one: value for one, value in fresh.items() if value != row[one]}:
                yield Passage(name, _key(table, row), {one: row[one] for one in changed}, changed)


def rewrite(tx: Transaction, passage: Passage) -> None:
    """Puts into a row what is to stand in it, unless somebody wrote another thing there meanwhile."""
    table = metadata.tables[passage.table]
    ours = and_(*(table.c[name] == value for name, value in (passage.key | passage.before).items()))
    tx.execute(update(table).where(ours).values(**passage.values))


def held(tx: Transaction, of_text: OfText, of_bytes: Callable[[bytes], bytes]) -> list[Held]:
    """Every record whose body, or what is published of it, names a person."""
    found: dict[tuple[str, str], None] = {}
    for row in _rows(tx, records, ("body", "part_of")):
        if of_bytes(row["body"]) != row["body"]:
            found[row["source_id"], row["identifier"]] = None
    said = select(entries.c.source_id, entries.c.identifier, contents.c.said).join(contents)
    for source_id, identifier, published in tx.execute(said.execution_options(stream_results=True, yield_per=READ)):
        if of_text(text := published.entry.decode()) != text:
            found[source_id, identifier] = None
    return [_held(tx, *key) for key in found]


def _held(tx: Transaction, source_id: str, identifier: str) -> Held:
    query = select(entries.c.id, entries.c.removed)
    row = tx.execute(query.where(entries.c.source_id == source_id, entries.c.identifier == identifier)).first()
    return Held(source_id, identifier, row.id if row else "", bool(row and row.removed))


def rewrite_body(tx: Transaction, one: Held, of_bytes: Callable[[bytes], bytes]) -> None:
    """Takes the persons out of a record as it came, of which nothing was read again."""
    ours = and_(records.c.source_id == one.source_id, records.c.identifier == one.identifier)
    body = tx.execute(select(records.c.body).where(ours)).scalar_one_or_none()
    if body is not None and (after := of_bytes(body)) != body:
        tx.execute(update(records).where(ours).values(body=after, mapping=b""))


def named_for_life(tx: Transaction, of_text: OfText) -> list[str]:
    """Names and addresses of entries and publishers that hold a person's name, which they keep for life."""
    said = [row.name for row in tx.execute(select(entries.c.name, entries.c.iri)) if _is_in(of_text, *row)]
    slugs = tx.execute(select(metadata.tables["publishers"].c.name)).scalars()
    return [*said, *(slug for slug in slugs if _is_in(of_text, slug))]


def _is_in(of_text: OfText, *texts: str) -> bool:
    return any(of_text(spaced := text.replace("-", " ").replace("/", " ")) != spaced for text in texts)


def readers(tx: Transaction, is_theirs: Callable[[str], bool]) -> dict[str, list[int]]:
    """Who is written to at one of their mailboxes: subscriptions, follows, and questions that wait for an answer."""
    return {
        str(table.name): [id for id, address in tx.execute(select(table.c.id, table.c.address)) if is_theirs(address)]
        for table in (subscriptions, follows, questions)
    }


def searches(tx: Transaction, of_text: OfText) -> dict[str, list[Any]]:
    """Searches that name them: the keys of those that found nothing, and the numbers of those that somebody follows."""
    rows = tx.execute(select(unanswered.c.key, unanswered.c.words))
    followed = tx.execute(select(follows.c.id, follows.c.query).where(follows.c.query != ""))
    return {
        "unanswered": [key for key, words in rows if of_text(words) != words],
        "follows": [id for id, query in followed if of_text(words := unquote_plus(query)) != words],
    }


def drop(tx: Transaction, table: str, column: str, values: Iterable[Any]) -> None:
    """Deletes rows of a table."""
    there = metadata.tables[table]
    tx.execute(delete(there).where(there.c[column].in_(list(values))))


def _rows(tx: Transaction, table: Table, columns: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    wanted = [*table.primary_key.columns, *(table.c[name] for name in columns if not table.c[name].primary_key)]
    with tx.execute(select(*wanted).execution_options(stream_results=True, yield_per=READ)) as found:
        for row in found.mappings():
            yield {str(name): value for name, value in row.items()}


def _key(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {column.name: row[column.name] for column in table.primary_key.columns}
