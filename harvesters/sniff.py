"""What a document is, told from its first bytes: the content type that comes with it may lie."""

import re

_HTML = re.compile(
    rb"(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body|script)[\s>]", re.DOTALL | re.IGNORECASE
)
_TRIPLE = re.compile(rb"(?:#[^\n]*\n\s*)*(?:<[a-z]+://[^<>\s]*>|_:\S+)\s+<[^<>\s]+>\s+[\"<_]")


def start_of(body: bytes) -> bytes:
    """The first 4 kB without byte-order mark and leading blanks."""
    return body[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()


def is_html(body: bytes) -> bool:
    """True for a page for people: what firewalls, login pages and error pages answer with status 200."""
    return bool(_HTML.match(start_of(body)))


def is_binary(body: bytes) -> bool:
    """True for what is no text in UTF-8, UTF-16 or a single-byte encoding: an archive, a PDF, an image."""
    return b"\0" in body[:1024] and not body.startswith((b"\xff\xfe", b"\xfe\xff"))


def is_triples(body: bytes) -> bool:
    """True for a document that begins with a statement written out, as N-Triples do and no XML can."""
    return bool(_TRIPLE.match(start_of(body)))
