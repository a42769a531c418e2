"""The words of the portal: complete in four languages, and the right text for each reader."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment
from jinja2.ext import babel_extract

import web
from catalogue import clock
from catalogue.search.base import Document
from dcat.model import Text, Texts
from web.pages import frame
from web.wording import facts, repeated, tagged, words, writing

FOLDER = Path(web.__file__).parent
TRANSLATED = ("fr", "nl", "de")
MARKERS = {"_": 1, "gettext": 1, "message": 1, "ngettext": 2, "pgettext": 2}
REFUSALS = {"BadQuery": 0, "BadValue": 0, "matching": 1}
"""What says why a value is refused, with the place of the sentence among its arguments."""
Key = tuple[str, ...] | str


def in_python() -> Iterator[Key]:
    """Every message of the code, in f-strings too."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS:
                parts = [arg.value for arg in node.args[: MARKERS[node.func.id]] if isinstance(arg, ast.Constant)]
                if len(parts) == MARKERS[node.func.id]:
                    yield key(node.func.id, parts)


def in_refusals() -> Iterator[Key]:
    """Every sentence that says why a value of an address is refused."""
    for path in (*FOLDER.rglob("*.py"), *(FOLDER.parent / "catalogue" / "search").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
                sentence = node.args[REFUSALS[node.func.id]]
                if isinstance(sentence, ast.Constant):
                    yield str(sentence.value)


def in_templates() -> Iterator[Key]:
    """Every message of the templates."""
    for path in (FOLDER / "templates").rglob("*.html"):
        with path.open("rb") as opened:
            for _line, function, found, _comments in babel_extract(opened, list(MARKERS), [], {"silent": "false"}):
                parts = [part for part in ([found] if isinstance(found, str) else found) if part]
                yield key(function, parts[: MARKERS[function]])


def key(function: str, parts: list[str]) -> Key:
    """How a message is found in a catalogue."""
    if function == "pgettext":
        return ("context", *parts)
    return parts[0] if len(parts) == 1 else tuple(parts)


def catalogue(lang: str) -> dict[Key, Message]:
    """The messages of a language."""
    with (FOLDER / "translations" / lang / "LC_MESSAGES/messages.po").open("rb") as opened:
        found = [message for message in read_po(opened, locale=lang) if message.id]
    return {
        ("context", m.context, m.id) if m.context else (m.id if isinstance(m.id, str) else tuple(m.id)): m
        for m in found
    }


MESSAGES = sorted({*in_python(), *in_templates(), *in_refusals()}, key=str)


def test_messages_are_found_where_they_are() -> None:
    assert len(MESSAGES) > 300
    assert "Apply filters" in MESSAGES
    assert ("%(n)s result", "%(n)s results") in MESSAGES
    assert ("context", "sort", "Best match") in MESSAGES


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_message_is_translated(lang: str) -> None:
    known = catalogue(lang)
    assert [message for message in MESSAGES if message not in known] == []
    assert [message for message in known if message not in MESSAGES] == []
    for message in known.values():
        assert not message.fuzzy, message.id
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        assert all(text.strip() for text in texts), message.id


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_translation_has_the_same_gaps(lang: str) -> None:
    gap = re.compile(r"%\((\w+)\)s")
    for message in catalogue(lang).values():
        wanted = set(gap.findall(message.id if isinstance(message.id, str) else message.id[1]))
        for text in [message.string] if isinstance(message.string, str) else message.string:
            assert set(gap.findall(text)) == wanted, message.id


@pytest.mark.parametrize("lang", TRANSLATED)
def test_its_typography_is_of_its_language(lang: str) -> None:
    for message in catalogue(lang).values():
        for text in [message.string] if isinstance(message.string, str) else message.string:
            assert "!" not in text, text
            assert lang == "de" or not re.search(r"\w'\w", text), text
            if lang == "fr":
                assert not re.search(r"(?<![\N{NO-BREAK SPACE}])[?;»](?!\w)|\w:(?!\w|//)", text), text
                assert "“" not in text, text
            if lang == "de":
                assert not re.search("“[^“„]*”", text), text


def test_templates_hold_no_words_of_their_own() -> None:
    own = {
        "curl",
        "DCAT",
        "Turtle",
        "JSON",
        "JSON-LD",
        "RDF/XML",
        "CSV",
        "UTC",
        "WCAG",
        "Ecoindex",
        "Croissant",
        "Excel",
    }
    for path in (FOLDER / "templates").rglob("*.html"):
        source = path.read_text("utf-8")
        bare = re.sub(r"\{#.*?#\}|<pre.*?</pre>|<svg.*?</svg>", " ", source, flags=re.DOTALL)
        bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", bare, flags=re.DOTALL)
        bare = re.sub(r'\blang="\s*"', " ", bare)
        spoken = re.findall(r'(?:title|aria-label|placeholder|alt)="([^"]*)"', bare)
        bare = " ".join([re.sub(r"<[^>]*>", " ", bare), *spoken])
        assert set(re.findall(r"[A-Za-z][\w/-]+", bare)) <= own, path.name


@pytest.mark.against("TC-27")
def test_nothing_is_marked_as_safe() -> None:
    for path in [*(FOLDER / "templates").rglob("*.html"), *FOLDER.rglob("*.py")]:
        source = path.read_text("utf-8")
        assert not re.search(r"\|\s*safe\b|xmlattr|autoescape\s+false", source), path
        if path.name != "prose.py":  # elsewhere nothing but what is written there itself
            assert not re.search(r"Markup\((?![)\"'])", source), path


def test_templates_compile(app: Flask) -> None:
    environment: Environment = app.jinja_env
    for name in environment.list_templates():
        environment.get_template(name)


# --- the right text --------------------------------------------------------------------------------------------------


def texts(*pairs: tuple[str, str]) -> Texts:
    """Texts from (language, value)."""
    return tuple(Text(value, lang) for lang, value in pairs)


@pytest.mark.parametrize(
    ("given", "lang", "chosen"),
    [
        ((("fr", "arbre"), ("nl", "boom")), "nl", "boom"),
        ((("fr", "arbre"), ("nl", "boom")), "de", "boom"),
        ((("fr", "arbre"), ("nl", "boom")), "en", "arbre"),
        ((("de", "Baum"), ("en", "tree")), "fr", "tree"),
        ((("nl-be", "boom"), ("en", "tree")), "nl", "boom"),
        ((("", "x"), ("it", "albero")), "fr", "albero"),
        ((("", "x"),), "fr", "x"),
        ((("fr-t-nl", "arbre"), ("nl", "boom")), "fr", "boom"),
        ((("fr-t-nl", "arbre"), ("", "boom")), "fr", "boom"),
        ((("fr-t-nl", "arbre"), ("en-t-nl", "tree")), "en", "tree"),
    ],
)
def test_a_reader_gets_the_best_human_text(
    app: Flask, given: tuple[tuple[str, str], ...], lang: str, chosen: str
) -> None:
    with app.test_request_context(f"/{lang}/"):
        label = words.pick(texts(*given))
    assert label is not None
    assert label.text.value == chosen
    assert label.is_fallback == (label.text.language != lang)


def test_nothing_is_picked_from_nothing(app: Flask) -> None:
    with app.test_request_context("/fr/"):
        assert words.pick(()) is None
        assert words.translated(()) is None


def test_a_machines_text_is_offered_only_where_no_human_wrote(app: Flask) -> None:
    with app.test_request_context("/fr/"):
        assert words.translated(texts(("nl", "boom"), ("fr-t-nl", "arbre"))) == Text("arbre", "fr-t-nl")
        assert words.translated(texts(("fr", "arbre"), ("fr-t-nl", "l'arbre"))) is None
        assert words.translated(texts(("nl", "boom"), ("de-t-nl", "Baum"))) is None


def test_languages_are_named_in_one_order(app: Flask) -> None:
    assert words.written_in(texts(("it", "a"), ("en", "b"), ("nl", "c"), ("fr", "d"), ("de-t-fr", "e"), ("", "f"))) == (
        "fr",
        "nl",
        "en",
        "it",
    )


# --- dates, sizes, addresses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "value", "shown"),
    [
        ("fr", "2026-05-03", "3 mai 2026"),
        ("fr", "2026-10-01", "1er octobre 2026"),
        ("nl", "2026-05-03T23:30:00+02:00", "3 mei 2026"),
        ("de", "2026-05-03", "3. Mai 2026"),
        ("en", "2026-05", "May 2026"),
        ("fr", "2026", "2026"),
        ("en", "01/05/2023", "01/05/2023"),
        ("en", "2023-02-31", "2023-02-31"),
        ("en", "2023-13", "2023-13"),
        ("en", "0000-00-00", "0000-00-00"),
        ("en", "", ""),
    ],
)
def test_a_date_is_written_in_words_or_as_it_came(app: Flask, lang: str, value: str, shown: str) -> None:
    with app.test_request_context(f"/{lang}/"):
        assert writing.day(value) == shown


