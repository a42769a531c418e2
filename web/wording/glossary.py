"""The words of the field that readers meet, each explained once: one list, linked from where a word is used."""

from typing import NamedTuple

from .words import gettext as _
from .words import message


class Word(NamedTuple):
    """A word and what it means, as messages."""

    id: str
    """Last part of the address of its explanation."""
    word: str
    meaning: str


WORDS = (
    Word(
        "open-data",
        message("Open data"),
        message("Data of public bodies that everybody may look at, use and pass on."),
    ),
    Word(
        "dataset",
        message("Dataset"),
        message("Data that belong together, in one or more files: for example the trees along the streets."),
    ),
    Word(
        "series",
        message("Dataset series"),
        message("Datasets that follow each other, such as the budget of each year."),
    ),
    Word("service", message("Service"), message("An address that programs ask for data, also called API.")),
    Word("publisher", message("Publisher"), message("The public body that answers for the data.")),
    Word("theme", message("Theme"), message("One of thirteen subjects that all data portals in Europe share.")),
    Word("licence", message("Licence"), message("What you may do with the data.")),
    Word("late", message("Late"), message("The last update is older than the publisher announced.")),
    Word(
        "final",
        message("Final version"),
        message("Data of a time that is over, such as the accounts of a year. They are complete and will not change."),
    ),
    Word(
        "hvd",
        message("High-value data"),
        message(
            "Data that European law wants to be free, complete and easy to use by programs (Regulation (EU) 2023/138)."
        ),
    ),
    Word(
        "reading",
        message("Reading"),
        message("Publishers keep catalogues of their data. We read them regularly, most of them every day."),
    ),
    Word("csv", message("CSV file"), message("A table as text. Excel, LibreOffice and any text editor open it.")),
    Word(
        "encoding",
        message("Encoding"),
        message("How letters are written in a file. With the wrong one, é becomes Ã©. Nearly always it is UTF-8."),
    ),
    Word(
        "map-file",
        message("GeoJSON, GeoPackage, Shapefile"),
        message("Files with places or lines for a map. The free program QGIS opens them."),
    ),
    Word(
        "map-service",
        message("WMS and WFS"),
        message("Addresses of map services. Give them to a map program, not to the browser."),
    ),
    Word("json", message("JSON"), message("Data written for programs. A browser shows it as text.")),
    Word(
        "parquet",
        message("Parquet"),
        message("A table for large amounts of data. Programs for data analysis open it."),
    ),
    Word(
        "feed",
        message("Atom feed"),
        message("An address that you give to a feed reader. It tells you what is new, without an account."),
    ),
    Word(
        "rdf",
        message("Turtle, JSON-LD, RDF/XML"),
        message("Three ways to write the same description for programs that link data (RDF)."),
    ),
    Word(
        "dcat",
        message("DCAT-AP"),
        message("The European agreement on how to describe data, so that every portal can show them."),
    ),
    Word(
        "identifier",
        message("Identifier"),
        message("A name of the data that never changes. Use it to cite them."),
    ),
    Word(
        "preview",
        message("Preview"),
        message("The first rows of a file, which we looked into so that you can judge it before you download."),
    ),
    Word(
        "quality",
        message("Quality points"),
        message("How complete a description is, by the method of data.europa.eu: 405 at most."),
    ),
)
"""All of them, what readers meet first before the others."""


class Explained(NamedTuple):
    """A word in the reader's language."""

    id: str
    word: str
    meaning: str


def glossary() -> list[Explained]:
    """Every word with what it means, in the language of the page."""
    return [Explained(one.id, _(one.word), _(one.meaning)) for one in WORDS]
