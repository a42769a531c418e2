"""German plurals in -s, which Snowball keeps after vowels: `Kitas`, `Autos`, `Elektroautos`, `Handys`."""

import re

_NOUNS = """
    abo app auto azubi baby buro city demo disko euro foto handy hobby info kamera kasino kilo kino kita konto krimi lkw
    logo memo menu metro motto niveau party pkw pony radio risiko shop silo ski studio tacho taxi trafo video villa zoo
"""
_PLURAL = re.compile(rf"({'|'.join(_NOUNS.split())})s$")


def singular(word: str) -> str:
    """A folded word without the -s of nouns that end in a vowel; others end so themselves (`Haus`, `Bus`, `Basis`)."""
    return word[:-1] if word.endswith("s") and _PLURAL.search(word) else word
