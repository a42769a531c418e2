"""Large values are kept packed: in little room, readable for ever, and with a sentence where one is damaged."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from factory import filled_catalogue

from catalogue.errors import Unavailable
from catalogue.service import Catalogue
from catalogue.store import packing, schema
from catalogue.store.database import Database
from catalogue.store.packing import Damaged
from catalogue.store.tables import assessments, contents, records

LINES = b'<https://stad.example/id/1> <http://purl.org/dc/terms/title> "Bomen"@nl .\n'
PACKED_WITH_THE_FIRST = bytes.fromhex(
    "28b52ffd27ab814a4f94fd00003874616469642f3107fc6e46202164051f69ee019e9d2f9f20e939927d7d074094bf9e"
)
"""`LINES` twice, packed when the first dictionary was made."""


@pytest.mark.parametrize("data", [b"", b"\0", b"short", LINES, LINES * 100, bytes(range(256)) * 2, b"\0" * 5_000])
def test_what_is_packed_is_read_again(data: bytes) -> None:
    packed = packing.pack(data)
    assert packing.unpack(packed) == data
    assert len(packed) <= len(data) + 1


def test_a_description_takes_a_third_of_its_room_at_most() -> None:
    assert len(packing.pack(LINES * 2)) < len(LINES) * 2 / 3


def test_what_the_first_dictionary_packed_stays_readable() -> None:
    assert packing.unpack(PACKED_WITH_THE_FIRST) == LINES * 2


@pytest.mark.parametrize("place", ["first", "middle", "last", "half", "none"])
def test_what_is_damaged_is_never_taken_for_a_value(place: str) -> None:
    packed = packing.pack(LINES * 2)
    spoilt = {
        "first": bytes([packed[0] ^ 1]) + packed[1:],
        "middle": packed[:20] + bytes([packed[20] ^ 1]) + packed[21:],
        "last": packed[:-1] + bytes([packed[-1] ^ 1]),
        "half": packed[: len(packed) // 2],
        "none": b"",
    }
    with pytest.raises(Damaged):
        packing.unpack(spoilt[place])


@pytest.mark.parametrize(
    ("column", "place"), [(contents.c.said, "contents.said of entry_id"), (records.c.body, "records.body of source_id")]
)
def test_a_damaged_value_is_told_with_its_row(tmp_path: Path, column: sa.Column[bytes], place: str) -> None:
    catalogue = filled_catalogue(tmp_path)
    damage(catalogue, column)
    told = rf"{place} \w+.*datastore restore FILE"
    with pytest.raises(Unavailable, match=told), catalogue._database.read() as tx:
        tx.execute(sa.select(column)).all()
    catalogue.close()


def test_what_is_kept_goes_back_to_the_tables_of_before_and_forth_again(database_url: str, tmp_path: Path) -> None:
    catalogue = filled_catalogue(tmp_path, database_url=database_url)
    database = catalogue._database
    before = kept(database)
    migrate(database, "0023", command.downgrade)
    with database.read() as tx:
        own = tx.execute(sa.text("SELECT own FROM contents ORDER BY entry_id")).scalars().all()
        bodies = tx.execute(sa.text("SELECT body FROM records")).scalars().all()
    assert own == [said.own for _, _, said, _ in before["contents"]]
    assert all(bytes(body).startswith(b"x") for body in bodies)
    database.upgrade()
    assert kept(database) == before
    catalogue.close()


def test_a_record_that_cannot_be_packed_leaves_the_tables_as_they_were(tmp_path: Path) -> None:
    catalogue = filled_catalogue(tmp_path)
    database = catalogue._database
    migrate(database, "0023", command.downgrade)
    with database.write() as tx:
        spoil = "UPDATE records SET body = :body WHERE identifier = (SELECT min(identifier) FROM records)"
        tx.execute(sa.text(spoil), {"body": b"x"})
    with pytest.raises(Unavailable, match=r"records\.body of source_id \w+, identifier .+ stay as they were"):
        database.upgrade()
    with database.read() as tx:
        assert tx.execute(sa.text("SELECT count(own) FROM contents")).scalar_one() > 0
    assert database.schema()[0] == "0023"
    catalogue.close()


def kept(database: Database) -> dict[str, list[sa.Row[object]]]:
    """What is said, as it came and as it was judged."""
    with database.read() as tx:
        return {
            table.name: tx.execute(sa.select(table).order_by(*table.primary_key.columns)).all()
            for table in (contents, records, assessments)
        }


def migrate(database: Database, version: str, way: Callable[[object, str], None]) -> None:
    """Brings the tables to a version."""
    config = schema.alembic()
    with database._engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        way(config, version)


def damage(catalogue: Catalogue, column: sa.Column[bytes]) -> None:
    """Turns a bit of every value of a column."""
    raw = sa.type_coerce(column, sa.LargeBinary)
    with catalogue._database.write() as tx:
        for (value,) in tx.execute(sa.select(raw)).all():
            spoilt = value[:30] + bytes([value[30] ^ 1]) + value[31:]
            literal = sa.literal(spoilt, sa.LargeBinary)
            tx.execute(sa.update(column.table).where(raw == value).values({column.name: literal}))
