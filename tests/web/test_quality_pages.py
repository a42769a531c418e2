"""How good the descriptions are: the page, what a publisher's page says of it, and the same as data."""

import pages
import pytest
from factory import open_catalogue
from flask.testing import FlaskClient
from graphs import Triples, by_oxigraph

from catalogue.service import Catalogue
from dcat.dqv import PIVEAU
from dcat.namespaces import expand
from dcat.quality import MAXIMUM
from web.app import create_app
from web.feeds import quality_document

SITE = "https://data.example.brussels"
GOOD = {"fr": "Bonne", "nl": "Goed", "de": "Gut", "en": "Good"}


def shown(client: FlaskClient, path: str) -> str:
    """What a page says in its main part; fails on invalid HTML and on a heavy page."""
    answer = client.get(path)
    assert answer.status_code == 200
    page = pages.tree(answer)
    assert pages.counted_elements(page) <= 390
    return pages.words(pages.one(page, "body/main"))


@pytest.mark.parametrize("lang", GOOD)
def test_the_page_tells_of_the_whole_catalogue_and_of_every_publisher(
    client: FlaskClient, filled: Catalogue, lang: str
) -> None:
    words = shown(client, f"/{lang}/quality")
    assessed = filled.assessments.scores()
    assert assessed.whole
    assert assessed.whole.band == "good"
    assert f"{GOOD[lang]}, {assessed.whole.points} " in words
    for row in filled.publishers.all():
        assert str(assessed.by_publisher[row.name].points) in words
        assert any(text.value in words for text in row.title)


def test_the_page_says_what_would_help_and_what_is_the_matter(client: FlaskClient, filled: Catalogue) -> None:
    words = shown(client, "/en/quality")
    assert "Say which period the data cover. Time based search, +" in words.partition("What would help most")[2]
    assert " is missing. It is recommended." in words
    assert "80 points are not measured yet" in words
    assert "excellent" not in words, "codes are for programs"


def test_the_bands_lead_to_their_datasets(client: FlaskClient, filled: Catalogue) -> None:
    page = pages.tree(client.get("/en/quality"))
    links = [a.get("href", "") for a in page.iter("a") if "quality=" in (a.get("href") or "")]
    assert links
    for link in links:
        band = link.partition("quality=")[2]
        rows = [row for row in filled.entries.with_ids(piece.id for piece in filled.pieces.all()) if row.score]
        count = sum(row.score is not None and row.score.band == band for row in rows)
        assert client.get(f"/search.json?quality={band}").get_json()["count"] == count
        assert client.get(link).status_code == 200


def test_every_page_links_to_it(client: FlaskClient) -> None:
    for path in ("/nl/", "/nl/about", "/nl/quality"):
        page = pages.tree(client.get(path))
        (footer,) = page.iter("footer")
        assert "/nl/quality" in [a.get("href") for a in footer.iter("a")]


def test_a_publisher_sees_its_score_and_the_three_best_improvements(client: FlaskClient, filled: Catalogue) -> None:
    name = filled.publishers.all()[0].name
    score = filled.assessments.scores().by_publisher[name]
    words = shown(client, f"/en/publisher/{name}")
    assert f"{score.points} of {MAXIMUM} points" in words
    page = pages.tree(client.get(f"/en/publisher/{name}"))
    (aside,) = page.iter("aside")
    improvements = [item for item in aside.iter("li") if pages.words(item).rpartition("+")[1]]
    assert len(improvements) == 3


def test_an_empty_catalogue_has_an_empty_page(tmp_path_factory: pytest.TempPathFactory) -> None:
    catalogue, _ = open_catalogue(tmp_path_factory.mktemp("empty"))
    client = create_app(catalogue.settings, catalogue).test_client()
    assert "Nothing here yet." in shown(client, "/en/quality")
    said = client.get("/api/1/quality").get_json()
    assert said == {"quality": None, "publishers": [], "causes": []}
    assert client.get("/quality.ttl").status_code == 200
    catalogue.close()


def test_there_is_no_page_beyond_the_last(client: FlaskClient) -> None:
    assert client.get("/en/quality?page=1000").status_code == 200
    assert client.get("/en/quality?page=x").status_code == 400


# --- as data ---------------------------------------------------------------------------------------------------------


def test_the_figures_are_data_too(client: FlaskClient, filled: Catalogue) -> None:
    said = client.get("/api/1/quality").get_json()
    assessed = filled.assessments.scores()
    assert assessed.whole
    assert client.get("/quality.json").get_json() == said
    assert (said["quality"]["points"], said["quality"]["maximum"]) == (assessed.whole.points, 405)
    assert said["quality"]["band"] == assessed.whole.band
    assert {one["name"]: one["quality"]["points"] for one in said["publishers"]} == {
        name: score.points for name, score in assessed.by_publisher.items()
    }
    dimensions = said["quality"]["dimensions"]
    assert sum(one["maximum"] for one in dimensions.values()) == 405
    assert dimensions["accessibility"]["unmeasured"] == said["quality"]["unmeasured"] == 80
    assert all(set(one["hint"]) == {"fr", "nl", "de", "en"} for one in said["quality"]["hints"])
    assert [one["entries"] for one in said["causes"]] == sorted(
        (one["entries"] for one in said["causes"]), reverse=True
    )


