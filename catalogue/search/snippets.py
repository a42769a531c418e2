"""What of a text is shown and where it matches: from the same words as the index, in the text's own language."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from math import inf

from dcat.model import Text

from .language import concepts, dutch
from .language.analysis import (
    OFTEN_REPEATED,
    Token,
    between_blanks,
    language_of,
    stem,
    stemmed,
    stems_of,
    tokens,
    words,
)
from .language.stopwords import ANY_STOP_WORD, STOP_WORDS
from .plan import Plan

LENGTH = 200
"""Characters of a snippet."""
BEFORE = 60
"""Characters that are shown before the first match."""
SCANNED = 1_500
"""Characters of a description that are looked through for a match."""
WINDOW = 500
"""Characters that are looked through at once: most matches stand in the first ones."""
OVERLAP = 100
"""Characters that two windows share, for names of several words."""

Marks = tuple[tuple[int, int], ...]
Phrases = dict[str, tuple[tuple[str, ...], ...]]
"""First stem → stems of several words that mean what was asked for."""


class _Known(dict[str, bool]):
    """Folded word of a text → whether it is marked; each word is compared once a query."""

    def __init__(self, what: "Wanted", stems: frozenset[str], language: str) -> None:
        super().__init__()
        self.words, self.beginnings = what.words, what.beginnings
        self.stems, self.language = stems, language
        wanted = (*self.words, *stems, *self.beginnings)
        self.initials = {word[:1] for word in wanted}
        self.heads = set(map(_head, chain(wanted, *map(dutch.changed, stems))))
        self.has_compounds = language not in {"fr", "en"}

    def __missing__(self, word: str) -> bool:
        self[word] = found = self._may_be_marked(word) and self._is_marked(word)
        return found

    def _may_be_marked(self, word: str) -> bool:
        """False where no stem of the word, or of a part of it, can be wanted: quickly told by how they begin."""
        return any(map(word.__contains__, self.heads)) if self.has_compounds else word[:1] in self.initials

    def _is_marked(self, word: str) -> bool:
        if word in self.words or word.startswith(self.beginnings):
            return True
        return not self.stems.isdisjoint(stemmed(word, self.language))


def _head(word: str) -> str:
    """The letters that a word shares with its stem, at least: `eten` and `eet` only one."""
    return word[: 1 if word[:1] in "aeiou" else 2]


class Pieces(dict[str, bool]):
    """What stands between two blanks of a text → whether a word in it may be marked: no word goes on beyond a blank, so
    a text is looked through by one look-up a piece, and only those that are told here are looked at closely."""

    def __init__(self, known: _Known, phrases: Phrases) -> None:
        super().__init__()
        self.known, self.phrases = known, phrases

    def __missing__(self, piece: str) -> bool:
        words = between_blanks[piece]
        self[piece] = found = any(map(self.known.__getitem__, words)) or (bool(self.phrases) and self.begin(words))
        return found

    def within(self, text: str) -> list[str]:
        """Those of a text that may be marked, in order."""
        return [piece for piece in text.split() if self[piece]]

    def begin(self, words: Iterable[str]) -> bool:
        """Whether a phrase may begin with one of the words."""
        return any(stem(word, self.known.language) in self.phrases for word in words)

    def have_phrases(self, pieces: Iterable[str]) -> bool:
        """Whether a phrase may begin in one of the pieces."""
        return bool(self.phrases) and any(self.begin(between_blanks[piece]) for piece in pieces)

    def marked(self, pieces: Iterable[str]) -> Iterator[str]:
        """The folded words of pieces that are marked by themselves."""
        return (word for piece in pieces for word in between_blanks[piece] if self.known[word])


class Wanted:
    """What a query marks in texts."""

    def __init__(self, plan: Plan) -> None:
        typed = [word for word in plan.words if word not in ANY_STOP_WORD] or plan.words
        self.words = frozenset((*typed, *plan.spelt))
        self.typed = len(typed)
        self.beginnings = plan.beginnings
        self._meant = plan.concepts
        self._pieces: dict[str, Pieces] = {}

    def pieces(self, language: str) -> Pieces:
        """Which words of a language are marked: those asked for, and the words for what they mean."""
        if language not in self._pieces:
            names = concepts.stemmed_names(self._meant, language)
            read = ((stem(word, language),) if language else stems_of(word) for word in self.words)
            stems = {one for found in read for one in found} | {name[0] for name in names if len(name) == 1}
            self._pieces[language] = Pieces(_Known(self, frozenset(stems), language), _phrases(names))
        return self._pieces[language]


def _phrases(names: Iterable[tuple[str, ...]]) -> Phrases:
    found: Phrases = {}
    for name in names:
        if len(name) > 1:
            found[name[0]] = (*found.get(name[0], ()), name)
    return found


def first_marks(text: Text, what: Wanted) -> Marks:
    """The first place where a text matches, and those that follow within a snippet."""
    value, start = text.value, 0
    while what.words and start < len(value):
        end = _between_words(value, start + WINDOW)
        found = marks(Text(value[start:end], text.lang), what)
        if (
            found and end < len(value) and start + found[0][0] + LENGTH > end
        ):  # the snippet reaches into the next window
            found = marks(Text(value[start : _between_words(value, end + LENGTH)], text.lang), what)
        if found:
            return tuple((start + first, start + last) for first, last in found)
        start = end if end == len(value) else _between_words(value, end - OVERLAP)
    return ()


def _between_words(text: str, at: int) -> int:
    """The next blank from a place on; the end when there is none."""
    blank = text.find(" ", at) if at < len(text) else -1
    return len(text) if blank < 0 else blank


def marks(text: Text, what: Wanted) -> Marks:
    """The places where a text matches, as (start, end) in characters, in order, none overlapping."""
    if not what.words:
        return ()
    language = language_of(text)
    pieces = what.pieces(language)
    found = pieces.within(text.value)
    if pieces.have_phrases(found):
        return tuple(_in_reach(_with_phrases(text.value, found, pieces)))
    return tuple(_in_reach(_words_in(text.value, found, pieces.known)))


def _in_reach(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Those that stand in the snippet around the first one."""
    limit = inf
    for start, end in places:
        if start > limit:
            return
        yield start, end
        limit = min(limit, start + LENGTH)


