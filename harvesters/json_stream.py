"""A large document of JSON, read one item at a time: what is held of it is one item, not the tree of all.

What stands in the lists at its root is given item by item, whatever comes before or after; a root that is a list too.
"""

import codecs
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from dcat.findings import finding
from dcat.rdf import json_slips
from dcat.rdf.formats import to_utf8

from .base import Crawl, HarvestError
from .http import Response, not_what_was_asked
from .sniff import start_of

STEP = 1 << 20
"""Bytes that are looked at at once; more where one item is larger."""

LONGEST_ITEM = 32 * STEP
"""Characters of one item: it is held whole, at up to thirty bytes of memory each. No dataset has a tenth."""

_DECODER = json.JSONDecoder(strict=False)
_BLANK = " \t\r\n"
_ENDS = frozenset(f"{_BLANK},]}}:")


def items(response: Response, crawl: Crawl, names: set[str] | None = None) -> Iterator[tuple[str, Any]]:
    """Each item of each list at the root with the name of the list, and every other value with its own name.

    The items of a root that is a list have no name. `names` takes those of all members. Raises `HarvestError`
    `NOT_A_FEED` for what is no JSON, and `NOT_WELL_FORMED` with the line where it cannot be read on.
    """
    body, found = to_utf8(response.body, response.headers.get("Content-Type", ""))
    if not start_of(body).startswith((b"{", b"[")):
        raise not_what_was_asked(response, "a JSON object or list")
    crawl.findings += (msgspec.structs.replace(one, subject=response.url) for one in found)
    text = _Text(body, response.url, crawl)
    yield from (("", item) for item in text.list()) if text.peek() == "[" else text.members(names)
    if text.peek():
        raise text.broken("something stands after its end")


class _Text:
    """A document that is decoded and parsed as it is read."""

    def __init__(self, body: bytes, url: str, crawl: Crawl) -> None:
        self._body, self._url, self._crawl = body, url, crawl
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._read = 0
        """Bytes that were decoded."""
        self._text, self._at = "", 0
        """What is decoded and may still be parsed, and how far it was."""
        self._lines = 1

    def members(self, names: set[str] | None) -> Iterator[tuple[str, Any]]:
        """The members of the object that begins here."""
        for _ in self._parts("{", "}"):
            name = self.value()
            if names is not None:
                names.add(str(name))
            self._take(":")
            if self.peek() == "[":
                yield from ((str(name), item) for item in self.list())
            else:
                yield str(name), self.value()

    def list(self) -> Iterator[Any]:
        """The items of the list that begins here."""
        for _ in self._parts("[", "]"):
            yield self.value()

    def value(self) -> Any:
        """The value that begins here, whole."""
        self.peek()
        step = STEP
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if len(self._text) - self._at > LONGEST_ITEM:
                    raise self.too_long() from error
                if not self._more(step) and not self._mended():
                    self._at = error.pos
                    raise self.broken(error.msg) from error
            except RecursionError as error:
                raise self.broken("it is nested too deeply") from error
            except ValueError as error:  # a number with more digits than Python reads
                raise self.broken(str(error)) from error
            else:
                if self._text[end : end + 1] in _ENDS or not self._more(step):  # a number may go on
                    self._at = end
                    return value
            step *= 2

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(STEP):
                return ""

    def broken(self, why: str) -> HarvestError:
        """The error for what stands here."""
        before = self._text[: self._at]
        where = f"line {self._lines + before.count(chr(10))}, column {self._at - before.rfind(chr(10))}"
        cut = "" if self.peek() else " It was cut off"
        sentence = f"{self._url} is not JSON: {why} at {where}.{cut and f'{cut} there.'}"
        return HarvestError("NOT_WELL_FORMED", sentence, f"{self._url}, {where}")

    def too_long(self) -> HarvestError:
        """The error for an item that is larger than any that describes a dataset."""
        sentence = f"{self._url} has an item of more than {LONGEST_ITEM // STEP} MB, on line {self._lines}."
        return HarvestError("TOO_LARGE", sentence, self._url)

    def _parts(self, opening: str, closing: str) -> Iterator[None]:
        """Stands before each part in turn, of an object or a list."""
        self._take(opening)
        if self.peek() == closing:
            self._at += 1
            return
        while True:
            yield
            if self.peek() == closing:
                self._at += 1
                return
            self._take(",")
            if self.peek() == closing:
                self._crawl.findings.append(finding("syntax-mended", self._url, "JSON", f"{self._line}: ,"))
                self._at += 1
                return

    @property
    def _line(self) -> int:
        return self._lines + self._text.count("\n", 0, self._at)

    def _mended(self) -> bool:
        """Mends the slips in what is left of the document, all decoded, and tells them; False where there are none."""
        text, found = json_slips.mend(self._text[self._at :], self._line)
        if found:
            self._lines, self._text, self._at = self._line, text, 0
            self._crawl.findings += (msgspec.structs.replace(one, subject=self._url) for one in found)
        return bool(found)

    def _take(self, wanted: str) -> None:
        if self.peek() != wanted:
            raise self.broken(f"Expecting {wanted!r}")
        self._at += 1

    def _more(self, step: int) -> bool:
        """Decodes more, and forgets what was parsed; False at the end."""
        piece = self._body[self._read : self._read + step]
        if not piece:
            return False
        self._read += len(piece)
        self._lines += self._text.count("\n", 0, self._at)
        self._text = self._text[self._at :] + self._decode(piece, final=self._read >= len(self._body))
        self._at = 0
        return True
