"""What of a text is shown and where it matches: from the same words as the index, in the text's own language."""

from collections.abc import Iterator
from itertools import chain, islice

from dcat.model import Text

from .language import concepts, dutch
from .language.analysis import language_of, stem, stemmed, stems_of, word_places, written_words
from .language.folding import fold
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
    """Word of a text → whether it is marked; each word is compared once a query."""

    def __init__(self, what: "Wanted", stems: frozenset[str], language: str) -> None:
        super().__init__()
        self.words, self.beginnings = what.words, what.beginnings
        self.stems, self.language = stems, language
        wanted = (*self.words, *stems, *self.beginnings)
        self.initials = {word[:1] for word in wanted}
        self.heads = set(map(_head, chain(wanted, *map(dutch.changed, stems))))
        self.has_compounds = language not in {"fr", "en"}

    def __missing__(self, written: str) -> bool:
        word = fold(written)
        self[written] = found = self._may_be_marked(word) and self._is_marked(word)
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


class _Begins(dict[str, bool]):
    """Word of a text → whether a phrase may begin with it; each word is stemmed once a query."""

    def __init__(self, phrases: Phrases, language: str) -> None:
        super().__init__()
        self.phrases, self.language = phrases, language

    def __missing__(self, written: str) -> bool:
        self[written] = found = stem(fold(written), self.language) in self.phrases
        return found


class Wanted:
    """What a query marks in texts."""

    def __init__(self, plan: Plan) -> None:
        self.words = frozenset([word for word in plan.words if word not in ANY_STOP_WORD] or plan.words)
        self.beginnings = plan.beginnings
        self._meant = plan.concepts
        self._known: dict[str, _Known] = {}
        self._begins: dict[str, _Begins] = {}

    def known(self, language: str) -> _Known:
        """Which words of a language are marked: those asked for, and single words for what they mean."""
        if language not in self._known:
            names = concepts.stemmed_names(self._meant, language)
            read = ((stem(word, language),) if language else stems_of(word) for word in self.words)
            stems = {one for found in read for one in found} | {name[0] for name in names if len(name) == 1}
            self._known[language] = _Known(self, frozenset(stems), language)
        return self._known[language]

    def begins(self, language: str) -> _Begins:
        """Where several words may begin that mean what was asked for."""
        if language not in self._begins:
            found: Phrases = {}
            for name in concepts.stemmed_names(self._meant, language):
                if len(name) > 1:
                    found[name[0]] = (*found.get(name[0], ()), name)
            self._begins[language] = _Begins(found, language)
        return self._begins[language]


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
    written = written_words(text.value)
    language = language_of(text)
    known = what.known(language)
    marked = [place for place, word in enumerate(written) if known[word]]
    begins = what.begins(language)
    if begins.phrases and any(map(begins.__getitem__, written)):
        marked = sorted({*marked, *_in_phrases(written, language, begins.phrases)})
    return tuple(_places(text.value, marked))


def _places(text: str, marked: list[int]) -> Iterator[tuple[int, int]]:
    """Where the words with these numbers stand; nothing is looked at behind the snippet around the first one."""
    if not marked:
        return
    places = islice(word_places(text), marked[0], None)
    limit, number = len(text), marked[0]
    wanted = set(marked)
    for start, end in places:
        if start > limit:
            return
        if number in wanted:
            yield start, end
            limit = min(limit, start + LENGTH) if number == marked[0] else limit
        number += 1


def _in_phrases(written: list[str], language: str, phrases: Phrases) -> Iterator[int]:
    """The numbers of words that are part of a phrase; small words between its words are part of it too."""
    folded = [fold(word) for word in written]
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
