"""Which of several texts a reader is shown."""

from dcat.model import Text, Texts

CHAINS = {
    "fr": ("fr", "nl", "en", "de"),
    "nl": ("nl", "fr", "en", "de"),
    "de": ("de", "nl", "fr", "en"),
    "en": ("en", "fr", "nl", "de"),
}
"""For each reader, which language comes next when a text is not in theirs."""


def best_text(texts: Texts, language: str) -> Text:
    """The text for a reader: human before machine-translated, then along the reader's chain, untagged last."""
    chain = CHAINS.get(language, CHAINS["en"])

    def rank(text: Text) -> tuple[bool, int]:
        place = chain.index(text.language) if text.language in chain else len(chain) + (not text.lang)
        return text.is_machine_translated, place

    return min(texts, key=rank, default=Text(""))
