"""Searches that are meant to do harm: answered quickly or refused in words, and nothing falls over."""

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from factory import filled_catalogue
from hostile import naughty
from pages import HTML
from patience import ENOUGH
from sampling import SHARE, sampled, share

from web.app import create_app

HEAVY = (
    *("(" * 250, "NOT " * 60, '"' * 200, "* " * 120, "a* " * 80, "~99 " * 60, "title:* OR _id:*", '{"$ne": ""}'),
    *("/(a+)+$/", "[* TO *]", "a^99999", "é" * 256, "a b c d " * 32, "\\" * 200, "_exists_:x", "../_cat/indices"),
)
PLACES = ("/nl/search?q={}", "/search.json?q={}", "/api/1/search?q={}", "/fr/search?keyword={}", "/nl/search?sort={}")
ODD = "()[]{}\"'*?~^:/\\+-!&|<>=.,;@#%$ \t\u0301\u202e\u200b\U0001f600äßñ字अ\x00aeiou0123"


@pytest.mark.against("TC-04", "TC-29", "TC-30")
def test_no_search_takes_long_or_brings_anything_down(tmp_path: Path, note: Callable[..., None]) -> None:
    catalogue = filled_catalogue(tmp_path / "var", searches_per_minute=0)
    client = create_app(catalogue.settings, catalogue).test_client()
    seconds, statuses, chance = [], Counter[int](), random.Random(17)

    def ask(text: str) -> None:
        place, _, name = chance.choice(PLACES).partition("?")
        began = time.process_time()
        answer = client.get(place, query_string={name.partition("=")[0]: text}, headers=HTML)
        seconds.append(time.process_time() - began)
        statuses[answer.status_code] += 1

    listed = [*HEAVY, *sampled(naughty(), share(60, 484))]
    for text in listed:
        ask(text)
    end = time.monotonic() + 600 * min(SHARE, 1)
    while time.monotonic() < end:
        ask("".join(chance.choices(ODD, k=chance.randrange(1, 300))))
    catalogue.close()
    slow = sorted(seconds)[int(len(seconds) * 0.99)]
    broken = sum(times for status, times in statuses.items() if status >= 500)
    note(
        "Q17",
        f"{len(listed)} of {len(HEAVY) + len(naughty())} listed searches and "
        f"{len(seconds) - len(listed)} made up in {600 * min(SHARE, 1):.0f} "
        f"of 600 s: 99 % within {1000 * slow:.0f} ms of processor, {broken} × 5xx",
        holds=not broken and slow < ENOUGH,
        worse=slow >= 0.5,
        wrong=statuses,
    )
