"""What is seen of a file: its encoding, its separators, what its columns hold; and what cannot be seen, and why."""

import json
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from tables_made import COUNTS, archive, features, opendocument, packed, sheet, workbook, write

from catalogue.previews import bounded
from catalogue.previews.bounded import Limits
from catalogue.previews.look import Asked, look
from catalogue.previews.preview import Preview, Unseen
from catalogue.stopping import Stop
from catalogue.store import kept_rows
from catalogue.store.kept_rows import Question
from harvesters.errors import Stopped

LIMITS = Limits(bytes=5_000_000, memory=600_000_000, seconds=20)


@pytest.fixture
def seen(tmp_path: Path):  # type: ignore[no-untyped-def]
    def see(body: bytes | str, *, is_said: bool = True) -> Preview:
        (tmp_path / "rows").unlink(missing_ok=True)
        return look(Asked(write(tmp_path, body), tmp_path, tmp_path / "rows", 30_000_000, is_said))

    return see


def told(see, body: bytes) -> str:  # type: ignore[no-untyped-def]
    """What is shown of a file, or why nothing is."""
    try:
        return repr(see(body))
    except Unseen as error:
        return error.code


def types(preview: Preview) -> dict[str, str]:
    return {one.key: one.type for one in preview.columns}


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("cp1252", "Windows-1252"),
        ("cp850", "MS-DOS (850)"),
        ("mac_roman", "Mac OS Roman"),
    ],
)
def test_the_encoding_is_found_and_said(seen, codec: str, name: str) -> None:  # type: ignore[no-untyped-def]
    text = "ville;note\nLiège;très âgé, où ça\nÉtterbeek;à côté\nNamur;été\n"
    preview = seen(text.encode(codec))
    assert preview.encoding == name
    assert [row[0] for row in preview.sample] == ["Liège", "Étterbeek", "Namur"]
    assert preview.sample[0][1] == "très âgé, où ça"


def test_separator_decimal_comma_and_belgian_days_are_found(seen) -> None:  # type: ignore[no-untyped-def]
    preview = seen(COUNTS.encode("cp1252"))
    assert (preview.separator, preview.decimal, preview.rows, preview.width) == (";", ",", 20, 5)
    assert types(preview) == {
        "date": "date",
        "commune": "text",
        "code_postal": "integer",
        "passages": "integer",
        "vitesse_km_h": "decimal",
    }
    day, commune, _, count, speed = preview.columns
    assert (day.least, day.most) == ("2026-03-01", "2026-03-20")
    assert (count.least, count.most) == (1001, 1020)
    assert (speed.unit, speed.least, speed.most) == ("km/h", 1.5, 20.5)
    assert (commune.distinct, commune.least) == (2, None)
    assert preview.sample[0] == ("2026-03-01", "Schærbeek", 1030, 1001, 1.5)


@pytest.mark.parametrize(
    ("cells", "type", "first"),
    [
        (["1", "22", "-3"], "integer", 1),
        (["1 234", "12 345 678", "5"], "integer", 1234),
        (["1.5", "2", ".25"], "decimal", 1.5),
        (["1,5", "2", "1.234,75"], "decimal", 1.5),
        (["1.5", "n.d.", ""], "decimal", 1.5),
        (["1.5", "beaucoup"], "text", "1.5"),
        (["01000", "02000"], "text", "01000"),
        (["2026-02-03", "2026-12-31"], "date", "2026-02-03"),
        (["3/2/2026", "31/12/2026"], "date", "2026-02-03"),
        (["02/13/2026", "12/31/2026"], "date", "2026-02-13"),
        (["2026-02-30", "2026-01-01"], "text", "2026-02-30"),
        (["2026-02-03T04:05:06Z", "2026-02-04 07:08"], "datetime", "2026-02-03T04:05:06Z"),
        (["oui", "non"], "boolean", True),
        (["ja", "neen"], "boolean", True),
        (["99999999999999999999", "1"], "text", "99999999999999999999"),
        (["-", "-"], "text", "-"),
    ],
)
def test_a_column_is_what_all_its_cells_are(seen, cells: list[str], type: str, first: object) -> None:  # type: ignore[no-untyped-def]
    preview = seen("mot\tvaleur\n" + "".join(f"x\t{cell}\n" for cell in cells))
    assert preview.columns[1].type == type
    assert preview.sample[0][1] == first
    assert preview.columns[1].empty == sum(cell == "" or (cell == "n.d." and type != "text") for cell in cells)


