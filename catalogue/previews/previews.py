"""What is seen of the files of datasets: looked at by a worker, read by pages and programs.

datasets that changed, or were not looked at for a week ──fetch──▶ look, in a process of its own ──▶ kept
"""

import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec
import structlog

from dcat.model import Dataset
from harvesters.errors import Stopped

from .. import clock
from ..errors import NotFound, Unavailable
from ..settings import Settings
from ..stopping import Stop
from ..store import entries, kept_rows, outbox
from ..store import previews as stored
from ..store.database import Database, Hold
from ..store.kept_rows import Question
from ..store.previews import PreviewRow
from ..store.rows import EntryRow
from . import bounded
from .files import Lookable, lookable
from .meanings import described
from .preview import Preview, Unseen, Value
from .typed import typed

if TYPE_CHECKING:
    from .fetching import WayOut

AGAIN, SOON, LATER = timedelta(days=7), timedelta(days=1), timedelta(days=30)
"""After which time a dataset is looked at again: usually, when a server did not answer, when nothing can be seen."""
TOGETHER, NOTED_TOGETHER = 50, 500
"""Datasets that are taken from the store at a time, and entries of which it is noted that they changed."""
UNUSED_SECONDS = 3600
"""After which what nobody refers to is deleted."""
FOR_NOW = frozenset({"unreachable", "refused", "gone"})
"""Reasons that may pass."""

