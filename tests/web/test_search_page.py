"""Searching as a person does: type, filter, sort, turn pages, take filters away."""

from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element

import pages
import pytest
from flask.testing import FlaskClient
from searchables import document as searchable

from catalogue.search.base import Query, Results, SearchUnavailable
from catalogue.service import Catalogue
from catalogue.store.unanswered import Unanswered
from web.app import create_app
from web.pages.results import Step, steps
from web.pages.search import note


def form(page: Element) -> list[tuple[str, str]]:
    """What the browser sends when the search form is submitted as it stands."""
    sent = []
    for field in page.iter():
        if field.get("name") is None or field.tag not in {"input", "select"}:
            continue
        if field.tag == "select":
            chosen = [option for option in field if option.get("selected") is not None]
            sent.append((field.get("name", ""), (chosen or list(field))[0].get("value", "")))
        elif field.get("type") != "checkbox" or field.get("checked") is not None:
            sent.append((field.get("name", ""), field.get("value", "")))
    return sent


def boxes(page: Element) -> list[tuple[str, str, int]]:
    """Every value of every facet: parameter, value, number shown."""
    found = []
    for label in page.iter("label"):
        for box in label.findall("input[@type='checkbox']"):
            shown = pages.words(pages.one(label, "small"))
            found.append((box.get("name", ""), box.get("value", ""), int(shown)))
    return found


def heading(page: Element) -> str:
    """The line above the results."""
    return pages.words(next(h2 for h2 in page.iter("h2") if h2.get("id") == "count"))


def submit(client: FlaskClient, sent: list[tuple[str, str]], lang: str = "en") -> Element:
    """The page after the form was sent, redirects followed."""
    answer = client.get(f"/{lang}/search", query_string=sent, headers=pages.HTML, follow_redirects=True)
    assert answer.status_code == 200
    return pages.tree(answer)


@pytest.mark.parametrize(
    "start", ["", "?q=budget", "?q=fiets+school", "?theme=GOVE", "?theme=GOVE&type=dataset&q=2023"]
)
def test_each_number_beside_a_value_is_what_a_click_finds(client: FlaskClient, start: str) -> None:
    page = pages.read(client, f"/en/search{start}")
    sent = form(page)
    clickable = [box for box in boxes(page) if box[:2] not in sent]
    assert boxes(page)
    for name, value, number in clickable:
        chosen = [pair for pair in sent if pair[0] != name] + [(name, value)]
        assert heading(submit(client, chosen)).startswith(f"{number} result"), (start, name, value)


def test_values_that_would_find_nothing_are_not_offered(client: FlaskClient) -> None:
    page = pages.read(client, "/en/search?q=tram")
    assert all(number > 0 for _, _, number in boxes(page))
    assert {name for name, _, _ in boxes(page)} >= {"theme", "publisher", "type"}


def test_an_active_filter_is_a_link_that_takes_it_away(client: FlaskClient) -> None:
    page = pages.read(client, "/en/search?q=budget&theme=GOVE&format=XLSX&page=1")
    chips = page.findall("body//ul[@class='chips']//a")
    assert [pages.words(chip) for chip in chips] == [
        "Remove filter Theme: Government and public sector",
        "Remove filter Format: Excel (XLSX)",
        "Clear all filters",
    ]
    kept = [sorted(parse_qsl(urlsplit(chip.get("href", "")).query)) for chip in chips]
    assert kept == [[("format", "XLSX"), ("q", "budget")], [("q", "budget"), ("theme", "GOVE")], [("q", "budget")]]
    assert ">Retirer le filtre</span> Thème\N{NO-BREAK SPACE}: <span" in client.get("/fr/search?theme=GOVE").text


def test_the_form_alone_keeps_words_filters_and_order(client: FlaskClient) -> None:
    asked = [("q", "budget"), ("theme", "GOVE"), ("keyword", "budget"), ("sort", "title"), ("per_page", "25")]
    page = submit(client, asked)
    assert sorted(form(page)) == sorted(asked)


def test_empty_fields_leave_the_address(client: FlaskClient) -> None:
    answer = client.get("/fr/search?q=&theme=TRAN&theme=&sort=relevance&unknown=1")
    assert (answer.status_code, answer.location) == (303, "/fr/search?theme=TRAN")


