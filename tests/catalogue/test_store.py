"""The store keeps what it is given, on both databases."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import autogenerate, command, migration
from click.testing import CliRunner
from factory import Feed, Memory, filled_catalogue, mobility, open_catalogue, record

from catalogue.cli import main
from catalogue.errors import SettingsError, Unavailable
from catalogue.links import gathering
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.stopping import Stop
from catalogue.store import addresses, bulk, codec, entries, nodes, records, revisions, schema, version
from catalogue.store.database import PAGE, Database, Rejected
from catalogue.store.entries import Order, Place, Within
from catalogue.store.outcome import Outcome
from catalogue.store.tables import address_uses, findings, keys, metadata, outcomes, versions
from catalogue.store.tables import addresses as addresses_table
from catalogue.store.tables import entries as entries_table
from catalogue.store.tables import records as records_table
from catalogue.store.types import storable
from catalogue.work.worker import Worker
from dcat.findings import Finding
from dcat.model import Dataset, Publication, Text

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.service("postgresql")))


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, of each kind in turn."""
    bare: str = request.getfixturevalue("bare_postgresql_url") if request.param == "postgresql" else ""
    return bare or f"sqlite:///{tmp_path / 'catalogue.sqlite'}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with its tables."""
    database = Database(database_url)
    database.upgrade()
    yield database
    database.close()


def test_migrations_make_what_the_tables_say(database: Database) -> None:
    with database.read() as tx:
        context = migration.MigrationContext.configure(tx, opts={"compare_type": True})
        assert autogenerate.compare_metadata(context, metadata) == []
    assert database.schema()[0] == database.schema()[1]


def test_a_number_is_read_though_the_connection_kept_for_it_broke(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    before = revisions.glance(database)
    for kept in filter(None, database._glances._free):
        kept.dbapi_connection.close()
    assert [revisions.glance(database) for _ in range(2)] == [before, before]
    with database.write() as tx:
        revisions.take(tx, 1)
    assert revisions.glance(database) == before + 1
    assert database._engine.pool.checkedout() == 0
    assert not caplog.records  # a server that was started anew is no news in every process


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    before = database.schema()
    database.upgrade()
    assert database.schema() == before


def test_tables_of_an_older_version_say_what_to_do_and_are_brought_up_to_date(
    database_url: str, tmp_path: Path
) -> None:
    older = Database(database_url)
    with older._engine.connect() as connection, connection.begin():
        config = schema.alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    older.close()
    catalogue = Catalogue(Settings(data_dir=tmp_path, database_url=database_url), harvesters={})
    with pytest.raises(SettingsError, match=r"older version.+datastore init"):
        catalogue.index.status()
    catalogue.init()
    assert catalogue.index.status()["refused"] == {}
    catalogue.close()


def test_the_version_of_the_tables_is_told_without_alembic(database: Database) -> None:
    with database.read() as tx:
        assert (version.found(tx), version.known()[-1]) == database.schema()


@pytest.mark.parametrize(("stamp", "said"), [("0023", "datastore init"), ("9999", "a newer one made them")])
def test_nobody_works_with_tables_of_another_version(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, stamp: str, said: str
) -> None:
    """What is packed otherwise would be taken for damage, and what is written be lost by the next upgrade."""
    name = catalogue.sources.add("https://a.example/", "memory", title="Agency").name
    run = catalogue.runs.request(name)
    with catalogue._database.write() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = :stamp"), {"stamp": stamp})
    with pytest.raises(SettingsError, match=rf"version {stamp}.+{said}"):
        Worker(catalogue).once()
    assert catalogue.runs.numbered(run.id).state == "queued"
    monkeypatch.setenv("DATASTORE_DATA_DIR", str(catalogue.settings.data_dir))
    monkeypatch.setenv("DATASTORE_DATABASE_URL", catalogue.settings.database)
    told = CliRunner().invoke(main, ["harvest", name])
    assert (told.exit_code, f"version {stamp}" in told.output, said in told.output) == (2, True, True)


def test_tables_of_a_newer_version_are_left_as_they_are(database: Database) -> None:
    with database.write() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="a newer one made them"):
        database.upgrade()


def test_an_older_database_takes_publications(database_url: str, tmp_path: Path) -> None:
    older = Database(database_url)
    with older._engine.connect() as connection, connection.begin():
        config = schema.alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, "0013")
    older.close()
    catalogue, memory = open_catalogue(tmp_path / "new", database_url=database_url)
    kinds = {"a": Dataset(title=(Text("Arbres", "fr"),)), "b": Publication(title=(Text("Rapport", "fr"),))}
    memory.feeds["https://a.example/feed"] = Feed([record(key, entry) for key, entry in kinds.items()])
    run = catalogue.runs.harvest(catalogue.sources.add("https://a.example/feed", "memory", title="A").name)
    assert run.new == 2
    assert sorted(row.kind for row in catalogue.entries.after("", 10)) == ["dataset", "publication"]
    if database_url.startswith("sqlite"):
        with catalogue._database.read() as tx:
            assert tx.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"
    catalogue.close()


