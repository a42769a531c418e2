"""How answers are packed on their way out, and what is kept of them in memory: the one door to the libraries for it.

Levels are those that cost no more time of the processor than gzip does: docs/decisions/0006 has what was measured. None
of them needs more memory of a reader than browsers have for it (RFC 9659: 8 MB).
"""

import gzip
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


class Packer(NamedTuple):
    """What packs one answer, piece after piece."""

    compress: Callable[[bytes], bytes]
    flush: Callable[[], bytes]
    """The end, after which nothing more may come."""


class Coding(NamedTuple):
    """One way to pack."""

    name: str
    """As it is called in header fields (RFC 9110, section 8.4.1)."""
    packed: Callable[[bytes], bytes]
    """Packs what is there whole."""
    packer: Callable[[], Packer]
    """Packs what is sent while it is made, such as a feed."""

    def packing(self, body: Iterable[bytes]) -> Iterator[bytes]:
        """The body as one member: of several joined ones, many clients read only the first and say nothing."""
        packer = self.packer()
        for chunk in body:
            yield packer.compress(chunk)
        yield packer.flush()


def _zstd() -> Packer:
    packer = zstd.ZstdCompressor(level=3)
    return Packer(packer.compress, packer.flush)


def _brotli() -> Packer:
    packer = brotli.Compressor(quality=2)
    return Packer(packer.process, packer.finish)


def _gzip() -> Packer:
    packer = zlib.compressobj(level=3, wbits=31)
    return Packer(packer.compress, packer.flush)


GZIP = Coding("gzip", partial(gzip.compress, compresslevel=5, mtime=0), _gzip)
CODINGS = (
    Coding("zstd", partial(zstd.compress, level=6), _zstd),
    Coding("br", partial(brotli.compress, quality=4), _brotli),
    GZIP,
)
"""Those that we have, the one first that is taken when a client likes several alike."""


def squeezed(body: bytes) -> bytes:
    """What stays in memory: a fifth of its size, in a fraction of the time that it takes to make it."""
    return zstd.compress(body, level=1)


def restored(body: bytes) -> bytes:
    """What was squeezed."""
    return zstd.ZstdDecompressor().decompress(body)
