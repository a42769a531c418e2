"""A few hundred documents of a bilingual region for tests of search, the same on every run."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from catalogue.search.base import Document
from dcat.model import Text, Texts

TODAY = date(2024, 6, 1)

_PUBLISHERS = {
    "bruxelles-mobilite": (Text("Bruxelles Mobilité", "fr"), Text("Brussel Mobiliteit", "nl")),
    "bruxelles-environnement": (Text("Bruxelles Environnement", "fr"), Text("Leefmilieu Brussel", "nl")),
    "anderlecht": (Text("Commune d’Anderlecht", "fr"), Text("Gemeente Anderlecht", "nl")),
    "paradigm": (Text("Paradigm", "en"),),
    "stib": (Text("STIB", "fr"), Text("MIVB", "nl")),
}
_SUBJECTS = (
    ("Comptages de vélos", "Fietstellingen", "TRAN", "vélo"),
    ("Pistes cyclables", "Fietspaden", "TRAN", "vélo"),
    ("Arrêts de bus et de tram", "Bus- en tramhaltes", "TRAN", "transport public"),
    ("Accidents de la route", "Verkeersongevallen", "TRAN", "sécurité"),
    ("Arbres remarquables", "Opmerkelijke bomen", "ENVI", "arbres"),
    ("Qualité de l’air", "Luchtkwaliteit", "ENVI", "air"),
    ("Parcs et jardins", "Parken en tuinen", "ENVI", "nature"),
    ("Collecte des déchets", "Afvalophaling", "ENVI", "déchets"),
    ("Budget communal", "Gemeentebegroting", "ECON", "budget"),
    ("Marchés publics attribués", "Gegunde overheidsopdrachten", "ECON", "marchés publics"),
    ("Écoles primaires", "Basisscholen", "EDUC", "écoles"),
    ("Crèches agréées", "Erkende kinderdagverblijven", "SOCI", "petite enfance"),
    ("Population par quartier", "Bevolking per wijk", "SOCI", "population"),
    ("Bibliothèques", "Bibliotheken", "EDUC", "culture"),
    ("Élections communales", "Gemeenteraadsverkiezingen", "GOVE", "élections"),
)
_COMMUNES = (
    ("Anderlecht", "Anderlecht", "21001", (4.25, 50.81, 4.34, 50.85)),
    ("Ixelles", "Elsene", "21009", (4.35, 50.80, 4.41, 50.84)),
    ("Schaerbeek", "Schaarbeek", "21015", (4.36, 50.85, 4.41, 50.88)),
    ("Uccle", "Ukkel", "21016", (4.31, 50.77, 4.39, 50.82)),
    ("Région de Bruxelles-Capitale", "Brussels Hoofdstedelijk Gewest", "04000", (4.24, 50.76, 4.48, 50.92)),
)
_FORMATS = (("CSV",), ("CSV", "XLSX"), ("GEOJSON", "SHP"), ("PDF",), ("WFS_SRVC",), ("JSON", "CSV"), ())
_LICENCES = (("CC0",), ("CC_BY_4_0",), ("NONE",), ("OTHER",))
_FREQUENCIES = ("DAILY", "ANNUAL", "MONTHLY", "")


def documents(count: int = 300, seed: int = 7) -> list[Document]:
    """Documents that differ in everything that can be searched, filtered and sorted."""
    return list(_documents(count, random.Random(seed)))


def document(id: str, fr: str = "", nl: str = "", *, revision: int = 1, **fields: object) -> Document:
    """One document with a French and a Dutch title."""
    title = tuple(Text(text, lang) for text, lang in ((fr, "fr"), (nl, "nl")) if text)
    values = {"iri": f"http://example.org/{id}", "name": id, "type": "dataset", "title": title, **fields}
    return Document(id=id, revision=revision, **values)  # type: ignore[arg-type]


def _documents(count: int, chance: random.Random) -> Iterator[Document]:
    for number in range(count):
        fr, nl, theme, keyword = chance.choice(_SUBJECTS)
        place_fr, place_nl, area, bbox = chance.choice(_COMMUNES)
        year = chance.randint(2012, 2024)
        publisher = chance.choice(tuple(_PUBLISHERS))
        yield document(
            f"{chance.randrange(16**8):08x}",
            revision=number + 1,
            title=_title(f"{fr} – {place_fr} {year}", f"{nl} – {place_nl} {year}", chance),
            description=_described(fr, nl, place_fr, chance),
            keyword=(Text(keyword, "fr"), Text(place_fr, "fr")),
            publisher_name=publisher,
            publisher=_PUBLISHERS[publisher],
            theme=(theme,) if chance.random() < 0.9 else (theme, "REGI"),
            format=chance.choice(_FORMATS),
            licence=chance.choice(_LICENCES),
            language=chance.choice((("fr",), ("nl",), ("fr", "nl"), ("en",))),
            frequency=chance.choice(_FREQUENCIES),
            modified=str(TODAY - timedelta(days=chance.randrange(2500))) if chance.random() < 0.95 else "",
            issued=f"{year}-01-0{chance.randint(1, 9)}" if chance.random() < 0.8 else "",
            type=chance.choice(("dataset", "dataset", "dataset", "service", "series")),
            area=(area,),
            bbox=bbox,
            start=f"{year}",
            end=f"{year}-12-31" if chance.random() < 0.7 else "",
            hvd=("c_b79e35eb",) if theme == "TRAN" and chance.random() < 0.5 else (),
            quality=chance.randrange(406),
            late=chance.random() < 0.2,
        )


def _title(fr: str, nl: str, chance: random.Random) -> Texts:
    both = (Text(fr, "fr"), Text(nl, "nl"))
    return chance.choice((both, both, both[:1], both[1:], (both[0], Text(nl, "nl-t-fr"))))


def _described(fr: str, nl: str, place: str, chance: random.Random) -> Texts:
    sentence = chance.choice(
        (
            f"{fr} sur le territoire : {place}. Données mises à jour par les services de la Région.",
            f"Ce jeu de données contient les informations sur : {fr.lower()}. Il est publié en données ouvertes.",
            f"Localisation et description, {place}, avec les adresses et les coordonnées.",
        )
    )
    dutch = f"{nl} op het grondgebied, met adressen en coördinaten. Gegevens van het Gewest."
    return (Text(sentence, "fr"), Text(dutch, "nl")) if chance.random() < 0.6 else (Text(sentence, "fr"),)
