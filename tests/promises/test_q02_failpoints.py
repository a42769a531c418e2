"""Each step that reaches outside the process fails once: statements, requests, writes to the index."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from kills import Feed, check_invariants, check_is_what_the_feed_says
from loopback import LOOPBACK, Answer, Request, running, site
from sampling import sampled, share
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from catalogue.errors import DatastoreError
from catalogue.search.base import SearchUnavailable
from catalogue.service import Catalogue
from catalogue.settings import Settings


class Failpoints:
    """Counts the steps of every kind and lets one of them fail."""

    def __init__(self, catalogue: Catalogue, feed: Feed) -> None:
        self.catalogue, self.feed = catalogue, feed
        self.count = 0
        self.at: int | None = None
        self.fired = ""

    def step(self, what: str) -> bool:
        """True when this step is to fail."""
        self.count += 1
        if self.count != self.at:
            return False
        self.fired = what
        return True

    def answer(self, request: Request) -> Answer:
        """The feed, or a server that has broken down."""
        return Answer(b"", status=500) if self.step("request") else self.feed.turtle(request)

    def statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Before a statement."""
        if self.step("statement"):
            raise OperationalError(statement, {}, sqlite3.OperationalError("disk I/O error"))

    def writing(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """A write to the index that may fail."""

        def write(*args: Any, **options: Any) -> Any:
            if self.step("index"):
                raise SearchUnavailable("The index does not answer.")
            return real(*args, **options)

        return write

    @contextmanager
    def armed(self, monkeypatch: pytest.MonkeyPatch, at: int | None) -> Iterator[None]:
        """Counts within, and fails at this step."""
        self.count, self.at, self.fired = 0, at, ""
        database, index = self.catalogue._database._engine, self.catalogue.index.engine
        event.listen(database, "before_cursor_execute", self.statement)
        try:
            with monkeypatch.context() as patch:
                for name in ("put", "remove"):
                    patch.setattr(index, name, self.writing(getattr(index, name)))
                yield
        finally:
            event.remove(database, "before_cursor_execute", self.statement)
            self.at = None


def test_every_step_fails_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: Callable[..., None]) -> None:
    feed = Feed()
    catalogue = Catalogue(Settings(data_dir=tmp_path / "var", fetch_allow=LOOPBACK))
    catalogue.init()
    points = Failpoints(catalogue, feed)
    monkeypatch.setattr("catalogue.harvesting.run.BATCH", 40)
    with running(site(points.answer)) as server:
        name = catalogue.sources.add(server.url("/feed.ttl"), "dcat", title="Agency").name
        catalogue.runs.harvest(name)
        feed.round += 1
        with points.armed(monkeypatch, None):
            catalogue.runs.harvest(name)
        steps, fired, unforeseen = points.count, [], []
        for at in sampled(range(1, steps + 1), share(12, steps)):
            feed.round += 1
            with points.armed(monkeypatch, at):
                try:
                    catalogue.runs.harvest(name)
                except DatastoreError:
                    pass
                except Exception as error:
                    unforeseen.append(f"step {at} ({points.fired}): {error!r}")
            fired.append(points.fired)
            last = catalogue.runs.of_source(name)[0]
            unforeseen += [f"step {at} ({points.fired}): {last.error}"] if last.error_code == "FAULT" else []
            check_invariants(catalogue)
        assert catalogue.runs.harvest(name).state == "done"
    check_invariants(catalogue)
    check_is_what_the_feed_says(catalogue, feed)
    catalogue.close()
    each = ", ".join(f"{what} {fired.count(what)}" for what in ("statement", "request", "index"))
    note(
        "Q2",
        f"{len(fired)} of {steps} steps of a harvest failed once ({each}): {len(unforeseen)} unforeseen exceptions, "
        "0 violations",
        holds=not unforeseen and fired.count("statement") >= 5,
        wrong=unforeseen[:5],
    )
