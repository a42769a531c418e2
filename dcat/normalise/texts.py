"""Texts made fit to publish: characters, encoding, markup, placeholders, length. Each step is linear in the text."""

import re
from collections.abc import Callable
from functools import lru_cache

from ..markup import without_html
from ..vocab import table
from .notes import Repair

PROSE_LIMIT = 50_000
"""Characters of a description: what can be rendered safely."""

LINE_LIMIT = 1_000
"""Characters of a title, name or keyword."""

REMEMBERED = 100
"""Characters of the longest line that is remembered."""

_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
"""Control characters that are signs in Windows-1252, or part of a letter in UTF-8; NEL (U+0085) is a line's end."""
_BLANK = "\u200b"
"""ZERO WIDTH SPACE: nobody sees it, but it parts words (https://www.unicode.org/reports/tr14/#ZW)."""
_MOJIBAKE = re.compile(
    "[ÂÃÄÅÐâð\x80-\x84\x86-\x9f](?:(?<=[\x80-\x9f])|"
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122])"
)
"""Two letters that are one in another encoding, or what is a sign in another. It begins with one class, which is looked
for at four times the speed of two."""
_OTHER_BLANK = re.compile(r"[^\S\n ]")
"""A blank within a line that is no plain one."""
_GAPS = re.compile(r"\n{3,}")
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}|\$\{[^{}]*\}|<%[^%]*%>")
_PLACEHOLDERS = frozenset(row["text"] for row in table("placeholder"))


def controls(text: str) -> Repair:
    """Takes out characters that XML, a database or a reader's eye cannot bear: C0, NUL, surrogates, bidi marks, soft
    hyphens and marks of byte order; a blank that nobody sees becomes one. C1 is left to `encoding`."""
    return _cleaned(text, _visible(text))


def all_controls(text: str) -> Repair:
    """The same, and C1, of a text whose encoding is not looked into."""
    return _cleaned(text, _C1.sub("", _visible(text)))


def _is_plain(text: str) -> bool:
    """True when there are only letters, signs, blanks and ends of lines, which is told at the speed of C."""
    return text.replace("\n", "").isprintable()


def _with_usual_blanks(text: str) -> str:
    """With plain ends of lines and blanks in the place of those that are met most; rare ones are left."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").replace("\t", " ")


def _visible(text: str) -> str:
    if _is_plain(text) or _is_plain(_with_usual_blanks(text)):
        return text
    return _CONTROLS.sub("", text).replace(_BLANK, " ")


def _cleaned(text: str, clean: str) -> Repair:
    return Repair(clean, "text-controls" if clean != text else "")


def encoding(text: str) -> Repair:
    """Undoes UTF-8 that was read as Latin-1 or Windows-1252 (`DÃ©veloppement` → `Développement`), and Windows-1252 that
    was read as Latin-1: its quotation marks and dashes are control characters there."""
    if not _MOJIBAKE.search(text):
        return Repair(text)
    import ftfy  # noqa: PLC0415 (its tables take as long to load as a small command)

    fixed = ftfy.fix_encoding(text) if ftfy.badness.is_bad(text) else text
    fixed = _C1.sub(" ", fixed)  # what is none of these
    return Repair(fixed, "text-encoding" if fixed != text else "")


def markup(text: str) -> Repair:
    """HTML to plain text."""
    plain = without_html(text)
    return Repair(_C1.sub("", _visible(plain)), "text-markup") if plain != text else Repair(text)


def spaces_of_prose(text: str) -> Repair:
    """Blanks and blank lines as a writer would leave them."""
    clean = text
    if not _is_plain(text):
        clean = _with_usual_blanks(text)
        clean = clean if _is_plain(clean) else _OTHER_BLANK.sub(" ", clean.replace("\x85", "\n"))
    while "  " in clean:
        clean = clean.replace("  ", " ")
    clean = clean.replace(" \n", "\n").replace("\n ", "\n")
    if "\n\n\n" in clean:
        clean = _GAPS.sub("\n\n", clean)
    clean = clean.strip()
    return Repair(clean, "text-spaces" if clean != text else "")


def spaces_of_line(text: str) -> Repair:
    """One line, single blanks."""
    clean = " ".join(text.split())
    return Repair(clean, "text-spaces" if clean != text else "")


def is_placeholder(text: str) -> bool:
    """True for what people and programs write where they have nothing to say: `TODO`, `n/a`, `untitled`."""
    return len(text) < 30 and text.casefold().strip("\"'()[] ") in _PLACEHOLDERS


def placeholder(text: str) -> Repair:
    """Drops what stands where a text should: nothing, `TODO`, `n/a`, `{{default.description}}`."""
    if not text:
        return Repair(None, "text-empty")
    if is_placeholder(text):
        return Repair(None, "text-placeholder")
    if "{" in text or "<%" in text:
        rest = _TEMPLATE.sub("", text).strip()
        return Repair(rest or None, "text-placeholder" if rest != text else "")
    return Repair(text)


def cut(limit: int) -> Callable[[str], Repair]:
    """Cuts at a number of characters."""

    def cut_at_limit(text: str) -> Repair:
        return Repair(text[: limit - 1] + "…", "text-cut") if len(text) > limit else Repair(text)

    return cut_at_limit


Step = Callable[[str], Repair]

_PROSE: tuple[Step, ...] = (
    cut(4 * PROSE_LIMIT),
    controls,
    encoding,
    markup,
    spaces_of_prose,
    cut(PROSE_LIMIT),
    placeholder,
)
_LINE: tuple[Step, ...] = (
    cut(4 * LINE_LIMIT),
    controls,
    encoding,
    markup,
    spaces_of_line,
    cut(LINE_LIMIT),
    placeholder,
)
_PLAIN: tuple[Step, ...] = (cut(4 * LINE_LIMIT), all_controls, spaces_of_line, cut(LINE_LIMIT), placeholder)


def prose(text: str) -> tuple[str | None, tuple[str, ...]]:
    """A description, and the rules that changed it."""
    return _single(placeholder(text)) if _is_clean(text, PROSE_LIMIT) else _run(_PROSE, text)


def line(text: str) -> tuple[str | None, tuple[str, ...]]:
    """A title, name or keyword, and the rules that changed it. Short ones come again in a thousand records."""
    return _known_line(text) if len(text) <= REMEMBERED else _line(text)


def plain(text: str) -> tuple[str | None, tuple[str, ...]]:
    """An identifier or version: no markup is looked for in it."""
    return _single(placeholder(text)) if _is_clean(text, LINE_LIMIT) else _run(_PLAIN, text)


def _line(text: str) -> tuple[str | None, tuple[str, ...]]:
    return _single(placeholder(text)) if _is_clean(text, LINE_LIMIT) else _run(_LINE, text)


_known_line = lru_cache(maxsize=4_096)(_line)


def _is_clean(text: str, limit: int) -> bool:
    """True for most texts, which so pass at the speed of C: one printable line with nothing to strip or to decode."""
    if not text.isprintable() or len(text) > limit or "<" in text or "&" in text or "  " in text:
        return False
    if text[:1] in {"", " "} or text[-1] == " ":
        return False
    return text.isascii() or not _MOJIBAKE.search(text)


def _single(repair: Repair) -> tuple[str | None, tuple[str, ...]]:
    return repair.value, (repair.rule,) if repair.rule else ()


def _run(steps: tuple[Step, ...], text: str) -> tuple[str | None, tuple[str, ...]]:
    rules: list[str] = []
    value: str | None = text
    for step in steps:
        if value is None:
            break
        value, rule = step(value)
        if rule:
            rules.append(rule)
    return value, tuple(rules)
