"""Files of datasets are looked into by a worker: which, when, politely, and what is kept of them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from factory import Memory, file, open_catalogue, record, texts
from loopback import LOOPBACK, Answer, Request, running
from loopback import site as server
from structlog.testing import capture_logs
from tables_made import COUNTS, workbook

from catalogue import clock
from catalogue.errors import NotFound, Unavailable
from catalogue.previews.files import file_id, file_key, lookable
from catalogue.previews.meanings import described
from catalogue.previews.preview import Column, Preview
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from catalogue.store.kept_rows import Condition, Question
from catalogue.work.looking import Looking
from dcat.model import Dataset, Distribution, Document, Iri, Standard, Text


class Site:
    """A server of files that remembers what it was asked."""

    def __init__(self) -> None:
        self.files: dict[str, Answer] = {}
        self.asked: list[Request] = []
        self.base = ""

    def answer(self, request: Request) -> Answer:
        self.asked.append(request)
        found = self.files.get(request.path)
        if found is None:
            return Answer(b"no", status=404)
        tag = found.headers.get("ETag")
        if tag and request.headers.get("if-none-match") == tag:
            return Answer(status=304, media_type="", headers={"ETag": tag})
        return found

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]


@pytest.fixture
def site() -> Iterator[Site]:
    one = Site()
    with running(server(one.answer)) as there:
        one.base = there.url("")
        yield one


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[tuple[Catalogue, Memory]]:
    catalogue, memory = open_catalogue(
        tmp_path / "var", database_url=database_url, preview_mb=1, fetch_allow=LOOPBACK, preview_seconds=20
    )
    catalogue.sources.add("https://agency.example/feed", "memory", title="Agency")
    yield catalogue, memory
    catalogue.close()


@pytest.fixture
def catalogue(house: tuple[Catalogue, Memory]) -> Catalogue:
    return house[0]


def push(catalogue: Catalogue, name: str, *files: Distribution) -> str:
    """A dataset with these files; its id."""
    dataset = Dataset(title=texts(fr=name), description=texts(fr=f"Les {name}."), distribution=files)
    catalogue.records.push("agency", name, record(name, dataset).body, "application/json")
    return catalogue.entries.named("dataset", name).id


def look(catalogue: Catalogue) -> int:
    return catalogue.previews.look(lambda _tx: None, Stop())


def only(catalogue: Catalogue, id: str):  # type: ignore[no-untyped-def]
    (seen,) = catalogue.previews.of_entry(id).values()
    return seen


def test_a_file_is_fetched_and_seen(catalogue: Catalogue, site: Site) -> None:
    site.files["/a.csv"] = Answer(COUNTS.encode("cp1252"), "text/csv")
    id = push(catalogue, "comptages", file(f"{site.base}/a.csv", "CSV"))
    assert look(catalogue) == 1
    seen = only(catalogue, id)
    assert (seen.code, seen.size) == ("", len(COUNTS.encode("cp1252")))
    assert seen.preview.rows == 20
    count, rows = catalogue.previews.rows(seen, Question((0, 3), (Condition(3, "gt", 1018),), limit=5))
    assert (count, rows) == (2, [("2026-03-19", 1019), ("2026-03-20", 1020)])
    assert catalogue.previews.of_file(file_id(id, seen.file)) == seen


def test_it_is_looked_at_again_after_a_week_and_fetched_only_when_it_changed(
    catalogue: Catalogue, site: Site, move_clock: Callable[[timedelta], datetime]
) -> None:
    site.files["/a.csv"] = Answer(COUNTS.encode(), "text/csv", headers={"ETag": '"1"'})
    id = push(catalogue, "comptages", file(f"{site.base}/a.csv", "CSV"))
    look(catalogue)
    first = only(catalogue, id)
    assert look(catalogue) == 0
    move_clock(timedelta(days=6))
    assert catalogue.previews.due(move_clock(timedelta(0))) is None
    move_clock(timedelta(days=2))
    assert look(catalogue) == 1
    assert site.asked[-1].headers["if-none-match"] == '"1"'
    again = only(catalogue, id)
    assert (again.rows, again.preview) == (first.rows, first.preview)
    assert again.at > first.at
    site.files["/a.csv"] = Answer(b"x;y\n1;2\n", "text/csv", headers={"ETag": '"2"'})
    move_clock(timedelta(days=8))
    look(catalogue)
    assert only(catalogue, id).preview.rows == 1


def test_what_was_seen_stays_while_its_server_does_not_answer(
    catalogue: Catalogue, site: Site, move_clock: Callable[[timedelta], datetime]
) -> None:
    site.files["/a.csv"] = Answer(COUNTS.encode(), "text/csv")
    id = push(catalogue, "comptages", file(f"{site.base}/a.csv", "CSV"))
    look(catalogue)
    first = only(catalogue, id)
    site.files["/a.csv"] = Answer(b"", status=500)
    move_clock(timedelta(days=8))
    look(catalogue)
    now = only(catalogue, id)
    assert (now.code, now.at, now.preview) == ("unreachable", first.at, first.preview)
    move_clock(timedelta(days=1, hours=1))
    assert catalogue.previews.due(move_clock(timedelta(0)))


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(b"no", status=404), "gone"),
        (Answer(b"no", status=403), "refused"),
        (Answer(b"no", status=503), "unreachable"),
        (Answer(b"<!doctype html><title>Connexion</title>", "text/html"), "web-page"),
        (Answer(b"x" * 1_200_000, "text/csv"), "too-large"),
        (Answer(b"", "text/csv"), "empty"),
        (Answer(workbook([("a", "b")])[:-40], "text/csv"), "damaged"),
    ],
)
def test_why_nothing_can_be_seen_is_kept(catalogue: Catalogue, site: Site, answer: Answer, code: str) -> None:
    site.files["/a.csv"] = answer
    id = push(catalogue, "comptages", file(f"{site.base}/a.csv", "CSV"))
    look(catalogue)
    seen = only(catalogue, id)
    assert (seen.code, seen.preview) == (code, None)
    with pytest.raises(NotFound):
        catalogue.previews.rows(seen, Question((0,)))


def test_nothing_private_is_fetched(catalogue: Catalogue, site: Site) -> None:
    site.files["/a.csv"] = Answer(b"", status=302, headers={"Location": "http://10.0.0.1/secret.csv"})
    id = push(catalogue, "comptages", file(f"{site.base}/a.csv", "CSV"))
    look(catalogue)
    assert only(catalogue, id).code == "not-fetched"


def test_what_the_host_forbids_to_programs_is_not_fetched(catalogue: Catalogue, site: Site) -> None:
    site.files["/a.csv"] = Answer(COUNTS.encode(), "text/csv")
    site.files["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /a.csv\n", "text/plain")
    id = push(catalogue, "comptages", file(f"{site.base}/a.csv", "CSV"))
    look(catalogue)
    assert only(catalogue, id).code == "not-fetched"
    assert site.paths() == ["/robots.txt"]


def test_what_the_host_forbids_is_not_fetched_either_to_know_what_columns_mean(
    catalogue: Catalogue, site: Site
) -> None:
    site.files["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /a.csv-metadata.json\n", "text/plain")
    site.files["/a.csv"] = Answer(COUNTS.encode(), "text/csv")
    push(catalogue, "comptages", file(f"{site.base}/a.csv", "CSV"))
    look(catalogue)
    assert site.paths() == ["/robots.txt", "/a.csv"]


def test_a_file_that_says_that_it_is_too_large_is_not_fetched(catalogue: Catalogue, site: Site) -> None:
    large = msgspec.structs.replace(file(f"{site.base}/a.csv", "CSV"), byte_size="5000000")
    id = push(catalogue, "comptages", large)
    look(catalogue)
    assert only(catalogue, id).code == "too-large"
    assert site.asked == []


def test_files_that_are_no_tables_are_left_alone(catalogue: Catalogue, site: Site) -> None:
    push(catalogue, "plans", file(f"{site.base}/plan.pdf", "PDF"), file(f"{site.base}/wms", "WMS_SRVC"))
    assert look(catalogue) == 0
    assert site.asked == []
    assert catalogue.previews.due(clock.now()) is None


def test_what_a_dataset_has_no_more_is_forgotten(catalogue: Catalogue, site: Site) -> None:
    site.files["/a.csv"] = site.files["/b.csv"] = Answer(COUNTS.encode(), "text/csv")
    id = push(catalogue, "comptages", file(f"{site.base}/a.csv", "CSV"), file(f"{site.base}/b.csv", "CSV"))
    look(catalogue)
    assert len(catalogue.previews.of_entry(id)) == 2
    push(catalogue, "comptages", file(f"{site.base}/b.csv", "CSV"))
    look(catalogue)
    assert [one.address for one in catalogue.previews.of_entry(id).values()] == [f"{site.base}/b.csv"]


def test_rows_that_were_thrown_away_are_an_answer_for_people(catalogue: Catalogue, site: Site) -> None:
    site.files["/a.csv"] = Answer(COUNTS.encode(), "text/csv")
    id = push(catalogue, "comptages", file(f"{site.base}/a.csv", "CSV"))
    look(catalogue)
    seen = only(catalogue, id)
    (catalogue.previews.folder / seen.rows).unlink()
    with pytest.raises(Unavailable, match="read again"):
        catalogue.previews.rows(seen, Question((0,)))


def test_of_what_waits_no_more_is_counted_than_somebody_wants_to_know(
    catalogue: Catalogue, site: Site, move_clock: Callable[[timedelta], datetime]
) -> None:
    for name in "abc":
        push(catalogue, name, file(f"{site.base}/{name}.csv", "CSV"))
    now = move_clock(timedelta(0))
    assert [catalogue.previews.due(now, most) for most in (None, 3, 2, 1)] == [(3, now), (3, now), (2, now), (1, now)]
    look(catalogue)
    assert catalogue.previews.due(now) is None
    push(catalogue, "c", file(f"{site.base}/other.csv", "CSV"))
    push(catalogue, "d", file(f"{site.base}/d.csv", "CSV"))
    assert catalogue.previews.due(now) == (2, now)
    again, later = now + timedelta(days=1), move_clock(timedelta(days=2))  # then a server is asked again
    found = [catalogue.previews.due(later, most) for most in (None, 4, 3, 1)]
    assert found == [(4, now), (4, now), (3, again), (1, again)]
    assert Looking(catalogue, most=2).due(later) == (2, again)


def test_what_is_gone_waits_no_more(catalogue: Catalogue, site: Site) -> None:
    push(catalogue, "comptages", file(f"{site.base}/a.csv", "CSV"))
    look(catalogue)
    push(catalogue, "comptages", file(f"{site.base}/b.csv", "CSV"))
    catalogue.records.withdraw("agency", "comptages")
    asked = len(site.asked)
    assert look(catalogue) == 0
    assert len(site.asked) == asked
    assert catalogue.previews.due(clock.now() + timedelta(days=90)) is None


def test_where_no_file_was_looked_into_all_are_due_also_after_a_restore(
    catalogue: Catalogue, site: Site, tmp_path: Path
) -> None:
    site.files["/a.csv"] = Answer(COUNTS.encode(), "text/csv")
    push(catalogue, "comptages", file(f"{site.base}/a.csv", "CSV"))
    look(catalogue)
    catalogue.backups.save(tmp_path / "saved.zip")
    restored, _ = open_catalogue(tmp_path / "theirs", preview_mb=1, fetch_allow=LOOPBACK)
    restored.backups.restore(tmp_path / "saved.zip")
    assert look(restored) == 1
    restored.close()


def test_datasets_without_files_are_passed_over_however_many_they_are(
    catalogue: Catalogue, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.files["/z.csv"] = Answer(COUNTS.encode(), "text/csv")
    monkeypatch.setattr("catalogue.previews.previews.TOGETHER", 1)
    for name in "abcd":
        push(catalogue, name)
    push(catalogue, "z", file(f"{site.base}/z.csv", "CSV"))
    assert look(catalogue) == 1
    assert catalogue.previews.due(clock.now()) is None


def test_what_nobody_refers_to_is_swept_away(catalogue: Catalogue, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.previews.previews.UNUSED_SECONDS", -1)
    site.files["/a.csv"] = Answer(COUNTS.encode(), "text/csv")
    id = push(catalogue, "comptages", file(f"{site.base}/a.csv", "CSV"))
    catalogue.previews.folder.mkdir()
    (catalogue.previews.folder / "of-yesterday").write_bytes(b"x")
    look(catalogue)
    assert [path.name for path in catalogue.previews.folder.iterdir()] == [only(catalogue, id).rows]


def test_none_is_wanted_when_the_settings_say_so(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path / "other", preview_mb=0)
    assert Looking(catalogue).due(clock.now()) is None
    catalogue.close()


def test_which_files_can_be_looked_into() -> None:
    files = (
        Distribution(access_url=(Iri("https://a.example/page"),)),
        Distribution(access_url=(Iri("https://a.example/x.geojson"),)),
        file("https://a.example/export?id=3", "CSV"),
        file("ftp://a.example/x.csv", "CSV"),
        file("https://a.example/x.zip", "SHP"),
        file("https://a.example/x.csv.gz", "CSV"),
    )
    found = lookable(Dataset(distribution=files))
    assert [(one.address, one.is_table) for one in found] == [
        ("https://a.example/x.geojson", True),
        ("https://a.example/export?id=3", True),
        ("https://a.example/x.zip", False),
        ("https://a.example/x.csv.gz", True),
    ]
    assert found[1].key == file_key(files[2])


CSVW = {
    "@context": ["http://www.w3.org/ns/csvw", {"@language": "fr"}],
    "tableSchema": {
        "columns": [
            {"titles": "passages", "dc:description": {"fr": "Vélos comptés", "nl": "Getelde fietsen"}},
            {"name": "vitesse_km_h", "titles": {"nl": "Snelheid"}, "dc:description": "La vitesse moyenne"},
        ]
    },
}
SCHEMA = {"fields": [{"name": "passages", "description": "Vélos", "description_nl": "Fietsen", "unit": "vélos"}]}


@pytest.mark.parametrize("way", ["link", "beside", "standard"])
def test_what_columns_mean_is_read_where_the_publisher_says_it(catalogue: Catalogue, site: Site, way: str) -> None:
    link = {"Link": '<meta.json>; rel="describedby"'} if way == "link" else {}
    site.files["/a.csv"] = Answer(COUNTS.encode(), "text/csv", headers=link)
    at = {"link": "/meta.json", "beside": "/a.csv-metadata.json", "standard": "/schema.json"}[way]
    site.files[at] = Answer(msgspec.json.encode(CSVW), "application/csvm+json")
    follows = (Standard(iri=Iri(f"{site.base}/schema.json")),) if way == "standard" else ()
    id = push(catalogue, "comptages", msgspec.structs.replace(file(f"{site.base}/a.csv", "CSV"), conforms_to=follows))
    look(catalogue)
    preview = only(catalogue, id).preview
    assert preview.described_by == "csvw"
    told = {one.key: one for one in preview.columns}
    assert told["passages"].meaning == (Text("Vélos comptés", "fr"), Text("Getelde fietsen", "nl"))
    assert told["vitesse_km_h"].meaning == (Text("La vitesse moyenne", "fr"),)
    assert told["vitesse_km_h"].title == (Text("Snelheid", "nl"),)
    assert told["date"].meaning == ()


def test_a_description_nested_without_end_stops_nobody(catalogue: Catalogue, site: Site) -> None:
    nested = b'{"tableSchema": {"columns": [{"name": "passages", "titles": %b"x"%b}]}}' % (b"[" * 900, b"]" * 900)
    site.files |= {
        "/a.csv": Answer(COUNTS.encode()),
        "/a.csv-metadata.json": Answer(nested),
        "/b.csv": Answer(b"a\n1\n"),
    }
    ids = [push(catalogue, name, file(f"{site.base}/{name}.csv", "CSV")) for name in ("a", "b")]
    assert look(catalogue) == 2
    assert [only(catalogue, id).code for id in ids] == ["", ""]


def test_a_description_that_we_fail_at_holds_up_no_file(
    catalogue: Catalogue, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(preview: Preview, body: bytes) -> Preview:
        raise ZeroDivisionError(body)

    monkeypatch.setattr("catalogue.previews.previews.described", failing)
    site.files |= {
        "/a.csv": Answer(COUNTS.encode()),
        "/a.csv-metadata.json": Answer(b"{}"),
        "/b.csv": Answer(b"a\n1\n"),
    }
    ids = [push(catalogue, name, file(f"{site.base}/{name}.csv", "CSV")) for name in ("a", "b")]
    with capture_logs() as logged:
        assert look(catalogue) == 2
    assert [only(catalogue, id).code for id in ids] == ["", ""]
    assert [said["address"] for said in logged if said["event"] == "description.failed"] == [
        f"{site.base}/a.csv-metadata.json"
    ]


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (SCHEMA, "table-schema"),
        ({"resources": [{"name": "a", "schema": SCHEMA}]}, "table-schema"),
        ({"fields": [{"name": "another"}]}, ""),
        ({"fields": 3, "tables": [1, None], "resources": {"schema": []}}, ""),
        ([1], ""),
        ("x", ""),
    ],
)
def test_a_table_schema_says_it_too_and_anything_else_says_nothing(document: object, kind: str) -> None:
    before = Preview(format="CSV", columns=(Column(key="passages", name="passages", type="integer"),))
    after = described(before, msgspec.json.encode(document))
    assert after.described_by == kind
    if kind:
        assert after.columns[0].meaning == (Text("Vélos", ""), Text("Fietsen", "nl"))
        assert after.columns[0].unit == "vélos"
    assert described(before, b"[" * 100_000) == before


DICTIONARIES = {
    "semicolons": "Champ;Libellé;Description (fr);Omschrijving;Unité\npassages;Passages;Vélos;Fietsen;vélos\n",
    "commas": "field,description_fr,description_nl,unit\npassages,Vélos,Fietsen,vélos\nother,x\n",
    "tabs": "Nom du champ\tDescription_FR\tBeschrijving\tUnité\r\nPassages\tVélos\tFietsen\tvélos\r\n",
}


@pytest.mark.parametrize("said", DICTIONARIES.values(), ids=DICTIONARIES)
def test_a_data_dictionary_in_csv_says_it_too(said: str) -> None:
    before = Preview(format="CSV", columns=(Column(key="passages", name="passages", type="integer"),))
    after = described(before, said.encode("cp1252"))
    assert after.described_by == "dictionary"
    assert after.columns[0].meaning == (Text("Vélos", "fr"), Text("Fietsen", "nl"))
    assert after.columns[0].unit == "vélos"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x00\xff" * 100,
        b"passages,date\n1,2\n",
        b"nom,prix\npassages,3\n",
        b'nom,description\n"' + b"x" * 500_000,
    ],
    ids=range(5),
)
def test_a_table_of_something_else_says_nothing(said: bytes) -> None:
    before = Preview(format="CSV", columns=(Column(key="passages", name="passages", type="integer"),))
    assert described(before, said) == before


def test_a_dictionary_among_the_files_is_asked_what_columns_mean() -> None:
    files = (
        file("https://a.example/x.csv", "CSV", page=(Document(iri=Iri("https://a.example/doc.pdf")),)),
        file("https://a.example/d.csv", "CSV", title=texts(fr="Dictionnaire des données")),
    )
    assert [one.documents for one in lookable(Dataset(distribution=files))] == [("https://a.example/d.csv",), ()]