def test_a_title_above_the_table_is_no_heading(seen) -> None:  # type: ignore[no-untyped-def]
    preview = seen("Population au 1er janvier\n\nQuartier;Habitants;Surface\nBalat;120;3\nRogier;130;4\n")
    assert [one.name for one in preview.columns] == ["Quartier", "Habitants", "Surface"]
    assert preview.rows == 2


def test_a_table_without_headings_says_so(seen) -> None:  # type: ignore[no-untyped-def]
    preview = seen("1;Balat;2.5\n2;Rogier;3.5\n")
    assert preview.remarks == ("no-headings",)
    assert [one.key for one in preview.columns] == ["column_1", "column_2", "column_3"]
    assert preview.rows == 2


def test_headings_twice_rows_that_are_uneven_and_open_quotes_are_said(seen) -> None:  # type: ignore[no-untyped-def]
    preview = seen('nom;nom;x\na;b;c\nd;e;f;g\nh;"i;j\nk;l;m\n')
    assert set(preview.remarks) == {"double-headings", "uneven-rows", "open-quote"}
    assert [one.key for one in preview.columns] == ["nom", "nom_2", "x"]
    assert preview.rows == 4


def test_very_many_columns_are_counted_and_some_kept(seen) -> None:  # type: ignore[no-untyped-def]
    preview = seen(";".join(f"c{n}" for n in range(5000)) + "\n" + ";".join(map(str, range(5000))) + "\n")
    assert (preview.width, len(preview.columns), len(preview.sample[0])) == (5000, 300, 30)
    assert "many-columns" in preview.remarks


def test_a_workbook_is_read_as_it_was_saved(seen) -> None:  # type: ignore[no-untyped-def]
    rows = [
        ("Jour", "Lieu", "Nombre", "Ouvert", "Formule"),
        (date(2026, 1, 2), "Jette", 5, True, "=1+1"),
        (datetime(2026, 1, 3), "Evere", 6.5, False, "=cmd|'/c calc'!A0"),  # noqa: DTZ001 (a spreadsheet knows no zone)
    ]
    preview = seen(workbook(rows))
    assert (preview.format, preview.sheet, preview.rows) == ("XLSX", "Feuille", 2)
    assert types(preview)["jour"] == "date"
    assert preview.sample[0][:4] == ("2026-01-02", "Jette", 5.0, True)
    assert preview.sample[0][4] is None, "a formula whose result was not saved is empty, not computed"


def test_an_opendocument_sheet_is_read(seen) -> None:  # type: ignore[no-untyped-def]
    preview = seen(opendocument(sheet(("naam", "aantal"), ("Ukkel", "3"), ("Elsene", "4"))))
    assert (preview.format, preview.rows, types(preview)) == ("ODS", 2, {"naam": "text", "aantal": "integer"})


def test_an_external_entity_is_never_fetched(seen, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    before = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    body = opendocument(sheet(("naam", "x"), ("&e;", "1")), before=before)
    assert "hunter2" not in told(seen, body)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (b'[{"a": 1, "b": {"c": "x"}}, {"a": 2}]', 2),
        (b'{"total": 2, "results": [{"a": 1, "b": {"c": "x"}}, {"a": 2}]}', 2),
        (b'{"a": 1, "b": {"c": "x"}}\n{"a": 2}\n', 2),
        (b'\xef\xbb\xbf[{"a": 1, "b": {"c": "x"}}]', 1),
    ],
)
def test_a_table_in_json_is_found(seen, body: bytes, count: int) -> None:  # type: ignore[no-untyped-def]
    preview = seen(body)
    assert (preview.format, preview.rows) == ("JSON", count)
    assert [one.name for one in preview.columns] == ["a", "b.c"]
    assert preview.sample[0] == (1, "x")


