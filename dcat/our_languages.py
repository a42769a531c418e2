"""The languages that the portal is written in, and which of several texts is best for a reader of one of them."""

from collections.abc import Sequence

from .model import Text, Texts

OUR_LANGUAGES = ("fr", "nl", "de", "en")
"""Every page, label and finding exists in these. Others write here too: a text may be in any language."""

CHAINS = {
    "fr": ("fr", "nl", "en", "de"),
    "nl": ("nl", "fr", "en", "de"),
    "de": ("de", "nl", "fr", "en"),
    "en": ("en", "fr", "nl", "de"),
}
"""For each reader, which language comes next when a text is not in theirs."""


def best_for(reader: str, texts: Texts) -> Text | None:
    """The text for a reader of a language, who reads English when it is not one of ours."""
    return best_along(CHAINS.get(reader, CHAINS["en"]), texts)


def writes_in(texts: Texts) -> str:
    """The language in which whoever wrote these texts writes: the first of ours that no machine wrote, else English."""
    written = [text.language for text in texts if not text.is_machine_translated]
    return next((lang for lang in OUR_LANGUAGES if lang in written), "en")


def best_along(chain: Sequence[str], texts: Texts) -> Text | None:
    """The text whose language stands earliest: human before machine-translated, then along the chain, then in any other
    language, untagged last; the first of equals, None when there is no text at all."""

    def rank(text: Text) -> tuple[bool, int]:
        place = chain.index(text.language) if text.language in chain else len(chain) + (not text.lang)
        return text.is_machine_translated, place

    for text in texts:  # mostly there is one that nothing can be better than
        if text.language in chain[:1] and not text.is_machine_translated:
            return text
    return min(texts, key=rank, default=None)
