"""The headers of every route, errors too, and what a browser makes of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from browsing import served
from factory import filled_catalogue
from flask import Flask
from sampling import sampled, share

from catalogue.service import Catalogue
from web.app import create_app
from web.http.security import FIXED, policy

SITE = "https://data.example.brussels"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "DELETE")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    catalogue = filled_catalogue(tmp_path_factory.mktemp("headers"), contact="opendata@example.brussels")
    yield catalogue
    catalogue.close()


def address(rule: str) -> str:
    """An address of a route, mostly of something that is not there."""
    return re.sub(r"<(?:any\((\w+)[^)]*\):|[^>]*:)?\w+>", lambda step: step[1] or "1", rule)


def faults(app: Flask, path: str, method: str) -> Iterator[str]:
    """What an answer says of itself that it must not, or does not say."""
    answer = app.test_client().open(path, method=method)
    for name, value in {**FIXED, "Content-Security-Policy": policy(over_https=True)}.items():
        if answer.headers.get(name) != value and not path.startswith("/static"):
            yield f"{method} {path} ({answer.status_code}): {name} is {answer.headers.get(name)!r}"
    if "unsafe" in answer.headers.get("Content-Security-Policy", ""):
        yield f"{method} {path}: unsafe"
    if "includeSubDomains" not in answer.headers.get("Strict-Transport-Security", ""):
        yield f"{method} {path}: no HSTS"
    if {name for name, _ in answer.headers} & {"Server", "X-Powered-By", "Via", "Access-Control-Allow-Credentials"}:
        yield f"{method} {path}: tells too much"
    if "Set-Cookie" in answer.headers and "/producers" not in path:
        yield f"{method} {path}: sets a cookie"


@pytest.mark.against("TC-17", "TC-25")
def test_every_route_has_exactly_the_headers(filled: Catalogue, note: Callable[..., None]) -> None:
    app = create_app(replace(filled.settings, site_url=SITE), filled)
    paths = sorted(
        {address(rule.rule) for rule in app.url_map.iter_rules()} | {"/nowhere", "/nl/nowhere", "/api/1/nowhere"}
    )
    wrong = [fault for path in paths for method in METHODS for fault in faults(app, path, method)]
    note(
        "Q16",
        f"{len(paths)} addresses of all routes × {len(METHODS)} methods: {len(wrong)} headers amiss "
        "(self-checked; the Observatory of Mozilla cannot be asked from here)",
        holds=not wrong and len(paths) > 100,
        part="headers",
        wrong=wrong[:10],
    )


@pytest.mark.against("TC-25")
def test_a_browser_finds_nothing_to_object_to(filled: Catalogue, browser: Any, note: Callable[..., None]) -> None:
    pages = ["/nl/", "/nl/search?q=fiets", "/nl/dataset/trams", "/nl/publishers", "/nl/check", "/nl/nowhere"]
    pages += ["/fr/", "/de/search", "/en/sources", "/en/developers", "/fr/themes", "/fr/about", "/nl/producers"]
    looked_at = sampled(pages, share(6, len(pages)))
    said: list[str] = []
    asked: list[str] = []
    with served(create_app(filled.settings, filled)) as site:
        context = browser.new_context()
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if "Security Policy" in message.text else None)
        page.on("request", lambda request: asked.append(request.url))
        for path in looked_at:
            page.goto(site + path)
        cookies, kept = context.cookies(), page.evaluate("[localStorage.length, sessionStorage.length]")
        context.close()
    others = [url for url in asked if not url.startswith((site, "data:"))]
    shown = f"{len(looked_at)} pages in Chromium"
    note("Q16", f"{shown}: {len(said)} violations", holds=not said, part="browser", wrong=said)
    note(
        "Q23",
        f"{shown}: {len(cookies)} cookies, {len(others)} requests to others, {sum(kept)} things kept",
        holds=not cookies and not others and kept == [0, 0],
        part="browser",
        wrong=[*cookies, *others],
    )
