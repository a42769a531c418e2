"""Lists in CSV and Excel: separators, encodings, headings, cells, and what is told to whoever keeps them."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import loopback
import openpyxl
import pytest
from loopback import Answer

from catalogue.service import Catalogue
from catalogue.settings import Settings
from dcat.findings import Severity
from dcat.messages import RULES, explain
from dcat.model import Dataset, Text
from dcat.our_languages import OUR_LANGUAGES
from harvesters import HARVESTERS, reader_of
from harvesters.base import Crawl, HarvestError, RawRecord, Source
from harvesters.http import Client, Pace, Response
from harvesters.table import template, workbook
from harvesters.table.headings import fields, folded, heading_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "sources" / "table.md"
TABLE = HARVESTERS["table"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SOURCE = Source(id="s", name="s", title="S", url="https://commune.example/data/list.csv", kind="table")


def read(body: bytes, media_type: str = "text/csv", crawl: Crawl | None = None, **config: object) -> list[RawRecord]:
    """The records of a list, served over HTTP."""
    with (
        loopback.running(loopback.always(Answer(body, media_type))) as server,
        Client(allow=loopback.LOOPBACK, pace=Pace(0)) as client,
    ):
        source = Source(id="s", name="s", title="S", url=server.url("/list"), kind="table", config=config)
        found = list(TABLE.fetch(source, client, Crawl() if crawl is None else crawl))
    return [raw for raw in found if isinstance(raw, RawRecord)]


@contextmanager
def opened(folder: Path) -> Iterator[Catalogue]:
    """A catalogue in a folder."""
    catalogue = Catalogue(Settings(data_dir=folder, fetch_allow=loopback.LOOPBACK))
    catalogue.init()
    yield catalogue
    catalogue.close()


def dataset(text: str) -> Dataset:
    """The only dataset of a list."""
    (raw,) = read(text.encode())
    return entry(raw)


def entry(raw: RawRecord) -> Dataset:
    found = TABLE.normalise(raw, SOURCE).entry
    assert isinstance(found, Dataset)
    return found


def sheet(*rows: list[object], name: str = "Sheet") -> bytes:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    made = book.worksheets[0]
    made.title = name
    for row in rows:
        made.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- headings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("title", "title"),
        ("dct:title", "title"),
        ("Titre (FR)", "title_fr"),
        ("title_nl", "title_nl"),
        ("  MOTS CLES ", "keyword"),
        ("Mots-clés NL", "keyword_nl"),
        ("Date de publication", "issued"),
        ("downloadURL", "download URL"),
        ("download_url", "download URL"),
        ("Lizenz", "licence"),
        ("license", "licence"),
        ("Thema's", "theme"),
        ("source_dataset", "download URL"),
        ("accrualPeriodicity", "frequency"),
        ("Datum publicatie", "issued"),
        ("Laatste wijziging", "modified"),
    ],
)
def test_a_heading_is_known_in_any_spelling(heading: str, key: str) -> None:
    found = heading_of(heading)
    assert found is not None
    assert found.key == key


def test_no_heading_means_two_fields() -> None:
    plain = [(spelling, field.name) for field in fields().values() for spelling in field.spellings]
    assert len({spelling for spelling, _ in plain}) == len(plain)
    assert all(heading_of(spelling) == (name, "") for spelling, name in plain)
    for spelling, name in plain:
        for language in OUR_LANGUAGES if fields()[name].has_languages else ():
            meant = (name, "") if spelling + language == "trefwoorden" else (name, language)
            assert heading_of(spelling + language) == meant


def test_the_page_about_lists_names_every_heading() -> None:
    page = PAGE.read_text("utf-8").partition("## What is mapped")[2]
    for field in fields().values():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{field.name}` |")]
        said = row.split("|")[3].strip().removeprefix("in each language; ")
        words = {folded(word) for language in said.split("; ") for word in language.partition(": ")[2].split(", ")}
        assert words | {folded(field.name)} == field.spellings
        assert all(f"`{property}`" in row for property in field.properties)
        assert ("in each language" in row) == field.has_languages


def test_the_name_is_the_title_or_what_opendatasoft_calls_a_dataset() -> None:
    assert dataset("name;description\nTrees;All").title == (Text("Trees"),)
    found = dataset("name;title;description\ntrees-2026;Trees;All")
    assert (found.identifier, found.title) == ((Text("trees-2026"),), (Text("Trees"),))


def test_headings_may_stand_under_a_title_and_remarks() -> None:
    (raw,) = read(b"Open data of the commune;;\nLast change: May;;\n;;\nid;title;licence\n1;Trees;CC0\n")
    assert json.loads(raw.body)["row"] == 5


# --- text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_list_is_read_however_it_was_saved(separator: str, encoding: str, ending: str) -> None:
    rows = [["identifiant", "titre_fr", "description"], ["1", "Forêt", f'"Été{separator} hiver{ending}printemps"']]
    text = ending.join(separator.join(row) for row in rows)
    (raw,) = read(text.encode(encoding))
    assert entry(raw).title == (Text("Forêt", "fr"),)
    assert re.fullmatch(f"Été{re.escape(separator)} hiver\\s+printemps", entry(raw).description[0].value)


def test_excel_may_say_what_the_separator_is() -> None:
    (raw,) = read(b"sep=,\nid,title\n1,Trees\n")
    assert (raw.identifier, json.loads(raw.body)["row"]) == ("1", 2)


def test_an_operator_may_say_what_the_separator_is() -> None:
    body = b"title\nTrees; many, old\n"
    assert entry(read(body, separator="tab")[0]).title == (Text("Trees; many, old"),)
    assert entry(read(body, separator="semicolon")[0]).title == (Text("Trees"),)
    assert TABLE.options[0].problem("colon") != ""


def test_a_quotation_mark_that_is_not_closed_is_told_with_its_row() -> None:
    with pytest.raises(HarvestError, match=r"row 3, cannot be read: a quotation mark") as caught:
        read(b'id;title;description\n1;Trees;All\n2;"Banks;Some\n3;Wells;Few\n')
    assert caught.value.code == "NOT_WELL_FORMED"


def test_a_quotation_mark_within_a_cell_costs_nothing() -> None:
    crawl = Crawl()
    raws = read(b'id;title;description\n1;Trees;"All" of them\n2;Wells;Few\n', crawl=crawl)
    assert [raw.identifier for raw in raws] == ["1", "2"]
    assert [(found.rule, found.field) for found in crawl.findings] == [("syntax-mended", "A2")]


def test_a_list_whose_end_is_not_proven_removes_nothing() -> None:
    def behave(server: loopback.Server, request: loopback.Request, sock: object) -> bool:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\nid;title\n1;Trees\n")  # type: ignore[attr-defined]
        return False

    crawl = Crawl()
    with (
        loopback.running(loopback.Server(behave)) as server,
        Client(allow=loopback.LOOPBACK, pace=Pace(0)) as client,
    ):
        source = Source(id="s", name="s", title="S", url=server.url("/list"), kind="table")
        assert len(list(TABLE.fetch(source, client, crawl))) == 1
    assert len(crawl.incomplete) == 1


def test_a_list_that_ends_within_a_row_removes_nothing() -> None:
    crawl = Crawl()
    assert len(read(b"id;title;licence\n1;Trees;CC0\n2;Wells;CC0\n3;Ban", crawl=crawl)) == 3
    assert len(crawl.incomplete) == 1
    assert "in the middle of row 4" in crawl.incomplete[0]


# --- cells ------------------------------------------------------------------------------------------------------------


def test_a_row_says_everything_that_it_holds() -> None:
    found = dataset(
        "id;titre fr;titre nl;description;thème;mots-clés fr;éditeur;licence;publié;modifié;fréquence;page;fichier;"
        "format;territoire;contact;langue;début;fin;droits d'accès;catégorie HVD;documentation;conforme à;version\n"
        'https://c.example/1;Arbres;Bomen;Tous;"Environnement, Transports";"arbre; rue";Commune;CC0;01/02/2025;2026;'
        "annuelle;https://c.example/p;https://c.example/a.csv https://c.example/a.json;CSV, JSON;Ixelles;"
        '"Arbres <a@c.example>; https://c.example/form";fr, nl;2020;2025;public;Géospatial;doc.pdf;INSPIRE;2\n'
    )
    assert found.iri == "https://c.example/1"
    assert found.title == (Text("Arbres", "fr"), Text("Bomen", "nl"))
    assert [concept.labels[0].value for concept in found.theme] == ["Environnement", "Transports"]
    assert found.keyword == (Text("arbre", "fr"), Text("rue", "fr"))
    assert found.publisher
    assert found.publisher.name == (Text("Commune"),)
    assert [(file.download_url, file.format and file.format.labels[0].value) for file in found.distribution] == [
        (("https://c.example/a.csv",), "CSV"),
        (("https://c.example/a.json",), "JSON"),
    ]
    assert all(file.license for file in found.distribution)
    assert [(one.name, one.email, one.url) for one in found.contact] == [
        ((Text("Arbres"),), ("a@c.example",), ()),
        ((), (), ("https://c.example/form",)),
    ]
    assert (found.issued, found.modified) == ("01/02/2025", "2026")
    assert (found.temporal[0].start, found.temporal[0].end) == ("2020", "2025")
    assert found.page[0].iri
    assert found.page[0].iri.endswith("/doc.pdf")
    assert found.spatial[0].labels == (Text("Ixelles"),)
    assert len(found.language) == 2
    assert found.version == Text("2")


def test_a_licence_stays_with_a_dataset_without_files() -> None:
    found = dataset("id;title;licence\n1;Trees;CC0\n")
    assert found.license
    assert not found.distribution


@pytest.mark.parametrize(
    ("row", "pages", "files"),
    [
        ("id;title;url\n1;Trees;https://c.example/trees\n", ["https://c.example/trees"], []),
        ("id;title;lien\n1;Trees;https://c.example/t.csv\n", [], ["https://c.example/t.csv"]),
        ("id;title;url;format\n1;Trees;https://c.example/trees;CSV\n", [], ["https://c.example/trees"]),
        (
            "id;title;url;page\n1;Trees;https://c.example/a;https://c.example/b\n",
            ["https://c.example/b"],
            ["https://c.example/a"],
        ),
    ],
)
def test_a_link_is_the_page_of_the_dataset_or_a_file(row: str, pages: list[str], files: list[str]) -> None:
    found = dataset(row)
    assert [page.iri for page in found.landing_page] == pages
    assert [file.access_url[0] for file in found.distribution] == files


def test_addresses_are_divided_where_the_next_one_begins() -> None:
    found = dataset(
        "id;title;file\n1;Trees;https://c.example/all trees.csv https://c.example/t.json, www.c.example/t.xml\n"
    )
    assert [file.download_url[0] for file in found.distribution] == [
        "https://c.example/all trees.csv",
        "https://c.example/t.json",
        "www.c.example/t.xml",
    ]


def test_a_text_that_excel_was_told_to_keep_is_that_text() -> None:
    found = dataset('id,title\n"=""0042""",Trees\n')
    assert found.identifier == (Text("0042"),)


