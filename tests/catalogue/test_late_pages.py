"""What a late page of a list reads of a database that may choose how."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from factory import filled_catalogue

from catalogue.service import Catalogue
from catalogue.store import headers, pieces
from catalogue.store.database import Transaction
from catalogue.store.headers import Range

pytestmark = pytest.mark.service("postgresql")

LIMIT = 3
LATE: dict[str, Callable[[Transaction, str], object]] = {
    "pieces": lambda tx, after: pieces.after(tx, after, LIMIT),
    "headers": lambda tx, after: headers.after(tx, after, LIMIT, Range()),
}


@pytest.fixture
def catalogue(tmp_path: Path, postgresql_url: str) -> Iterator[Catalogue]:
    catalogue = filled_catalogue(tmp_path, database_url=postgresql_url)
    yield catalogue
    catalogue.close()


@pytest.mark.parametrize("name", LATE)
def test_a_late_page_reads_no_contents_of_pages_before_it(catalogue: Catalogue, name: str) -> None:
    """Both tables in order of id, side by side, is how PostgreSQL reads a page of a large one."""
    asked: list[tuple[str, Any]] = []
    engine = catalogue._database._engine
    sa.event.listen(engine, "before_cursor_execute", lambda _c, _k, said, given, *_: asked.append((said, given)))
    ids = [piece.id for piece in catalogue.pieces.all()]
    with catalogue._database.read() as tx:
        asked.clear()
        LATE[name](tx, ids[-LIMIT - 1])
        said, given = asked[0]
        for other in ("nestloop", "hashjoin", "seqscan", "sort"):
            tx.exec_driver_sql(f"SET LOCAL enable_{other} = off")
        (plan,) = tx.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {said}", given).scalar_one()
    read = [node["Actual Rows"] for node in nodes(plan["Plan"]) if node.get("Relation Name") == "contents"]
    assert len(ids) > 3 * LIMIT
    assert [rows for rows in read if rows > LIMIT + 1] == []
    assert read


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A node of a plan and all below it."""
    yield plan
    for one in plan.get("Plans", ()):
        yield from nodes(one)
