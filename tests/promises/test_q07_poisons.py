"""One bad record never costs another: a feed of which every hundredth record is poisoned, each in another way."""

from collections.abc import Callable
from pathlib import Path

from factory import open_catalogue
from loopback import LOOPBACK, Answer, pages, running
from sampling import share

from catalogue.store.rows import OutcomeRow

START = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
GOOD = '<https://d.example/{n}> a dcat:Dataset ; dct:title "Jeu {n}"@fr ; dct:description "Un jeu."@fr ; {more} .\n'
BAD_VALUES = (
    *(
        f"dcat:landingPage <{bad}>"
        for bad in ("https://d.example/a b", "javascript:alert(1)", "x", "https://[::1", "mailto:")
    ),
    *(f"dcat:landingPage <https://d.example/{bad}>" for bad in ("%%30%30", "<script", "{a}", "|", "^", "\\u0060")),
    *(f'dct:title "x"@{bad}' for bad in ("toolongatag", "x-y-z-1234567890")),
    *(
        f'dct:issued "{bad}"^^xsd:date'
        for bad in ("2020-02-30", "0000-00-00", "99999-01-01", "", "x", "24:00:00", "١٢٣")
    ),
    *(
        f'dct:modified "{bad}"^^xsd:dateTime'
        for bad in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "+99:99")
    ),
    *(f"dct:issued {bad}" for bad in ("1" + "0" * 5000, "1e999999999", "true", "0.1")),
    'dct:issued "x"^^<http://e/d\\u003E\\u0020.\\u003Chttp://evil/s>',
    'dct:issued "x"^^<javascript:x>',
    "dct:publisher " + "[ dct:isPartOf " * 60 + "1" + " ]" * 60,
    "dct:publisher " + "( " * 60 + ")" * 60,
    'dct:spatial [ dcat:bbox "POLYGON((999 0,1000 1"^^<http://www.opengis.net/ont/geosparql#wktLiteral> ]',
    'dct:temporal [ dcat:startDate "x" ; dcat:endDate "y" ]',
    'dcat:distribution [ dcat:byteSize "-1"^^xsd:decimal ]',
    'dcat:distribution [ dcat:byteSize "1e400"^^xsd:decimal ; dcat:accessURL "no address" ]',
    'dcat:distribution [ dcat:mediaType <text/csv> ; dct:format "\\u202Efdp" ]',
    f'dcat:keyword "{"k" * 40_000}"',
    "dcat:keyword " + ", ".join(f'"k{n}"' for n in range(500)),
    f'dct:description "{"<div>" * 5_000}"@fr',
    'dct:description "\\u0000\\u0001\\uFFFE"@fr',
    "dcat:contactPoint [ <http://www.w3.org/2006/vcard/ns#hasEmail> <mailto:a@b\\u003Ec> ]",
    "dct:relation <https://d.example/{n}>, <_:x>, <#>",
    "a <https://data.example.org/internal>, dcat:Catalog",
    "<http://e/p q> 1",
    "<javascript:p> 1",
    'dct:title ""@fr, " "@nl',
    "dcat:distribution <https://d.example/{n}>",
    "dct:language <fr>, <http://publications.europa.eu/resource/authority/language/XXX>",
    'dcat:theme "transport", <http://publications.europa.eu/resource/authority/data-theme/NONE>',
)
NO_TITLE = '<https://d.example/{n}> a dcat:Dataset ; dct:description "Sans titre."@fr .\n'


def poison(n: int, kind: int) -> str:
    """A record of that kind of poison: the last kind has no title, which cannot be published."""
    if kind == len(BAD_VALUES):
        return NO_TITLE.format(n=n)
    return GOOD.replace("{more}", BAD_VALUES[kind]).replace("{n}", str(n))


def feed(good: int, kinds: list[int]) -> bytes:
    """So many good records, with a poisoned one of each kind spread among them."""
    every = max(1, good // len(kinds))
    lines = [GOOD.replace("{more}", 'dct:issued "2020"').replace("{n}", str(n)) for n in range(good)]
    for place, kind in enumerate(kinds):
        lines.insert(place * (every + 1), poison(1_000_000 + kind, kind))
    return (START + "".join(lines)).encode()


def remarks(row: OutcomeRow | None) -> set[tuple[str, str]]:
    """What the report says of a record."""
    said = {("refused", row.reason)} if row and row.reason else set()
    return said | {(one.rule, one.field) for one in (row.findings if row else ())}


def test_each_poison_costs_itself_alone(tmp_path: Path, note: Callable[..., None]) -> None:
    kinds = list(range(len(BAD_VALUES) + 1))
    good = share(300, 4_950)
    with running(pages({"/feed.ttl": Answer(feed(good, kinds), "text/turtle")})) as server:
        catalogue, _ = open_catalogue(tmp_path / "var", fetch_allow=LOOPBACK)
        name = catalogue.sources.add(server.url("/feed.ttl"), "dcat", title="Agency").name
        run = catalogue.runs.harvest(name)
    outcomes = {row.identifier: row for row in catalogue.runs.outcomes(run.id, limit=10_000)}
    lost = [n for n in range(good) if outcomes[f"https://d.example/{n}"].outcome != "NEW"]
    usual = remarks(outcomes["https://d.example/0"])
    of_run = {one.subject for one in run.findings}
    names = {kind: f"https://d.example/{1_000_000 + kind}" for kind in kinds}
    silent = [kind for kind, name in names.items() if not remarks(outcomes.get(name)) - usual and name not in of_run]
    refused = sum(row.outcome in {"REFUSED", "FAILED"} for row in outcomes.values())
    catalogue.close()
    note(
        "Q7",
        f"{good} of 4,950 good records with {len(kinds)} poisons among them: {good - len(lost)} published, "
        f"{len(kinds) - len(silent)} of {len(kinds)} poisons named ({refused} of them refused), {run.failed} failed",
        holds=not lost and not silent and not run.failed,
        wrong=[BAD_VALUES[kind][:80] for kind in silent] + lost[:5],
    )
