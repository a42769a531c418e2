"""In which encoding a text is: bytes seldom say, so what makes the most sense in our languages is taken."""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SINGLE = ("cp1252", "cp850", "mac_roman")
"""What people still save in, the likeliest first."""
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "cp1252": "Windows-1252",
    "cp850": "MS-DOS (850)",
    "mac_roman": "Mac OS Roman",
}
OURS = frozenset("éèàçêëïîôùûâäöüßÉÈÀÇœŒ°€’«»²³")
"""What high bytes mean in French, Dutch and German."""
_WRONG = re.compile("[\ud800-\udfff]+")
_LOW = bytes(range(128))
_STEP = 1 << 20
_ENOUGH = 1 << 18
"""High bytes that are looked at."""


class Encoding(NamedTuple):
    """How to read a text."""

    codec: str
    is_damaged: bool = False
    """True when some bytes mean nothing in it."""

    @property
    def name(self) -> str:
        """As people call it."""
        return NAMES[self.codec]


def encoding_of(file: Path) -> Encoding:
    """The encoding of a file of text."""
    with file.open("rb") as text:
        start = text.read(4096)
    for mark, codec in MARKS:
        if start.startswith(mark):
            return Encoding(codec)
    if start[1::2].count(0) > len(start) / 5:
        return Encoding("utf-16-le")
    good, bad, high = _as_utf8(file)
    if not bad:
        return Encoding("utf-8")
    if good > 4 * bad:
        return Encoding("utf-8", is_damaged=True)
    codec = max(SINGLE, key=lambda one: sum(letter in OURS for letter in high.decode(one, "replace")))
    return Encoding(codec, is_damaged="�" in high.decode(codec, "replace"))


def _as_utf8(file: Path) -> tuple[int, int, bytes]:
    """Characters of several bytes, bytes that are no UTF-8, and some of all high bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = 0
    high = bytearray()
    with file.open("rb") as text:
        while chunk := text.read(_STEP):
            decoded = decoder.decode(chunk)
            if not decoded.isascii():
                wrong = sum(map(len, _WRONG.findall(decoded)))
                bad += wrong
                good += len(decoded) - len(decoded.encode("ascii", "ignore")) - wrong
                if wrong and len(high) < _ENOUGH:
                    high += chunk.translate(None, _LOW)[:_ENOUGH]
    return good, bad, bytes(high)
