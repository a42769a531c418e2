"""A catalogue whose files were looked into, from a server on loopback."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import msgspec
from factory import file, open_catalogue, record, texts
from loopback import LOOPBACK, Answer, Request, running, site
from tables_made import COUNTS, archive, features, workbook

from catalogue import clock
from catalogue.previews.files import file_id, lookable
from catalogue.previews.look import Asked, look
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from catalogue.store import previews
from catalogue.store.previews import PreviewRow
from catalogue.store.rows import EntryRow
from dcat.model import Dataset

FILES: dict[str, tuple[bytes, str]] = {
    "counts.csv": (COUNTS.encode("cp1252"), "CSV"),
    "words.csv": (
        "nom;formule;ouvert;année\nCafé;=1+1;oui;2024\nécole;@x;non;2025\n"
        "ÉCOLE;-5 et plus;oui;2026\n;;;2026\n".encode(),
        "CSV",
    ),
    "trees.geojson": (features((4.35, 50.85), (4.4, 50.8), (4.37, 50.83)), "GEOJSON"),
    "line.csv": (b"jour,passages\n2026-01-03,5\n2026-01-01,7\n2026-01-02,6\n", "CSV"),
    "bars.csv": (b"commune,habitants\nJette,52000\nEvere,43000\nUccle,85000\n", "CSV"),
    "book.xlsx": (workbook([("a", "b"), (1, 2.5), (3, 4.5)]), "XLSX"),
    "several.zip": (archive(a__csv=COUNTS, b__csv=COUNTS), "ZIP"),
    "page.csv": (b"<!doctype html><title>Connexion</title>", "CSV"),
}
"""By their paths, with the format that the publisher says."""


def previewed(folder: Path, files: Mapping[str, tuple[bytes, str]] = FILES, **settings: Any) -> Catalogue:
    """A catalogue with one dataset for each file, named after it."""
    catalogue, _ = open_catalogue(folder, preview_mb=1, fetch_allow=LOOPBACK, **settings)
    catalogue.sources.add("https://agency.example/feed", "memory", title="Agency")

    def answer(request: Request) -> Answer | None:
        found = files.get(request.path.removeprefix("/"))
        return Answer(found[0], "application/octet-stream") if found else None

    with running(site(answer)) as server:
        for name, (_, format) in files.items():
            slug = name.replace(".", "-")
            described = Dataset(
                title=texts(fr=f"Données {slug}", nl=f"Gegevens {slug}"),
                description=texts(fr="Un jeu de données."),
                distribution=(file(server.url(f"/{name}"), format, title=texts(fr=f"Fichier {slug}")),),
            )
            catalogue.records.push("agency", slug, record(slug, described).body, "application/json")
        catalogue.previews.look(lambda _tx: None, Stop())
    catalogue.index.catch_up()
    return catalogue


def see(catalogue: Catalogue, row: EntryRow, text: str) -> None:
    """What a worker would have seen of the first file of a dataset, had it fetched that text."""
    folder = catalogue.previews.folder
    folder.mkdir(exist_ok=True)
    (folder / "text").write_text(text, "utf-8")
    (file, *_) = lookable(cast("Dataset", row.entry))
    preview = look(Asked(folder / "text", folder, folder / row.id, 1_000_000))
    seen = PreviewRow(row.id, file.key, file.address, clock.now(), "", msgspec.json.encode(preview), row.id)
    with catalogue._database.write() as tx:
        previews.keep(tx, seen)


def id_of(catalogue: Catalogue, name: str) -> str:
    """The id of the file of that path."""
    wanted = name.replace(".", "-")
    row = next(one for one in catalogue.entries.after("", 100) if one.identifier == wanted)
    (key,) = catalogue.previews.of_entry(row.id)
    return file_id(row.id, key)