def test_a_dataset_tells_its_score_its_hints_and_every_finding(client: FlaskClient, filled: Catalogue) -> None:
    row = next(row for row in filled.entries.recent(50) if row.score)
    assert row.score
    said = client.get(f"/dataset/{row.name}.json").get_json()
    assert client.get(f"/api/1/datasets/{row.name}").get_json() == said
    assert said["quality"]["points"] == row.score.points
    assert [one["indicator"] for one in said["quality"]["hints"]] == [one.code for one in row.score.hints]
    found = filled.records.outcome(row.source, row.identifier).findings
    assert [one["rule"] for one in said["findings"]] == [one.rule for one in found]
    shape = {"rule", "severity", "field", "value", "message", "fix", "section"}
    assert all(set(one) == shape for one in said["findings"])
    listed = client.get("/api/1/datasets/").get_json()["data"]
    (same,) = [one for one in listed if one["id"] == row.id]
    assert same["quality"]["points"] == row.score.points
    assert "hints" not in same["quality"]


def test_a_service_has_findings_and_no_score(client: FlaskClient, filled: Catalogue) -> None:
    row = next(row for row in filled.entries.recent(50) if row.kind == "service")
    said = client.get(f"/service/{row.name}.json").get_json()
    assert "quality" not in said
    assert said["findings"]


@pytest.mark.parametrize("path", ["/publisher/{}.json", "/api/1/publishers/{}"])
def test_a_publisher_tells_its_score(client: FlaskClient, filled: Catalogue, path: str) -> None:
    for name, score in filled.assessments.scores().by_publisher.items():
        said = client.get(path.format(name)).get_json()
        assert said["quality"]["points"] == score.points
        assert said["quality"]["hints"]


def test_the_names_of_metrics_and_rules_lead_to_what_they_mean(client: FlaskClient) -> None:
    for name in ("metric/score", "remark/recommended-missing/dct:temporal"):
        answer = client.get(f"/id/{name}", headers={"Accept": "text/turtle"})
        assert (answer.status_code, answer.location) == (303, "/quality.ttl")
        assert (
            client.get(f"/id/{name}", headers={"Accept": "text/html", "Accept-Language": "de"}).location
            == "/de/quality"
        )
    lines = by_oxigraph(client.get("/quality.nt").data, "nt")
    subjects = {triple[0] for triple in lines}
    assert {f"<{SITE}/id/metric/score>", f"<{PIVEAU}findabilityScoring>", f"<{SITE}/catalog#quality>"} <= subjects
    assert f"<{SITE}/id/remark/recommended-missing/dct:temporal>" in subjects
    assert client.get("/quality.csv").status_code == 404


def objects(triples: Triples, curie: str) -> set[str]:
    """The objects of a property, of whichever subject."""
    return {object for _, predicate, object in triples if predicate == f"<{expand(curie)}>"}


def test_the_feed_carries_scores_and_the_rest_apart(client: FlaskClient, filled: Catalogue) -> None:
    def read(path: str) -> Triples:
        answer = client.get(path)
        assert answer.status_code == 200, path
        return by_oxigraph(answer.data, "nt")

    every, none, usual = (read(f"/catalog.nt?measures={one}") for one in ("all", "none", "score"))
    assert usual == read("/catalog.nt")
    assert none < usual < every
    assert len(objects(usual, "dqv:hasQualityMeasurement")) == filled.entries.counts().datasets + 1, (
        "the catalogue has a score too"
    )
    assert not objects(none, "dqv:hasQualityMeasurement")
    assert not objects(usual, "dqv:hasQualityAnnotation")
    told = read("/quality.nt?page=1")
    apart = {one for one in told if "/hydra/" not in one[1] and "/hydra/" not in one[2]}
    assert none.isdisjoint(apart)
    assert {subject for subject, *_ in every - none - apart} <= {
        f"<{SITE}/catalog>",
        *(subject for subject, *_ in every if subject.startswith(f"<{SITE}/catalog#")),
        *(subject for subject, *_ in read("/quality.nt")),
    }


def test_the_feed_of_measures_has_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality_document, "PER_PAGE", 7)
    whole, path = set(), "/quality.nt?page=1"
    while path:
        page = by_oxigraph(client.get(path).data, "nt")
        whole |= page
        path = next(iter(objects(page, "hydra:next")), "").strip("<>").removeprefix(SITE)
    monkeypatch.undo()
    alone = by_oxigraph(client.get("/quality.nt?page=1").data, "nt")
    assert {one for one in whole if "quality.nt" not in one[0]} == {one for one in alone if "quality.nt" not in one[0]}
    assert client.get("/catalog.nt?measures=some").status_code == 400
