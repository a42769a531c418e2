"""Words without what people type in several ways: case, accents, ligatures."""

import unicodedata
from functools import lru_cache

_FOLDED_APART = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"})


def fold(word: str) -> str:
    """In lower case, without accents and ligatures: `Œuvré` → `oeuvre`, `Straße` → `strasse`, `CO₂` → `co2`."""
    if "." in word and word[0].isalpha() and word[1] == ".":
        word = word.replace(".", "")
    if word.isascii():
        return word.lower()
    return _folded(word)


@lru_cache(maxsize=8_192)
def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold()).translate(_FOLDED_APART)
    return "".join(c for c in decomposed if unicodedata.category(c) not in {"Mn", "Cf", "Me", "Zs"})