@pytest.mark.parametrize(
    ("lang", "value", "shown"),
    [
        ("fr", "PT15M", "15 minutes"),
        ("nl", "P1Y", "1 jaar"),
        ("de", "P1DT12H", "1 Tag 12 Stunden"),
        ("en", "PT0.5S", "0.5 seconds"),
        ("en", "P", "P"),
        ("en", "PT", "PT"),
        ("en", "15 minutes", "15 minutes"),
    ],
)
def test_a_duration_is_written_in_words_or_as_it_came(app: Flask, lang: str, value: str, shown: str) -> None:
    with app.test_request_context(f"/{lang}/"):
        assert writing.duration(value) == shown


@pytest.mark.parametrize(
    ("lang", "value", "shown"),
    [
        ("fr", "2026-06-02", "mis à jour le 2 juin 2026"),
        ("fr", "2026-06-03", "annoncé pour le 3 juin 2026"),
        ("fr", "2026-06", "mis à jour en juin 2026"),
        ("fr", "2026-07", "annoncé pour juillet 2026"),
        ("nl", "2030", "aangekondigd voor 2030"),
        ("de", "2030-01-01", "angekündigt für den 1. Januar 2030"),
        ("en", "2030-01-01", "announced for 1 January 2030"),
    ],
)
def test_what_is_to_come_was_not_done(
    app: Flask, monkeypatch: pytest.MonkeyPatch, lang: str, value: str, shown: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 1, 23, tzinfo=UTC))
    with app.test_request_context(f"/{lang}/"):
        assert writing.updated(value) == shown