def test_a_page_after_the_last_leads_to_the_last(client: FlaskClient) -> None:
    answer = client.get("/fr/search?page=90")
    assert answer.status_code == 303
    last = pages.read(client, answer.location)
    assert pages.words(last.findall("body//nav[@class='paging']//a[@aria-current='page']")[0]) == answer.location[-1]
    assert client.get("/fr/theme/TRAN?page=90").location.startswith("/fr/theme/TRAN")


def test_pages_are_turned_by_links(client: FlaskClient, filled: Catalogue) -> None:
    seen, address = [], "/en/search?type=dataset"
    while address:
        page = pages.read(client, address)
        seen += [link.get("href", "") for link in page.findall("body//ol[@class='cards']/li/h3/a")]
        address = next((a.get("href", "") for a in page.findall("body//a[@rel='next']")), "")
    assert len(seen) == len(set(seen)) == filled.entries.counts().datasets


def test_the_first_page_has_none_before_it_and_the_last_none_after(client: FlaskClient) -> None:
    first, last = (pages.read(client, f"/en/search?page={number}") for number in (1, 4))
    assert not first.findall("body//a[@rel='prev']")
    assert first.findall("body//a[@rel='next']")[0].get("href") == "/en/search?page=2"
    assert last.findall("body//a[@rel='prev']")[0].get("href") == "/en/search?page=3"
    assert not last.findall("body//a[@rel='next']")


def test_title_and_heading_say_words_number_and_page(client: FlaskClient) -> None:
    page = pages.read(client, "/nl/search?q=budget+gemeente&looser=1&page=2")
    assert pages.words(pages.one(page, "head/title")).startswith("budget gemeente, pagina 2 – Zoeken – ")
    assert " resultaten, pagina 2 van " in heading(page)
    cards = next(element for element in page.iter("ol") if element.get("class") == "cards")
    assert cards.get("start") == "11"


def test_matches_are_marked_and_the_title_is_the_link(client: FlaskClient) -> None:
    page = pages.read(client, "/fr/search?q=tunnel")
    card = page.findall("body//ol[@class='cards']/li")[0]
    assert [link.get("href") for link in card.iter("a")] == ["/fr/dataset/tunnels-routiers"]
    assert next(pages.words(mark) for mark in card.iter("mark")) == "Tunnels"


def test_foreign_titles_carry_their_language(client: FlaskClient) -> None:
    page = pages.read(client, "/de/search?q=budget")
    titles = page.findall("body//ol[@class='cards']/li/h3/a")
    assert titles
    assert {title.get("lang") for title in titles} <= {"nl", "fr"}
    dutch_only = pages.read(client, "/fr/search?q=gemeentebegroting&sort=title")
    langs = {link.get("lang") for link in dutch_only.findall("body//ol[@class='cards']/li/h3/a")}
    assert langs == {None, "nl"}


def test_words_of_other_languages_are_said_and_can_be_left_out(client: FlaskClient) -> None:
    page = pages.read(client, "/en/search?q=bicycle")
    hint = next(p for p in page.iter("p") if p.get("class") == "hint")
    assert "fiets" in pages.words(hint)
    only = next(hint.iter("a")).get("href", "")
    assert only == "/en/search?q=bicycle&only=1"
    assert len(pages.words(pages.read(client, only))) < len(pages.words(page))


def test_what_is_left_out_is_said_and_can_be_searched_too(client: FlaskClient) -> None:
    page = pages.read(client, "/nl/search?q=Anderlecht+-budget&theme=ECON")
    hint = next(p for p in page.iter("p") if "Weggelaten" in pages.words(p))
    assert pages.words(hint) == "Weggelaten: budget. Ook naar deze woorden zoeken"
    assert next(hint.iter("a")).get("href") == "/nl/search?q=Anderlecht+budget&theme=ECON"
    assert client.get("/search.json?q=Anderlecht+-budget").get_json()["left_out"] == ["budget"]


