"""Words of a query that no entry need have: they are looked for, but not missed where all the words are counted."""

import re

from .language.analysis import query_words, said

_SAYS_DATA = """
    chiffres donnee donnees cijfers gegeven gegevens daten datensatz datensatze zahlen data dataset datasets figures
"""
SAYS_DATA = frozenset(_SAYS_DATA.split())
"""Words that every entry could have, folded: all here is data."""
_ASKS = """
    actuel actuelle actuelles actuels aujourd besoin bonjour cest comment connaitre demander dernier derniere dernieres
    derniers environs hui info informations infos jai liste maintenant merci obtenir proximite recent recente recentes
    recents savoir svp trouver versus voir vs
    actueel actuele alstublieft aub dichtbij graag hoeveel informatie krijgen laatste lijst meest meeste nieuwste
    recentste vandaag vind vinden zoek zoeken
    aktuell aktuelle aktuellen aktueller aktuelles bitte finde finden gibt heute informationen leben letzte letzten
    meiste meisten nahe neueste neuesten pro suche suchen viele wieviel
    find hello information latest list live looking many most much near nearby newest online please search show today
"""
ASKS = frozenset(_ASKS.split())
"""Words that say that somebody asks, or of what is now and near, folded."""
_TAKES = """
    telecharger telechargement telechargements telechargeable downloaden herunterladen download downloads downloadable
"""
TAKES = frozenset(_TAKES.split())
"""Words of those who want to take it home, folded; what they pay is asked for beside these only: `free wifi`."""
FREE = frozenset(["gratuit", "gratuite", "gratuitement", "gratuits", "gratis", "kostenlos", "kostenlose", "free"])
_PHRASES = (
    "a compter de", "a compter du", "a jour", "a partir de", "a partir du", "autour de moi", "chez moi", "en ligne",
    "jusque", "pres de chez moi", "pres de moi",
    "bij mij", "in de buurt", "in mijn buurt", "in onze buurt",
    "in meiner umgebung", "um mich herum",
    "around me", "close to me", "up to date",
)  # fmt: skip
"""The same in several words, folded, of which some mean something elsewhere: `ligne`, `buurt`."""
_OF_A_YEAR = re.compile(r"\b(?:l?an|l?ann[ée]es?|jaar|jaren|years?|jahre?n?) (?=(?:1[89]|20)\d\d\b)", re.IGNORECASE)
"""What stands before a year and says no more: `l'année 2019`, `het jaar 2019`."""
_PER = re.compile(r"\b(?:per|pour|pro|je|par) (10{0,2}(?:[ .,’']000){1,2}|10{2,6})\b", re.IGNORECASE)
"""How many something is counted by: `pour 1000 habitants`, `per 100.000 inwoners`; elsewhere `1000` is Brussels."""
_HOST = re.compile(
    r"(?<![\w.@-])(?:https?://)?(?:[a-z0-9-]+\.)+(?:be|brussels|com|de|eu|fr|gent|int|io|lu|net|nl|org|vlaanderen)"
    r"(?![\w-])(?:[:/]\S*)?",
    re.IGNORECASE,
)
"""The address of a site: whoever pastes the title of a page pastes the name of the site with it."""


def unneeded(text: str) -> frozenset[str]:
    """Those of a text, folded."""
    folded = said(text)
    found = {word for word in folded if word in SAYS_DATA or word in ASKS or word in TAKES}
    if not FREE.isdisjoint(folded) and not (SAYS_DATA | TAKES).isdisjoint(folded):
        found |= FREE
    found.update(*map(said, _OF_A_YEAR.findall(text)))
    return frozenset(found | aside(text))


def aside(text: str) -> frozenset[str]:
    """Those among them that mean nothing there by themselves, unless there are no others: `in de buurt` asks for no
    neighbourhoods."""
    folded = said(text)
    line = f" {' '.join(folded)} "
    phrases = (phrase.split() for phrase in _PHRASES if f" {phrase} " in line)
    others = (*_HOST.findall(text), *_PER.findall(text))
    found: frozenset[str] = frozenset().union(*phrases, *map(query_words, others))
    return frozenset() if found.issuperset(folded) else found
