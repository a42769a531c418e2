"""`python -m tests.proof > web/pages/proof.json`, or `make proof`, measures what the statements on accessibility and
eco-design say: real pages in a real browser, met for the first time."""

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

from browsing import SCREENS, WIDE, barriers, served
from factory import filled_catalogue
from pages import LANGUAGES
from playwright.sync_api import Browser, Page, sync_playwright
from services import CHROMIUM_FLAGS, chromium

from catalogue.previews.files import file_key
from catalogue.service import Catalogue
from web.app import create_app
from web.pages.statements import NAMES
from web.wording import facts

ELEMENTS, KILOBYTES, REQUESTS = 390, 60, 4
"""What a page may have on a first visit."""
QUANTILES = (
    (0, 47, 75, 159, 233, 298, 358, 417, 476, 537, 603, 674, 753, 843, 949, 1076, 1237, 1459, 1801, 2479, 594601),
    (0, 2, 15, 25, 34, 42, 49, 56, 63, 70, 78, 86, 95, 105, 117, 130, 147, 170, 205, 281, 3920),
    (
        *(0, 1.37, 144.7, 319.53, 479.46, 631.97, 783.38, 937.91, 1098.62, 1265.47, 1448.32, 1648.27, 1876.08),
        *(2142.06, 2465.37, 2866.31, 3401.59, 4155.73, 5400.08, 8037.54, 223212.26),
    ),
)
"""Elements, requests and kilobytes of the pages of the web, in steps of a twentieth (cnumr/ecoindex_python)."""
WEIGHTS = (3, 2, 1)
GRADES = ((80, "A"), (70, "B"), (55, "C"), (40, "D"), (25, "E"), (10, "F"), (-1, "G"))
SIZES = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .map(one => [one.name, one.transferSize])"""
COUNTED = "document.querySelectorAll('*').length - document.querySelectorAll('svg *').length"


@dataclass
class Visit:
    """What a browser met on a page."""

    page: str
    elements: int
    bytes: int
    requests: int
    ecoindex: float
    grade: str


def quantile(steps: tuple[float, ...], value: float) -> float:
    """Where a value stands among those of other pages, in twentieths."""
    place = next((number for number, step in enumerate(steps) if value < step), len(steps) - 1)
    low, high = steps[place - 1], steps[place]
    return place - 1 + (value - low) / (high - low)


def ecoindex(elements: int, requests: int, size: int) -> float:
    """0 to 100, the more the lighter."""
    measured = (elements, requests, size / 1000)
    worth = sum(
        weight * quantile(steps, value) for weight, steps, value in zip(WEIGHTS, QUANTILES, measured, strict=True)
    )
    return round(100 - 5 * worth / 6, 1)


def grade(index: float) -> str:
    """The letter of an index."""
    return next(letter for least, letter in GRADES if index > least)


def paths(catalogue: Catalogue) -> dict[str, str]:
    """Where each page of the statement is, below its language; the dataset is the one with most files."""
    rows = catalogue.entries.with_ids(piece.id for piece in catalogue.pieces.all())
    dataset = max((row for row in rows if row.kind == "dataset"), key=lambda row: len(facts.files(row.entry)))
    found = {
        "home": "/",
        "search": "/search?q=budget",
        "dataset": f"/dataset/{dataset.name}",
        "file": f"/dataset/{dataset.name}/file/{file_key(facts.files(dataset.entry)[0])}",
        "publisher": f"/publisher/{dataset.publisher_name}",
        "theme": "/theme/GOVE",
        "nothing": "/nowhere",
    }
    return {name: found.get(name, f"/{name}") for name in NAMES}


def visit(browser: Browser, site: str, name: str, path: str, seen: dict[str, int]) -> Visit:
    """One page, by somebody who was never here."""
    context = browser.new_context(viewport=WIDE)
    tab = context.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{site}/fr{path}")
    sizes = {url: int(size) for url, size in tab.evaluate(SIZES)}
    elements, weight = int(tab.evaluate(COUNTED)), sum(sizes.values())
    outside = {url for url in asked if not url.startswith((site, "data:"))}
    seen["foreign_hosts"] += len(outside)
    seen["cookies"] += len(context.cookies())
    seen["scripts"] += sum(size for url, size in sizes.items() if url.partition("?")[0].endswith(".js"))
    seen["fonts"] += sum(url.endswith((".woff", ".woff2", ".ttf", ".otf")) for url in asked)
    context.close()
    index = ecoindex(elements, len(asked), weight)
    return Visit(name, elements, weight, len(asked), index, grade(index))


def looked_at(page: Page, site: str, places: dict[str, str]) -> Iterator[int]:
    """How many barriers axe finds on each page in each language; the next one is looked at on the next kind of
    screen, so that each page has its turn on all of them."""
    for turn, lang in enumerate(LANGUAGES):
        for number, path in enumerate(places.values()):
            size, scheme = SCREENS[(turn + number) % len(SCREENS)]
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{site}/{lang}{path}")
            yield len(barriers(page))


def measured() -> dict[str, object]:
    """Everything that the statements say."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        catalogue = filled_catalogue(Path(folder), contact="opendata@example.brussels", access_log=False)
        with served(create_app(catalogue.settings, catalogue)) as site:
            seen = {"foreign_hosts": 0, "cookies": 0, "scripts": 0, "fonts": 0}
            places = paths(catalogue)
            visits = [visit(browser, site, name, path, seen) for name, path in places.items()]
            page = browser.new_context(bypass_csp=True).new_page()
            found = list(looked_at(page, site, places))
            axe = str(page.evaluate("axe.version"))
            version = browser.version
            browser.close()
        catalogue.close()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "browser": f"Chromium {version.partition('.')[0]}",
        "axe": axe,
        "states": len(found),
        "violations": sum(found),
        **seen,
        "budget_elements": ELEMENTS,
        "budget_kilobytes": KILOBYTES,
        "budget_requests": REQUESTS,
        "pages": [asdict(one) for one in visits],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(), indent=1) + "\n")
