"""What of an entry's texts is read: the best of several, and no markup."""

import html
import re

from dcat.model import Text, Texts
from dcat.our_languages import best_for

_TAG = re.compile(r"<[/!a-zA-Z][^<>]{0,1000}>")
_SIGNS = ("*", "#", "`", "__", "](", ">", "==", "- ")
_MARKUP = re.compile(
    r"!?\[([^\]\n]{0,300})\]\([^)\s]{0,500}\)|(?:^|(?<=\s))(?:[#*>=-]{1,6}|\*\*|__)(?=\s|\w)|\*\*|__|`"
)


def best_text(texts: Texts, language: str) -> Text:
    """The text for a reader; an empty one when there is none."""
    return best_for(language, texts) or Text("")


def without_tags(text: str) -> str:
    """A text without HTML: its tags are no words of it."""
    return html.unescape(_TAG.sub(" ", text)) if "<" in text or "&" in text else text


def plain_text(text: str) -> str:
    """A text without HTML and Markdown, in one line."""
    text = without_tags(text)
    if any(sign in text for sign in _SIGNS):
        text = _MARKUP.sub(r"\1", text)
    return " ".join(text.split())
