"""The body of an answer gathered, and gzip unpacked, without being blown up by it.

Until it has ended, a body lies in memory as far as it is short, and further on in a file: what never ends costs none.
"""

import errno
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator

from ..errors import HarvestError

GZIP = b"\x1f\x8b"
"""How a gzip stream begins."""

RATIO_LIMIT = 100
"""Times that content may be larger than its packed form, looked at from `RATIO_FROM` on."""

RATIO_FROM = 10_000_000
"""Bytes."""

IN_MEMORY = 16_000_000
"""Bytes of a body that has not ended."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.ENOENT})
"""What a file system refuses with, and no network."""

_STEP = 1 << 20


def gather(chunks: Iterable[bytes], max_bytes: int, where: str) -> bytes:
    """All chunks in one; raises `HarvestError` `TOO_LARGE` when they are more than `max_bytes`, `NO_ROOM` when there is
    none for them."""
    return _gathered(chunks, lambda size: size > max_bytes, max_bytes, where)


def _gathered(pieces: Iterable[bytes], is_too_large: Callable[[int], bool], max_bytes: int, where: str) -> bytes:
    size = 0
    try:
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            for piece in pieces:
                size += len(piece)
                if is_too_large(size):
                    raise _too_large(max_bytes, where)
                body.write(piece)
            body.seek(0)
            return body.read()
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise  # of the network
        raise _no_room(where, error) from error


def start(chunks: Iterable[bytes], size: int) -> bytes:
    """The first bytes; what follows is not asked for."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) >= size:
            break
    return bytes(body[:size])


def start_unpacked(chunks: Iterable[bytes], size: int, where: str) -> bytes:
    """The first bytes of the content of a gzip stream. Raises `HarvestError` `NOT_GZIP` when it is damaged there."""
    try:
        return start(_Stream(chunks).pieces(), size)
    except zlib.error as error:
        raise _not_gzip(where, error) from error


def gunzip(chunks: Iterable[bytes], max_bytes: int, where: str) -> bytes:
    """The content of a gzip stream of one or more members.

    Raises `HarvestError`: `TOO_LARGE` for more than `max_bytes` or a suspicious ratio, `NO_ROOM`, `BROKEN_OFF` when the
    end is missing, `NOT_GZIP` when it is damaged.
    """
    stream = _Stream(chunks)

    def is_too_large(size: int) -> bool:
        return size > max_bytes or (size > RATIO_FROM and size > RATIO_LIMIT * stream.packed)

    try:
        body = _gathered(stream.pieces(), is_too_large, max_bytes, where)
    except zlib.error as error:
        raise _not_gzip(where, error) from error
    if not stream.ended:
        raise HarvestError("BROKEN_OFF", f"{where} ended before its packed content was complete.", where)
    return body


class _Stream:
    """The members of a gzip stream, unpacked in pieces that fit in memory."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.packed = 0
        self._chunks = chunks
        self._member = zlib.decompressobj(wbits=31)

    @property
    def ended(self) -> bool:
        return self._member.eof or not self.packed

    def pieces(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.packed += len(chunk)
            data = chunk
            while data:
                if self._member.eof:
                    data = data.lstrip(b"\0")  # zeros may stand after a member
                    if not data:
                        break
                    self._member = zlib.decompressobj(wbits=31)
                yield self._member.decompress(data, _STEP)
                data = self._member.unused_data or self._member.unconsumed_tail
        while piece := self._member.decompress(b"", _STEP):
            yield piece


def _not_gzip(where: str, error: zlib.error) -> HarvestError:
    return HarvestError("NOT_GZIP", f"{where} says it is gzip, but cannot be unpacked ({error}).", where)


def _no_room(where: str, error: OSError) -> HarvestError:
    folder = tempfile.tempdir or "the folder for temporary files (TMPDIR)"
    said = f"{where} could not be kept while it was fetched, in {folder}: {error.strerror}. Make room there."
    return HarvestError("NO_ROOM", said, where)


def _too_large(max_bytes: int, where: str) -> HarvestError:
    return HarvestError(
        "TOO_LARGE",
        f"{where} is larger than {max_bytes / 1e6:.0f} MB, or unpacks to more than {RATIO_LIMIT} times its size. "
        "Split the catalogue into pages.",
        where,
    )
