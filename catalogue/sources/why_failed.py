"""Why a source could not be read, and what to do, in the language of whoever must know it.

What the harvester says in detail (a status, a line, a number) is English; the words here tell people what it means.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

_STATUS = re.compile(r" answered (\d{3})\b")


def words(code: str, error: str, language: str) -> str:
    """What the code of a failed run means, or the status that its error names; empty when nothing is known of it."""
    status = _STATUS.search(error) if code == "HTTP_STATUS" else None
    said = status and next((said for digits, said in _table()["status"].items() if status[1].startswith(digits)), None)
    return (said or _table()["code"].get(code, {})).get(language, "")


def codes() -> frozenset[str]:
    """The codes of which something is known."""
    return frozenset(_table()["code"])


@cache
def _table() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((Path(__file__).parent / "failures.toml").read_text("utf-8"))