def _words_in(text: str, pieces: Iterable[str], known: _Known) -> Iterator[tuple[int, int]]:
    """The places of the marked words in these pieces of a text, which are given in order."""
    at = 0
    for piece in pieces:
        at = _place(text, piece, at)
        yield from ((at + one.start, at + one.end) for one in _tokens_of(piece) if known[one.word])
        at += len(piece)


@lru_cache(maxsize=1024)
def _tokens_once(piece: str) -> tuple[Token, ...]:
    return tuple(tokens(piece))


def _tokens_of(piece: str) -> Iterable[Token]:
    """The words of a piece with their places: one that is marked stands in text after text."""
    return (_tokens_once if len(piece) <= OFTEN_REPEATED else tokens)(piece)


def _place(text: str, piece: str, at: int) -> int:
    """Where a piece stands between blanks, from a place on."""
    while True:
        at = text.index(piece, at)
        around = text[at - 1 : at] + text[at + len(piece) : at + len(piece) + 1]
        if not around or around.isspace():
            return at
        at += 1


def _with_phrases(text: str, found: list[str], pieces: Pieces) -> Iterator[tuple[int, int]]:
    """The places of the words that are marked by themselves or as part of a phrase, of which only the first word may be
    there. `found`: the pieces that may be marked."""
    folded = words(text)
    if not (in_phrases := set(_in_phrases(folded, pieces.known.language, pieces.phrases))):
        return _words_in(text, found, pieces.known)
    marked = in_phrases.union(number for number, word in enumerate(folded) if pieces.known[word])
    return ((one.start, one.end) for number, one in enumerate(tokens(text)) if number in marked)


def _in_phrases(folded: list[str], language: str, phrases: Phrases) -> Iterator[int]:
    """The numbers of words that are part of a phrase; small words between its words are part of it too."""
    numbers = [number for number, word in enumerate(folded) if word not in STOP_WORDS[language]]
    stems = [stem(folded[number], language) for number in numbers]
    for at, first in enumerate(stems):
        for name in phrases.get(first, ()):
            if tuple(stems[at : at + len(name)]) == name:
                yield from range(numbers[at], numbers[at + len(name) - 1] + 1)


def cut(text: Text, places: Marks) -> tuple[Text, Marks]:
    """At most `LENGTH` characters around the first match, cut between words, with the places inside."""
    if len(text.value) <= LENGTH:
        return text, places
    start = _start(text.value, places[0][0] if places else 0)
    end = _end(text.value, start)
    before, after = "… " if start else "", " …" if end < len(text.value) else ""
    shift = len(before) - start
    inside = tuple((first + shift, last + shift) for first, last in places if first >= start and last <= end)
    return Text(f"{before}{text.value[start:end]}{after}", text.lang), inside


def _start(text: str, first: int) -> int:
    if first <= BEFORE + 20 or len(text) <= LENGTH:
        return 0
    earliest = max(0, min(first - BEFORE, len(text) - LENGTH + 4))
    sentence = max(text.rfind(stop, earliest, first) for stop in (". ", "? ", "! ", ": "))
    if sentence >= 0:
        return sentence + 2
    blank = text.find(" ", earliest, first)
    return blank + 1 if blank >= 0 else earliest


def _end(text: str, start: int) -> int:
    limit = start + LENGTH - (2 if start else 0)
    if limit >= len(text):
        return len(text)
    blank = text.rfind(" ", start + LENGTH // 2, limit - 2)
    return blank if blank >= 0 else limit - 2
