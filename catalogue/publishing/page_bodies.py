"""What a page of the feed says of its entries, as a file: packed, so that it is sent as it lies there.

A document is what stands before, made for each answer, and this. Both are compressed by themselves and sent as one
member of gzip, so nobody packs or unpacks a page for whom it was written before.
"""

import zlib
from pathlib import Path

import msgspec
import structlog

from . import gzip_members
from .parted_files import Damaged, sealed, unsealed

log = structlog.get_logger(__name__)


class Body(msgspec.Struct, frozen=True, array_like=True):
    """The end of a document."""

    sum: int
    """The CRC-32 of its bytes."""
    size: int
    """Their number."""
    packed: bytes
    """A run of a member of gzip (`gzip_members.pack`)."""

    @classmethod
    def of(cls, plain: bytes) -> "Body":
        """One that was made."""
        return cls(zlib.crc32(plain), len(plain), gzip_members.pack(plain))

    def plain(self) -> bytes:
        """Its bytes."""
        return gzip_members.unpack(self.packed)

    def behind(self, first: bytes) -> bytes:
        """A document in gzip: those bytes, and this."""
        sum = gzip_members.joined_sum(zlib.crc32(first), self.sum, self.size)
        end = gzip_members.end(sum, len(first) + self.size)
        return b"".join((gzip_members.HEADER, gzip_members.pack(first), self.packed, end))

    def write(self, path: Path) -> None:
        """Writes the file."""
        path.write_bytes(sealed(self))


def read(path: Path) -> Body | None:
    """What lies there; None where nothing does, and where it is not what was written: a disk may fail, a machine may
    have stopped before it was on it."""
    try:
        return unsealed(path.read_bytes(), Body)
    except FileNotFoundError:
        return None
    except (OSError, Damaged) as error:
        log.warning("feed_page.damaged", file=str(path), reason=repr(error))
        return None
