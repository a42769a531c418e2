"""What somebody may have meant who wrote a value that we do not know, as the end of the sentence that refuses it."""

from collections.abc import Iterable
from difflib import get_close_matches

from .vocab import Vocabulary, key

_CLOSE = 0.6


def near(text: str, known: Iterable[str]) -> str:
    """Names that are like a text; nothing when none is."""
    return _listed(text, {key(name): repr(name) for name in known})


def near_terms(text: str, vocabulary: Vocabulary) -> str:
    """The codes of terms whose code or name is like a text, with that name; nothing when none is."""
    named = ((term.code, (term.code, *(label.value for label in term.labels))) for term in vocabulary.terms)
    told = {key(name): _told(code, name) for code, names in named for name in names}
    return _listed(text, told)


def _told(code: str, name: str) -> str:
    return repr(code) if code == name else f"{code!r} ({name})"


def _listed(text: str, names: dict[str, str]) -> str:
    found = dict.fromkeys(names[each] for each in get_close_matches(key(text), names, 5, _CLOSE))
    return f"; near it: {', '.join(found)}" if found else ""
