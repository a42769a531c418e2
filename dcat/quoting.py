"""What somebody sent, quoted in a sentence: as much of it as helps to find it, never all of it."""

import re

QUOTED = 200
"""Characters of the longest word, address or value that a sentence quotes."""
SENTENCE = 2_000
"""Characters of the longest sentence."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that no page may hold (https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream)."""
_LONG = re.compile(rf"\S{{{QUOTED + 1},}}")


def printable(value: str) -> str:
    """A value with a replacement character for each that no page may hold."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)


def shortened(sentence: str) -> str:
    """The sentence with quotes and a length that people can read."""
    text = _LONG.sub(lambda found: f"{found[0][:QUOTED]}…", sentence[: 100 * SENTENCE])
    return text if len(text) <= SENTENCE else f"{text[:SENTENCE]}…"
