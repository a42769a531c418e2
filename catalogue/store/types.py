"""Column types that keep out what a database would lose or refuse, and that pack what is large."""

import re
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import DateTime, LargeBinary, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from . import packing

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with NUL and lone surrogates shown as U+FFFD: PostgreSQL refuses the first, SQLite the second."""
    try:
        text.encode()  # looks for surrogates a hundred times faster than the pattern
    except UnicodeEncodeError:
        return _UNSTORABLE.sub("\ufffd", text)
    return text.replace("\x00", "\ufffd")


class SafeText(TypeDecorator[str]):
    """Text of any length, made storable on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Text for the database."""
        return None if value is None else storable(value)


class JsonTexts(TypeDecorator[list[str]]):
    """Texts as one JSON array, which is written in a fourth of the time that an array of PostgreSQL's takes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """JSON for the database."""
        return None if value is None else msgspec.json.encode([storable(one) for one in value]).decode()


class JsonBytes(TypeDecorator[list[bytes]]):
    """Short bytes as one JSON array of their hexadecimal digits, for the same reason."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[bytes] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """JSON for the database."""
        return None if value is None else msgspec.json.encode([one.hex() for one in value]).decode()


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; what comes out is aware on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """A moment for the database."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """A moment from the database; SQLite forgets the zone."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Packed(TypeDecorator[bytes]):
    """Bytes that are kept packed; whoever reads or writes them sees them as they are. Raises `packing.Damaged`."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Bytes for the database."""
        return None if value is None else packing.pack(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Bytes from the database."""
        return None if value is None else packing.unpack(bytes(value))


class Said(NamedTuple):
    """What an entry says, for pages and for feeds (`dcat.write.Parts`). Both say nearly the same, so they are packed
    together."""

    entry: bytes
    """JSON of the struct."""
    own: str
    """N-Triples about its own nodes."""
    named: tuple[str, ...]
    """IRIs of nodes in `own` that another entry may describe as well."""

    def packed(self) -> packing.Frame:
        """As it is kept."""
        return packing.Frame(packing.pack(msgspec.msgpack.encode(self)))

    @classmethod
    def read(cls, frame: bytes) -> "Said":
        """What was packed. Raises `packing.Damaged`."""
        return msgspec.msgpack.decode(packing.unpack(frame), type=cls)


class PackedSaid(TypeDecorator[Said]):
    """What is said of an entry, packed."""

    impl = Packed
    cache_ok = True

    def process_bind_param(self, value: Said | packing.Frame | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Bytes for `Packed`."""
        return value if value is None or isinstance(value, packing.Frame) else msgspec.msgpack.encode(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Said | None:  # noqa: ARG002
        """What `Packed` gives, read."""
        return None if value is None else msgspec.msgpack.decode(value, type=Said)


PACKED = (Packed, PackedSaid)
"""Types of columns whose values are kept packed."""
