"""Dutch stems: Snowball's, mended where it parts a word from its own plural.

Snowball takes off a `ge-` that is part of the word (`gemeente` → `meen`, `gezondheid` → `zon`, which is the sun) and an
-s that is no plural (`fiets` → `fiet`), keeps the -s of nouns in -en (`huishoudens`) and takes these for plurals
(`wagen` → `waag`), leaves of `eenheid` but one (`een`) and of `kaartje` a `kaar`, parts `maandelijks` from
`maandelijkse`, and does not know which vowels change (`wegen` → `weeg`).
"""

import re

import Stemmer

_STEMMER = Stemmer.Stemmer("dutch", 0)
_MASK = "q"
"""Stands for the g of `ge-` while Snowball works; Dutch words do not begin with qe."""
_ENDS_IN_S = ("fiets", "plaats", "loods", "grens", "adres", "kans", "mens", "beurs", "gids", "reis", "rots", "koers")
_SINGULAR_IN_EN = re.compile(r"(haven|keuken|molen|regen|teken|(?:^|er|k|s)toren|wagen)s?$")
_LIJK = re.compile(r"lijk(s|se|sen|e|en)?$")
_OR = re.compile(r"([ci]t|at|ot|ns|ss)oren$")
"""How plurals of nouns in -or end: `sectoren`, `indicatoren`, `motoren`, `sensoren`; a `watertoren` is none."""
_SMALL = re.compile(r"((?:^|[^aeiou])[aeiou]nt|(?:k|t)aart|(?:p|s)oort|buurt)jes?$")
"""Diminutives of words in -t, whose t is not of the ending: a `kaartje` is a `kaart`, a `tuintje` no `tuint`."""
LONGEST_SINGULAR = 6
"""Letters up to which a word in -ens is no plural (`wens`, but `huishoudens`)."""
_CHANGES = {
    **{old: old.replace("aa", "a") for old in ("paad", "daag", "daak", "baad", "gaat", "vaat", "glaas", "slaag")},
    "beel": "beeld",
    "weeg": "weg",
    "steed": "stad",
    "scheep": "schip",
    "leed": "lid",
    "kinder": "kind",
    "musea": "museum",
    "autos": "auto",
    "fotos": "foto",
    "autoo": "auto",
    "fotoo": "foto",
    "apothek": "apotheek",
    "bibliothek": "bibliotheek",
    **{old: f"{old[:-1]}el" for old in ("panel", "kastel", "juwel", "tonel")},
}
_CHANGED = re.compile(rf"({'|'.join(_CHANGES)})$")
_CHANGING = tuple(_CHANGES)


def changed(stem: str) -> list[str]:
    """What words with this stem are without their endings, where a vowel changes: `lid` is `leed` in `leden`."""
    return [old for old, new in _CHANGES.items() if new == stem]


def stem(word: str) -> str:
    """The stem of a folded Dutch word."""
    if word.endswith(_ENDS_IN_S):
        return word
    if word.endswith("oren"):
        word = _OR.sub(r"\1or", word)
    if word.endswith(("tje", "tjes")):
        word = _SMALL.sub(r"\1", word)
    if word.endswith(("en", "ens")) and (found := _SINGULAR_IN_EN.search(word)):
        return word[: found.end(1)]
    if word.endswith(("eenheid", "eenheden")):
        return f"{word[:-3]}id" if word.endswith("den") else word
    if "lijk" in word and (found := _LIJK.search(word)) and found.start() > 1:
        return f"{word[: found.start()]}lijk"
    if word.endswith("ens") and len(word) > LONGEST_SINGULAR:
        word = word[:-1]
    masked = _MASK + word[1:] if word.startswith("ge") and len(word) > 4 else word
    found = _STEMMER.stemWord(masked)
    found = "g" + found[1:] if masked is not word else found
    return _CHANGED.sub(lambda match: _CHANGES[match[0]], found) if found.endswith(_CHANGING) else found
