"""What of an entry's texts is read: the best of several."""

from dcat.model import Text, Texts
from dcat.our_languages import best_for


def best_text(texts: Texts, language: str) -> Text:
    """The text for a reader; an empty one when there is none."""
    return best_for(language, texts) or Text("")