def test_an_address_without_scheme_is_none_beside_the_list() -> None:
    (raw,) = read(b"title;link;page\nTrees;data.stad.be/trees.csv;www.stad.be/trees")
    (file,) = entry(raw).distribution
    assert [*file.access_url, *file.download_url] == ["data.stad.be/trees.csv"]


def test_a_file_may_be_named_beside_the_list() -> None:
    trees, wells = read(b"id;title;file\n1;Trees;trees-2026.csv\n2;Wells;sub/wells.csv\n")
    assert entry(trees).distribution[0].download_url == (trees.address.replace("/list", "/trees-2026.csv"),)
    assert entry(wells).distribution[0].download_url == (wells.address.replace("/list", "/sub/wells.csv"),)


def test_columns_that_nobody_knows_are_told() -> None:
    (raw,) = read(b"id;title;seen by;licence;licence\n1;Trees;Zoe;CC0;CC BY\n")
    assert TABLE.normalise(raw, SOURCE).unread == {"seen by": 1, "licence (E)": 1}


def test_cells_with_an_error_or_without_heading_are_told_where_they_stand() -> None:
    (raw,) = read(b"id;title;licence\n1;Trees;#REF!;and; more\n")
    found = TABLE.normalise(raw, SOURCE)
    assert [(one.rule, one.subject, one.value) for one in found.findings] == [
        ("cell-error", "C2", "#REF!"),
        ("row-too-long", "A2:C2", "and | more"),
    ]
    for language in OUR_LANGUAGES:
        assert explain(found.findings[0], language).message.startswith("C2: ")


