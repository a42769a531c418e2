"""French words whose apostrophe was left out, as on a telephone: `leau`, `daccidents`."""

import re
from functools import lru_cache

from dcat.our_languages import OUR_LANGUAGES

from .concepts import in_words, is_name

_GLUED = re.compile(r"[dl]([aeiouyh]\w{2,})")


@lru_cache(maxsize=8_192)
def without_article(word: str) -> str:
    """A folded word without the article or preposition that is glued to a name of a concept; the word itself where it
    names one, in whatever language."""
    glued = _GLUED.fullmatch(word)
    if not glued or not is_name(glued[1], "fr") or any(True for one in OUR_LANGUAGES for _ in in_words([word], one)):
        return word
    return glued[1]
