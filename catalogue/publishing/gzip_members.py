"""One member of gzip (RFC 1952) joined of runs, each of which was compressed by itself.

Whoever reads it meets one stream. Of several members joined, many clients read the first and say nothing (curl 7.88).
"""

import struct
import zlib
from functools import cache

from .export import LEVEL

HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""Begins a member without name and time."""

_POLYNOMIAL = 0xEDB88320
"""Of CRC-32, the lowest power in the highest bit, as everything here."""
_ONE, _EIGHTH = 1 << 31, 1 << 23
"""x to the 0, and to the 8."""


def pack(data: bytes) -> bytes:
    """A run: compressed so that it can stand between others; nothing for nothing."""
    packer = zlib.compressobj(LEVEL, wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH) if data else b""


def unpack(run: bytes) -> bytes:
    """What a run was made of."""
    return zlib.decompressobj(wbits=-zlib.MAX_WBITS).decompress(run)


def end(sum: int, size: int) -> bytes:
    """Ends a member after its last run: the CRC-32 and the number of bytes of all that was compressed."""
    return _LAST + struct.pack("<II", sum, size & 0xFFFFFFFF)


_LAST = zlib.compress(b"", wbits=-zlib.MAX_WBITS)
"""An empty block, which says that no other comes."""


def joined_sum(first: int, second: int, length: int) -> int:
    """The CRC-32 of two texts, from that of each and the number of bytes of the second: nobody need have it.

    A byte more multiplies what stood before it by x to the eighth, modulo the polynomial; so many bytes do so by the
    powers of that which the bits of their number name (`crc32_combine` of zlib does the same).
    """
    for bit in range(length.bit_length()):
        if length >> bit & 1:
            first = _product(_power(bit), first)
    return first ^ second


@cache
def _power(bit: int) -> int:
    """What so many bytes multiply by as that bit stands for."""
    return _product(_power(bit - 1), _power(bit - 1)) if bit else _EIGHTH


def _product(left: int, right: int) -> int:
    """Of two polynomials with coefficients modulo 2, modulo the one of CRC-32."""
    found = 0
    while left:
        if left & _ONE:
            found ^= right
        left = left << 1 & 0xFFFFFFFF
        right = right >> 1 ^ (_POLYNOMIAL if right & 1 else 0)
    return found
