"""`datastore worker` and `datastore serve`: the processes of an installation."""

import logging
import os
from contextlib import closing

import click

from ..service import Catalogue
from .terminal import start, tell_difference


@click.command()
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Pieces done at a time.")
@click.option("--once", is_flag=True, help="Do what is due now and end, for a timer of the system.")
@click.option("--parent", default=0, type=int, hidden=True, help="End when this process is no longer the parent.")
@click.option("--quiet", is_flag=True, help="Log only what goes wrong.")
def worker(threads: int, once: bool, parent: int, quiet: bool) -> None:
    """Do what is due, until stopped: harvest, index what changed, ask addresses, tidy.

    Any number of workers may run: never two do the same piece. SIGTERM and Ctrl-C end it within five seconds; a run
    that goes on then is taken up again by the next worker.
    """
    from ..work.usable import must_be_usable  # noqa: PLC0415 (loaded only where it works)
    from ..work.worker import Worker  # noqa: PLC0415

    settings = start(logging.WARNING if quiet else logging.INFO)
    must_be_usable(settings)
    catalogue = Catalogue(settings)
    if not parent:
        tell_difference(catalogue)
    loop = Worker(catalogue, threads)
    if not once and not loop.serve(parent):
        os._exit(0)  # a thread does not end, and what it was at was given back
    try:
        if once:
            loop.once()
    finally:
        catalogue.close()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 is any free one.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes for the web.")
@click.option("--no-worker", is_flag=True, help="Leave harvesting and indexing to another `datastore worker`.")
def serve(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Serve the portal, with one worker beside it, until stopped."""
    from ..work import serve as server  # noqa: PLC0415 (the web is loaded only where it is served)
    from ..work.usable import must_be_usable  # noqa: PLC0415

    settings = start(logging.INFO)
    must_be_usable(settings)
    with server.listen(host, port) as listener:
        with closing(Catalogue(settings)) as catalogue:
            catalogue.must_be_made()
            tell_difference(catalogue)
        name = f"[{host}]" if ":" in host else host
        click.echo(f"The portal: http://{name}:{listener.getsockname()[1]}/", err=True)
        server.serve(settings, listener, processes=workers, with_worker=not no_worker)