# --- identity ---------------------------------------------------------------------------------------------------------


def test_a_row_without_identifier_is_known_by_what_no_other_row_has() -> None:
    crawl = Crawl()
    raws = read(
        b"title;page;file\nTrees;https://c.example/;https://c.example/t.csv\nWells;https://c.example/;\n", crawl=crawl
    )
    assert [raw.identifier for raw in raws] == ["https://c.example/t.csv", "Wells"]
    assert [(one.rule, one.subject) for one in crawl.findings] == [
        ("identifier-weak", "A2:C2"),
        ("identifier-weak", "A3:C3"),
    ]


def test_of_rows_with_the_same_identifier_the_first_counts_and_both_are_named() -> None:
    crawl = Crawl()
    assert len(read(b"id;title\n1;Trees\n2;Wells\n1;Banks\n", crawl=crawl)) == 2
    assert [(one.rule, one.value) for one in crawl.findings] == [("duplicate-identifier", "1 (A2, A4)")]


# --- workbooks --------------------------------------------------------------------------------------------------------


def test_a_sheet_is_found_by_its_headings_or_its_name() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet(["a", "b"], ["x", "y"], name="Notes")))
    for name, title in (("2025", "Old"), ("2026", "New")):
        made = book.create_sheet(name)
        made.append(["id", "titre"])
        made.append([1, title])
    out = io.BytesIO()
    book.save(out)
    assert entry(read(out.getvalue(), XLSX)[0]).title == (Text("Old"),)
    assert entry(read(out.getvalue(), XLSX, sheet="2026")[0]).title == (Text("New"),)
    with pytest.raises(HarvestError, match=r"no sheet '2027'. Its sheets: 'Notes', '2025', '2026'"):
        read(out.getvalue(), XLSX, sheet="2027")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, r"old kind \(.xls\). Save it as an Excel workbook"),
        (b"PK\x03\x04" + b"\0" * 60, "is a ZIP archive"),
        (sheet(["naam klant", "bedrag"], ["x", 1]), "no row of headings that we know"),
    ],
)
def test_another_file_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(HarvestError, match=words) as caught:
        read(body, XLSX)
    assert caught.value.code == "NOT_A_FEED"


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def test_an_open_document_is_refused_in_words() -> None:
    with pytest.raises(HarvestError, match=r"an OpenDocument file. Save it"):
        read(packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}))