def test_features_are_rows_and_points(seen) -> None:  # type: ignore[no-untyped-def]
    preview = seen(features((4.35, 50.85), (4.4, 50.8)))
    assert (preview.format, preview.rows) == ("GEOJSON", 2)
    assert [one.name for one in preview.columns] == ["espèce", "hauteur (m)", "longitude", "latitude"]
    assert preview.bounds == (4.35, 50.8, 4.4, 50.85)
    assert preview.points == ((4.35, 50.85), (4.4, 50.8))


def test_metres_of_a_national_grid_are_not_called_degrees(seen) -> None:  # type: ignore[no-untyped-def]
    preview = seen(features((149_000.5, 170_000.2), (150_000.0, 171_000.0)))
    assert [one.name for one in preview.columns] == ["espèce", "hauteur (m)", "x", "y"]
    assert preview.bounds is None


def test_what_is_no_number_in_json_is_none(seen) -> None:  # type: ignore[no-untyped-def]
    """As Python and R write missing values, which is no JSON; in a text it is text."""
    preview = seen('[{"a": NaN, "b": "NaN \\" Infinity"}, {"a": 1.5, "b": "x"}, {"a": -Infinity, "b": "y"}]')
    assert preview.sample == ((None, 'NaN " Infinity'), (1.5, "x"), (None, "y"))


def test_shapes_have_an_extent_and_no_points(seen) -> None:  # type: ignore[no-untyped-def]
    ring = [[4.3, 50.8], [4.4, 50.8], [4.4, 50.9], [4.3, 50.8]]
    one = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"nom": "Parc"}}
    preview = seen(json.dumps({"type": "FeatureCollection", "features": [one]}))
    assert preview.bounds == (4.3, 50.8, 4.4, 50.9)
    assert preview.points == ()
    assert preview.sample == (("Parc", "Polygon"),)


def test_columns_with_coordinates_are_a_map(seen) -> None:  # type: ignore[no-untyped-def]
    preview = seen("nom;latitude;longitude\nA;50.85;4.35\nB;50.80;4.40\n")
    assert preview.bounds == (4.35, 50.8, 4.4, 50.85)
    metres = seen("nom;latitude;longitude\nA;170000;150000\nB;171000;151000\n")
    assert metres.bounds is None


def test_the_one_table_of_an_archive_is_shown(seen) -> None:  # type: ignore[no-untyped-def]
    preview = seen(archive(lisezmoi__txt="Bonjour", data__csv=COUNTS))
    assert (preview.format, preview.member, preview.rows) == ("ZIP", "data.csv", 20)
    assert [one.name for one in preview.members] == ["lisezmoi.txt", "data.csv"]


def test_of_several_tables_in_an_archive_only_the_names_are_shown(seen) -> None:  # type: ignore[no-untyped-def]
    preview = seen(archive(a__csv=COUNTS, b__csv=COUNTS))
    assert (preview.member, preview.rows, preview.member_count) == ("", 0, 2)


def test_what_gzip_holds_is_shown(seen) -> None:  # type: ignore[no-untyped-def]
    assert seen(packed(COUNTS.encode())).rows == 20


def test_parquet_needs_an_extra(seen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    duckdb = pytest.importorskip("duckdb")
    file = tmp_path / "made.parquet"
    duckdb.sql(f"COPY (SELECT 7 AS nombre, DATE '2026-03-04' AS jour, 'é' AS mot) TO '{file}' (FORMAT parquet)")
    preview = seen(file.read_bytes())
    assert (preview.format, preview.sample) == ("PARQUET", ((7, "2026-03-04", "é"),))
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(Unseen, match="no-parquet"):
        seen(file.read_bytes())


def test_one_number_along_days_is_a_line_and_few_things_are_bars(seen) -> None:  # type: ignore[no-untyped-def]
    line = seen("jour,passages\n2026-01-03,5\n2026-01-01,7\n2026-01-02,6\n").chart
    assert line
    assert (line.kind, line.points) == ("line", (("2026-01-01", 7.0), ("2026-01-02", 6.0), ("2026-01-03", 5.0)))
    bars = seen("commune,habitants\nJette,5\nEvere,7\nUccle,6\n").chart
    assert bars
    assert (bars.kind, bars.along, bars.measure) == ("bars", "commune", "habitants")
    assert seen("commune,habitants,menages\nJette,5,1\nEvere,7,2\nUccle,6,3\n").chart is None
    assert seen("commune,id\nJette,5\nEvere,7\nUccle,6\n").chart is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b"<!DOCTYPE html><html><body>Bonjour</body></html>", "web-page"),
        (b"%PDF-1.7 ...", "unknown-format"),
        (b"<?xml version='1.0'?><data/>", "unknown-format"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "unknown-format"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"PAR1 broken PAR1", "damaged"),
        (b"\xd0\xcf\x11\xe0 broken", "damaged"),
        (b"\x1f\x8b broken", "damaged"),
        (b'{"a": ', "damaged"),
        (b'{"a": 1}', "no-table"),
        (b"[" * 100_000 + b"]" * 100_000, "damaged"),
    ],
)
def test_what_cannot_be_seen_has_a_reason(seen, body: bytes, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Unseen) as caught:
        seen(body)
    assert caught.value.code == code