log = structlog.get_logger(__name__)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was seen."""

    entry_id: str
    file: str
    address: str
    at: datetime
    code: str
    preview: Preview | None
    size: int
    rows: str

    @property
    def has_rows(self) -> bool:
        """True when the rows of its table can be asked."""
        return bool(self.rows) and self.preview is not None and bool(self.preview.columns)


class Previews:
    """What is in the files of datasets."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings
        self.folder = settings.data_dir / "previews"

    # --- for people and programs --------------------------------------------------------------------------------------

    def of_entry(self, id: str) -> dict[str, Seen]:
        """What was seen of the files of a dataset (id), by their keys."""
        with self._database.read() as tx:
            return {key: _seen(row) for key, row in stored.of_entry(tx, id).items()}

    def of_file(self, id: str) -> Seen:
        """What was seen of a file, by its id in the whole catalogue. Raises `NotFound`."""
        entry_id, _, key = id.rpartition("-")
        with self._database.read() as tx:
            row = stored.one(tx, entry_id, key)
        if row is None:
            raise NotFound(f"There is no file with the id {id!r} that was looked into.")
        return _seen(row)

    def rows(self, seen: Seen, question: Question) -> tuple[int, list[tuple[Value, ...]]]:
        """How many rows of a table are like that, and those that are wanted. Raises `NotFound` for a file without
        table, `TooSlow`, `Unavailable`."""
        if seen.preview is None or not seen.has_rows:
            raise NotFound("This file has no table whose rows can be asked.")
        count, found = kept_rows.ask(self.folder / seen.rows, question)
        types = [seen.preview.columns[place].type for place in question.places]
        return count, [tuple(map(typed, row, types)) for row in found]

    # --- for the worker -----------------------------------------------------------------------------------------------

    @property
    def is_wanted(self) -> bool:
        """False when the settings say that no file is looked into."""
        return self._settings.preview_mb > 0

    def due(self, moment: datetime, most: int | None = None) -> tuple[int, datetime] | None:
        """How many datasets are to be looked at, counted to `most`, and since when; None when there are none."""
        with self._database.read() as tx:
            count, since = stored.due(tx, moment, most)
        return (count, min(since or moment, moment)) if count else None

    def look(self, hold: Hold, stop: Stop) -> int:
        """Looks at what is due, until it is stopped. Returns into how many files."""
        database, files = self._database.fenced(hold), 0
        while not stop.asked and (some := self._batch(database, stop)):
            for row, revision in some:
                files += self._look_at(database, row, revision, stop)
        if files:
            self._sweep(database)
        return files

    def look_again(self, id: str) -> None:
        """A dataset (id) is looked at as soon as a worker can."""
        self._database.write_again(lambda tx: stored.look_again(tx, id, clock.now()))

    def _note_changed(self, database: Database, stop: Stop) -> None:
        """Whatever changed is due."""
        is_behind = True
        while is_behind and not stop.asked:
            with database.write() as tx:
                is_behind = stored.note_changed(tx, NOTED_TOGETHER) > 0

    def _batch(self, database: Database, stop: Stop) -> list[tuple[EntryRow, int]]:
        """Datasets with files that can be looked into; those without are noted at once."""
        self._note_changed(database, stop)
        left: list[tuple[EntryRow, int]] = []
        while not left and not stop.asked:
            now = clock.now()
            with database.read() as tx:
                due = dict(stored.batch(tx, now, TOGETHER))
                rows = {row.id: row for row in entries.by_ids(tx, due)}
            if not due:
                break
            idle = [id for id in due if id not in rows or not lookable(cast("Dataset", rows[id].entry))]
            self._pass_over(database, {id: (due[id], now + LATER) for id in idle})
            left = [(rows[id], due[id]) for id in due if id not in idle]
        return left

    def _pass_over(self, database: Database, idle: Mapping[str, tuple[int, datetime]]) -> None:
        """Notes datasets in which nothing can be looked into."""
        if not idle:
            return
        with database.write() as tx:
            for id in idle:
                stored.drop(tx, id, ())
            stored.note(tx, idle)

    def _look_at(self, database: Database, row: EntryRow, revision: int, stop: Stop) -> int:
        """Looks into the files of one dataset, and keeps what was seen of each."""
        with database.read() as tx:
            known = stored.of_entry(tx, row.id)
        files, codes, is_news = lookable(cast("Dataset", row.entry)), set[str](), False
        try:
            for file in files:
                if stop.asked:
                    raise Stopped
                after = self._one(row.id, file, known.get(file.key), stop)
                codes.add(after.code)
                is_news |= self._keep(database, known.get(file.key), after)
        except Stopped:
            return 0
        again = SOON if codes & FOR_NOW else AGAIN
        with database.write() as tx:
            is_news |= stored.drop(tx, row.id, [file.key for file in files]) > 0
            stored.note(tx, {row.id: (revision, clock.now() + again)})
            if is_news and stored.is_live(tx, row.id):
                outbox.forget(tx, [row.id])  # search knows columns, and pages are made anew
        return len(files)

    def _one(self, entry_id: str, file: Lookable, known: PreviewRow | None, stop: Stop) -> PreviewRow:
        """What is seen of one file now: what was seen before stays when its server does not give it now."""
        from .fetching import going_out  # noqa: PLC0415 (the way out is loaded by whoever goes out)

        before = known if known is not None and known.address == file.address else None
        blank = PreviewRow(entry_id, file.key, file.address, clock.now())
        most = self._settings.preview_mb * 1_000_000
        try:
            if file.size > most:
                raise Unseen("too-large")
            with going_out(self._settings, file.address, stop) as way:
                return self._fetched(way, file, before, blank, stop)
        except Unseen as error:
            if before is not None and before.found is not None and error.code in FOR_NOW:
                return before._replace(code=error.code)
            return blank._replace(code=error.code)

    def _fetched(
        self, way: "WayOut", file: Lookable, before: PreviewRow | None, blank: PreviewRow, stop: Stop
    ) -> PreviewRow:
        from .fetching import fetch  # noqa: PLC0415 (as above)

        got = fetch(way, file.address, before, self._settings.preview_mb * 1_000_000)
        if got.body is None and before is not None:
            return before._replace(code="", at=blank.at)
        body = got.body or b""
        row = blank._replace(size=len(body), tag=got.tag, modified=got.modified)
        try:
            with self._workplace() as folder:
                preview = self._look_into(body, folder, stop, is_said=file.is_table)
                name = self._kept(folder / "rows", row) if preview.columns else ""
            preview = self._told(way, preview, file, got.described_by)
        except Unseen as error:
            return row._replace(code=error.code)
        return row._replace(found=msgspec.json.encode(preview), rows=name)

    def _told(self, way: "WayOut", preview: Preview, file: Lookable, linked: str) -> Preview:
        """The preview with what the publisher says that its columns mean: in what the file's server names, in what the
        dataset names (a data dictionary too), or beside a CSV (CSVW, 5.3)."""
        from .fetching import description  # noqa: PLC0415 (as above)

        beside = f"{file.address}-metadata.json" if preview.format in {"CSV", "TSV"} else ""
        for address in filter(None, (linked, *file.documents, beside) if preview.columns else ()):
            if (body := description(way, address)) and (told := self._described(preview, body, address)).described_by:
                return told
        return preview

    def _described(self, preview: Preview, body: bytes, address: str) -> Preview:
        """The same, from one description. It is read in this process: one that we fail at is passed over, logged, and
        holds up no other file."""
        try:
            return described(preview, body)
        except Exception:
            log.exception("description.failed", address=address)
            return preview

    def _look_into(self, body: bytes, folder: Path, stop: Stop, *, is_said: bool) -> Preview:
        (folder / "file").write_bytes(body)
        kept = self._settings
        limits = bounded.Limits(kept.preview_mb * 1_000_000, kept.preview_memory_mb * 1_000_000, kept.preview_seconds)
        return bounded.look(folder / "file", folder, limits, stop, is_said=is_said)

    @contextmanager
    def _workplace(self) -> Iterator[Path]:
        """A folder that is gone afterwards, on the disk where rows are kept. Raises `Unavailable`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=".look-") as folder:
                yield Path(folder)
        except OSError as error:
            said = error.strerror or error
            raise Unavailable(f"What is in files cannot be written to {self.folder}: {said}.") from error

    def _kept(self, rows: Path, row: PreviewRow) -> str:
        """Puts the rows where they are asked; under a new name, so that nobody's answer changes while it is given."""
        name = f"{row.entry_id[:32]}-{row.file}-{secrets.token_hex(4)}"
        rows.chmod(0o644)
        rows.rename(self.folder / name)
        return name

    def _keep(self, database: Database, before: PreviewRow | None, after: PreviewRow) -> bool:
        """True when readers see something else now."""
        with database.write() as tx:
            if stored.is_live(tx, after.entry_id):
                stored.keep(tx, after)
        shown = ("code", "found", "rows", "address")
        return before is None or any(getattr(before, name) != getattr(after, name) for name in shown)

    def _sweep(self, database: Database) -> None:
        """Deletes what nobody refers to: rows of former versions, what a killed worker left."""
        with database.write() as tx:
            stored.drop_removed(tx)
            used = stored.kept_rows(tx)
        old = time.time() - UNUSED_SECONDS
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if path.name not in used and path.stat().st_mtime < old:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _seen(row: PreviewRow) -> Seen:
    preview = msgspec.json.decode(row.found, type=Preview) if row.found else None
    return Seen(
        entry_id=row.entry_id,
        file=row.file,
        address=row.address,
        at=row.at,
        code=row.code,
        preview=preview,
        size=row.size,
        rows=row.rows,
    )