@pytest.mark.parametrize(
    ("lang", "value", "shown"),
    [
        ("fr", "2400000", "2,4\N{NO-BREAK SPACE}Mo"),
        ("nl", "2400000", "2,4\N{NO-BREAK SPACE}MB"),
        ("en", "999", "999\N{NO-BREAK SPACE}bytes"),
        ("en", "1234567890123", "1.2\N{NO-BREAK SPACE}TB"),
        ("en", "123456", "123\N{NO-BREAK SPACE}kB"),
        ("fr", "1e9", ""),
        ("fr", "-1", ""),
        ("fr", "٣", ""),
        ("fr", "9" * 5000, ""),
        ("fr", None, ""),
    ],
)
def test_a_size_is_written_in_a_unit_to_picture(app: Flask, lang: str, value: str | None, shown: str) -> None:
    with app.test_request_context(f"/{lang}/"):
        assert writing.size(value) == shown


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("https://x.example/a b", True),
        ("http://x.example", True),
        ("mailto:a@x.example", True),
        ("tel:+3222", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("vbscript:x", False),
        ("//evil.example", False),
        ("/local", False),
        ("https:evil", False),
        ("http://[::1", False),
        ("ftp://x.example/a", False),
        ("", False),
        (None, False),
    ],
)
def test_only_plain_addresses_become_links(address: str | None, linked: bool) -> None:
    assert bool(writing.link(address)) == linked


def test_a_card_says_its_facts_in_the_language_of_each_page(app: Flask) -> None:
    dataset = Document(
        id="1", revision=1, iri="", name="a", type="dataset", language=("en", "fr"), format=("CSV",), licence=("NONE",)
    )
    series = msgspec.structs.replace(dataset, type="series")
    for lang, lacking in (("en", "no licence given"), ("fr", "pas de licence indiquée")) * 2:
        with app.test_request_context(f"/{lang}/"):
            assert facts.on_card(dataset) == f"FR EN · CSV · {lacking}"
            assert facts.on_card(series) == "FR EN · CSV"


def test_what_cards_and_filters_say_alike_is_said_for_each_language_and_day(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"publisher": (Text("Ville", "fr"), Text("City <1>", "en")), "modified": "2026-06-02"}
    dataset = Document(id="1", revision=1, iri="", name="a", type="dataset", frequency="NEVER", **said)
    other = msgspec.structs.replace(dataset, id="2", name="b", late=True)
    announced = "City &lt;1&gt; · announced for 2 June 2026 · no longer updated"
    updated = "Ville · mis à jour le 2 juin 2026 · n’est plus mis à jour"
    for day, lang, line in (((5, 31), "en", announced), ((7, 1), "fr", updated)) * 2:
        monkeypatch.setattr(clock, "now", lambda day=day: datetime(2026, *day, tzinfo=UTC))
        with app.test_request_context(f"/{lang}/"):
            assert repeated.line(dataset, ()) == f'<p class="meta">{line}</p>\n'
            assert repeated.line(dataset, {"1"}).count('class="late">! ') == 1
            assert repeated.line(other, {"1"}).count('class="late">') == 1