def test_a_commune_that_is_left_out_is_not_offered(client: FlaskClient) -> None:
    assert "/en/commune/ixelles-elsene" in pages.links(pages.read(client, "/en/search?q=budget+Ixelles"))
    assert "/en/commune/ixelles-elsene" not in pages.links(pages.read(client, "/en/search?q=budget+-Ixelles"))


def test_a_line_says_where_results_with_some_of_the_words_begin(client: FlaskClient) -> None:
    page = pages.read(client, "/en/search?q=budget+Ixelles&per_page=100&looser=1")
    lists = [len(one.findall("li")) for one in page.findall("body//section/ol[@class='cards']")]
    hints = [pages.words(p) for p in page.findall("body//section/p[@class='hint']")]
    assert len(lists) == 2
    assert hints[0].startswith(f"{lists[0]} result")
    assert hints[1] == "These results have only some of your words."
    assert page.findall("body//section/ol[@class='cards']")[1].get("start") == str(lists[0] + 1)


def test_what_has_all_the_words_is_counted_and_the_rest_stands_behind_one_line(client: FlaskClient) -> None:
    page = pages.read(client, "/en/search?q=budget+Ixelles")
    said = client.get("/search.json?q=budget+Ixelles").get_json()
    assert 0 < said["count"] < said["count"] + said["looser"]
    assert heading(page).split()[0] == str(said["count"])
    lists = [len(one.findall("li")) for one in page.findall("body//section/ol[@class='cards']")]
    assert lists[0] == said["count"]
    assert 0 < lists[1] <= said["looser"]
    partly = min(10 - lists[0], said["looser"])
    assert [one["has_all_words"] for one in said["results"]] == [True] * lists[0] + [False] * partly
    [more] = [link for link in page.iter("a") if pages.words(link) == f"{said['looser']} more have part of your words"]
    assert more.get("rel") == "nofollow"
    assert heading(pages.read(client, more.get("href", ""))).startswith(f"{said['count'] + said['looser']} results")


def test_a_word_that_nothing_has_exactly_is_said(client: FlaskClient) -> None:
    page = pages.read(client, "/en/search?q=tunne&only=1")
    assert "Nothing has exactly this word. These come close." in pages.words(page)


def test_a_misspelt_word_is_mended_by_a_link(client: FlaskClient) -> None:
    page = pages.read(client, "/fr/search?q=tunels")
    hint = next(p for p in page.iter("p") if p.get("class") == "hint")
    assert pages.words(hint).startswith("Vouliez-vous dire : tunnel")
    assert pages.read(client, next(hint.iter("a")).get("href", "")).findall("body//ol[@class='cards']/li")
    narrowed = pages.read(client, "/fr/search?q=tunels&type=dataset")
    hint = next(p for p in narrowed.iter("p") if p.get("class") == "hint")
    assert (next(hint.iter("a")).get("href") or "").endswith("&type=dataset")


def test_nothing_found_offers_ways_on_that_work(client: FlaskClient) -> None:
    page = pages.read(client, "/en/search?q=tram&theme=EDUC&publisher=bruxelles-mobilite")
    assert heading(page) == "No results"
    section = next(element for element in page.iter("section") if element.get("id") == "results")
    ways = [link.get("href", "") for link in section.findall("ul/li/a")]
    local = [way for way in ways if way.startswith("/")]
    assert len(set(local)) >= 4
    assert "/en/search?q=tram&publisher=bruxelles-mobilite" in local
    for way in local:
        assert client.get(way, headers=pages.HTML).status_code == 200


def test_what_is_near_to_words_that_nothing_has_leads_on(empty_catalogue: tuple[Catalogue, object]) -> None:
    catalogue, _ = empty_catalogue
    museum = searchable("m", fr="Musées", theme=("EDUC",), publisher_name="jette")
    catalogue.index.engine.put([museum, searchable("j", fr="Budget de Jette")])
    client = create_app(catalogue.settings, catalogue).test_client()
    page = pages.read(client, "/en/search?q=cinema")
    assert "Close to what you look for: museum" in pages.words(page)
    assert "Nobody publishes this here yet." in pages.words(page)
    assert "Theme close to it: Education, culture and sport" in pages.words(page)
    assert {"/en/search?q=museum", "/en/search?theme=EDUC", "/en/search?publisher=jette"} <= set(pages.links(page))
    page = pages.read(client, "/en/search?q=museum+in+Jette")
    assert "Without place or year: museum" in pages.words(page)
    assert "/en/search?q=museum" in pages.links(page)
    page = pages.read(client, "/en/search?q=museum+before+2015")
    assert "Without place or year: museum" in pages.words(page)
    page = pages.read(client, "/fr/search?q=museum+de+l'année+2015")
    assert "Sans lieu ni année : museum" in pages.words(page).replace("\N{NO-BREAK SPACE}", " ")


