"""Large values of the store, packed with Zstandard and a dictionary of ours (`docs/decisions/0009-packed-contents.md`).

The first byte tells what follows it: zero the value as it is, else a frame of Zstandard (RFC 8878), which names the
dictionary that it was packed with and holds a checksum. So what an older version of the software packed stays readable.
"""

import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FILES = {1: "packing-1.zdict"}
"""Dictionaries by number. One that was ever used stays: rows and dumps are packed with it."""
NEWEST = max(FILES)
PLAIN = b"\0"
SHORT = 64
"""Bytes up to which packing does not pay."""
LEVEL = 6
"""Costs half a millisecond an entry, which what need not be written wins back; 9 would leave 3 percent less."""
_OPTIONS: dict[int, int] = {
    zstd.CompressionParameter.compression_level: LEVEL,
    zstd.CompressionParameter.checksum_flag: True,
}


class Damaged(Exception):
    """A value that nobody packed so, or that changed since."""

    def __init__(self, value: bytes) -> None:
        super().__init__("A packed value is damaged.")
        self.value = value


class Frame(bytes):
    """What was packed already, before anybody waited for it."""


def pack(data: bytes) -> bytes:
    """The data in as little room as pays; a frame as it is."""
    if isinstance(data, Frame):
        return bytes(data)
    if len(data) <= SHORT:
        return PLAIN + data
    packed = zstd.compress(data, options=_OPTIONS, zstd_dict=_dictionary(NEWEST).as_digested_dict)
    return packed if len(packed) <= len(data) else PLAIN + data


def unpack(value: bytes) -> bytes:
    """What `pack` was given. Raises `Damaged`."""
    if value.startswith(PLAIN):
        return value[1:]
    try:
        return zstd.decompress(value, _numbered()[zstd.get_frame_info(value).dictionary_id])
    except (zstd.ZstdError, KeyError, EOFError) as error:
        raise Damaged(value) from error


def trained(samples: Iterable[bytes], size: int) -> bytes:
    """A new dictionary of so many bytes."""
    return zstd.train_dict(samples, size).dict_content


@lru_cache
def _numbered() -> dict[int, zstd.ZstdDict]:
    """The dictionaries by the numbers that frames name."""
    return {one.dict_id: one for one in map(_dictionary, FILES)}


@lru_cache
def _dictionary(number: int) -> zstd.ZstdDict:
    return zstd.ZstdDict((Path(__file__).parent / FILES[number]).read_bytes())
