"""What is known of words, found out once for each: a text of a thousand words is a thousand look-ups."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

MOST_WORDS = 32_768
"""Words of one language that are remembered; more begin anew, as texts without end would fill the memory."""
LONGEST_WORD = 64
"""Characters of the longest word that is remembered; longer ones are no words, and do not come again."""


class Lexicon(dict[str, T]):
    """Word → what is known of it."""

    def __init__(self, find_out: Callable[[str], T]) -> None:
        super().__init__()
        self._find_out = find_out

    def __missing__(self, word: str) -> T:
        """Finds it out and remembers it."""
        if len(word) > LONGEST_WORD:
            return self._find_out(word)
        if len(self) >= MOST_WORDS:
            self.clear()
        found = self[word] = self._find_out(word)
        return found
