"""What a document is, told from its first bytes: the content type that comes with it may lie."""

import re

_HTML = re.compile(
    rb"(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body|script)[\s>]", re.DOTALL | re.IGNORECASE
)
_TRIPLE = re.compile(rb"(?:#[^\n]*\n\s*)*(?:<[a-z]+://[^<>\s]*>|_:\S+)\s+<[^<>\s]+>\s+[\"<_]")


ZIP = b"PK\x03\x04"
_SLIPS = 100
"""Bytes of a text of which one may be zero."""
_SEPARATORS = (b";", b",", b"\t", b"|")


def start_of(body: bytes) -> bytes:
    """The first 4 kB without byte-order mark and leading blanks."""
    return body[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()


def is_empty(body: bytes) -> bool:
    """True for an answer without a word. Stripped, a long one would stand in memory twice."""
    return not body or body.isspace()


def is_html(body: bytes) -> bool:
    """True for a page for people: what firewalls, login pages and error pages answer with status 200."""
    return bool(_HTML.match(start_of(body)))


def is_binary(body: bytes) -> bool:
    """True for what is no text in UTF-8, UTF-16 or a single-byte encoding: an archive, a PDF, an image.

    A lone zero byte is a slip in one text, which costs that sign and not the document.
    """
    start = body[:1024]
    return start.count(0) * _SLIPS > len(start) and not body.startswith((b"\xff\xfe", b"\xfe\xff"))


def is_triples(body: bytes) -> bool:
    """True for a document that begins with a statement written out, as N-Triples do and no XML can."""
    return bool(_TRIPLE.match(start_of(body)))


def is_table(body: bytes) -> bool:
    """True for lines of cells, as a list in CSV has them, that are no JSON, XML or RDF."""
    start = start_of(body)
    lines = [line for line in start.splitlines()[:3] if line.strip()]
    if len(lines) < 2 or start.startswith(
        (b"{", b"[", b"<", b"@", b"#", b"_:", b"PREFIX", b"prefix", b"BASE", b"base")
    ):
        return False
    return any(all(line.count(sign) == lines[0].count(sign) > 0 for line in lines) for sign in _SEPARATORS)


def archived(body: bytes) -> list[str]:
    """The names of the first files of a ZIP archive, from the heads before each (APPNOTE.TXT of PKWARE, 4.3.7)."""
    starts = [found.start() for found in re.finditer(re.escape(ZIP), body)]
    sizes = ((at, int.from_bytes(body[at + 26 : at + 28], "little")) for at in starts)
    return [body[at + 30 : at + 30 + size].decode("utf-8", "replace") for at, size in sizes if 0 < size < 200]


def what_is_packed(body: bytes) -> str:
    """What an archive, a workbook or a list is, with what to do, as what follows the address in a sentence; empty for
    anything else."""
    if body.startswith(ZIP):
        names = archived(body)
        if any(name.startswith("xl/") for name in names):
            return "is an Excel workbook. Register it with the kind 'table'"
        within = ", ".join(names[:5]) or "files"
        return f"is a ZIP archive ({within}), which is not read. Publish the file in it by itself, or packed with gzip"
    return "is a list in a table (CSV). Register it with the kind 'table'" if is_table(body) else ""
