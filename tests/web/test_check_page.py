"""The page on which a producer checks a feed: by address, as a file, as text; without a script, without a key."""

import io
from typing import Any

import pages
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from loopback import LOOPBACK, Answer, running
from loopback import pages as served
from playwright.sync_api import Browser
from werkzeug.test import TestResponse

from catalogue.checking.feed_check import Limits
from catalogue.service import Catalogue
from catalogue.settings import Settings
from web.app import create_app
from web.http import trial

FEED = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<https://example.org/trees> a dcat:Dataset ;
    dct:title "Arbres"@fr, "Bomen"@nl ; dct:description "Les arbres."@fr, "De bomen."@nl ;
    dct:issued "no date" ; dct:accrualPeriodicity "monthly" ; <https://example.org/colour> "green" .
<https://example.org/untitled> a dcat:Dataset ; dct:description "<script>alert(1)</script>"@fr .
"""


@pytest.fixture(scope="module")
def open_client(filled: Catalogue) -> FlaskClient:
    """A producer at a portal that may fetch from loopback."""
    settings = Settings(**{**vars_of(filled.settings), "fetch_allow": LOOPBACK})
    return create_app(settings, filled).test_client()


def vars_of(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


def send(client: FlaskClient, lang: str = "en", **fields: Any) -> TestResponse:
    return client.post(f"/{lang}/check", data=fields, content_type="multipart/form-data")


def shown(answer: TestResponse, status: int = 200) -> str:
    """What the page says in its main part; fails on invalid HTML."""
    assert answer.status_code == status, answer.text[:300]
    page = pages.tree(answer)
    assert pages.counted_elements(page) <= 390
    assert len(answer.data) < 40_000
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert page.findall("head/meta[@name='robots']")
    return pages.words(pages.one(page, "body/main"))


def test_a_text_is_checked_and_told_in_plain_words(client: FlaskClient) -> None:
    said = shown(send(client, text=FEED))
    assert "We read 2 records." in said
    assert "The publication date is not a date: “no date”." in said
    assert "https://example.org/trees" in said
    assert "Quality of the description:" in said
    assert "Records that we cannot publish https://example.org/untitled It has no title" in said
    assert "The update frequency was “monthly”. We put the term of the European list." in said
    assert said.count("https://example.org/colour") == 1
    assert "https://example.org/colour (1)" in said
    assert said.index("What must be mended") < said.index("What should be better") < said.index("What we would repair")


def test_what_others_find_in_it_as_it_was_sent_is_said(client: FlaskClient) -> None:
    said = shown(send(client, text=FEED))
    assert "As it was sent, they find in it: 5 violations of DCAT-AP, 14 warnings." in said
    assert "5 infractions à DCAT-AP, 14 avertissements." in shown(send(client, "fr", text=FEED))


def test_what_may_be_meant_by_a_property_that_nobody_reads_is_said(client: FlaskClient) -> None:
    said = shown(send(client, text=FEED.replace("<https://example.org/colour>", "dct:accrualPeriodicty")))
    assert "dct:accrualPeriodicty (1, dct:accrualPeriodicity ?)" in said.replace(" )", ")").replace("?)", " ?)")


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", "Ce qui doit être corrigé"), ("nl", "Wat moet worden verbeterd"), ("de", "Was korrigiert werden muss")],
)
def test_it_speaks_the_language_of_the_page(client: FlaskClient, lang: str, words: str) -> None:
    said = shown(send(client, lang, text=FEED))
    assert words in said
    assert "mended" not in said


def test_a_file_is_checked(client: FlaskClient) -> None:
    assert "We read 2 records." in shown(send(client, file=(io.BytesIO(FEED.encode()), "feed.ttl")))


def test_an_address_is_fetched(open_client: FlaskClient) -> None:
    with running(served({"/feed.ttl": Answer(FEED.encode(), "text/turtle")})) as server:
        assert "We read 2 records." in shown(send(open_client, url=server.url("/feed.ttl"), kind="dcat"))


@pytest.mark.against("TC-03")
def test_an_address_inside_is_refused_and_never_asked(client: FlaskClient) -> None:
    with running(served({"/feed.ttl": Answer(FEED.encode(), "text/turtle")})) as server:
        said = shown(send(client, url=server.url("/feed.ttl")), 422)
        assert server.connections == 0
    assert "We cannot read this." in said
    assert "may not be fetched" in said


def test_a_good_feed_is_praised(client: FlaskClient) -> None:
    good = FEED.replace('dct:issued "no date" ; ', "").partition("<https://example.org/untitled>")[0]
    said = shown(send(client, text=good))
    assert "✓ Nothing must be mended." in said
    assert "What must be mended" not in said


def problem(answer: TestResponse, status: int = 422) -> tuple[str, str]:
    """The sentence at the top of the form, and the field that it leads to."""
    shown(answer, status)
    page = pages.tree(answer)
    box = pages.one(page, ".//div[@id='problem']")
    assert box.get("role") == "alert"
    assert pages.words(pages.one(page, "head/title")).startswith("Problem:")
    target = next((link.get("href", "")[1:] for link in box.iter("a")), "")
    if target:
        field = pages.one(page, f".//*[@id='{target}']")
        assert field.get("aria-invalid") == "true"
        assert "problem" in field.get("aria-describedby", "").split()
    return pages.words(box), target


def test_one_of_the_three_must_be_filled_in(client: FlaskClient) -> None:
    assert problem(send(client)) == ("Give an address, a file or a text.", "url")
    both = send(client, url="https://example.org/", text=FEED)
    assert problem(both) == ("Fill in one of the three, not several.", "text")


def test_what_was_typed_is_kept(client: FlaskClient) -> None:
    answer = send(client, url="htps://example.org/<b>", kind="ckan")
    assert problem(answer)[1] == "url"
    page = pages.tree(answer)
    assert pages.one(page, ".//input[@id='url']").get("value") == "htps://example.org/<b>"
    assert [option.get("value") for option in page.iter("option") if option.get("selected") is not None] == ["ckan"]
    answer = send(client, text="@prefix x <")
    assert "Line 1" in problem(answer)[0]
    assert (pages.one(pages.tree(answer), ".//textarea").text or "").strip() == "@prefix x <"


def test_what_is_too_large_is_said_in_the_form(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.check_feed.PASTED_BYTES", 1_000)
    assert problem(send(client, text=FEED + "#" * 2_000), 413)[1] == "file"
    monkeypatch.setattr(trial, "LIMITS", Limits(bytes=1_000))
    assert problem(send(client, file=(io.BytesIO(b"#" * 2_000), "feed.ttl")), 413)[1] == "file"


def test_when_many_check_at_once_the_form_comes_back(client: FlaskClient) -> None:
    with trial.turn(), trial.turn():
        answer = send(client, text=FEED)
    assert "Try again in a minute" in problem(answer, 429)[0]
    assert int(answer.headers["Retry-After"]) > 0


def test_a_long_report_stays_light(client: FlaskClient) -> None:
    bad = "".join(
        f"<https://example.org/{n}> a dcat:Dataset ; dct:issued 'x{n}' ; dct:unknown{n} 'x' .\n" for n in range(300)
    )
    said = shown(send(client, text=FEED.partition("<https")[0] + bad))
    assert "We read 300 records." in said
    assert "Seen 300 times." in said
    assert "And 292 more." in said


def test_the_form_is_linked_from_every_page(client: FlaskClient) -> None:
    assert "/nl/check" in pages.links(pages.read(client, "/nl/"))
    page = pages.read(client, "/nl/check")
    form = pages.one(page, "body/main//form")
    assert (form.get("method"), form.get("enctype")) == ("post", "multipart/form-data")
    labelled = {label.get("for") for label in form.iter("label")}
    assert labelled == {"url", "kind", "file", "text"}


AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def test_form_problem_and_result_have_no_barrier(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=True)
    page = context.new_page()
    found: dict[str, object] = {}
    for name, text in (("problem", "@prefix x <"), ("result", FEED)):
        page.goto(f"{site}/fr/check")
        page.fill("textarea", text)
        page.click("main button")
        for width in (320, 1280):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 800})
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.evaluate(Axe().axe_script)
                said = page.evaluate("options => axe.run(document, options)", AXE)["violations"]
                wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
                if said or wide:
                    found[f"{name} {width} {scheme}"] = [one["id"] for one in said] or "sticks out"
    context.close()
    assert found == {}
