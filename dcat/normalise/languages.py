"""Language tags: well-formed, present, and true. One with the `t` extension (`fr-t-nl`) is a machine translation's."""

import re
from collections import Counter
from functools import lru_cache
from itertools import chain

from ..model import Text, Texts
from ..rdf import is_language
from ..vocab import LANGUAGES, table
from .notes import Log

UNDETERMINED = "und"
"""The tag of a text whose language nobody knows (BCP 47)."""

MOST = 50
"""Texts of one field that are kept."""

_TAG = re.compile(r"(?:[a-z]{2,3}|x|i)(?:-[a-z0-9]{1,8}){0,9}", re.ASCII)
_NOT_FRENCH = frozenset("áíóúñãõìò")
_WORD = re.compile(r"[^\W\d_]+")
_FUNCTION_WORDS = {row["code"]: frozenset(row["words"].split()) for row in table("function-word")}
"""Words by which each of the four languages is told from the others."""
_SHARED = frozenset(word for word, lists in Counter(chain.from_iterable(_FUNCTION_WORDS.values())).items() if lists > 1)
"""Those that two of them have (`per`, `over`): they bear out what other words tell, and tell nothing alone."""


@lru_cache(maxsize=1_024)
def tag(lang: str) -> tuple[str, str]:
    """A well-formed tag in lower case, and the rule that changed it; empty when it is none."""
    clean = lang.strip().replace("_", "-").casefold()
    if not _TAG.fullmatch(clean) or not is_language(clean):
        term = LANGUAGES.find(lang) if len(lang) < 40 else None
        short = term.extra.get("tag", "") if term else ""
        return short, "language-tag-rewritten" if short else "language-tag-invalid"
    primary, _, rest = clean.partition("-")
    if len(primary) == 3 and (term := LANGUAGES.find(primary)) and (two := term.extra.get("tag")):
        shorter = f"{two}-{rest}" if rest else two
        return (shorter if is_language(shorter) else two), "language-tag-rewritten"
    return clean, "" if clean == lang.casefold() else "language-tag-rewritten"


def guess(text: str, *, hits: int = 2) -> str:
    """The language whose little words the text holds, when it is certain: at least `hits`, three times any other's."""
    words = _WORD.findall(text[:600].casefold())
    if len(words) < hits:
        return ""
    telling = [word for word in words if word not in _SHARED]
    counts = sorted(
        ((sum(word in known for word in telling), lang) for lang, known in _FUNCTION_WORDS.items()), reverse=True
    )
    (own, lang), (second, _) = counts[:2]
    best = sum(word in _FUNCTION_WORDS[lang] for word in words) if own else 0
    is_certain = best >= max(hits, 3 * second) and not (lang == "fr" and 3 * _foreign(words) > best)
    return lang if is_certain else ""


def _foreign(words: list[str]) -> int:
    """Words with letters that French has not, which shares its little ones (`la`, `entre`) with those that have."""
    return sum(not _NOT_FRENCH.isdisjoint(word) for word in words)


@lru_cache(maxsize=1_024)
def _is_right(lang: str) -> bool:
    """True for a tag as it is published."""
    return bool(lang) and tag(lang) == (lang, "")


def tagged(texts: Texts, default: str, field: str, log: Log) -> Texts:
    """Every text with a tag: its own when it has one, else the language it is certainly in, else that of its entry."""
    if all(_is_right(text.lang) for text in texts):
        return texts
    done: list[Text] = []
    told: dict[tuple[str, str], list[str]] = {}
    for text in texts:
        lang, rule = _tag_of(text, default)
        done.append(Text(text.value, lang))
        if rule:
            told.setdefault((rule, lang), []).append(f"{text.value}@{text.lang}" if text.lang else text.value)
    for (rule, lang), values in told.items():
        log.note(field, ", ".join(values), rule, f"{', '.join(values)}@{lang}" if len(values) == 1 else f"@{lang}")
    return tuple(done)


def _tag_of(text: Text, default: str) -> tuple[str, str]:
    """The tag that a text gets, and the rule that gives another than its own."""
    lang, rule = tag(text.lang) if text.lang else ("", "")
    if lang:
        return lang, rule
    if certain := guess(text.value):
        return certain, "language-tag-invalid" if rule else "language-recognised"
    if default:
        return default, "language-tag-invalid" if rule else "language-assumed"
    return likely(text.value), "language-unknown"


def likely(text: str, default: str = "") -> str:
    """The language that a text without tag is most likely in, or is said to be in; `und` when nobody knows."""
    return guess(text) or default or guess(text, hits=1) or UNDETERMINED


def true_tags(texts: Texts, field: str, log: Log) -> Texts:
    """Moves a text from a language that it certainly is not in, when the true one has no text of its own."""
    if all(map(_speaks, texts)):  # as most do
        return texts
    present = {text.lang for text in texts}
    moved: list[Text] = []
    for text in texts:
        actual = "" if _speaks(text) else guess(text.value, hits=4)
        if actual and actual not in present:
            log.note(field, f"{text.value}@{text.lang}", "language-wrong", f"{text.value}@{actual}")
            present.add(actual)
            moved.append(Text(text.value, actual))
        else:
            moved.append(text)
    return tuple(moved)


def _speaks(text: Text) -> bool:
    """True when the text holds little words of the language it is tagged with, or is too short to tell, and when these
    words of that language are not known."""
    known = _FUNCTION_WORDS.get(text.lang)
    if known is None:
        return True
    begin = text.value[:_BEGINNING].casefold().split()
    if not known.isdisjoint(begin[:-1]):  # the last one may be cut
        return True
    words = text.value[:600].casefold().split()
    return len(words) < 4 or not known.isdisjoint(words)


_BEGINNING = 80
"""Characters in which most texts have told already what language they are in."""


def without_copies(texts: Texts, field: str, log: Log) -> Texts:
    """One text under two tags is no translation: kept where it is certainly at home, when that is certain."""
    owners: dict[str, list[Text]] = {}
    for text in texts:
        owners.setdefault(text.value, []).append(text)
    if len(owners) == len(texts):
        return texts
    dropped: set[Text] = set()
    for value, same in owners.items():
        if len(same) > 1:
            dropped.update(_copies(value, same, field, log))
    return tuple(text for text in texts if text not in dropped)


def _copies(value: str, same: list[Text], field: str, log: Log) -> list[Text]:
    machine = [text for text in same if text.is_machine_translated]
    human = [text for text in same if not text.is_machine_translated]
    home = guess(value, hits=3)
    strangers = (
        [text for text in human if home and text.language != home] if home in {t.language for t in human} else []
    )
    if not strangers and len(human) > 1 and len(value.split()) > 5:
        log.note(field, f"{value}@{'/@'.join(text.lang for text in human)}", "language-same-text", value)
    copies = (machine if human else []) + strangers
    for text in copies:
        log.note(field, f"{value}@{text.lang}", "language-copied")
    return copies


def one_per_language(texts: Texts, joint: str, field: str, log: Log) -> Texts:
    """Texts of one language become one text: a source split it, or said it twice."""
    grouped: dict[str, list[str]] = {}
    for text in texts:
        values = grouped.setdefault(text.lang, [])
        if text.value not in values:
            values.append(text.value)
    if len(grouped) == len(texts):
        return texts
    joined = []
    for lang, values in grouped.items():
        whole = joint.join(value for value in values if not any(value != other and value in other for other in values))
        if len(values) > 1:
            log.note(field, " | ".join(values), "text-joined", f"{whole}@{lang}")
        joined.append(Text(whole, lang))
    return tuple(joined)