def test_plain_text_is_a_table_only_where_the_publisher_says_so(seen) -> None:  # type: ignore[no-untyped-def]
    assert seen("mot\nun\ndeux\n").rows == 2
    with pytest.raises(Unseen, match="unknown-format"):
        seen("mot\nun\ndeux\n", is_said=False)


# --- the process ------------------------------------------------------------------------------------------------------


def test_the_process_gives_the_preview_and_the_rows(tmp_path: Path) -> None:
    preview = bounded.look(write(tmp_path, COUNTS), tmp_path, LIMITS, Stop())
    assert preview.rows == 20
    count, rows = kept_rows.ask(tmp_path / "rows", Question((3,), limit=2))
    assert (count, rows) == (20, [(1001,), (1002,)])


def test_the_process_gives_the_reason(tmp_path: Path) -> None:
    with pytest.raises(Unseen, match="web-page"):
        bounded.look(write(tmp_path, "<html>"), tmp_path, LIMITS, Stop())


def test_a_bomb_ends_with_its_process(tmp_path: Path) -> None:
    far = workbook([("a", "b"), (1, 2)])
    body = write(tmp_path, far)
    spread = tmp_path / "spread"
    with zipfile.ZipFile(body) as old, zipfile.ZipFile(spread, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b'r="A2"', b'r="XFD1048576"') if name.endswith("sheet1.xml") else part)
    with pytest.raises(Unseen, match="too-heavy"):
        bounded.look(spread, tmp_path, LIMITS, Stop())


def test_what_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unseen, match="too-large"):
        bounded.look(write(tmp_path, packed(b"a;b\n" + b"0;0\n" * 9_000_000)), tmp_path, LIMITS, Stop())


def test_a_process_ends_when_it_is_told_to(tmp_path: Path) -> None:
    stop = Stop()
    stop.ask()
    with pytest.raises(Stopped):
        bounded.look(write(tmp_path, COUNTS * 20_000), tmp_path, LIMITS, stop)


def test_work_beyond_its_seconds_is_ended(tmp_path: Path) -> None:
    body = "a;b;c\n" + "".join(f"{n};{n},5;mot {n}\n" for n in range(250_000))
    with pytest.raises(Unseen, match="too-heavy"):
        bounded.look(write(tmp_path, body), tmp_path, LIMITS._replace(seconds=1), Stop())


def test_the_process_knows_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads a stranger's file holds nothing that could be taken from it."""
    monkeypatch.setenv("DATASTORE_SECRET_KEY", "a-secret-of-the-portal")
    monkeypatch.setattr(bounded.sys, "executable", str(_shows_its_environment(tmp_path)))
    with pytest.raises(Unseen):
        bounded.look(write(tmp_path, COUNTS), tmp_path, LIMITS, Stop())
    shown = (tmp_path / "environment").read_text()
    assert "PATH=" in shown
    assert "DATASTORE" not in shown


def _shows_its_environment(folder: Path) -> Path:
    script = folder / "python"
    script.write_text(f"#!/bin/sh\nenv >{folder}/environment\nexit 1\n")
    script.chmod(0o755)
    return script