def test_nothing_found_for_words_asks_what_was_wanted(client: FlaskClient) -> None:
    page = pages.read(client, "/en/search?q=zzzzqq%22%3E%3Cb%3E")
    mail = [link.get("href", "") for link in page.findall("body/main//a") if "mailto:" in link.get("href", "")]
    assert mail == ["mailto:opendata@example.brussels?subject=zzzzqq%22%3E%3Cb%3E"]


@pytest.mark.parametrize(
    "query",
    [
        "page=abc",
        "page=0",
        "page=-1",
        "page=" + "9" * 5000,
        "page=%D9%A3",
        "page=1_0",
        "per_page=11",
        "sort=_score",
        "format=%3Cb%3E",
        "type=user",
        "q=" + "x" * 300,
        "bbox=1,2,3",
        "updated=%00",
        "publisher=" + "x" * 201,
        "&".join(f"keyword=k{n}" for n in range(21)),
    ],
)
def test_a_value_that_cannot_be_used_is_a_400_in_words(client: FlaskClient, query: str) -> None:
    for path in ("/nl/search", "/nl/theme/TRAN", "/nl/search/filters"):
        page = pages.read(client, f"{path}?{query}", 400)
        assert "We kunnen dit adres niet gebruiken" in pages.words(page)
        assert "/nl/search" in pages.links(page)


@pytest.mark.parametrize("query", ["utm_source=x", "q[]=x", "facet=_source", "size=1000000", "lang=de"])
def test_unknown_parameters_are_ignored(client: FlaskClient, query: str) -> None:
    assert heading(pages.read(client, f"/en/search?{query}")) == heading(pages.read(client, "/en/search"))


@pytest.mark.parametrize("words", ["(" * 250, "NOT " * 60, 'title:* OR _id:"x"', "/(a+)+$/~99", "* ? \\ {$ne}", "%"])
def test_words_are_words_and_never_a_language(client: FlaskClient, words: str) -> None:
    answer = client.get("/en/search", query_string={"q": words}, headers=pages.HTML)
    assert answer.status_code == 200
    pages.tree(answer)


def test_all_values_of_a_facet_are_a_page_that_can_be_narrowed(client: FlaskClient, filled: Catalogue) -> None:
    page = pages.read(client, "/nl/search/values/publisher?theme=GOVE")
    names = [pages.words(link) for link in page.findall("body//ul[@class='names']//a")]
    assert len(names) == 5
    narrow = pages.read(client, "/nl/search/values/publisher?theme=GOVE&find=elsene")
    found = narrow.findall("body//ul[@class='names']//a")
    assert [pages.words(link) for link in found] == ["Elsene"]
    assert (found[0].get("href") or "").startswith("/nl/search?theme=GOVE&publisher=")
    plain = pages.read(client, "/fr/search/values/keyword?find=SECURITE")
    assert [pages.words(link) for link in plain.findall("body//ul[@class='names']//a")] == ["sécurité"]
    assert client.get("/nl/search/values/_source", headers=pages.HTML).status_code == 404


def test_kinds_of_format_are_offered_first_and_lead_to_the_formats(client: FlaskClient) -> None:
    page = pages.read(client, "/en/search?q=budget")
    assert ("format_family", "tables") in {box[:2] for box in boxes(page)}
    [link] = [one for one in page.iter("a") if (one.get("href") or "").startswith("/en/search/values/")]
    assert (link.get("href"), pages.words(link)) == ("/en/search/values/format?q=budget", "All values of “Format”")
    formats = pages.read(client, link.get("href") or "").findall("body//ul[@class='names']//a")
    assert "/en/search?q=budget&format=XLSX" in {one.get("href") for one in formats}


