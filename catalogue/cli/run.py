"""`datastore worker` and `datastore serve`: the processes of an installation."""

import logging

import click

from ..service import Catalogue
from .terminal import start


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and end, for a timer of the system.")
@click.option("--parent", default=0, type=int, hidden=True, help="End when this process is no longer the parent.")
@click.option("--quiet", is_flag=True, help="Log only what goes wrong.")
def worker(once: bool, parent: int, quiet: bool) -> None:
    """Run what is due and index what changed, until stopped.

    SIGTERM and Ctrl-C end it when the run that goes on is done; a second one ends it at once.
    """
    from ..work.worker import Worker, open_queue  # noqa: PLC0415 (huey takes a quarter of a second to load)

    settings = start(logging.WARNING if quiet else logging.INFO)
    queue = open_queue(settings)
    catalogue = Catalogue(settings)
    try:
        loop = Worker(catalogue, queue)
        loop.once() if once else loop.serve(parent)
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

    settings = start(logging.INFO)
    with server.listen(host, port) as listener:
        name = f"[{host}]" if ":" in host else host
        click.echo(f"The portal: http://{name}:{listener.getsockname()[1]}/", err=True)
        server.serve(settings, listener, processes=workers, with_worker=not no_worker)