@pytest.mark.parametrize("is_open", [False, True], ids=["alone", "while somebody has it open"])
def test_an_embedded_database_of_before_keeps_its_keys_once(tmp_path: Path, *, is_open: bool) -> None:
    catalogue = filled_catalogue(tmp_path)
    gathering.gather(catalogue._database, Stop())
    before, file = keys_of(catalogue._database), tmp_path / "catalogue.sqlite"
    assert all(before)
    with catalogue._database._engine.connect() as connection, connection.begin():
        config = schema.alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, "0024")
    catalogue.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as old:
        for step in ("PRAGMA journal_mode = DELETE", "PRAGMA page_size = 4096", "VACUUM", "PRAGMA journal_mode = WAL"):
            old.execute(step).close()
        assert "WITHOUT ROWID" not in definitions(old)
        if not is_open:
            old.close()
        database = Database(f"sqlite:///{file}")
        database.upgrade()
        assert keys_of(database) == before
        database.close()
    with closing(sqlite3.connect(file)) as now:
        assert definitions(now).count("WITHOUT ROWID") == 4
        told = [
            now.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_size", "journal_mode", "integrity_check")
        ]
    assert told == [4096 if is_open else PAGE, "wal", "ok"]


def test_a_remark_about_its_record_says_so_once_and_tables_of_before_are_brought_there(
    database_url: str, tmp_path: Path
) -> None:
    catalogue = filled_catalogue(tmp_path, database_url=database_url)
    database = catalogue._database
    subjects = sa.text("SELECT coalesce(subject, '-') FROM findings ORDER BY outcome_id, position")
    with database.write() as tx:
        assert tx.execute(versions.insert().from_select(["source_id", "identifier", "version"], _RECORDED)).rowcount
        first = sa.select(sa.func.min(findings.c.outcome_id)).scalar_subquery()
        tx.execute(sa.update(findings).where(findings.c.outcome_id == first).values(subject="https://a.example/who"))
    before, kept = remarks_of(database), read(database, subjects)
    assert set(kept) == {"-", "https://a.example/who"}
    with database._engine.connect() as connection, connection.begin():
        config = schema.alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, "0025")
    assert [one.subject for some in before[0].values() for one in some] == read(database, subjects)
    database.upgrade()
    assert (remarks_of(database), read(database, subjects)) == (before, kept)
    catalogue.close()


def test_broken_addresses_of_a_page_are_found_by_an_index_of_their_own(database_url: str, tmp_path: Path) -> None:
    catalogue = filled_catalogue(tmp_path, database_url=database_url)
    database = catalogue._database
    gathering.gather(database, Stop())
    leads = read(database, sa.select(address_uses.c.entry_id).order_by(address_uses.c.entry_id))
    one = sa.select(address_uses.c.key).where(address_uses.c.entry_id == leads[0]).limit(1).scalar_subquery()
    with database.write() as tx:
        tx.execute(sa.update(addresses_table).where(addresses_table.c.key == one).values(state="broken"))
    with database._engine.connect() as connection, connection.begin():
        config = schema.alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, "0026")
    broken = catalogue.links.broken_in(leads)
    assert leads[0] in broken
    database.upgrade()
    assert (catalogue.links.broken_in(leads), catalogue.links.broken_in([])) == (broken, set())
    assert catalogue.links.broken_in(sorted({*leads} - broken)) == set()
    if database.is_sqlite:
        with database.read() as tx:
            asked = addresses._BROKEN_IN.format("?")
            plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", (leads[0],)).all()
        assert "COVERING INDEX ix_addresses_broken" in str(plan)
    catalogue.close()


_RECORDED = sa.select(records_table.c.source_id, records_table.c.identifier, sa.literal("1"))


def remarks_of(database: Database) -> tuple[dict[int, tuple[Finding, ...]], list[sa.Row[object]]]:
    """What was remarked, by outcome, and by what sources told records."""
    with database.read() as tx:
        numbers = tx.execute(sa.select(outcomes.c.id).order_by(outcomes.c.id)).scalars().all()
        return records.findings_of(tx, numbers), list(tx.execute(sa.select(versions).order_by("identifier")).all())


def read(database: Database, query: sa.Executable) -> list[str]:
    """The one column that it asks for."""
    with database.read() as tx:
        return list(tx.execute(query).scalars())


def keys_of(database: Database) -> list[list[sa.Row[object]]]:
    """What the tables hold that are kept in the order of their keys."""
    tables = (keys, address_uses, entries_table)
    with database.read() as tx:
        return [list(tx.execute(sa.select(one).order_by(*one.primary_key.columns)).all()) for one in tables]


