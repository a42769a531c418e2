"""What a web server lists of a folder: names, with date and size, in the HTML of Apache, nginx or IIS."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from dcat.rdf.formats import to_utf8

from ..http import Response, not_what_was_asked
from ..sniff import is_html

_TITLE = re.compile(r"\s*(?:index of|directory listing|listing of|\S+ - /)", re.IGNORECASE)
_PARENT = re.compile(r"parent directory|\.\./?\Z", re.IGNORECASE)
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?|\d{1,2}-[A-Z][a-z]{2}-\d{4}(?: \d\d:\d\d(?::\d\d)?)?"
    r"|\d{1,2}/\d{1,2}/\d{4}\s+\d{1,2}:\d\d(?:\s?[AP]M)?"
)
"""As Apache, nginx and IIS write it."""
_SIZE = re.compile(r"\s*(\d[\d.,]*\s?[KMG]?\b|-|<dir>)", re.IGNORECASE)


class Link(NamedTuple):
    """One line of a listing."""

    url: str
    said: str
    """Date and size, as they are written; empty when there are none."""

    @property
    def is_folder(self) -> bool:
        """True for a folder within the folder."""
        return urlsplit(self.url).path.endswith("/")


class _Piece(NamedTuple):
    href: str
    text: str
    """What follows the link, up to the next one."""


def ends_itself(response: Response) -> bool:
    """True for a list that has its end: one that was cut names too few."""
    return b"</html>" in response.body[-500:].lower()


def links(response: Response) -> list[Link]:
    """What lies in a folder, in the order of its list. Raises `HarvestError` for what is no listing."""
    if not is_html(response.body):
        raise not_what_was_asked(response, "the list of a folder (HTML)")
    body = to_utf8(response.body, response.headers.get("Content-Type", ""))[0]
    root = etree.fromstring(body, etree.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8"))
    if root is None:
        raise not_what_was_asked(response, "the list of a folder")
    before, pieces = _pieces(root)
    found = [link for link in _dated(before, pieces, response.url) if _is_within(link.url, response.url)]
    if not found and not _is_listing(root, pieces):
        raise not_what_was_asked(response, "the list of a folder")
    return list(dict.fromkeys(found))


def _is_listing(root: etree._Element, pieces: list[_Piece]) -> bool:
    """True for the list of an empty folder."""
    titles = ("".join(map(str, each.itertext())) for each in root.iter("title", "h1"))
    return any(map(_TITLE.match, titles)) or any(_PARENT.search(piece.href) for piece in pieces)


def _pieces(root: etree._Element) -> tuple[str, list[_Piece]]:
    """The links with the text between them, and the text before the first."""
    texts: list[list[str]] = [[]]
    hrefs: list[str] = []
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in {"script", "style"}:
            continue
        if element.tag == "a" and (href := element.get("href")):
            hrefs.append(str(href))
            texts.append([])
        elif element.text and not any(each.tag == "a" for each in element.iterancestors()):
            texts[-1].append(str(element.text))
        if element.tail and not any(each.tag == "a" for each in element.iterancestors()):
            texts[-1].append(str(element.tail))
    joined = [" ".join(text) for text in texts]
    return joined[0], [_Piece(href, text) for href, text in zip(hrefs, joined[1:], strict=True)]


def _dated(before: str, pieces: list[_Piece], base: str) -> Iterator[Link]:
    """Each link with its date: after it, or before it where the last one has none after it (IIS)."""
    follows = bool(pieces) and _DATE.search(pieces[-1].text) is not None
    last = before
    for piece in pieces:
        try:
            url = urljoin(base, piece.href.strip().replace(" ", "%20"))
        except ValueError:
            url = ""
        yield Link(url.partition("#")[0], _said(piece.text if follows else last, at_end=not follows))
        last = piece.text


def _said(text: str, *, at_end: bool) -> str:
    """The date and the size in a text: the first of them, or the last."""
    found = list(_DATE.finditer(text))
    if not found:
        return ""
    date = found[-1 if at_end else 0]
    size = _SIZE.match(text, date.end())
    return " ".join(f"{date[0]} {size[1] if size else ''}".split())


def _is_within(url: str, folder: str) -> bool:
    """True for what lies in the folder: its parent, its orders (`?C=M;O=D`) and other sites do not."""
    try:
        here, there = urlsplit(folder), urlsplit(url)
    except ValueError:
        return False
    place = unquote(here.path).rpartition("/")[0] + "/"
    path = unquote(there.path)
    return (
        (there.scheme, there.netloc) == (here.scheme, here.netloc)
        and not there.query
        and path.startswith(place)
        and path != place
        and ".." not in path.split("/")
    )
