"""`datastore demo`: example agencies, harvested over HTTP by the real harvesters, and the portal over what they say."""

import fcntl
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import quote

import click

from dcat.our_languages import OUR_LANGUAGES

from .. import clock
from ..demo import AGENCIES
from ..errors import Conflict
from ..search.base import Query
from ..service import Catalogue
from ..settings import Settings
from .failures import Failure
from .harvest import GOOD, run
from .terminal import start

MARK = "This folder is made anew by every `datastore demo`. Keep nothing of yours in it.\n"


@click.command()
@click.option("--port", default=5000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 is any free one.")
def demo(port: int) -> None:
    """Serve the portal over bundled example agencies.

    They are harvested over HTTP by the same harvesters as any source, and stay up until Ctrl-C. Everything is kept in
    the folder `demo` of the data folder and made anew each time; your own catalogue is not touched. The agencies and
    their figures are invented, except FixMyStreet Brussels. Their dates move with today.
    """
    from ..work import serve as server  # noqa: PLC0415 (the web is loaded only where it is served)

    own = start(logging.WARNING)
    listener = server.listen("127.0.0.1", port)
    port = listener.getsockname()[1]
    site = f"http://127.0.0.1:{port}"
    settings = Settings(data_dir=own.data_dir / "demo", site_url=site, fetch_allow=("127.0.0.0/8",), title="Datastore")
    with listener, fresh(settings.data_dir), agencies(port + 1) as base:
        fill(settings, base)
        click.echo("Ctrl-C ends it.", err=True)
        server.serve(settings, listener, processes=1, quiet=True)


@contextmanager
def fresh(folder: Path) -> Iterator[None]:
    """An empty folder that is ours as long as the block runs. Raises `Conflict` when it is not ours to empty."""
    mark = folder / "README.txt"
    if folder.exists() and any(folder.iterdir()) and not (mark.exists() and mark.read_text("utf-8") == MARK):
        raise Conflict(f"{folder} holds something else. Move it away, or set DATASTORE_DATA_DIR to another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(f"Another demo is running in {folder}. End it first.") from error
        shutil.rmtree(folder)
        folder.mkdir()
        mark.write_text(MARK, "utf-8")
        yield


@contextmanager
def agencies(port: int) -> Iterator[str]:
    """The example agencies in a process of their own, which Ctrl-C does not reach, and their base address."""
    command = [sys.executable, "-m", "catalogue.demo", str(port), clock.now().date().isoformat()]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, start_new_session=True, **pipes) as process:  # noqa: S603 (our own command)
        stdin, stdout = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
        base = stdout.readline().strip()
        if not base:
            raise Failure("The example agencies did not start; the lines above say why.")
        try:
            yield base
        finally:
            stdin.close()


def fill(settings: Settings, base: str) -> None:
    """Registers and harvests the agencies, and says where to look."""
    catalogue = Catalogue(settings)
    try:
        catalogue.init()
        for agency in AGENCIES:
            source = catalogue.sources.add(
                base + agency.path, agency.kind, title=agency.title, publisher=agency.publisher
            )
            if run(catalogue, source.name).state not in GOOD:
                raise Failure(
                    "An example agency could not be harvested. That is a fault of Datastore; please report it."
                )
        for line in addresses(catalogue, settings.site_url):
            click.echo(line)
    finally:
        catalogue.close()


def addresses(catalogue: Catalogue, site: str) -> Iterator[str]:
    """Where to look, line by line."""
    counts = catalogue.entries.counts()
    yield f"\n{counts.datasets} datasets, {counts.services} services and {counts.series} series. Open one of these:\n"
    yield from (f"  {site}/{language}/" for language in OUR_LANGUAGES)
    yield "\nA search in French and in Dutch:\n"
    yield f"  {site}/fr/search?q={quote('vélo')}"
    yield f"  {site}/nl/search?q=fiets"
    found = catalogue.index.search(Query(text="fixmystreet", per_page=10)).hits
    for hit in found[:1]:
        yield "\nA dataset for people, and the same for programs:\n"
        yield f"  {site}/fr/dataset/{hit.document.name}"
        yield f"  curl -L -H 'Accept: text/turtle' {site}/id/dataset/{hit.document.id}"
    yield "\nThe whole catalogue, and a search, as data:\n"
    yield from (f"  {site}/catalog.{ending}" for ending in ("ttl", "rdf", "jsonld", "nt"))
    yield f"  {site}/search.json?q=fiets"
    yield f"  {site}/search.atom?q=fiets\n"