def test_the_page_of_all_filters_sends_what_was_chosen_before(client: FlaskClient) -> None:
    page = pages.read(client, "/en/search/filters?q=budget&theme=GOVE&frequency=ANNUAL")
    fields = page.find("body/main/form")
    assert fields is not None
    assert {("q", "budget"), ("theme", "GOVE"), ("frequency", "ANNUAL")} <= set(form(fields))


@pytest.mark.against("F-37")
def test_while_the_index_does_not_answer_pages_search_without_it_and_say_so(
    client: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(query: Query) -> None:
        raise SearchUnavailable("https://user:secret@10.0.0.9:9200 does not answer")

    themes = pages.words(pages.read(client, "/de/themes"))
    monkeypatch.setattr(filled.index, "search", silent)
    monkeypatch.setattr("catalogue.indexing.reduced.SECONDS", 60.0)
    client = create_app(filled.settings, filled).test_client()  # without pages that are kept from before
    for path in ("/de/search?q=budget", "/de/", "/de/themes", "/de/theme/GOVE", "/de/quality", "/de/search/filters"):
        answer = client.get(path, headers=pages.HTML)
        assert (answer.status_code, answer.headers["Cache-Control"], "ETag" in answer.headers) == (
            200,
            "no-store",
            False,
        )
        assert "secret" not in answer.text
        assert "Die Suche wird gerade repariert" in pages.words(pages.tree(answer)), path
    assert "budget" in pages.words(pages.read(client, "/de/search?q=budget")).lower()
    assert themes in pages.words(pages.read(client, "/de/themes")).replace(REPAIRED, "").replace("  ", " ")


REPAIRED = (
    "Die Suche wird gerade repariert. Bis dahin sucht sie nur in Titeln und Schlagwörtern, und einige Filter fehlen."
)


def test_a_fault_of_ours_is_a_500_that_shows_nothing_of_the_inside(
    app: object, client: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str) -> None:
        raise RuntimeError("/home/secret/path")

    monkeypatch.setattr(filled.publishers, "named", broken)
    page = pages.read(client, "/fr/publisher/anybody", 500)
    assert "Désolé, il y a un problème" in pages.words(page)
    assert "secret" not in pages.words(page)


@pytest.mark.parametrize(
    ("page", "last", "numbers"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (2, 9, [1, 2, 3, 0, 9]),
        (5, 9, [1, 0, 4, 5, 6, 0, 9]),
        (4, 9, [1, 2, 3, 4, 5, 0, 9]),
        (9, 9, [1, 0, 8, 9]),
    ],
)
def test_far_pages_are_left_out_of_the_page_numbers(page: int, last: int, numbers: list[int]) -> None:
    found: list[Step] = steps(Query(page=page), last, "/x")
    assert [step.number for step in found] == numbers
    assert [step.address for step in found if step.number == 2] in ([], ["/x?page=2"])


# --- words that find nothing -----------------------------------------------------------------------------------------

BROWSER = {**pages.HTML, "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch, filled: Catalogue) -> list[str]:
    """What the catalogue is told to count."""
    texts: list[str] = []
    monkeypatch.setattr(filled.unanswered, "note", texts.append)
    return texts


def test_words_that_find_nothing_are_counted(client: FlaskClient, noted: list[str]) -> None:
    assert client.get("/fr/search?q=zzzzqq", headers=BROWSER).status_code == 200
    assert noted == ["zzzzqq"]


def test_one_word_that_only_something_close_was_found_for_is_counted(client: FlaskClient, noted: list[str]) -> None:
    close = Results(count=3, count_all_words=0, hits=())
    with client.application.test_request_context("/fr/search", headers=BROWSER):
        for text in ("tramtuin", "tram licorne"):
            note(Query(text=text), close)
    assert noted == ["tramtuin"]


@pytest.mark.parametrize(
    "query", ["q=tunnel", "q=tunels", "q=tram&theme=EDUC&publisher=bruxelles-mobilite", "q=zzzzqq&only=1", "q="]
)
def test_what_finds_something_or_was_narrowed_is_not(client: FlaskClient, noted: list[str], query: str) -> None:
    client.get(f"/fr/search?{query}", headers=BROWSER)
    assert noted == []


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "Mozilla/5.0 (X11) HeadlessChrome/140"},
        {"User-Agent": "curl/8.5.0"},
        {"User-Agent": ""},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"Sec-GPC": "1"},
        {"DNT": "1"},
    ],
)
def test_programs_and_those_who_object_are_not(client: FlaskClient, noted: list[str], headers: dict[str, str]) -> None:
    assert client.get("/fr/search?q=zzzzqq", headers=BROWSER | headers).status_code == 200
    assert noted == []


