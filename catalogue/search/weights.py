"""How much each thing counts in ranking. `benchmarks/relevance.py` and the judged queries of the tests measure them.

Text scores are BM25 (k1 1.2, b 0.75), about 5 to 30 for a good match. They are multiplied by what a document's standing
adds to 1 (`standing`), which is meant to decide between documents that match alike.
"""

WORDS = 1.0
"""A word as it was written, anywhere in the text."""
STEMS = 0.5
TITLE_WORDS = 0.25
TITLE_STEMS = 0.35
"""A heavy title weight hurts: short titles outrank descriptions that say more."""
TITLE_PAIR = 1.0
"""Two words that follow each other in a title as in the query, common words aside; only where all of them do."""
TITLE_ROW = 30.0
"""All words of the query, common ones too, in a row in a title: more than words in any other place come to."""
IN_TITLE = 1.0
"""All words of the query in titles, in whatever order and language; the same for all."""
OTHER_STEMS = 0.2
"""What a stem counts that the word has in other languages than the reader's, as a share of the above."""
CONCEPT = 0.8
"""The same meaning, in any language or as a code; counts instead of the word, where it scores higher."""
TITLE_CONCEPT = 0.9
"""The same in the title."""
MINOR = 0.2
"""A word in a machine translation, or in the publisher's name."""
LITTLE = 0.4
"""What a word counts beside others, as a share, that is a unit by which data is broken down (`commune`, `Stadt`), or
only asks (`liste`)."""
THERE = 0.1
"""What is only in the place that was named, where words are missing; the same for all."""
COVERED = 1.0
"""A period that covers a year that was asked for, where no text scores higher; the same for all."""
APART = 5.0
"""A title that has a word in two; the same for all."""
PART = 0.2
"""A part of a compound that was asked for."""
BEGINNING = 1.0
"""A word that begins with what was typed before a star; the same for all."""
PREFIX = 0.05
"""A word that begins as the last word typed does; the same for all."""

YEAR = 0.002
"""Each year since 1990 until the last change; the same on every day, so that no index grows old."""
HIGH_VALUE = 0.02
ON_TIME = 0.02
