"""The serialisations of RDF: their names, how one is recognised, and bytes made readable before a parser sees them."""

import codecs
import re
from enum import StrEnum

from ..findings import Finding, finding


class Format(StrEnum):
    """A serialisation, by its file ending."""

    TURTLE = "ttl"
    RDF_XML = "rdf"
    JSON_LD = "jsonld"
    N_TRIPLES = "nt"
    TRIG = "trig"
    N_QUADS = "nq"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _LABELS[self]


_LABELS = {
    Format.TURTLE: "Turtle",
    Format.RDF_XML: "RDF/XML",
    Format.JSON_LD: "JSON-LD",
    Format.N_TRIPLES: "N-Triples",
    Format.TRIG: "TriG",
    Format.N_QUADS: "N-Quads",
}

MEDIA_TYPES = {
    Format.TURTLE: "text/turtle",
    Format.RDF_XML: "application/rdf+xml",
    Format.JSON_LD: "application/ld+json",
    Format.N_TRIPLES: "application/n-triples",
    Format.TRIG: "application/trig",
    Format.N_QUADS: "application/n-quads",
}
"""The registered media type of each."""

_DECLARED = {media_type: format for format, media_type in MEDIA_TYPES.items()} | {
    "application/x-turtle": Format.TURTLE,
    "text/n3": Format.TURTLE,
    "application/xml": Format.RDF_XML,
    "text/xml": Format.RDF_XML,
    "xml": Format.RDF_XML,
    "application/json": Format.JSON_LD,
    "json": Format.JSON_LD,
    "text/x-nquads": Format.N_QUADS,
    **{str(format): format for format in Format},
}


class ParseError(ValueError):
    """A document is not what it should be. The text is a sentence; `line` and `column` count from 1, 0 is unknown.

    `record` is what the nearest record before that place is called, `excerpt` what stands there.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0, excerpt: str = "", record: str = "") -> None:
        where = f"Line {line}, column {column}: " if line and column else f"Line {line}: " if line else ""
        nearest = f" Nearest record: {record}." if record else ""
        super().__init__(f"{where}{message}{nearest}" + (f" Near: {excerpt}" if excerpt else ""))
        self.line = line
        self.column = column
        self.excerpt = excerpt
        self.record = record


_PIECE = 1 << 20
"""Bytes."""

_XML = re.compile(rb"<(\?xml|!doctype|!--|[a-z_][\w.-]*(:[a-z_][\w.-]*)?\s[^>]*xmlns|html)", re.IGNORECASE)
_JSON = re.compile(rb'\{\s*["}]|\[\s*(\{|\]\s*\Z)')
_TURTLE = re.compile(rb"@(prefix|base)\b|(prefix|base)\s[^<]*<", re.IGNORECASE)
_COMMENTS = re.compile(rb"(\s*#[^\n]*\n)*\s*")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_WITHOUT_MARK: dict[tuple[bool, ...], str] = {
    (True, True, True, False): "utf-32-be",
    (False, True, True, True): "utf-32-le",
    (True, False, True, False): "utf-16-be",
    (False, True, False, True): "utf-16-le",
}
"""Which of the first four bytes are zero in a text that begins with ASCII (https://www.rfc-editor.org/rfc/rfc4627#section-3)."""


def sniff(data: bytes, declared: str = "") -> Format:
    """The serialisation of a document, by its first bytes, else the declared media type or file ending, else Turtle.

    Feeds are declared wrongly more often than they begin wrongly.
    """
    start = data[:4096].removeprefix(codecs.BOM_UTF8)
    if encoding := _wide(start):
        start = start.decode(encoding, "ignore").encode()
    start = start[_end_of(_COMMENTS, start) :]
    named = _DECLARED.get(declared.partition(";")[0].strip().lower().removeprefix("."))
    if _XML.match(start):
        return Format.RDF_XML
    if _JSON.match(start):
        return Format.JSON_LD
    if _TURTLE.match(start):
        return Format.TRIG if named is Format.TRIG else Format.TURTLE
    return named or Format.TURTLE


def _end_of(pattern: re.Pattern[bytes], data: bytes) -> int:
    found = pattern.match(data)
    return found.end() if found else 0


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Reads the bytes that are not UTF-8 as Windows-1252, the usual culprit."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("dcat-windows-1252", _windows_1252)


def to_utf8(data: bytes, declared: str = "") -> tuple[bytes, list[Finding]]:
    """A document in UTF-8, with a finding when its bytes were not in the encoding they should be in."""
    data = data.removeprefix(codecs.BOM_UTF8)
    if encoding := _wide(data):
        return data.decode(encoding, "replace").encode(), []
    if (wrong := _not_utf8(data)) is None:
        return data, []
    if charset := _charset(declared):
        return data.decode(charset, "replace").encode(), []
    at = data[max(wrong - 20, 0) : wrong + 21].decode("utf-8", "replace")
    return data.decode("utf-8", "dcat-windows-1252").encode(), [finding("encoding-invalid", value=at)]


def _wide(data: bytes) -> str:
    """The encoding with two or four bytes a character that a text begins in; empty for any other."""
    marked = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), "")
    return marked or _WITHOUT_MARK.get(tuple(byte == 0 for byte in data[:4]), "")


