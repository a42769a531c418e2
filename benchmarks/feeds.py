"""Synthetic feeds for the benchmarks: the same datasets every time, some hundred triples each, in two languages.

python -m benchmarks.feeds 1000 ttl > feed.ttl
"""

import sys
from collections.abc import Iterator
from random import Random

from dcat import rdf, vocab
from dcat.model import (
    Agent,
    Catalog,
    Checksum,
    Concept,
    Contact,
    Dataset,
    Date,
    Distribution,
    Document,
    Hex,
    Integer,
    Iri,
    LicenseDocument,
    Location,
    Node,
    Period,
    RightsStatement,
    Text,
    Texts,
    Wkt,
)
from dcat.write import own_and_shared

SITE = "https://data.example.org"

_FRENCH = """comptage vélo mobilité arbre quartier budget marché rue école bruit eau déchet plan crèche logement
énergie bâtiment commune population statistique annuel carte réseau transport horaire accident piéton"""
_DUTCH = """telling fiets mobiliteit boom wijk begroting markt straat school geluid water afval plan crèche woning
energie gebouw gemeente bevolking statistiek jaarlijks kaart netwerk vervoer uurregeling ongeval voetganger"""
_WORDS = {"fr": _FRENCH.split(), "nl": _DUTCH.split()}
_FORMATS = ("CSV", "JSON", "XLSX", "GEOJSON", "SHP", "PARQUET")


def datasets(number: int, seed: int = 1) -> Iterator[Dataset]:
    """Datasets with three distributions each, as a source would give them: valid, typed, labelled."""
    random = Random(seed)  # the same feed every time
    publishers = [_publisher(at) for at in range(40)]
    for at in range(number):
        yield _dataset(at, random, random.choice(publishers))


def catalog(number: int) -> Catalog:
    """The catalogue that lists them."""
    return Catalog(
        iri=Iri(f"{SITE}/catalog"),
        title=(Text("Catalogue", "fr"), Text("Catalogus", "nl")),
        description=(Text("Données de la région", "fr"), Text("Gegevens van het gewest", "nl")),
        publisher=_publisher(0),
        dataset=tuple(Iri(f"{SITE}/id/dataset/{at:06}") for at in range(number)),
    )


def feed(number: int, format: str = "ttl", seed: int = 1) -> bytes:
    """A whole feed in a serialisation; what several datasets use is described once, at its end."""
    nodes: list[Node] = [catalog(number), *datasets(number, seed)]
    parts = [own_and_shared(node) for node in nodes]
    shared = dict.fromkeys(line for _, lines in parts for line in lines.splitlines(keepends=True))
    return b"".join(rdf.stream([*(own for own, _ in parts), "".join(shared)], format))


def _dataset(at: int, random: Random, publisher: Agent) -> Dataset:
    iri = f"{SITE}/id/dataset/{at:06}"
    theme = random.choice(vocab.THEMES.terms)
    return Dataset(
        iri=Iri(iri),
        identifier=(Text(f"ds-{at:06}"),),
        title=_texts(random, 6),
        description=_texts(random, 60),
        keyword=_keywords(random),
        publisher=publisher,
        contact=(
            Contact(
                iri=Iri(f"{iri}#contact"),
                name=(Text(f"Helpdesk {at % 40}"),),
                email=(Iri(f"mailto:open.data.{at % 40}@example.org"),),
            ),
        ),
        theme=(vocab.THEMES.concept(theme),),
        language=tuple(_term(vocab.LANGUAGES, code) for code in ("FRA", "NLD")),
        frequency=_term(vocab.FREQUENCIES, random.choice(("DAILY", "MONTHLY", "ANNUAL"))),
        access_rights=RightsStatement(iri=vocab.ACCESS_RIGHTS.by_code["PUBLIC"].iri),
        issued=_date(random, 2015, 2020),
        modified=_date(random, 2021, 2026),
        landing_page=(Document(iri=Iri(f"{SITE}/dataset/{at:06}")),),
        spatial=(_place(iri, random),),
        temporal=(Period(iri=Iri(f"{iri}#period"), start=_date(random, 2010, 2015), end=_date(random, 2016, 2026)),),
        distribution=tuple(_distribution(f"{iri}/file/{n}", random) for n in range(3)),
    )


def _distribution(iri: str, random: Random) -> Distribution:
    code = random.choice(_FORMATS)
    return Distribution(
        iri=Iri(iri),
        access_url=(Iri(f"{iri}/page"),),
        download_url=(Iri(f"{iri}/data.{code.lower()}"),),
        title=_texts(random, 3),
        description=_texts(random, 12),
        format=_term(vocab.FORMATS, code),
        media_type=Concept(iri=Iri(f"{vocab.MEDIA_TYPES}text/csv")),
        license=LicenseDocument(iri=vocab.LICENCES.by_code["CC_BY_4_0"].iri),
        byte_size=Integer(str(random.randrange(10_000_000))),
        checksum=Checksum(
            iri=Iri(f"{iri}#checksum"),
            algorithm=Iri("https://spdx.org/rdf/terms#checksumAlgorithm_sha256"),
            value=Hex(f"{random.getrandbits(256):064x}"),
        ),
        issued=_date(random, 2015, 2020),
        modified=_date(random, 2021, 2026),
    )


def _publisher(at: int) -> Agent:
    return Agent(
        iri=Iri(f"{SITE}/id/agent/{at:02}"),
        name=(Text(f"Commune {at}", "fr"), Text(f"Gemeente {at}", "nl")),
        homepage=Document(iri=Iri(f"https://commune-{at:02}.example.org/")),
    )


def _place(iri: str, random: Random) -> Location:
    west, south = 4.2 + random.random() / 5, 50.7 + random.random() / 5
    east, north = west + 0.05, south + 0.05
    ring = f"{west:.4f} {north:.4f},{east:.4f} {north:.4f},{east:.4f} {south:.4f},{west:.4f} {south:.4f}"
    box = Wkt(f"POLYGON(({ring},{west:.4f} {north:.4f}))")
    return Location(iri=Iri(f"{iri}#place"), bbox=box, labels=(Text("Bruxelles", "fr"), Text("Brussel", "nl")))


def _texts(random: Random, words: int) -> Texts:
    return tuple(Text(" ".join(random.choices(_WORDS[lang], k=words)).capitalize(), lang) for lang in ("fr", "nl"))


def _keywords(random: Random) -> Texts:
    return tuple(Text(word, lang) for lang in ("fr", "nl") for word in sorted(random.sample(_WORDS[lang], 4)))


def _date(random: Random, first: int, last: int) -> Date:
    return Date(f"{random.randint(first, last)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}")


def _term(vocabulary: vocab.Vocabulary, code: str) -> Concept:
    return vocabulary.concept(vocabulary.by_code[code])


if __name__ == "__main__":
    sys.stdout.buffer.write(feed(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "ttl"))
