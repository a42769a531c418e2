"""Deciding by the link of a letter: for whoever was sent it, for that source, for a while, by a button."""

from collections.abc import Iterator
from datetime import timedelta
from mailbox import Mailbox, mailbox
from pathlib import Path
from urllib.parse import urlsplit

import pages
import pytest
from factory import Feed, Memory, open_catalogue, record, texts
from flask.testing import FlaskClient

from catalogue import clock
from catalogue.service import Catalogue
from dcat.model import Dataset
from web.app import create_app

URL = "https://agency.example/feed"
Opened = tuple[Catalogue, Memory, FlaskClient, Mailbox]


def feed(count: int) -> Feed:
    return Feed([record(f"r{n}", Dataset(title=texts(fr=f"Jeu {n}"))) for n in range(count)])


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """A source of twelve that listed six of them the last time, and a letter about it."""
    with mailbox() as box:
        catalogue, memory = open_catalogue(tmp_path / "var", mail_url=box.url, mail_from="data@example.brussels")
        catalogue.sources.add(URL, "memory", title="Agence", publisher="Town")
        catalogue.subscriptions.add("anna@town.example", publisher="Town", language="fr")
        for count in (12, 6):
            memory.feeds[URL] = feed(count)
            catalogue.runs.harvest("agence")
        catalogue.notices.tell()
        yield catalogue, memory, create_app(catalogue.settings, catalogue).test_client(), box
        catalogue.close()


def link_of(box: Mailbox) -> str:
    """The one link of the letter, below the portal."""
    (line,) = [line for line in box.letters[0].get_content().splitlines() if line.startswith("https://")]
    parts = urlsplit(line)
    return f"{parts.path}?{parts.query}"


def entries(catalogue: Catalogue) -> int:
    return catalogue.sources.named("agence").entries


@pytest.mark.parametrize(("do", "left", "what"), [("approve", 6, "removals.approve"), ("keep", 12, "removals.keep")])
def test_a_button_decides_and_opening_the_link_does_not(opened: Opened, do: str, left: int, what: str) -> None:
    catalogue, _, client, box = opened
    link = link_of(box)
    page = pages.read(client, link)
    assert entries(catalogue) == 12
    assert "6 " in pages.words(page.find("body//section[@aria-labelledby='decide']/h2"))
    forms = {form.find("input[@name='do']").get("value"): form for form in page.findall("body//form[@method='post']")}
    sent = {field.get("name"): field.get("value") for field in forms[do].findall("input")}
    answer = client.post(link, data=sent)
    assert (answer.status_code, entries(catalogue)) == (303, left)
    assert client.get(answer.location).status_code == 200
    line = next(catalogue.audit.all())
    assert (line.what, line.who) == (what, "link in a letter")
    assert "no-store" in client.get(link).headers["Cache-Control"]
    assert not pages.read(client, link).findall("body//form[@method='post']")
    again = client.post(link, data=sent)
    assert again.status_code == 409
    assert entries(catalogue) == left


def test_the_link_is_for_whichever_run_holds_it_but_decides_on_the_one_that_was_shown(opened: Opened) -> None:
    catalogue, memory, client, box = opened
    link = link_of(box)
    memory.feeds[URL] = feed(4)
    later = catalogue.runs.harvest("agence").id
    assert client.post(link, data={"do": "approve", "run": str(later - 1)}).status_code == 409
    assert entries(catalogue) == 12
    assert client.post(link, data={"do": "approve", "run": str(later)}).status_code == 303
    assert entries(catalogue) == 4


def test_nobody_else_has_such_a_link(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue, _, client, box = opened
    link = link_of(box)
    held = {"do": "approve", "run": "2"}
    catalogue.sources.add("https://other.example/", "memory", title="Other")
    last = "0" if link[-1] != "0" else "1"
    for other in (
        link[:-1] + last,
        link.replace("until=20", "until=21"),
        link.replace("agence", "other"),
        link.split("?")[0],
    ):
        assert client.get(other).status_code == 403
        assert client.post(other, data=held).status_code == 403
    assert client.post(link, data={"do": "destroy", "run": "2"}).status_code in {400, 422}
    assert client.post(link).status_code in {400, 422}
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(days=31))
    assert client.post(link, data=held).status_code == 403
    assert entries(catalogue) == 12


def test_no_search_engine_and_no_other_site_learns_of_the_link(opened: Opened) -> None:
    _, _, client, box = opened
    answer = client.get(link_of(box))
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"  # they learn where, not which link
    assert "noindex" in answer.text
    assert "Set-Cookie" not in answer.headers