def test_a_box_is_of_its_value_alone_and_says_its_language_to_the_readers_of_others(app: Flask) -> None:
    said = ("a&b", "theme", "Eau <1>", "fr")
    box = '<input type="checkbox" form="search" name="theme" value="a&amp;b"{}> <span{}>Eau &lt;1&gt;</span>'
    for lang, attribute in (("en", ' lang="fr"'), ("fr", "")) * 2:
        with app.test_request_context(f"/{lang}/"):
            assert repeated.box(*said, is_chosen=False) == box.format("", attribute)
            assert repeated.box(*said, is_chosen=True) == box.format(" checked", attribute)
            assert repeated.box(*said, is_chosen=True) is repeated.box(*said, is_chosen=True)


def test_marks_never_break_a_text() -> None:
    text = Text("Arbres et parcs", "fr")
    for marks in ((), ((0, 6),), ((0, 6), (10, 15)), ((10, 15), (0, 6)), ((0, 6), (3, 9)), ((10, 99),), ((5, 5),)):
        assert tagged.marked(text, marks).striptags() == text.value
    assert tagged.marked(text, ((0, 6), (10, 15))) == "<mark>Arbres</mark> et <mark>parcs</mark>"


def test_what_a_text_says_is_never_markup() -> None:
    text = Text("<b>1 & 2</b>", "fr")
    assert tagged.marked(text, ((3, 4),)) == "&lt;b&gt;<mark>1</mark> &amp; 2&lt;/b&gt;"


@pytest.mark.parametrize(
    ("lang", "written", "said"),
    [
        ("fr", "0", ""),
        ("fr", "1", "1\N{NO-BREAK SPACE}octet"),
        ("fr", "999999", "1\N{NO-BREAK SPACE}Mo"),
        ("en", "999499", "999\N{NO-BREAK SPACE}kB"),
        ("de", "959", "959\N{NO-BREAK SPACE}Bytes"),
    ],
)
def test_a_size_is_in_the_unit_that_fits(app: Flask, lang: str, written: str, said: str) -> None:
    with app.test_request_context(f"/{lang}/"):
        assert writing.size(written) == said


@pytest.mark.parametrize(
    "query", ["theme=x", "period=soon", "bbox=1", "page=x", "format=a b", "publisher=a b", "limit=1"]
)
def test_why_an_address_cannot_be_used_is_said_in_the_language_of_the_page(client: FlaskClient, query: str) -> None:
    told = [client.get(f"/{lang}/search?{query}") for lang in ("fr", "nl", "de", "en")]
    assert {answer.status_code for answer in told} == {400}
    notices = {re.search(r'class="notice">([^<]+)', answer.get_data(as_text=True))[1] for answer in told}  # type: ignore[index]
    assert len(notices) == 4


def test_a_language_that_nobody_knows_is_told_to_nobody() -> None:
    texts = (Text("Tableau", "und"), Text("Bord", "zxx"), Text("Bericht", "de"))
    assert words.written_in(texts) == ("de",)
    assert [words.tag(tag) for tag in ("und", "und-Latn", "fr", "nl-BE")] == ["", "", "fr", "nl-BE"]


def test_addresses_are_shown_as_people_say_them() -> None:
    spoken = [
        writing.spoken(one) for one in ("https://www.a.example/desk/", "tel:+3221234567", "mailto:a@b.example?x=1")
    ]
    assert spoken == ["a.example/desk", "+3221234567", "a@b.example"]


@pytest.mark.parametrize("word", ["eau/air", "a\\b", "r&d", "50 %", "../x", "a//b", "/x", "c++", "#1", "?", "x" * 300])
def test_every_keyword_has_a_page(app: Flask, client: FlaskClient, word: str) -> None:
    with app.test_request_context("/fr/"):
        where = frame.keyword_url(word)
    assert client.get(where).status_code == 200
    assert ".." not in where.partition("?")[0]
