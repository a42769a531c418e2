"""A feed as a file in parts, plain and packed: what the one that was written before has too is copied from there.

    plain    head · part · part · … · foot
    packed   the same as one member of gzip (RFC 1952), in which each part is compressed by itself: what is copied is a
             run of whole bytes, and whoever reads it meets one stream (of members joined, curl hands on the first)
    parts    of what each part was made, its length and sum in both files

A part is made of its N-Triples alone (`rdf.Form`), so one that was made of the same ones is the same. What is copied
is summed up before: of a file that was damaged nothing is taken over.
"""

import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar

import msgspec

from dcat import rdf

from . import gzip_members
from .export import LEVEL
from .gzip_members import pack

T = TypeVar("T", bound=msgspec.Struct)

FORM = 2
"""Grows when the same catalogue is written otherwise than before."""
PACKED, PARTS = ".gz", ".parts"
"""What the names of the two other files end with."""

_DIGEST = 16
"""Bytes."""


class Source(NamedTuple):
    """The N-Triples of which a part is made."""

    digest: bytes
    text: Callable[[], str]
    """Reads them; raises `Damaged`."""

    @classmethod
    def of(cls, text: str) -> "Source":
        """N-Triples that are there."""
        return cls(digest(text.encode()), lambda: text)


class Damaged(Exception):
    """What lies there is not what was written."""


class Part(msgspec.Struct, frozen=True, array_like=True):
    """A part of a feed, with what stands before it (`rdf.Form.between`)."""

    digest: bytes
    """Of its N-Triples."""
    plain: tuple[int, int]
    """Its length in bytes, and its sum (CRC-32)."""
    packed: tuple[int, int]


class Contents(msgspec.Struct, frozen=True, array_like=True):
    """All parts of a file, in their order."""

    form: bytes
    """How it is written: a part of another form is none for this one."""
    parts: list[Part]


class Writing:
    """Both files of a feed while they are written."""

    def __init__(self, plain: BinaryIO, packed: BinaryIO, form: rdf.Form, lying: "Lying | None" = None) -> None:
        """`lying`: the file that was written before."""
        self._plain, self._packed, self._form, self._lying = plain, packed, form, lying
        self._sum = self._size = 0
        self._parts: list[Part] = []
        packed.write(gzip_members.HEADER)
        self._write(form.head, pack(form.head))

    def add(self, source: Source) -> None:
        """Writes the next part. The first one is always made: nothing stands before it, and it says when the catalogue
        last changed."""
        copied = self._lying.part(source.digest) if self._lying and self._parts else None
        plain, packed = copied or self._made(source)
        self._parts.append(Part(source.digest, _measured(plain), _measured(packed)))
        self._write(plain, packed)

    def end(self) -> bytes:
        """Writes what stands after the last part. Returns the contents, for the third file."""
        self._write(self._form.foot, pack(self._form.foot))
        self._packed.write(gzip_members.end(self._sum, self._size))
        return sealed(Contents(fingerprint(self._form), self._parts))

    def _made(self, source: Source) -> tuple[bytes, bytes]:
        plain = (self._form.between if self._parts else b"") + self._form.body(source.text())
        return plain, pack(plain)

    def _write(self, plain: bytes, packed: bytes) -> None:
        self._sum, self._size = zlib.crc32(plain, self._sum), self._size + len(plain)
        self._plain.write(plain)
        self._packed.write(packed)


class Lying:
    """A file that was written before."""

    def __init__(self, plain: BinaryIO, packed: BinaryIO, form: rdf.Form, parts: list[Part]) -> None:
        self._plain, self._packed = plain, packed
        self._places: list[_Place] = []
        at, packed_at = len(form.head), len(gzip_members.HEADER) + len(pack(form.head))
        for part in parts:
            self._places.append(_Place(part, at, packed_at))
            at, packed_at = at + part.plain[0], packed_at + part.packed[0]
        self._known = {place.part.digest: place for place in self._places[1:]}

    def part(self, digest: bytes) -> tuple[bytes, bytes] | None:
        """The part that was made of this, plain and packed; None where there is none, or it is damaged."""
        if not (place := self._known.get(digest)):
            return None
        plain = _read(self._plain, place.at, place.part.plain)
        packed = _read(self._packed, place.packed_at, place.part.packed)
        return None if plain is None or packed is None else (plain, packed)

    def sources(self) -> Iterator[Source]:
        """What other formats are made of; of a file of N-Triples."""
        return (Source(place.part.digest, partial(self._text, place)) for place in self._places)

    def _text(self, place: "_Place") -> str:
        found = _read(self._plain, place.at, place.part.plain)
        if found is None:
            raise Damaged
        return found.decode()


class _Place(NamedTuple):
    """Where a part stands in both files."""

    part: Part
    at: int
    packed_at: int


@contextmanager
def lying(path: Path, form: rdf.Form) -> Iterator[Lying | None]:
    """The file with that path, if it lies there whole and was written so."""
    with ExitStack() as opened:
        try:
            contents = unsealed(beside(path, PARTS).read_bytes(), Contents)
            plain = opened.enter_context(path.open("rb"))
            packed = opened.enter_context(beside(path, PACKED).open("rb"))
        except (OSError, Damaged):  # there is none, or it is going away
            yield None
            return
        yield Lying(plain, packed, form, contents.parts) if contents.form == fingerprint(form) else None


def beside(path: Path, ending: str) -> Path:
    """The packed file, or the one of the parts."""
    return path.with_name(path.name + ending)


def fingerprint(form: rdf.Form) -> bytes:
    """Differs where the same N-Triples would be written otherwise."""
    made_by = (FORM, rdf.WRITER, zlib.ZLIB_RUNTIME_VERSION, LEVEL)
    return digest(repr((form.head, form.between, form.foot, made_by)).encode())


def sealed(contents: msgspec.Struct) -> bytes:
    """As the bytes of a file of which it is seen whether they are the ones that were written."""
    data = msgspec.msgpack.encode(contents)
    return digest(data) + data


def unsealed(data: bytes, shape: type[T]) -> T:
    """What was sealed; raises `Damaged`."""
    seal, data = data[:_DIGEST], data[_DIGEST:]
    if seal != digest(data):
        raise Damaged
    return msgspec.msgpack.decode(data, type=shape)


def digest(data: bytes) -> bytes:
    """Stands for what it is made of."""
    return sha256(data).digest()[:_DIGEST]


def _measured(data: bytes) -> tuple[int, int]:
    return len(data), zlib.crc32(data)


def _read(file: BinaryIO, at: int, measured: tuple[int, int]) -> bytes | None:
    """What stands there; None when it is not what was measured."""
    try:
        file.seek(at)
        found = file.read(measured[0])
    except OSError:  # a disk that fails: the part is made anew
        return None
    return found if _measured(found) == measured else None