def definitions(connection: sqlite3.Connection) -> str:
    """How the tables were made."""
    return "\n".join(sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"))


def test_a_new_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    catalogue = Catalogue(Settings(data_dir=tmp_path), harvesters={})
    catalogue.init()
    made = list(tmp_path.glob("catalogue.sqlite*"))
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}
    catalogue.close()


def test_a_database_without_tables_says_what_to_do(database_url: str, tmp_path: Path) -> None:
    catalogue = Catalogue(Settings(data_dir=tmp_path, database_url=database_url), harvesters={})
    with pytest.raises(SettingsError, match="datastore init"):
        catalogue.entries.counts()
    catalogue.close()


@pytest.mark.against("F-35")
def test_a_database_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable), database.read():
        pass


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "oracle+cx://x", "sqlite:///:memory:"])
def test_an_unusable_database_url_is_a_settings_error(url: str) -> None:
    with pytest.raises(SettingsError, match="database_url"):
        Database(url)


def test_a_password_does_not_show_in_the_error() -> None:
    with pytest.raises(SettingsError) as error:
        Database("mysterious://me:s3cret@host/db")
    assert "s3cret" not in str(error.value)


def test_numbers_grow_and_are_given_once(database: Database) -> None:
    with database.write() as tx:
        revisions.lock(tx)
        assert revisions.take(tx, 3) == 1
        assert revisions.take(tx, 1) == 4
    with pytest.raises(ZeroDivisionError), database.write() as tx:
        revisions.take(tx, 1 // 0 if revisions.take(tx, 5) else 0)
    with database.write() as tx:
        assert revisions.take(tx, 1) == 5


def test_postgresql_is_asked_for_few_and_for_many_with_one_statement(database: Database) -> None:
    asked: list[str] = []
    sa.event.listen(database._engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with database.write() as tx:
        rows = [{"key": number, "lines": str(number)} for number in (-1, 2, 3)]
        tx.execute(metadata.tables["nodes"].insert(), rows)
        asked.clear()
        found = [dict(nodes.read(tx, keys)) for keys in ([3], [2, 5, -1])]
    assert found == [{3: "3"}, {-1: "-1", 2: "2"}]
    assert len(set(asked)) == (2 if database.is_sqlite else 1)


def test_a_text_that_is_too_long_for_its_column_is_not_in_it(database: Database) -> None:
    table, name = metadata.tables["publishers"], "x" * 128
    with database.write() as tx:
        tx.execute(table.insert().values(name=name, title=b"[]", created=datetime.now(UTC)))
        found = [
            tx.execute(sa.select(table.c.name).where(codec.among(tx, table.c.name, [one]))).scalars().all()
            for one in (name, f"{name}y")
        ]
    assert found == [[name], []]


def test_bytes_are_found_whatever_they_are(database: Database) -> None:
    table, values = metadata.tables["uses"], [bytes(range(16)), b"\xff" * 16, b"\\x00\\\\'\",{}NUL,\n."]
    with database.write() as tx:
        tx.execute(table.insert(), [{"what": "search", "who": who, "minute": 1, "times": 1} for who in values])
        found = tx.execute(sa.select(table.c.who).where(codec.among(tx, table.c.who, values[1:]))).scalars()
        assert {bytes(who) for who in found} == set(values[1:])


def test_moments_come_back_in_utc(database: Database) -> None:
    moment = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    with database.write() as tx:
        tx.execute(sa.text("DELETE FROM publishers"))
        tx.execute(metadata.tables["publishers"].insert().values(name="a", title=b"[]", created=moment))
        (row,) = tx.execute(sa.select(metadata.tables["publishers"])).all()
    assert row.created == moment
    assert row.created.tzinfo == UTC


@pytest.mark.parametrize("count", [3, bulk.MANY + 1])
def test_few_new_rows_and_many_are_kept_as_they_are(database: Database, count: int) -> None:
    texts = ("a\tb\nc", r"\N \. C:\new", "a\x00b\ud800", "", "é😀")
    moment = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    rows = [
        {
            "source_id": "s",
            "identifier": str(number),
            "media_type": "text/turtle",
            "address": texts[number % len(texts)],
            "body": texts[-1].encode() * number,
            "body_hash": bytes([0, number] * 8),
            "mapping": b"\\\n",
            "unread": b"{}",
            "received": moment,
            "part_of": "",
        }
        for number in range(count)
    ]
    told = [
        {
            "id": number,
            "source_id": "s",
            "identifier": str(number),
            "run_id": None,
            "outcome": Outcome.NEW,
            "reason": "",
        }
        for number in range(count)
    ]
    with database.write() as tx:
        _add_source(tx, "s")
        assert bulk.add(tx, outcomes, told) == count
        assert bulk.put(tx, records_table, [rows[0], *rows], "identifier", ()) == count + 1
        again = [row | {"media_type": "text/plain", "received": datetime.now(UTC)} for row in rows[:2]]
        assert bulk.put(tx, records_table, again, "identifier", {"0", "1"}, keep=("received",)) == 2
        kept = [dict(row._mapping) for row in tx.execute(sa.select(records_table)).all()]
        runs = tx.execute(sa.select(outcomes.c.run_id, outcomes.c.outcome)).all()
    wanted = [row | {"address": storable(texts[number % len(texts)])} for number, row in enumerate(rows)]
    wanted[:2] = [row | {"media_type": "text/plain"} for row in wanted[:2]]
    assert sorted(kept, key=lambda row: int(row["identifier"])) == wanted
    assert [tuple(row) for row in runs] == [(None, "NEW")] * count


def test_many_rows_of_which_one_is_there_are_rejected_and_undone(database: Database) -> None:
    rows = [{"key": number, "lines": ""} for number in (*range(bulk.MANY), 0)]
    with pytest.raises(Rejected, match=r"(?i)unique"), database.write() as tx:
        bulk.add(tx, metadata.tables["nodes"], rows)
    with database.read() as tx:
        assert not nodes.every(tx)


def _add_source(tx: sa.Connection, text: str) -> None:
    values = dict.fromkeys(("name", "title", "url", "url_key", "publisher", "schedule"), text)
    now = datetime.now(UTC)
    table = metadata.tables["sources"]
    tx.execute(table.insert().values(id="s", kind="k", config=b"{}", active=True, created=now, **values))


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_text_that_a_database_refuses_is_made_storable(database: Database, text: str) -> None:
    sources = metadata.tables["sources"]
    with database.write() as tx:
        _add_source(tx, text)
        assert tx.execute(sa.select(sources.c.title)).scalar_one() == "a\ufffdb"


def test_what_a_database_refuses_is_rejected_and_undone(database: Database) -> None:
    publishers = metadata.tables["publishers"]
    now = datetime.now(UTC)
    twice = [{"name": "x", "title": b"[]", "created": now}] * 2
    with pytest.raises(Rejected), database.write() as tx:
        tx.execute(publishers.insert(), twice)
    with database.read() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(publishers)).scalar_one() == 0


@pytest.mark.against("F-35")
def test_a_failure_that_passes_is_tried_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    tries = []

    def work(tx: object) -> str:
        tries.append(tx)
        if len(tries) < 3:
            raise Unavailable("deadlock")
        return "done"

    assert database.write_again(work) == "done"
    assert len(tries) == 3


def test_a_failure_that_stays_is_raised(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)

    def work(tx: object) -> None:
        raise Unavailable("gone")

    with pytest.raises(Unavailable):
        database.write_again(work)


@pytest.mark.against("F-34")
def test_a_full_disk_is_unavailable_and_nothing_is_kept(tmp_path: Path) -> None:
    catalogue = filled_catalogue(tmp_path / "var")
    before = catalogue.index.generation()
    with catalogue._database.write() as tx:
        pages = tx.execute(sa.text("PRAGMA page_count")).scalar_one()
    sa.event.listen(
        catalogue._database._engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {pages}")
    )
    catalogue._database.close()
    memory = catalogue.harvesters["memory"]
    assert isinstance(memory, Memory)
    big = mobility()[2][1]
    memory.feeds["https://big.example/"] = Feed([record(f"big-{n}", big) for n in range(80)])
    run = catalogue.runs.harvest(catalogue.sources.add("https://big.example/", "memory").name)
    assert (run.state, run.error_code, run.seen, run.new) == ("failed", "STORE_UNAVAILABLE", 0, 0)
    assert "no room is left on its disk" in run.error
    assert catalogue.index.generation() == before
    with catalogue._database.read() as tx:
        assert tx.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"
    catalogue.close()


def test_a_late_page_in_order_of_change_is_not_sorted(tmp_path: Path) -> None:
    """A harvest gives hundreds of entries one moment, so moments alone are no order."""
    catalogue = filled_catalogue(tmp_path)
    asked: list[str] = []
    sa.event.listen(catalogue._database._engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with catalogue._database.read() as tx:
        place = Place((datetime(2026, 1, 1, tzinfo=UTC), "m"))
        entries.listed(tx, Within(("dataset",)), Order("updated", is_falling=True), place, 20)
        statement = next(one for one in asked if "ORDER BY" in one)
        plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple("x" * statement.count("?"))).all()
    told = " ".join(str(row) for row in plan)
    assert "ix_entries_updated_id" in told
    assert "ORDER BY" not in told
    catalogue.close()
