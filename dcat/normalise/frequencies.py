"""How often something is updated, from what people write: `ponctuelle`, `om de 2 jaar`, `3 fois par an`, `R/P1M`.

A word of the table counts within a sentence when it is the only one and nothing denies it. A rhythm that the EU table
has no term for (every six weeks) is left for readers as it was written.
"""

import re
from functools import lru_cache
from typing import TypeVar

import msgspec

from ..model import DataService, Dataset, DatasetSeries, Publication
from ..vocab import FREQUENCIES, Term, key
from .notes import Log
from .terms import find, said, spellings
from .written import keep

R = TypeVar("R", Dataset, DatasetSeries, DataService, Publication)

LONGEST = 200
"""Characters of a sentence that are looked at."""

TOLERANCE = 0.04
"""Share by which a rhythm may differ from that of its term: 30 days are a month, 365 days a year."""

_DAYS = {
    unit: days
    for days, units in {
        365.25: "year years an ans année années jaar jaren jahr jahre jahren y yr",
        30.44: "month months mois maand maanden monat monate monaten m",
        91.3: "quarter quarters trimestre trimestres kwartaal kwartalen quartal quartale quartalen",
        182.6: "semester semesters semestre semestres halfjaar halbjahr",
        7: "week weeks semaine semaines weken woche wochen w",
        1: "day days jour jours dag dagen tag tage tagen d",
        1 / 24: "hour hours heure heures uur uren stunde stunden h",
        1 / 1440: "minute minutes minuut minuten min",
    }.items()
    for unit in map(key, units.split())
}
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "one un une een één ein eine einem einen einer once einmal eenmaal",
            "two deux twee zwei twice tweemaal zweimal other second",
            "three trois drie drei thrice driemaal dreimal",
            "four quatre vier viermal viermaal",
            "five cinq vijf fünf",
            "six zes sechs",
            "seven sept zeven sieben",
            "eight huit acht",
            "nine neuf negen neun",
            "ten dix tien zehn",
            "eleven onze elf",
            "twelve douze twaalf zwölf",
        ),
        start=1,
    )
    for word in map(key, words.split())
}
_ADJECTIVES = {
    stem: days
    for days, stems in {
        365.25: "jaarlijks jahrlich jahrig",
        30.44: "maandelijks monatlich",
        7: "wekelijks wochentlich",
        1: "dagelijks taglich",
    }.items()
    for stem in stems.split()
}
_DURATION = re.compile(
    r"(?:r\d*/)?p(?:(?P<y>[\d.]+)y)?(?:(?P<m>[\d.]+)m)?(?:(?P<w>[\d.]+)w)?(?:(?P<d>[\d.]+)d)?"
    r"(?:t(?:(?P<h>[\d.]+)h)?(?:(?P<min>[\d.]+)m)?(?:[\d.]+s)?)?"
)
_NUMBER = rf"\d{{1,3}}|{'|'.join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True))}"
_UNIT = "|".join(sorted(map(re.escape, _DAYS), key=len, reverse=True))
_EVERY = re.compile(
    rf"(?<!\w)(?:every|each|tous les|toutes les|chaque|om de|elke?|iedere?|alle|jede[nrsm]?|a?ll)"
    rf" (?:(?P<number>{_NUMBER}) )?(?P<unit>{_UNIT})(?!\w)"
)
_TIMES = re.compile(
    rf"(?<!\w)(?P<times>{_NUMBER}) ?(?:x|times?|fois|keer|maal|mal)? ?(?:an?|per|par|pro|im|am|in der|each|every|/|l')"
    rf" ?(?P<unit>{_UNIT})(?!\w)"
)
_AMOUNT = re.compile(rf"(?P<number>{_NUMBER})? ?(?P<unit>{_UNIT})")
_ADJECTIVE = re.compile(rf"(?<!\w)(?P<number>{_NUMBER}) ?(?P<stem>{'|'.join(_ADJECTIVES)})\w{{0,3}}(?!\w)")
_DENIAL = re.compile(r"(?<!\w)(?:not|no|non|pas|plus|niet|geen|nicht|kein\w*|without|sans|zonder|ohne)(?!\w)")
_PREFIX = re.compile(r"(?<!\w)(bi|semi|tri) (?=\w)")
"""Parted from its word (`bi-monthly`), which alone means another rhythm."""
_SHORTEST = 5
"""Letters of a word that is looked for within a sentence."""


def name_frequency(entry: R, log: Log) -> R:
    """dct:accrualPeriodicity, from Dublin Core, ISO 19115, durations and words."""
    given, field = entry.frequency, "dct:accrualPeriodicity"
    if given is None:
        return entry
    term = next((found for text in spellings(given) if (found := frequency(text))), None)
    if term is None:
        log.note(field, said(given), "term-unknown")
        return keep(msgspec.structs.replace(entry, frequency=None), field, spellings(given)[-1:])
    if given.iri != term.iri:
        log.note(field, said(given), "term-mapped", term.iri)
    return msgspec.structs.replace(entry, frequency=FREQUENCIES.concept(term))


@lru_cache(maxsize=2_048)
def frequency(text: str) -> Term | None:
    """The term that an IRI, a word, an interval or a sentence means."""
    if term := find(FREQUENCIES, text):
        return term
    if len(text) > LONGEST or "://" in text:
        return None
    plain = _PREFIX.sub(r"\1", key(text).strip(" .;:!()"))
    if (term := find(FREQUENCIES, plain)) is not None:
        return term
    days = 0 if _DENIAL.search(plain) else _days(plain)
    return _nearest(days) if days else _named(plain)


def _days(text: str) -> float:
    """The days between two updates that a duration, or an amount in words, says; 0 when it says none."""
    if (found := _DURATION.fullmatch(text)) and len(text) > 1:
        return sum(float(found[unit] or 0) * _DAYS[unit] for unit in ("y", "m", "w", "d", "h", "min"))
    if found := _ADJECTIVE.search(text):
        return _number(found["number"]) * _ADJECTIVES[found["stem"]]
    if found := _TIMES.search(text):
        return _DAYS[found["unit"]] / _number(found["times"])
    if found := _EVERY.search(text) or _AMOUNT.fullmatch(text):
        return _number(found["number"]) * _DAYS[found["unit"]]
    return 0


def _number(text: str | None) -> int:
    return _NUMBERS.get(text or "one") or max(1, int(text or 1))


def _nearest(days: float) -> Term | None:
    rhythms = {float(term.extra["days"]): term for term in FREQUENCIES if "period" in term.extra}
    nearest = min(rhythms, key=lambda one: abs(one - days))
    return rhythms[nearest] if abs(nearest - days) <= TOLERANCE * days else None


@lru_cache(maxsize=1)
def _phrases() -> dict[str, Term]:
    found: dict[str, Term] = {}
    for term in FREQUENCIES:
        for text in (*(label.value for label in term.labels), *term.aliases):
            phrase = key(text)
            if len(phrase) >= _SHORTEST and "/" not in phrase:
                found.setdefault(phrase, term)
    return found


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_phrases(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?:e?s|en?|er|ly|le|les)?(?!\w)")


def _named(text: str) -> Term | None:
    """The one term that a sentence names."""
    named = {_phrases()[found[1]] for found in _pattern().finditer(text)}
    rest = _pattern().sub(" ", text)
    return next(iter(named)) if len(named) == 1 and not _DENIAL.search(rest) else None