def test_a_workbook_that_unpacks_without_end_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 100_000)
    body = packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b" " * 200_000})
    with pytest.raises(HarvestError) as caught:
        read(body, XLSX)
    assert caught.value.code == "TOO_LARGE"


def test_a_workbook_with_entities_is_not_parsed() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    with pytest.raises(HarvestError, match="document type"):
        read(packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": bomb}), XLSX)


def test_a_damaged_workbook_is_told_as_one() -> None:
    with pytest.raises(HarvestError, match="an Excel file that cannot be read") as caught:
        read(packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook"}), XLSX)
    assert caught.value.code == "NOT_WELL_FORMED"


def test_a_cell_far_away_costs_no_memory() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet(["id", "title"], [1, "Trees"])))
    book.worksheets[0]["XFD90000"] = "x"
    out = io.BytesIO()
    book.save(out)
    assert [raw.identifier for raw in read(out.getvalue(), XLSX)] == ["1"]


def test_what_stands_behind_a_cell_is_read_where_it_is_meant() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(sheet(["id", "title", "contact", "link", "download URL"], [1, "Trees", "Desk", "Page"]))
    )
    made = book.worksheets[0]
    made["B2"].hyperlink = "https://commune.example/title"
    made["C2"].hyperlink = "mailto:desk@commune.example?subject=Trees"
    made["D2"].hyperlink = "https://commune.example/trees"
    made["E2"] = '=HYPERLINK("https://commune.example/trees.csv","Download")'
    out = io.BytesIO()
    book.save(out)
    found = entry(read(out.getvalue(), XLSX)[0])
    assert found.title == (Text("Trees"),)
    assert [page.iri for page in found.landing_page] == ["https://commune.example/trees"]
    assert [file.download_url for file in found.distribution] == [("https://commune.example/trees.csv",)]
    assert [(one.name, one.email) for one in found.contact] == [((Text("Desk"),), ("desk@commune.example",))]


