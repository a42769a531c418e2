"""Saving the catalogue into one file while it is served, and restoring it into an empty database of either kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from .. import audit, clock
from ..errors import Conflict, Invalid, SettingsError
from ..settings import Settings
from ..sources import tokens
from ..store import dump, outbox, schema
from ..store.database import Database, Rejected, Transaction
from ..whole_file import OWNER, appearing
from . import archive
from .archive import Manifest, Reader

ROWS, BYTES = 500, 4 << 20
"""Rows that are inserted together, at most so many bytes of them or one that is longer."""

_UNUSABLE = (Rejected, msgspec.DecodeError, ValueError, TypeError)
"""What rows raise that no backup of ours has."""


class Backups:
    """Saves and restores."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings

    def last(self) -> datetime | None:
        """When the last backup began that came to its end; None when there was none."""
        with self._database.read() as tx:
            seconds = outbox.noted(tx, outbox.SAVED)
        return datetime.fromtimestamp(seconds, UTC) if seconds else None

    def save(self, file: Path, *, with_key: bool = True) -> Manifest:
        """Writes everything that cannot be rebuilt, as it stands at one moment, whatever is written meanwhile.

        `with_key`: also the key of the data folder, without which every producer's key ends.
        """
        made = clock.now()
        with self._database.read() as tx, appearing(file, OWNER) as out, archive.begun(out) as writer:
            version = _version(tx)
            for name, columns in dump.columns().items():
                writer.add_table(name, columns, dump.rows(tx, name))
            if with_key and not self._settings.secret_key:
                writer.add_key(tokens.secret(self._settings))
            manifest = self._manifest(version, made, writer)
            writer.add_manifest(manifest)
        self._database.write_again(lambda tx: outbox.note(tx, outbox.SAVED, int(made.timestamp())))
        return manifest

    def check(self, file: Path) -> Manifest:
        """Reads a backup from begin to end. Raises `Invalid` when it cannot be restored."""
        with archive.opened(file) as reader:
            return _restorable(reader, file)

    def restore(self, file: Path, *, replace: bool = False) -> Manifest:
        """Puts a backup into the database, all of it or nothing; the index is to be built again.

        `replace`: in the place of whatever the database holds. Raises `Conflict` when it holds something and that was
        not said, or when the data folder has another key; `Invalid` for what is no backup that can be restored.
        """
        with archive.opened(file) as reader:
            manifest = _restorable(reader, file)
            try:
                with self._key_in_place(reader.key, replace=replace), self._database.write() as tx:
                    before = self._make_room(tx, manifest, replace=replace)
                    _load(tx, reader, file, before)
                    audit.record(tx, "catalogue.restore", file.name, after={"made": manifest.made.isoformat()})
            except _UNUSABLE as error:
                raise Invalid(f"{file} cannot be restored, and nothing of it was: {error}.", "file") from error
        return manifest

    def is_key_of(self, manifest: Manifest) -> bool:
        """True when the keys that the backup knows open this installation."""
        return manifest.secret == fingerprint(tokens.secret(self._settings))

    def _manifest(self, version: str, made: datetime, writer: archive.Writer) -> Manifest:
        return Manifest(
            format=archive.FORMAT,
            version=archive.VERSION,
            tables_version=version,
            made=made,
            site_url=self._settings.site_url,
            secret=fingerprint(tokens.secret(self._settings)),
            tables=writer.tables,
        )

    def _make_room(self, tx: Transaction, manifest: Manifest, *, replace: bool) -> int:
        """Leaves empty tables, and gives the number that the store had."""
        found, _ = schema.versions(tx)
        if found is not None and not schema.is_known(found):
            raise Conflict("The database belongs to a newer version of Datastore, or to another program.")
        if not replace and not dump.is_blank(tx):
            raise Conflict(
                "The database holds a catalogue already, and nothing was restored. Name an empty one in "
                "DATASTORE_DATABASE_URL, or say --replace to lose what it holds."
            )
        before = dump.number(tx)
        dump.clear(tx, manifest.tables_version)
        return before

    @contextmanager
    def _key_in_place(self, key: bytes | None, *, replace: bool) -> Iterator[None]:
        """Once the block ends well the key is that of the data folder: written before, so that nothing is in its way
        then."""
        if key is None or self._settings.secret_key:
            yield
            return
        file = tokens.secret_file(self._settings)
        if file.exists() and file.read_bytes() != key and not replace:
            raise Conflict(
                f"{file} is the key of another installation, and nothing was restored. Move it away, or say --replace."
            )
        file.parent.mkdir(parents=True, exist_ok=True)
        with appearing(file, OWNER) as out:
            out.write(key)
            yield


def fingerprint(secret: bytes) -> str:
    """Tells one key of an installation from another; a keyed hash, from which nobody finds the key."""
    return blake2b(b"fingerprint", key=secret[:64], digest_size=8).hexdigest()


def _version(tx: Transaction) -> str:
    found, needed = schema.versions(tx)
    if found is None or found != needed:
        raise SettingsError("The tables are not of this version. Bring them up to date with: datastore init")
    return found


def _restorable(reader: Reader, file: Path) -> Manifest:
    if not schema.is_known(reader.manifest.tables_version):
        raise Invalid(f"{file} was made by a newer version of Datastore: restore it with that one.", "file")
    reader.verify()
    if reader.key is not None and fingerprint(reader.key) != reader.manifest.secret:
        raise reader.damaged(archive.KEY)
    return reader.manifest


def _load(tx: Transaction, reader: Reader, file: Path, before: int) -> None:
    tables = reader.manifest.tables
    if unknown := dump.unknown(tx, {name: told.columns for name, told in tables.items()}):
        raise Invalid(f"{file} has what version {reader.manifest.tables_version} never had: {unknown[0]}.", "file")
    for name, told in tables.items():
        loader = dump.Loader(tx, name, told.columns)
        for some in _few(reader, name):
            loader.load(some)
    dump.finish(tx, before)


def _few(reader: Reader, name: str) -> Iterator[list[list[Any]]]:
    """The rows of a table in lists that are inserted together."""
    some: list[list[Any]] = []
    size = 0
    for row, length in reader.rows(name):
        some.append(row)
        size += length
        if len(some) >= ROWS or size >= BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some
