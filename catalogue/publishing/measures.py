"""How much a feed says of the quality of descriptions.

Measures and remarks are a quarter of what is stored, and whoever harvests data wants the score at most.
"""

import re
from enum import StrEnum
from functools import lru_cache

from dcat.dqv import PIVEAU
from dcat.namespaces import expand


class Measures(StrEnum):
    """Which measures and remarks (DQV) a feed carries."""

    SCORE = "score"
    """The points of each dataset."""
    ALL = "all"
    """Also those of each aspect, and what could be better."""
    NONE = "none"


def without(text: str, site: str, measures: Measures) -> str:
    """N-Triples of entries, of the catalogue or of nodes that they share, with those measures only."""
    return text if measures is Measures.ALL else _lines(site, measures).sub("", f"\n{text}")[1:]


def only(text: str, site: str) -> str:
    """Those of measures and remarks alone."""
    return "".join(f"{line[1:]}\n" for line in _lines(site, Measures.NONE).findall(f"\n{text}"))


@lru_cache(maxsize=16)
def _lines(site: str, measures: Measures) -> re.Pattern[str]:
    """Lines about measures and remarks other than those, about what they lead to, and that lead to them: each with the
    end of the line before it. The pattern begins with what is looked for three times faster than a beginning (`^`)."""
    other = ("(?!quality>)", "(?!scoring>)", "(?!score>)") if measures is Measures.SCORE else ("", "", "")
    here = re.escape(site)
    holder = rf"<{here}/(?:catalog|id/record/[^>#]*)"
    leading = rf"> <{re.escape(expand('dqv:hasQuality'))}(?:Measurement|Annotation)> <[^>#]*#{other[0]}[^>]*> \."
    metric = rf"<(?:{re.escape(PIVEAU)}{other[1]}|{here}/id/metric/{other[2]}|{here}/id/remark/)[^>]*> .*"
    return re.compile(rf"\n(?:{holder}(?:#{other[0]}[^>]*> .*|{leading})|{metric})(?=\n)")
