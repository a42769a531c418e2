"""Whatever a source writes, in whatever field, the page shows it as text (robustness: X1, X2, X5, X8)."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import msgspec
import pages
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hostile import PAYLOADS, foreign, poisoned
from patience import ENOUGH

from catalogue.previews.files import file_key
from catalogue.search.base import Document, FacetCount, Hit, Query, Results
from catalogue.service import Catalogue
from catalogue.store.rows import DifferenceRow, EntryRow, OutcomeRow, PublisherRow, RunRow, SourceRow, Tombstone
from dcat.model import KINDS, Entry, Text
from web.wording import facts, prose

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def row(kind: str, payload: str) -> EntryRow:
    """A row whose every word is the payload."""
    entry: Entry = poisoned(KINDS[kind], payload)
    return EntryRow(
        id="x", name="x", kind=kind, iri=payload, source="x", identifier=payload, entry=entry, publisher_name="x",
        revision=1, created=NOW, updated=NOW, checked=NOW,
    )  # fmt: skip


class Poisoned:
    """A catalogue in which every text is the payload."""

    def __init__(self, payload: str) -> None:
        self.payload = payload
        self.texts = (Text(payload, "fr"), Text(payload, ""))
        self.a_run = RunRow(
            id=1, source="x", state=payload, queued=NOW, error=payload, incomplete=(payload,), unread={payload: 1}
        )
        self.a_source = SourceRow(
            id="x", name="x", title=payload, url=payload, kind=payload, publisher=payload, schedule=payload, config={},
            active=True, created=NOW, last_run=self.a_run,
        )  # fmt: skip
        self.body = PublisherRow(
            name="x", iri=payload, title=self.texts, datasets=1, services=1, updated=NOW, type=payload,
            homepage=payload, mbox=payload,
        )  # fmt: skip
        self.names = {"recent": [], "serving": [row("service", payload)]}

    def patch(self, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue) -> None:
        """Puts these answers in the place of the real ones."""
        answers: dict[str, Any] = {
            "entries.named": lambda kind, name: self.tombstone(kind) if name == "gone" else row(kind, self.payload),
            "entries.with_iris": lambda *_: {"x": row("series", self.payload)},
            "entries.serving": lambda *_: self.names["serving"],
            "entries.issues": lambda _: ["x"],
            "entries.with_ids": lambda ids: [row("dataset", self.payload) for _ in ids],
            "publishers.all": lambda: [self.body],
            "publishers.named": lambda _: self.body,
            "sources.all": lambda **_: [self.a_source],
            "sources.named": lambda _: self.a_source,
            "runs.of_source": lambda *_: [self.a_run],
            "runs.numbered": lambda _: self.a_run,
            "runs.held": lambda _: self.a_run,
            "runs.finding_groups": lambda _: [(self.payload, self.payload, 1, self.payload)],
            "runs.differences": lambda *_, **__: (2, [DifferenceRow(*[self.payload] * 5)]),
            "runs.outcomes": lambda *_, **__: [
                OutcomeRow(identifier=self.payload, outcome=self.payload, name=self.payload, reason=self.payload)
            ],
            "index.search": self.search,
            "index.listed": lambda query: tuple(hit.document for hit in self.search(query).hits),
        }
        for name, answer in answers.items():
            noun, verb = name.split(".")
            monkeypatch.setattr(getattr(catalogue, noun), verb, answer)

    def tombstone(self, kind: str) -> Tombstone:
        """What is left of a removed entry."""
        return Tombstone(
            id="x", name="x", kind=kind, iri=self.payload, title=self.texts, publisher=self.texts, removed=NOW,
            reason=self.payload,
        )  # fmt: skip

    def search(self, query: Query) -> Results:
        """One result, and one value of each facet."""
        document = Document(
            id="x", revision=1, iri=self.payload, name="x", type="service", title=self.texts, description=self.texts,
            keyword=self.texts, publisher_name="x", publisher=self.texts, theme=(self.payload,), format=(self.payload,),
            licence=(self.payload,), language=(self.payload,), frequency="x", modified=self.payload, spatial=self.texts,
        )  # fmt: skip
        end = len(self.payload)
        hit = Hit(
            document=document, score=1, title=self.texts[0], title_marks=((0, end),), snippet=self.texts[1],
            snippet_marks=((0, 1), (end - 1, end)),
        )  # fmt: skip
        counts = (FacetCount(self.payload, 1, False),)
        return Results(
            count=1, count_all_words=0, hits=(hit,), facets=dict.fromkeys(query.facets, counts),
            also_searched=(self.payload,), left_out=(self.payload,), did_you_mean=self.payload,
        )  # fmt: skip


PATHS = (
    "/",
    "/search?q=a+b",
    "/search/filters",
    "/search/values/keyword",
    "/dataset/x",
    "/service/x",
    "/series/x",
    "/publishers",
    "/publisher/x",
    "/themes",
    "/theme/TRAN",
    "/keyword/x",
    "/sources",
    "/source/x",
    "/source/x/run/1",
)


@pytest.mark.against("TC-07")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_page_lets_a_sources_words_become_markup(
    client: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch, payload: str
) -> None:
    Poisoned(payload).patch(monkeypatch, filled)
    file = file_key(facts.files(row("dataset", payload).entry)[0])
    for path in (*PATHS, f"/dataset/x/file/{file}"):
        page = pages.read(client, f"/nl{path}")
        assert list(foreign(page)) == [], path
        assert len(list(page.iter("{http://www.w3.org/2000/svg}svg"))) + len(list(page.iter("svg"))) == 1
        assert len(page.findall("body//form")) <= 2
        for script in page.iter("script"):
            assert script.get("type") == "application/ld+json"
            json.loads(script.text or "")
    assert list(foreign(pages.read(client, "/nl/dataset/gone", 410))) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_page_lets_a_readers_words_become_markup(client: FlaskClient, payload: str) -> None:
    for path, name in (
        ("/search", "q"),
        ("/theme/TRAN", "q"),
        ("/publishers", "find"),
        ("/search/values/theme", "find"),
    ):
        answer = client.get(f"/nl{path}", query_string={name: payload}, headers=pages.HTML)
        assert answer.status_code in {200, 400}
        assert list(foreign(pages.tree(answer))) == [], path
    answer = client.get("/nl/search", query_string={"keyword": payload, "page": payload}, headers=pages.HTML)
    assert list(foreign(pages.tree(answer))) == []


@pytest.mark.parametrize(
    "path", ["/nl/%3Cscript%3E", "/nl/keyword/%22%3E%3Cimg%20src=x%3E", "/nl/dataset/%0D%0AX:%201"]
)
def test_no_address_becomes_markup_or_a_header(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=pages.HTML)
    assert answer.status_code in {200, 404}
    assert list(foreign(pages.tree(answer))) == []
    assert "X" not in answer.headers


@pytest.mark.parametrize("path", ["//evil.example", "/%09/evil.example", "/fr//evil.example", "/\\evil.example"])
def test_nothing_leads_to_another_site(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={**pages.HTML, "Accept-Language": "nl"})
    assert answer.status_code in {200, 303, 308, 404}
    assert "evil.example" not in (answer.location or "").partition("?")[0].lstrip("/").partition("/")[0]


def test_structured_data_survives_any_text(
    app: Flask, client: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = "</script><!--<script>\u2028\"'&amp;"
    Poisoned(payload).patch(monkeypatch, filled)
    page = pages.read(client, "/fr/dataset/x")
    assert json.loads(pages.one(page, "head/script").text or "")["name"] == payload


# --- descriptions ----------------------------------------------------------------------------------------------------


@pytest.mark.against("TC-29")
@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 60_000,
        "[" * 60_000,
        "*" * 60_000,
        "> " * 30_000,
        "<" * 60_000,
        "<a href='x'>" * 20_000,
        "`" * 60_000,
        "![](" * 20_000,
        "- " * 30_000,
        "\n" * 60_000,
        "&" * 60_000,
        "a_" * 30_000,
    ],
    ids=lambda text: text[:8].strip() or "newlines",
)
def test_a_description_built_to_be_slow_is_not(text: str) -> None:
    started = time.thread_time()
    prose.render(text)
    prose.plain(text)
    assert time.thread_time() - started < ENOUGH


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Une phrase.\n\nUne autre.", "<p>Une phrase.</p>\n<p>Une autre.</p>"),
        ("# Titre", "<p><strong>Titre</strong></p>"),
        ("Titre\n===", "<p><strong>Titre</strong></p>"),
        ("~~vieux~~", "<p><s>vieux</s></p>"),
        ("<h2>Titre</h2><p>Texte <b>gras</b></p>", "Titre<p>Texte gras</p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("x < y & z", "<p>x &lt; y &amp; z</p>"),
        ("<script>alert(1)</script>ok", "ok"),
        ("2019. Une année", '<ol start="2019">\n<li>Une année</li>\n</ol>'),
        ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
    ],
)
def test_a_description_keeps_what_structures_it(source: str, shown: str) -> None:
    assert prose.render(source).strip() == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<p>Un</p><p>Deux &amp; trois</p>", "Un Deux & trois"),
        ("**Gras** et [lien](https://x.example) et `code`", "Gras et lien et code"),
        ("a_b_c 2*3", "a_b_c 2*3"),
        ("2019. Une année", "2019. Une année"),
        ("# Titre\n\n- un\n- deux\n\n| a | b |\n|---|---|\n| 1 | 2 |", "Titre un deux a b 1 2"),
        ("![Plan](https://x.example/p.png) > 3", "Plan > 3"),
        ("mot " * 100, " ".join(["mot"] * 50) + " …"),
        ("", ""),
    ],
)
def test_a_description_in_one_line_has_no_markup(source: str, shown: str) -> None:
    assert prose.plain(source) == shown


def test_poison_reaches_every_field() -> None:
    said = msgspec.json.encode(poisoned(KINDS["dataset"], "PAYLOAD")).decode()
    assert said.count("PAYLOAD") > 150


def test_pictures_become_links_and_tables_stay_tables() -> None:
    picture = prose.render("![Plan](https://example.org/p.png)")
    assert '<a href="https://example.org/p.png"' in picture
    assert ">Plan</a>" in picture
    assert "<img" not in picture
    assert "<td>1</td>" in prose.render("| a |\n| - |\n| 1 |")
    assert "href" not in prose.render("![x](javascript:alert(1))")


def test_links_that_only_work_at_the_publisher_lead_nowhere_here() -> None:
    for text in (
        "Voir [ici](/x), [là](page.html), [plus bas](#a)",
        "<p><a href='../x'>ici</a> <a href='?a=b'>là</a></p>",
    ):
        assert "href" not in prose.render(text)
        assert "ici</a>" in prose.render("[ici](https://agency.example/x)")
