"""Which of many names were met, in some nine bytes each: as texts in a set they take a hundred and fifty."""

import struct
from collections import defaultdict

FOLDERS = 4_096
"""Among so many the names are divided. What is looked through for one name are the few hundred bytes of a folder, or
some thousand in a catalogue of a million entries."""

_pack = struct.Struct("<q").pack


class NamesMet:
    """A set of names that forgets how they are written.

    It keeps the 64 bits by which Python tells texts apart (PEP 456, keyed anew in each process, so that nobody can make
    names that are taken for one): with ten million names, one chance in three hundred thousand that any two are.
    """

    def __init__(self) -> None:
        self._folders = defaultdict[int, bytearray](bytearray)

    def meet(self, name: str) -> bool:
        """True when it was met before; from now on it was."""
        number = hash(name)
        folder, packed = self._folders[number % FOLDERS], _pack(number)
        if _holds(folder, packed):
            return True
        folder += packed
        return False

    def __contains__(self, name: object) -> bool:
        number = hash(name)
        return _holds(self._folders.get(number % FOLDERS, _EMPTY), _pack(number))


_EMPTY = bytearray()


def _holds(folder: bytearray, packed: bytes) -> bool:
    at = folder.find(packed)
    while at % 8 and at > 0:  # it ends one and begins another
        at = folder.find(packed, at + 1)
    return at >= 0
