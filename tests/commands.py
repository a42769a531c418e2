"""The command as an operator runs it: a process of its own, its own data folder, nothing of our environment."""

import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner

from catalogue.cli import main

SECONDS = 180
"""How long a command may take in a test before it is taken for stuck."""


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """What the command sees: no setting but these, and sources on loopback allowed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATASTORE_")}
    mine = {"DATA_DIR": str(folder / "var"), "FETCH_ALLOW": "127.0.0.0/8", "SITE_URL": "https://data.example.org"}
    mine |= {"CHECK_LINKS": "false", "PREVIEW_MB": "0"}  # what is fetched by itself is fetched where a test wants it
    return kept | {f"DATASTORE_{name}": value for name, value in (mine | settings).items()}


def datastore(folder: Path, *arguments: str, expect: int = 0, text_in: str = "", **settings: str) -> tuple[str, str]:
    """Runs one command in a folder; gives what it said on standard output and on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "catalogue", *arguments],
        cwd=folder,
        env=environment(folder, **settings),
        input=text_in,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == expect, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout, done.stderr


def invoke(folder: Path, *arguments: str, expect: int = 0, text_in: str = "", **settings: str) -> tuple[str, str]:
    """The same within this process, which is faster: for what needs no process of its own."""
    with pytest.MonkeyPatch.context() as patch, logs_kept():
        patch.chdir(folder)
        for name in [name for name in os.environ if name.startswith("DATASTORE_")]:
            patch.delenv(name)
        for name, value in environment(folder, **settings).items():
            patch.setenv(name, value)
        result = CliRunner().invoke(main, arguments, input=text_in, prog_name="datastore")
    assert result.exit_code == expect, f"{arguments}: exit {result.exit_code}\n{result.stdout}\n{result.stderr}"
    return result.stdout, result.stderr


@contextmanager
def logs_kept() -> Iterator[None]:
    """Puts back what a command sets up for a process of its own."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(level)
        logging.captureWarnings(False)
        structlog.reset_defaults()


def last_json(output: str) -> Any:
    """The JSON on the last line."""
    return json.loads(output.splitlines()[-1])


class Process:
    """A command that goes on: what it says is gathered, and waited for."""

    def __init__(self, popen: subprocess.Popen[str]) -> None:
        self.popen = popen
        self.said = ""
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, pattern: str, seconds: float = SECONDS) -> re.Match[str]:
        """Waits until the command has said something like this."""
        with self._more:
            self._more.wait_for(lambda: re.search(pattern, self.said) or not self._reader.is_alive(), seconds)
            found = re.search(pattern, self.said)
        assert found, f"never said {pattern!r}:\n{self.said}"
        return found

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Sends a signal, to the whole group when it is Ctrl-C; waits for the end and gives the exit code."""
        if number == signal.SIGINT:
            os.killpg(self.popen.pid, number)
        else:
            self.popen.send_signal(number)
        code = self.popen.wait(SECONDS)
        self._reader.join(SECONDS)
        return code

    def _read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            with self._more:
                self.said += line
                self._more.notify_all()
        with self._more:
            self._more.notify_all()


@contextmanager
def started(folder: Path, *arguments: str, **settings: str) -> Iterator[Process]:
    """A command that goes on until the block ends; standard output and error are read together."""
    with subprocess.Popen(
        [sys.executable, "-m", "catalogue", *arguments],
        cwd=folder,
        env=environment(folder, **settings) | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as popen:
        process = Process(popen)
        try:
            yield process
        finally:
            if popen.poll() is None:
                popen.terminate()
                try:
                    popen.wait(SECONDS)
                except subprocess.TimeoutExpired:
                    popen.kill()