@pytest.mark.parametrize("place", ["XFD2", "E0002000", "2E", "", "ZZZZ9999999"])
def test_a_link_at_an_odd_place_costs_nothing_else(place: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet(["id", "title", "link"], [1, "Trees", "Page"])))
    book.worksheets[0]["C2"].hyperlink = "https://commune.example/trees"
    out, moved = io.BytesIO(), io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as before, zipfile.ZipFile(moved, "w") as after:
        for part in before.namelist():
            after.writestr(part, before.read(part).replace(b'ref="C2"', b'ref="' + place.encode() + b'"'))
    (raw,) = read(moved.getvalue(), XLSX)
    assert json.loads(raw.body)["cells"] == ["1", "Trees", "Page"]


# --- documents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "media_type", "kind"),
    [
        (b"id;title\n1;Trees", "text/plain", "table"),
        (b"something;else\n1;2", "text/csv", "table"),
        (sheet(["id", "title"], [1, "Trees"]), "application/octet-stream", "table"),
        (b"something;else\n1;2", "text/plain", "dcat"),
        (b"@prefix dct: <http://purl.org/dc/terms/> .", "text/turtle", "dcat"),
        (b'{"title": "x"}', "application/json", "dcat"),
        (b"<html><title>x</title>", "text/html", "dcat"),
    ],
)
def test_a_list_is_recognised(body: bytes, media_type: str, kind: str) -> None:
    assert reader_of(Response("sent", 200, {"Content-Type": media_type}, body, True)).kind == kind


def test_a_row_may_be_sent_without_its_list() -> None:
    raw = TABLE.record("x", b'{"titre": "Arbres", "licence": "CC0"}', "application/json")
    assert raw is not None
    assert entry(raw).title == (Text("Arbres"),)
    for body in (b'{"cells": [1]}', b'{"cells": [1], "row": "x", "columns": []}'):
        with pytest.raises(ValueError, match="no row of a list"):
            TABLE.normalise(RawRecord(identifier="x", body=body, media_type="application/json"), SOURCE)


# --- the template -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", OUR_LANGUAGES)
def test_the_template_is_understood(language: str) -> None:
    for heading, example in template.headings(language):
        assert heading_of(heading) is not None
        assert example
    assert read(template.as_csv(language)) == []
    assert read(template.as_workbook(language), XLSX) == []


@pytest.mark.parametrize("language", OUR_LANGUAGES)
def test_the_example_of_the_template_is_published_without_a_warning(language: str, tmp_path: Path) -> None:
    body = template.as_workbook(language)
    with (
        loopback.running(loopback.always(Answer(body, XLSX))) as server,
        opened(tmp_path) as catalogue,
    ):
        name = template.SHEETS[language][1]
        catalogue.sources.add(server.url("/list.xlsx"), "table", title="List", config={"sheet": name})
        run = catalogue.runs.harvest("list")
        (outcome,) = catalogue.runs.outcomes(run.id)
    assert (run.new, run.incomplete) == (1, ())
    worse = {found.field for found in outcome.findings if RULES[found.rule].severity is not Severity.INFO}
    assert worse <= {"dct:publisher/dct:type", "dcat:distribution[1]/dct:description"}


# --- runs -------------------------------------------------------------------------------------------------------------


def test_findings_and_refusals_name_the_cell(tmp_path: Path) -> None:
    body = [b"id;titre fr;modifi\xc3\xa9;licence\n1;Arbres;hier;CC0\n2;;2026-01-01;CC0\n"]

    def answer(request: loopback.Request) -> Answer:
        return Answer(body[0], "text/csv")

    with loopback.running(loopback.site(answer)) as server, opened(tmp_path) as catalogue:
        catalogue.sources.add(server.url("/list.csv"), "table", title="List")
        first = catalogue.runs.harvest("list")
        assert (first.new, first.refused) == (1, 1)
        trees, untitled = sorted(catalogue.runs.outcomes(first.id), key=lambda one: one.identifier)
        assert ("date-invalid", "C2") in {(one.rule, one.subject) for one in trees.findings}
        assert untitled.reason.startswith("B3: It has no title")
        assert catalogue.runs.harvest("list").writes == 0
        body[0] = body[0].replace(b"\n1;", b"\n0;Bancs;2026-01-01;CC0\n1;")
        moved = catalogue.runs.harvest("list")
        assert (moved.new, moved.same, moved.refused, moved.changed) == (1, 1, 1, 0)
        trees = next(one for one in catalogue.runs.outcomes(moved.id) if one.identifier == "1")
        assert ("date-invalid", "C3") in {(one.rule, one.subject) for one in trees.findings}
