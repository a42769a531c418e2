"""One word of a query, with what it means, as clauses.

It is had when it, its stem, its meaning in another language or all parts of the compound, or what they mean, are there.
"""

from typing import NamedTuple

from . import weights
from .clauses import All, AnyOf, Boosted, Clause, Prefix, Sum, Term, best_of
from .language import concepts
from .language.analysis import stem, stems_of
from .language.compounds import LANGUAGES as COMPOUND_LANGUAGES
from .language.compounds import parts

ENDING = 3
"""Letters that an ending has at most."""


class Meaning(NamedTuple):
    """Concepts that a word names all together: one, or those of the parts of a compound."""

    concepts: tuple[str, ...]
    words: int
    """How many words of the query name it together."""


def concepts_of(found: tuple[Meaning, ...]) -> tuple[str, ...]:
    """All concepts that a word means, or is part of the name of."""
    return tuple(one for meaning in found for one in meaning.concepts)


class Word(NamedTuple):
    """A word of a query."""

    word: str
    """Folded."""
    meanings: tuple[Meaning, ...]
    language: str
    """The one that it is likely in."""

    def scored(self, share: float) -> Clause:
        """Documents that have one word of the query, scored; `share` of what a word scores otherwise."""
        stems = self._stems()
        own = stem(self.word, self.language)
        written = (
            Term("words", self.word, share * weights.WORDS),
            Term("title_words", self.word, share * weights.TITLE_WORDS),
            best_of(*(Term("minor", one, share * weights.MINOR) for one in self._minor())),
        )
        alike = tuple(
            best_of(*(Term(field, one, share * weight * _share(one, own)) for one in stems))
            for field, weight in (("stems", weights.STEMS), ("title_stems", weights.TITLE_STEMS))
        )
        if self._named_in():
            return best_of(Boosted(Sum(written), Sum(alike)), *(_meant(meaning, share) for meaning in self.meanings))
        whole = map(All, self._whole())
        return best_of(Sum((*written, *alike, *whole)), *(_meant(meaning, share) for meaning in self.meanings))

    def had(self) -> Clause:
        """The same documents, not scored: for counting and leaving out."""
        stems = () if self._named_in() else self._stems()
        alone = tuple(meaning.concepts[0] for meaning in self.meanings if len(meaning.concepts) == 1)
        together = (meaning.concepts for meaning in self.meanings if len(meaning.concepts) > 1)
        clauses: list[Clause] = [
            AnyOf("words", (self.word,)),
            *((AnyOf("stems", stems),) if stems else ()),
            AnyOf("minor", self._minor()),
            *((AnyOf("concepts", alone),) if alone else ()),
            *(All(tuple(AnyOf("concepts", (one,)) for one in several)) for several in together),
            *(All(tuple(AnyOf(part.field, (part.term,)) for part in found)) for found in self._whole()),
        ]
        return Sum(tuple(clauses))

    def in_title(self) -> Clause:
        """Documents with the word, or with what it means, in a title; not scored."""
        alone = tuple(meaning.concepts[0] for meaning in self.meanings if len(meaning.concepts) == 1)
        written = AnyOf("title_stems", self._stems())
        return Sum((written, AnyOf("title_concepts", alone))) if alone else written

    def looser(self, may_go_on: bool, only: bool) -> tuple[Clause, ...]:
        """What is shown without counting as a word that is had: parts of a compound, what each of these parts means
        (unless `only`), the beginning of a word that may go on."""
        found: list[Clause] = [part for language in COMPOUND_LANGUAGES for part in _parts(self.word, language)]
        found += [Term("title_stems", part.term, weights.PART) for cut in _compounds(self.word) for part in cut]
        found += map(All, _compounds(self.word))
        told = COMPOUND_LANGUAGES if self._is_cut() and not only else ()
        meant = (one for language in told for one in concepts.of_parts(self.word, language))
        found += [Term("concepts", one, weights.PART) for one in meant]
        found += [Prefix("words", self.word, weights.PREFIX)] if may_go_on else []
        return tuple(dict.fromkeys(found))

    def _stems(self) -> tuple[str, ...]:
        """The stems of a word; of a name those in the languages in which it is one."""
        read = self._named_in()
        return tuple(dict.fromkeys(stem(self.word, one) for one in read)) or stems_of(self.word, self.language)

    def _minor(self) -> tuple[str, ...]:
        """The forms of a word in the field that counts least. Nothing but places is told there by what it means, so of
        a name that is no place also those stems that lack no more than an ending."""
        stems = self._stems()
        if self._named_in():
            is_place = all(map(concepts.is_place, _alone(self.meanings)))
            stems = tuple(one for one in stems if not is_place and len(self.word) - len(one) <= ENDING)
        return tuple(dict.fromkeys((self.word, *stems)))

    def _named_in(self) -> tuple[str, ...]:
        """The languages in which a word names by itself what it means, the reader's alone where it does so there.

        Texts with other forms of such a name carry the concept, and whatever else shares its stem is another word, most
        often of another language: `politie` is not `politique`, `Bruges` no `brug`. So stems of a name add to the score
        of what has it, and find nothing.
        """
        named = _alone(self.meanings)
        spoken = concepts.named_in(self.word, named) if named else ()
        return (self.language,) if self.language in spoken else spoken

    def _whole(self) -> list[tuple[Term, ...]]:
        """The parts that are as much as the compound, wherever they are; none for one that means something as a whole:
        what says `deel` and `fiets` is not about `deelfietsen`."""
        return _compounds(self.word) if self._is_cut() else []

    def _is_cut(self) -> bool:
        """Whether a word means nothing as a whole, but perhaps in parts."""
        return all(len(meaning.concepts) > 1 for meaning in self.meanings)


def _meant(meaning: Meaning, share: float) -> Clause:
    share /= meaning.words * len(meaning.concepts)
    terms = tuple(_concept(one, share) for one in meaning.concepts)
    return terms[0] if len(terms) == 1 else All(terms)


def _concept(concept: str, share: float) -> Clause:
    everywhere = Term("concepts", concept, share * weights.CONCEPT)
    return Sum((everywhere, Term("title_concepts", concept, share * weights.TITLE_CONCEPT)))


def _alone(meanings: tuple[Meaning, ...]) -> frozenset[str]:
    """The concepts that a word means by itself."""
    return frozenset(found.concepts[0] for found in meanings if found.words == len(found.concepts) == 1)


def _compounds(word: str) -> list[tuple[Term, ...]]:
    """Of a compound its parts, in each language that cuts it into more than one."""
    cut = (_parts(word, language) for language in COMPOUND_LANGUAGES)
    return [found for found in cut if len(found) > 1]


def _share(stem: str, own: str) -> float:
    return 1.0 if stem == own else weights.OTHER_STEMS


def _parts(word: str, language: str) -> tuple[Term, ...]:
    return tuple(Term("stems", stem(part, language), weights.PART) for part in parts(word, language))
