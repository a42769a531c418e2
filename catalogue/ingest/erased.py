"""Persons whose data were erased: their names and mailboxes are taken out of whatever is read, and nobody knows them.

Only keyed hashes are kept. So each run of words of a text that is as long as one of their names is hashed and compared,
in any order and however it is written: with accents or without, escaped as JSON, XML and addresses do, and with markup
between a given and a family name. A name within a web address stays, or the address would lead nowhere.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import unquote

from ..errors import Invalid
from ..store.erasures import Mark

GONE = "…"
"""What stands where a name or a mailbox stood."""
NAME, MAIL = "name", "mail"

_MAIL = re.compile(r"[\w.+'-]+(?:@|%40|&#64;|&#x40;|\\u0040)[\w-]+(?:\.[\w-]+)+")
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f]|\\u[0-9a-fA-F]{4}|&#(?:\d+|x[0-9a-fA-F]+);|%[89a-fA-F][0-9a-fA-F])"
_TOKEN = re.compile(
    r"""<[a-zA-Z][\w+.-]*:[^<>\s"]*>|https?://[^\s"'<>]+|</?[\w:.-]+(?=[\s/>])|[\w:.-]+=(?=["'])|"[\w:.@-]+"\s*:"""
    rf"""|_:\w+|\\[nrtbf"\\/]|(?P<word>{_LETTER}+)"""
)
"""Words, and what stands between words without being one: addresses, tags, keys, names of nodes, escapes."""
_BETWEEN = re.compile(r"[\s,.'’-]{1,3}")
"""What goes with the words that it stands between."""
_WIDE = ("utf-16", b"\xff\xfe", b"\xfe\xff")


def mark(said: str, key: bytes) -> Mark:
    """What is remembered of a name or mailbox. Raises `Invalid` for one word, which is no person's alone."""
    said = said.strip().removeprefix("mailto:")
    if "@" in said:
        if not _MAIL.fullmatch(said):
            raise Invalid(f"{said!r} is no mailbox.", "who")
        return Mark(MAIL, 0, _hash(key, MAIL, said.casefold()))
    words = [_plain(found["word"]) for found in _TOKEN.finditer(said) if found["word"]]
    if len(words) < 2:
        raise Invalid(f"{said!r} is one word, which many texts hold: give given name and family name together.", "who")
    return Mark(NAME, len(words), _hash(key, NAME, *sorted(words)))


class Erased:
    """Those who were erased."""

    def __init__(self, key: bytes = b"", marks: Iterable[Mark] = (), newest: int = 0) -> None:
        """`newest`: up to which they are known (`store.erasures.newest`)."""
        self._key, self.newest = key, newest
        self._mails: set[bytes] = set()
        self._names: dict[int, set[bytes]] = {}
        for one in marks:
            (self._mails if one.kind == MAIL else self._names.setdefault(one.words, set())).add(one.hash)

    def __bool__(self) -> bool:
        return bool(self._mails or self._names)

    def of_bytes(self, body: bytes) -> bytes:
        """A record without them; the same one when it names nobody."""
        if not self or not body:
            return body
        encoding = "utf-16" if body.startswith(_WIDE[1:]) else "utf-8"
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            encoding, text = "latin-1", body.decode("latin-1")
        said = self.of_text(text)
        return body if said == text else said.replace(GONE, "..." if encoding == "latin-1" else GONE).encode(encoding)

    def of_text(self, text: str) -> str:
        """A text without them."""
        if not self:
            return text
        spans = sorted({*self._mailboxes(text), *self._named(text)}, key=lambda span: (span[0], -span[1]))
        if not spans:
            return text
        parts: list[str] = []
        end = 0
        for start, stop in spans:
            if start < end:
                continue
            between = text[end:start]
            is_one = bool(parts) and _BETWEEN.fullmatch(between) is not None
            parts += [] if is_one else [between, GONE]
            end = stop
        return "".join((*parts, text[end:]))

    def is_in(self, text: str) -> bool:
        """True for a text that names one of them."""
        return self.of_text(text) != text

    def _mailboxes(self, text: str) -> Iterator[tuple[int, int]]:
        """Theirs, and those that spell one of their names."""
        for found in _MAIL.finditer(text):
            start = found.start() + (text[max(found.start() - 1, 0)] == "\\")  # of an escape such as \n
            said = _unescaped(text[start : found.end()]).casefold()
            if _hash(self._key, MAIL, said) in self._mails or any(self._named(said.partition("@")[0])):
                yield start, found.end()

    def _named(self, text: str) -> Iterator[tuple[int, int]]:
        places = [(found.span(), _plain(found["word"])) for found in _TOKEN.finditer(text) if found["word"]]
        for length, hashes in self._names.items():
            for at in range(len(places) - length + 1):
                some = places[at : at + length]
                if _hash(self._key, NAME, *sorted(word for _, word in some)) in hashes:
                    yield from (span for span, _ in some)


NOBODY = Erased()


def _hash(key: bytes, kind: str, *words: str) -> bytes:
    return blake2b(" ".join(words).encode(), key=key[:64], digest_size=16, person=kind.encode()).digest()


@lru_cache(maxsize=32_768)
def _plain(word: str) -> str:
    """A word in lower case, without accents and escapes."""
    parts = unicodedata.normalize("NFKD", _unescaped(word))
    return "".join(one for one in parts if not unicodedata.combining(one)).casefold()


def _unescaped(text: str) -> str:
    if "\\u" in text:
        text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    if "%" in text:
        text = unquote(text)
    return html.unescape(text) if "&" in text else text
