"""German plurals in -s, which Snowball keeps after vowels: `Kitas`, `Autos`, `Elektroautos`, `Handys`."""

import re

_NOUNS = """
    abo app auto azubi baby bistro boutique buro cafe camera demo depot disko e-bike euro fotoarchiv foto handy hobby
    info job kamera kasino kilo kino kita konto lkw logo memo menu metro motto niveau party pedelec pkw podcast pony
    radio shop silo ski snack solo streetview studio tacho taxi team techno trafo trio video villa zebra zoo
"""
_PLURAL = re.compile(rf"({'|'.join(_NOUNS.split())})s$")


def singular(word: str) -> str:
    """A folded word without the -s of nouns that end in a vowel; others end so themselves (`Haus`, `Bus`, `Basis`)."""
    return word[:-1] if _PLURAL.search(word) else word