def is_utf8(data: bytes) -> bool:
    """True when every byte is in its place in UTF-8."""
    return _not_utf8(data) is None


def _not_utf8(data: bytes) -> int | None:
    """Where the first byte stands that is not UTF-8; looked for piece by piece, since documents may be large."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _PIECE):
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + _PIECE], final=start + _PIECE >= len(data))
        except UnicodeDecodeError as error:
            return start - waiting + error.start
    return None


_SINGLE_BYTE = {"iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252", "iso-8859-15": "iso-8859-15"}


def _charset(declared: str) -> str:
    """The declared charset where it is one that feeds really come in; any other is not trusted."""
    found = re.search(r"charset=[\"']?([\w-]+)", declared, re.IGNORECASE)
    return _SINGLE_BYTE.get(found[1].lower(), "") if found else ""


_ESCAPE = re.compile(
    rb"\\(?:u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|u(d[89a-f][0-9a-f]{2})|.)", re.DOTALL | re.IGNORECASE
)
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def without_lone_surrogates(data: bytes) -> tuple[bytes, list[Finding]]:
    """Replaces escapes such as `\\ud800` that are half a character; they are no text in any encoding."""
    found: list[Finding] = []

    def mend(match: re.Match[bytes]) -> bytes:
        if not match[3]:
            return match[0]
        found.append(finding("text-invalid", value=match[0].decode()))
        return b"\\ufffd"

    return (_ESCAPE.sub(mend, data) if _HALF.search(data) else data), found


_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHORT = 1_000
"""Characters below which it is faster still to ask whether all can be printed, as in most texts."""
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))


def clean_text(text: str) -> str:
    """The text without characters that XML, PostgreSQL or UTF-8 cannot hold: C0 controls, NUL, lone surrogates."""
    return text if is_clean(text) else _FORBIDDEN.sub("", text)


def is_clean(text: str) -> bool:
    """True when `clean_text` has nothing to do; ten times faster than looking with a pattern."""
    if len(text) < _SHORT and text.isprintable():  # which none of the forbidden ones is
        return True
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return False
    return not _holds_forbidden(data)


def _holds_forbidden(data: bytes) -> bool:
    pieces = (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))  # a document may be large
    is_controlled = any(len(piece.translate(None, _CONTROLS)) != len(piece) for piece in pieces)
    # Their first byte is rare, and one byte is found thirty times as fast as several.
    return is_controlled or (b"\xef" in data and (b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data))


_FOUR = rb"(?:00[01]|[dD][89a-fA-F]|[fF]{3}[eEfF])"
_TELLING = re.compile(rb"\\(?:[bf]|u%b|U0000%b)" % (_FOUR, _FOUR))
_ESCAPED = re.compile(rb"\\(?:([bf]|u%b|U0000%b)|.)" % (_FOUR, _FOUR), re.DOTALL)


def may_hold_forbidden(data: bytes) -> bool:
    """True when a document may hold such characters, written out or as an escape; then each literal is looked at.

    The `\\f` of `C:\\\\files` is no escape, since the backslash before it stands for itself.
    """
    is_escaped = bool(_TELLING.search(data)) and any(found[1] for found in _ESCAPED.finditer(data))
    return is_escaped or _holds_forbidden(data)


_RECORD = re.compile(
    rb"""rdf:(?:about|ID)\s*=\s*["']([^"'<>]+)["']|"(?:@id|identifier)"\s*:\s*"([^"\\]+)"|(?:^|\n)(?:<([^<>\s]+)>|([\w-]*:[\w.-]+)\s+a)\s"""
)
"""Where a record begins in RDF/XML, JSON-LD and Turtle."""
_LOOKED_BACK = 200_000


def record_before(data: bytes, line: int, column: int) -> str:
    """What the last record before a place is called; empty when none is found near it."""
    at = 0
    for _ in range(line - 1):
        at = data.find(b"\n", at) + 1
    place = at + column
    names = [name for found in _RECORD.finditer(data[max(place - _LOOKED_BACK, 0) : place]) for name in found.groups()]
    last = next((name for name in reversed(names) if name), b"")
    return clean_text(last.decode("utf-8", "replace"))[:200]


def excerpt(data: bytes, line: int, column: int) -> str:
    """The part of a line around a column, for an error message."""
    lines = data.split(b"\n", line)
    if not 0 < line <= len(lines):
        return ""
    start = max(column - 41, 0)
    return clean_text(lines[line - 1].decode("utf-8", "replace")[start : start + 80]).strip()
