"""Serves the portal with gunicorn and keeps one worker beside it. The one file of the catalogue that knows the web."""

import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from web.app import create_app, headers

from ..errors import DatastoreError
from ..settings import Settings, as_environment
from .patient import LongBodies

THREADS = 16
"""Requests that one process answers at a time; a whole catalogue is streamed for as long as its reader takes. Whoever
is slow to ask has none of them (`Patient`)."""
PATIENCE = 60
"""Seconds after which a process that shows no life is replaced."""
SELDOM = (100_000, 20, 100)
"""How often the cycle collector looks: an answer of a hundred entries makes so many structs, and hardly a cycle, that
at the usual threshold it set off a look through everything, which takes longer than the answer itself."""
FIRST_WAIT, LAST_WAIT = 1.0, 60.0
"""Seconds between two starts of a worker that dies: doubled each time."""

log = structlog.get_logger(__name__)


def listen(host: str, port: int) -> socket.socket:
    """An open door at this address; port 0 is any free one. Raises `DatastoreError` when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(socket.SOMAXCONN)
    except (OSError, OverflowError) as error:
        listener.close()
        raise DatastoreError(
            f"{host} port {port} cannot be used ({getattr(error, 'strerror', None) or error}). "
            "Stop what uses it, or choose another one with --port."
        ) from error
    return listener


def serve(
    settings: Settings, listener: socket.socket, *, processes: int = 2, with_worker: bool = True, quiet: bool = False
) -> None:
    """Serves until SIGTERM or Ctrl-C; a harvest that goes on then is ended properly first."""
    companion = Companion(settings, quiet=quiet) if with_worker else None
    master = os.getpid()
    try:
        Master(Portal(settings, listener, processes), companion).run()
    except SystemExit as exit:  # gunicorn's way to say that a process has ended
        code = exit.code if isinstance(exit.code, int) else 1
        if os.getpid() != master:
            os._exit(code)  # a forked process must not take down what its master has opened
        if companion is not None:
            companion.stop()
        if code:
            raise DatastoreError("The portal could not be served; the lines above say why.") from exit


class Companion:
    """The worker's process, started again when it dies."""

    def __init__(self, settings: Settings, *, quiet: bool = False) -> None:
        self.command = [sys.executable, "-m", "catalogue", "worker", "--parent", str(os.getpid())]
        self.command += ["--quiet"] if quiet else []
        self.environment = os.environ | as_environment(settings)
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.wait = FIRST_WAIT

    def keep(self) -> None:
        """Starts the worker when it does not run, later and later when it keeps dying."""
        if self.process is not None and self.process.poll() is None:
            return
        lived = time.monotonic() - self.started
        if self.process is not None and lived < self.wait:
            return
        if self.process is not None:
            log.warning("worker.died", pid=self.process.pid)
            self.wait = FIRST_WAIT if lived > 2 * LAST_WAIT else min(self.wait * 2, LAST_WAIT)
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, env=self.environment)  # noqa: S603 (our own command)

    def stop(self) -> None:
        """Asks the worker to end and waits until its run is done; Ctrl-C again ends it at once."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait()
        except KeyboardInterrupt:
            self.process.kill()


class Portal(BaseApplication):  # type: ignore[misc]
    """The portal as gunicorn wants to be told of it."""

    def __init__(self, settings: Settings, listener: socket.socket, processes: int) -> None:
        self.settings = settings
        self.options = {
            "bind": f"fd://{listener.detach()}",
            "workers": processes,
            "worker_class": "catalogue.work.patient.Patient",
            "forwarder_headers": "",
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
            "threads": THREADS,
            "timeout": PATIENCE,
            "worker_exit": leave,
            "logger_class": Quiet,
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Our options; those of newer versions only where they exist."""
        for name, value in self.options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made anew in each process: connections cannot be shared over a fork."""
        gc.set_threshold(*SELDOM)
        return LongBodies(create_app(self.settings), headers(self.settings))


def leave(_master: Any, process: Any) -> None:
    """Called in a process of the web when it ends: what it gathered is written, what it opened is closed."""
    if (app := getattr(process, "wsgi", None)) is not None:
        app.app.extensions["catalogue"].close()


class Master(Arbiter):  # type: ignore[misc]
    """gunicorn's master process, which also looks after the worker."""

    def __init__(self, portal: Portal, companion: Companion | None) -> None:
        self.companion = companion
        super().__init__(portal)

    def manage_workers(self) -> None:
        """Called about once a second."""
        super().manage_workers()
        if self.companion is not None:
            self.companion.keep()


class Quiet(Logger):  # type: ignore[misc]
    """gunicorn's lines among our own, in the same form."""

    def setup(self, cfg: Any) -> None:
        """Takes away its own handlers and level."""
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers = []
            logger.setLevel(logging.NOTSET)
            logger.propagate = True
