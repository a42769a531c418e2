"""Three hundred broken files: cut, in wrong encodings, bombs, formulas, macros, entities, what nobody would expect.

Built from a few whole ones, always the same, so that a failure can be looked at again by its name.
"""

import io
import json
import random
import zipfile
from collections.abc import Iterator

from tables_made import COUNTS, archive, features, opendocument, packed, sheet, workbook

ROWS = [("Jour", "Lieu", "Nombre"), ("2026-01-02", "Jette", 5), ("2026-01-03", "Evere", 6.5)]
FORMULAS = ("=1+1", "=cmd|'/c calc'!A0", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x.example")', "\t=1", "＝1+1")
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def whole() -> dict[str, bytes]:
    """The files that are broken below."""
    return {
        "csv": COUNTS.encode(),
        "cp1252": COUNTS.encode("cp1252"),
        "utf16": COUNTS.encode("utf-16"),
        "xlsx": workbook(ROWS),
        "ods": opendocument(sheet(*[tuple(map(str, row)) for row in ROWS])),
        "json": json.dumps([{"a": n, "b": {"c": "é"}} for n in range(50)]).encode(),
        "geojson": features((4.35, 50.85), (4.4, 50.8)),
        "zip": archive(a__csv=COUNTS, lisezmoi__txt="x"),
        "gz": packed(COUNTS.encode()),
    }


def broken() -> Iterator[tuple[str, bytes]]:
    """Name and content of each."""
    chance = random.Random(20260301)
    for kind, body in whole().items():
        for part in range(1, 9):
            yield f"{kind}-cut-{part}", body[: len(body) * part // 9]
        for number in range(10):
            yield f"{kind}-dirty-{number}", dirty(body, chance)
        yield f"{kind}-head-lost", body[7:]
        yield f"{kind}-twice", body + body
        yield f"{kind}-zeros", body + bytes(5000)
        yield f"{kind}-backwards", body[::-1]
        yield f"{kind}-as-zip", b"PK\x03\x04" + body
        yield f"{kind}-as-gzip", b"\x1f\x8b" + body
        yield f"{kind}-as-parquet", b"PAR1" + body + b"PAR1"
        yield f"{kind}-as-office", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + body
        yield f"{kind}-in-brackets", b"[" + body
    yield from texts()
    yield from documents()
    yield from workbooks()
    yield from bombs()


def dirty(body: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    found = bytearray(body)
    for _ in range(max(3, len(found) // 200)):
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def texts() -> Iterator[tuple[str, bytes]]:
    """Tables with separators that are none, or too much of one."""
    yield "columns-a-million", b";".join(b"c" for _ in range(1_000_000)) + b"\n" + b";".join([b"1"] * 1_000_000)
    yield "heading-only", b"a;b;c\n"
    yield "separators-only", b";;;;\n" * 500
    yield "quote-open", b'a;b\n1;"2\n' + b"3;4\n" * 1000
    yield "quotes-only", b'"' * 100_000
    yield "quote-in-each", b'a"b;c"d\n' * 200
    yield "one-long-line", b"a" * 3_000_000
    yield "one-long-cell", b'a;b\n"' + b"x\n" * 500_000 + b'";2\n'
    yield "uneven", b"a;b;c\n1\n1;2;3;4;5;6;7;8\n;\n"
    yield "carriage-returns", COUNTS.encode().replace(b"\n", b"\r")
    yield "controls", b"a;b\n\x01\x02;\x1b[31m\n\x00;\x07\n"
    yield "surrogates", b"a;b\n1;2\n" + b"\xed\xa0\x80;\xed\xbf\xbf\n"
    yield "two-encodings", "é;è\n1;2\n".encode() + "à;ç\n".encode("cp1252") * 3
    yield "right-to-left", "a;b\n\u202e1;\u2066x\n".encode()
    yield "numbers-huge", b"a;b\n" + b"9" * 5000 + b";1e999999\n" + b"-" + b"9" * 400 + b";.5e-999\n"
    yield "dates-odd", b"d;e\n0000-00-00;99/99/9999\n2026-02-30;31/02/2026\n"
    for number, formula in enumerate(FORMULAS):
        yield f"formula-{number}", f"a;b\n{formula};1\n".encode()


def documents() -> Iterator[tuple[str, bytes]]:
    """JSON that goes on and on."""
    yield "nested-lists", b"[" * 200_000
    yield "nested-objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield "fields-many", json.dumps([{f"k{n}{m}": 1 for n in range(200)} for m in range(60)]).encode()
    yield "not-a-number", b'[{"a": NaN}, {"a": Infinity}]'
    yield "numbers-of-other-kinds", b'[{"a": 1e400}, {"a": 123456789012345678901234567890}]'
    yield "same-key-twice", b'[{"a": 1, "a": 2}]'
    yield "list-of-nothing", b"[null, null]"
    yield "list-of-words", b'["a", "b"]'
    yield "features-none", b'{"type": "FeatureCollection", "features": 3}'
    yield "features-odd", b'{"type": "FeatureCollection", "features": [1, null]}'
    odd = [[None], "x", {"a": 1}, [[[[[[[[[[[[1, 2]]]]]]]]]]]], [1e400, 2], [True, False]]
    for number, coordinates in enumerate(odd):
        one = {"type": "Feature", "geometry": {"type": "Point", "coordinates": coordinates}, "properties": None}
        yield f"feature-{number}", json.dumps({"type": "FeatureCollection", "features": [one]}).encode()


def workbooks() -> Iterator[tuple[str, bytes]]:
    """Workbooks with parts that are not what they should be."""
    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    laughs = "<!DOCTYPE x [" + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(9)
    ) + "]>"  # fmt: skip
    rows = sheet(("&e;", "1"), ("x", "2"))
    yield "ods-entity", opendocument(rows, before=entity)
    yield "ods-laughs", opendocument(rows.replace("&e;", "&a8;"), before=laughs)
    yield "ods-text", opendocument("<text:p>x</text:p>", type="text")
    repeated = (
        '<table:table table:name="x"><table:table-row table:number-rows-repeated="{}"><table:table-cell '
        'table:number-columns-repeated="{}" office:value-type="float" office:value="1"/></table:table-row>'
        "</table:table>"
    )
    for many, wide in ((10**9, 10**9), (1_048_576, 16_384), (10**18, 1), (-1, -1)):
        yield f"ods-repeated-{many}-{wide}", opendocument(repeated.format(many, wide))
    inner = "xl/worksheets/sheet1.xml"
    yield "xlsx-entity", changed(inner, f'{entity}<worksheet {SPACE}><sheetData><row r="1"><c r="A1" t="inlineStr"><is>'
        "<t>&e;</t></is></c></row></sheetData></worksheet>")  # fmt: skip
    yield "xlsx-laughs", changed(inner, f"{laughs}<worksheet {SPACE}><sheetData>&a8;</sheetData></worksheet>")
    yield "xlsx-far", changed(inner, f'<worksheet {SPACE}><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row '
        'r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>')  # fmt: skip
    yield "xlsx-no-place", changed(inner, f'<worksheet {SPACE}><sheetData><row><c r="ZZZZ99999999"><v>1</v></c></row>'
        "</sheetData></worksheet>")  # fmt: skip
    yield "xlsx-no-sheet", changed(inner, "")
    yield "xlsx-macros", changed("xl/vbaProject.bin", "\0" * 1000)
    yield "xlsx-strings-short", changed("xl/sharedStrings.xml", f"<sst {SPACE}/>")
    yield "xlsx-formulas", workbook([("a", "b"), *((one, 1) for one in FORMULAS if one.startswith("="))])
    yield "xlsx-empty", workbook([])


def changed(name: str, content: str) -> bytes:
    """A workbook with another part of that name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(ROWS))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, content)
    return out.getvalue()


def bombs() -> Iterator[tuple[str, bytes]]:
    """What unpacks without end."""
    zeros = bytes(60_000_000)
    yield "bomb-gzip", packed(zeros)
    yield "bomb-gzip-twice", packed(packed(zeros))
    yield "bomb-zip", archive(a__csv=zeros)
    yield "bomb-xlsx", changed("xl/worksheets/sheet1.xml", "<a>" + " " * 60_000_000)
    yield "zip-many", archive(**{f"f{n}__csv": b"" for n in range(12_000)})
    yield "zip-up-and-out", archive(**{"../../evil__csv": COUNTS})
    yield "zip-in-zip", archive(a__zip=archive(b__zip=archive(c__csv=COUNTS)))
    yield "zip-of-nothing", archive()
    lying = bytearray(archive(a__csv=COUNTS * 50))
    place = lying.rfind(b"PK\x01\x02") + 24
    lying[place : place + 4] = (10).to_bytes(4, "little")
    yield "zip-that-lies", bytes(lying)