def test_other_doors_count_nothing(client: FlaskClient, noted: list[str]) -> None:
    for path in ("/search.json", "/search.atom", "/api/1/search"):
        assert client.get(f"{path}?q=zzzzqq", headers=BROWSER).status_code == 200
    assert noted == []


def test_what_was_not_found_is_published(
    client: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client.get("/en/search/unanswered", headers=pages.HTML)
    assert "Nothing here yet." in before.text
    missing = [Unanswered("licornes <b>", 12, "2026-01-03", "2026-02-01")]
    monkeypatch.setattr(filled.unanswered, "published", lambda: missing)
    page = pages.read(client, "/en/search/unanswered")
    assert "licornes <b> 12 times" in pages.words(page)
    assert "/en/search?q=licornes+%3Cb%3E" in pages.links(page)
    told = client.get("/api/1/search/unanswered")
    assert told.json == {"data": [{"words": "licornes <b>", "times": 12, "first": "2026-01-03", "last": "2026-02-01"}]}
    assert told.headers["ETag"] != before.headers["ETag"]
    assert "/en/search/unanswered" in pages.links(pages.read(client, "/en/search?q=zzzzqq"))


# --- near-duplicates -------------------------------------------------------------------------------------------------


def test_near_duplicates_are_one_result_with_a_link_to_all_of_them(
    empty_catalogue: tuple[Catalogue, object],
) -> None:
    catalogue, _ = empty_catalogue
    years = [searchable(f"y{year}", fr=f"Budget communal {year}", publisher_name="jette") for year in range(2012, 2024)]
    catalogue.index.engine.put([*years, searchable("other", fr="Budget de la fabrique", publisher_name="jette")])
    client = create_app(catalogue.settings, catalogue).test_client()
    page = pages.read(client, "/en/search?q=budget")
    assert heading(page) == "2 results, 11 more alike"
    for address in ("/search.json?q=budget", "/api/1/search?q=budget"):
        said = client.get(address).get_json()
        assert (said["count"], said["folded"], len(said["results"])) == (13, 11, 10)
        [jette] = said["facets"]["publisher"]
        assert (jette["count"], jette["folded"]) == (13, 11)
    cards = page.findall("body//ol[@class='cards']/li")
    assert len(cards) == 2
    counted = {box.findtext("small") for box in page.findall("body//details[@class='facet']//label")}
    assert counted == {"2"}, "facets count near-duplicates as one too"
    assert "jette 2" in pages.words(pages.read(client, "/en/search/values/publisher?q=budget"))
    [link] = page.findall("body//ol[@class='cards']//p/a")
    assert pages.words(link) == "11 similar results"
    assert link.get("rel") == "nofollow"
    everything = pages.read(client, link.get("href", ""))
    assert heading(everything) == "12 results, page 1 of 2"
    assert len(everything.findall("body//ol[@class='cards']/li")) == 10
    assert not everything.findall("body//ol[@class='cards']//p/a")
    assert "Remove filter Similar: same title, same publisher" in pages.words(everything)
    assert client.get("/search.json?q=budget").json["count"] == 13


def test_how_the_search_works_is_told_in_every_language_and_linked(client: FlaskClient) -> None:
    for lang in ("fr", "nl", "de", "en"):
        page = pages.read(client, f"/{lang}/search/how")
        assert len(page.findall("body//h2[@id]")) == 5
        for question in ("q=budget", "q=zzzzqq"):
            assert f"/{lang}/search/how" in pages.links(pages.read(client, f"/{lang}/search?{question}"))
