"""A catalogue filled without a network: believable entries, taken in through the real ingest from records in memory."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.database import Database
from dcat import vocab
from dcat.model import (
    KINDS,
    Agent,
    Concept,
    Contact,
    DataService,
    Dataset,
    DatasetSeries,
    Date,
    Distribution,
    Document,
    Entry,
    Iri,
    LicenseDocument,
    Location,
    Period,
    Text,
    Texts,
    Wkt,
    kind_of,
)
from harvesters import HARVESTERS
from harvesters.base import Crawl, Harvester, HarvestError, Normalised, Option, RawRecord, SkipRecord, Source
from harvesters.http import Client

MEDIA_TYPE = "application/x-memory"


def record(identifier: str, entry: Entry) -> RawRecord:
    """A raw record that the memory harvester reads back as that entry."""
    body = msgspec.json.encode({"kind": kind_of(entry), "entry": entry})
    return RawRecord(identifier=identifier, body=body, media_type=MEDIA_TYPE, address="memory:")


@dataclass
class Feed:
    """What a source in memory gives, and how it fails."""

    records: list[RawRecord] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    declared: int | None = None
    doubles: int = 0
    renamed: dict[str, list[str]] = field(default_factory=dict)
    error: BaseException | None = None
    """Raised after the records."""


class Memory(Harvester):
    """Reads `feeds` by the address of the source."""

    kind = "memory"
    record_types = frozenset({MEDIA_TYPE, "application/json"})
    title = "Records in memory"
    options = (Option("color", str, "", "An option to test options with"),)

    def __init__(self) -> None:
        self.feeds: dict[str, Feed] = {}
        self.read: list[str] = []
        """Identifiers in the order in which they were normalised."""

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[RawRecord]:
        """Yields the feed's records."""
        feed = self.feeds.get(source.url)
        if feed is None:
            raise HarvestError("HTTP_STATUS", "The source answers 404 Not Found.", source.url)
        crawl.declared_total, crawl.doubles, crawl.renamed = feed.declared, feed.doubles, feed.renamed
        yield from feed.records
        crawl.incomplete += feed.incomplete
        if feed.error is not None:
            raise feed.error

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Decodes what `record` encoded; a few words make it fail."""
        self.read.append(raw.identifier)
        if raw.body == b"skip":
            raise SkipRecord("It is private.")
        if raw.body == b"fault":
            raise KeyError("a fault of ours")
        said = msgspec.json.decode(raw.body)
        entry: Any = msgspec.convert(said["entry"], KINDS[said["kind"]], strict=False)
        return Normalised(entry=entry, unread={"x:unknown": 1} if said.get("unread") else {})


@cache
def tables() -> bytes:
    """A file of SQLite with our tables and nothing in them: copied, they cost a hundredth of what making them does."""
    with tempfile.TemporaryDirectory(prefix="datastore-") as folder:
        file = Path(folder) / "tables.sqlite"
        made = Database(f"sqlite:///{file}")
        made.upgrade()
        made.close()
        return file.read_bytes()


def open_catalogue(folder: Path, **settings: Any) -> tuple[Catalogue, Memory]:
    """A catalogue in a folder, made and empty, with the harvester that feeds it."""
    memory = Memory()
    site = {"data_dir": folder, "site_url": "https://data.example.brussels", "region": "Brussels"}
    values: dict[str, Any] = {**site, "check_links": False, "preview_mb": 0, **settings}
    of_it = Settings(**values)
    if of_it.database.startswith("sqlite:///") and not (file := Path(of_it.database[10:])).exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(tables())
    catalogue = Catalogue(of_it, harvesters={**HARVESTERS, "memory": memory})
    catalogue.init()
    return catalogue, memory


def filled_catalogue(folder: Path, **settings: Any) -> Catalogue:
    """A catalogue of two sources with a few dozen entries, harvested and indexed."""
    catalogue, memory = open_catalogue(folder, **settings)
    for url, title, entries in ((MOBILITY, "Brussels Mobility", mobility()), (TOWNS, "Open towns", towns())):
        memory.feeds[url] = Feed([record(identifier, entry) for identifier, entry in entries])
        name = catalogue.sources.add(url, "memory", title=title).name
        catalogue.runs.harvest(name)
    return catalogue


# --- believable entries ----------------------------------------------------------------------------------------------

MOBILITY = "https://mobility.example.brussels/feed"
TOWNS = "https://towns.example.brussels/feed"
BASE = "https://mobility.example.brussels/id/"


def texts(**values: str) -> Texts:
    """Texts by language."""
    return tuple(sorted((Text(value, lang.replace("_", "-")) for lang, value in values.items()), key=lambda t: t.lang))


def concept(vocabulary: vocab.Vocabulary, code: str) -> Concept:
    """A term of a table."""
    return vocabulary.concept(vocabulary.by_code[code])


def licence(code: str) -> LicenseDocument:
    """A licence of the table."""
    return LicenseDocument(iri=vocab.LICENCES.by_code[code].iri)


def file(url: str, format: str, licence_code: str = "CC_BY_4_0", **more: Any) -> Distribution:
    """A file of a dataset."""
    return Distribution(
        access_url=(Iri(url),),
        download_url=(Iri(url),),
        format=concept(vocab.FORMATS, format),
        license=licence(licence_code),
        **more,
    )


MOBILITY_AGENT = Agent(
    iri=Iri("https://mobility.example.brussels/id/agency"),
    name=texts(fr="Bruxelles Mobilité", nl="Brussel Mobiliteit"),
    type=concept(vocab.PUBLISHER_TYPES, "RegionalAuthority"),
    homepage=Document(iri=Iri("https://mobility.example.brussels/")),
)
REGION = Location(
    labels=texts(fr="Région de Bruxelles-Capitale", nl="Brussels Hoofdstedelijk Gewest"),
    bbox=Wkt("POLYGON((4.2436 50.7637,4.4821 50.7637,4.4821 50.9139,4.2436 50.9139,4.2436 50.7637))"),
)

_MOBILITY = (
    ("bike-counts", "Comptages vélos", "Fietstellingen", "vélo|comptage", "TRAN", "CSV", "DAILY", "2024-05-06"),
    ("bike-parking", "Stationnement vélo", "Fietsparkings", "vélo|parking", "TRAN", "GEOJSON", "MONTHLY", "2024-03-01"),
    ("traffic", "Trafic en temps réel", "Verkeer in real time", "trafic", "TRAN", "JSON", "CONT", "2024-06-01"),
    ("roadworks", "Chantiers en voirie", "Wegenwerken", "chantier", "TRAN", "GEOJSON", "DAILY", "2024-06-02"),
    ("speed-limits", "Vitesses maximales", "Snelheidslimieten", "vitesse", "TRAN", "SHP", "ANNUAL", "2023-01-15"),
    ("accidents", "Accidents de la route", "Verkeersongevallen", "sécurité", "TRAN", "CSV", "ANNUAL", "2023-09-30"),
    ("trams", "Arrêts de tram", "Tramhaltes", "transport public", "TRAN", "CSV", "QUARTERLY", "2024-01-10"),
    ("air", "Qualité de l’air", "Luchtkwaliteit", "air|environnement", "ENVI", "CSV", "HOURLY", "2024-06-03"),
    ("noise", "Carte du bruit", "Geluidskaart", "bruit|environnement", "ENVI", "TIFF", "TRIENNIAL", "2022-05-01"),
    ("trees", "Arbres urbains", "Laanbomen", "arbre|environnement", "ENVI", "GEOJSON", "WEEKLY", "2024-05-28"),
    ("tunnels", "Tunnels routiers", "Wegtunnels", "tunnel", "TRAN", "CSV", "ANNUAL", "2024-02-02"),
    ("budget", "Budget mobilité", "Mobiliteitsbegroting", "budget", "GOVE", "XLSX", "ANNUAL", "2024-01-01"),
)  # fmt: skip


def mobility() -> list[tuple[str, Entry]]:
    """A bilingual agency: datasets with their own IRIs, a series, a service."""
    series = DatasetSeries(
        iri=Iri(f"{BASE}series/counts"),
        title=texts(fr="Comptages annuels", nl="Jaarlijkse tellingen"),
        description=texts(fr="Les comptages, année par année.", nl="De tellingen, jaar na jaar."),
        publisher=MOBILITY_AGENT,
    )
    service = DataService(
        iri=Iri(f"{BASE}service/wfs"),
        title=texts(fr="Service de données géographiques", nl="Geografische gegevensdienst"),
        description=texts(fr="WFS de Bruxelles Mobilité.", nl="WFS van Brussel Mobiliteit."),
        publisher=MOBILITY_AGENT,
        endpoint_url=(Iri("https://mobility.example.brussels/wfs"),),
        serves_dataset=(Iri(f"{BASE}dataset/bike-parking"), Iri(f"{BASE}dataset/roadworks")),
        theme=(concept(vocab.THEMES, "TRAN"),),
        license=licence("CC0"),
    )
    return [(f"{BASE}series/counts", series), (f"{BASE}service/wfs", service), *(_mobility(row) for row in _MOBILITY)]


def _mobility(row: tuple[str, ...]) -> tuple[str, Dataset]:
    key, french, dutch, keywords, theme, format, frequency, modified = row
    iri = Iri(f"{BASE}dataset/{key}")
    return iri, Dataset(
        iri=iri,
        title=texts(fr=french, nl=dutch),
        description=texts(
            fr=f"{french} en Région de Bruxelles-Capitale, publié par Bruxelles Mobilité.",
            nl=f"{dutch} in het Brussels Hoofdstedelijk Gewest, gepubliceerd door Brussel Mobiliteit.",
        ),
        publisher=MOBILITY_AGENT,
        contact=(Contact(name=texts(fr="Données ouvertes"), email=(Iri("mailto:data@mobility.example.brussels"),)),),
        keyword=tuple(sorted(Text(word, "fr") for word in keywords.split("|"))),
        theme=(concept(vocab.THEMES, theme),),
        issued=Date("2019-01-01"),
        modified=Date(modified),
        frequency=concept(vocab.FREQUENCIES, frequency),
        spatial=(REGION,),
        in_series=(Iri(f"{BASE}series/counts"),) if key in {"bike-counts", "traffic"} else (),
        distribution=(file(f"https://mobility.example.brussels/files/{key}", format),),
    )


_TOWNS = (("Anderlecht", "Anderlecht"), ("Auderghem", "Oudergem"), ("Ixelles", "Elsene"), ("Uccle", "Ukkel"))
_TOPICS = (
    ("budget", "Budget communal", "Gemeentebegroting", "GOVE", "XLSX"),
    ("contracts", "Marchés publics", "Overheidsopdrachten", "GOVE", "CSV"),
    ("schools", "Écoles communales", "Gemeentescholen", "EDUC", "CSV"),
    ("playgrounds", "Plaines de jeux", "Speelpleinen", "SOCI", "GEOJSON"),
    ("council", "Décisions du conseil", "Raadsbesluiten", "GOVE", "PDF"),
)


def towns() -> list[tuple[str, Entry]]:
    """Communes that give no IRIs; some describe their data in one language only."""
    return [
        _town(place, topic, number)
        for number, (place, topic) in enumerate((place, topic) for place in _TOWNS for topic in _TOPICS)
    ]


def _town(place: tuple[str, str], topic: tuple[str, ...], number: int) -> tuple[str, Dataset]:
    (french, dutch), (key, title, titel, theme, format) = place, topic
    languages: Iterable[str] = ("fr", "nl") if number % 3 else ("nl",)
    titles = {"fr": f"{title} – {french}", "nl": f"{titel} – {dutch}"}
    names = {"fr": f"Commune d’{french}", "nl": f"Gemeente {dutch}"}
    identifier = f"{french.lower()}-{key}"
    return identifier, Dataset(
        title=texts(**{lang: titles[lang] for lang in languages}),
        description=texts(**{lang: f"{titles[lang]}." for lang in languages}),
        publisher=Agent(name=texts(**names), type=concept(vocab.PUBLISHER_TYPES, "LocalAuthority")),
        theme=(concept(vocab.THEMES, theme),),
        modified=Date(f"2024-0{1 + number % 9}-1{number % 10}"),
        temporal=(Period(start=Date("2023-01-01"), end=Date("2023-12-31")),) if key == "budget" else (),
        distribution=(
            file(f"https://towns.example.brussels/{identifier}.{format.lower()}", format, "CC0"),
            *([file(f"https://towns.example.brussels/{identifier}.json", "JSON", "CC0")] if number % 2 else []),
        ),
    )
