"""Unpacking gzip without being blown up by it."""

import zlib
from collections.abc import Iterable, Iterator

from ..errors import HarvestError

GZIP = b"\x1f\x8b"
"""How a gzip stream begins."""

RATIO_LIMIT = 100
"""Times that content may be larger than its packed form, looked at from `RATIO_FROM` on."""

RATIO_FROM = 10_000_000
"""Bytes."""

_STEP = 1 << 20


def gather(chunks: Iterable[bytes], max_bytes: int, where: str) -> bytes:
    """All chunks in one; raises `HarvestError` `TOO_LARGE` when they are more than `max_bytes`."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise _too_large(max_bytes, where)
    return bytes(body)


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

    Raises `HarvestError`: `TOO_LARGE` for more than `max_bytes` or a suspicious ratio, `BROKEN_OFF` when the end is
    missing, `NOT_GZIP` when it is damaged.
    """
    body = bytearray()
    stream = _Stream(chunks)
    try:
        for piece in stream.pieces():
            body += piece
            if len(body) > max_bytes or (len(body) > RATIO_FROM and len(body) > RATIO_LIMIT * stream.packed):
                raise _too_large(max_bytes, where)
    except zlib.error as error:
        raise _not_gzip(where, error) from error
    if not stream.ended:
        raise HarvestError("BROKEN_OFF", f"{where} ended before its packed content was complete.", where)
    return bytes(body)


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


def _too_large(max_bytes: int, where: str) -> HarvestError:
    return HarvestError(
        "TOO_LARGE",
        f"{where} is larger than {max_bytes / 1e6:.0f} MB, or unpacks to more than {RATIO_LIMIT} times its size. "
        "Split the catalogue into pages.",
        where,
    )
