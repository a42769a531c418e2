"""Whatever an entry says, written in four formats it reads back as the same statements, and no others."""

from collections import Counter
from collections.abc import Callable

from graphs import by_oxigraph
from hostile import naughty, poisoned
from hypothesis import HealthCheck, Phase, given, settings
from sampling import sampled, share
from strategies import entries

from dcat import rdf
from dcat.model import KINDS, Entry
from dcat.write import write

FORMATS = ("ttl", "rdf", "jsonld", "nt")
EVIL = "http://evil.example/"


def statements(body: bytes, format: str) -> tuple[Counter[str], set[str]]:
    """What a document says, blank nodes without their names, and the subjects that it says it of."""
    triples = by_oxigraph(body, format)
    said = Counter(" ".join("_:" if term.startswith("_:") else term for term in triple) for triple in triples)
    return said, {triple[0].strip("<>") for triple in triples}


def faults(entry: Entry) -> list[str]:
    """Formats that say something else than the others, or of somebody else."""
    documents = {format: statements(rdf.serialise(write(entry), format), format) for format in FORMATS}
    first = documents["nt"][0]
    differ = [format for format, (said, _) in documents.items() if said != first]
    injected = [format for format, (_, subjects) in documents.items() if any(one.startswith(EVIL) for one in subjects)]
    return [f"{format} differs" for format in differ] + [f"{format} has more" for format in injected]


def test_every_format_says_the_same(note: Callable[..., None]) -> None:
    number, wrong, tried = share(40, 10_000), [], Counter[str]()

    @settings(
        max_examples=number, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(entry=entries)
    def check(entry: Entry) -> None:
        tried["made"] += 1
        wrong.extend(faults(entry))

    check()
    for string in sampled(naughty(), share(20, 515)):
        tried["naughty"] += 1
        wrong.extend(f"{string!r}: {fault}" for fault in faults(poisoned(KINDS["dataset"], string)))
    note(
        "Q15",
        f"{tried['made']} of 10,000 made-up entries and {tried['naughty']} of 515 with a naughty string in each field, "
        f"in {len(FORMATS)} formats: {len(wrong)} differ or say more",
        holds=not wrong and tried["made"] >= number // 2,
        wrong=wrong[:10],
    )
