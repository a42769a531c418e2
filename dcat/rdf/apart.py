"""Documents that nobody has checked are parsed in a process of their own, which may die of them.

What a parser does with hostile bytes cannot be known: some take hundreds of bytes of memory for each of theirs, some
end the process. The one that parses may have memory and time in proportion to the document; what it is ended over is
refused like any other document that cannot be read. Nothing reaches the process that asked but what was read.

There is one such process for each that asks, and it takes one document at a time, so that what is parsed at once has a
limit too. A short document is parsed where it is: the worst that fits into it is little.
"""

import atexit
import os
import pickle
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple

from ..child_process import Line, start
from . import parsing
from .formats import ParseError
from .graph import Graph
from .kept import KeptGraph, Packed

MEGABYTE = 1 << 20
SHORT = 64 * 1024
"""Bytes of a document that is parsed at once. The worst known takes 320 bytes of memory for each: 20 MB."""
LARGE = 4 * MEGABYTE
"""Bytes of a document after which its graph is kept beside memory, and the process ends, which gives back what it took.
"""


class Allowance(NamedTuple):
    """What a document may cost. Feeds of agencies take 5 to 9 bytes of memory for each of theirs, a tenth of a second
    for a megabyte, and 0.7 bytes of an answer for each byte."""

    memory: int
    """Bytes, beside what the process has before it begins."""
    processor: int
    """Seconds."""
    seconds: int
    """Until the answer begins."""
    answer: int
    """Bytes, of which those of a large document do not stand in memory; as many may stand on the disk while it is read.
    """


def allowance(size: int) -> Allowance:
    """What a document of so many bytes may cost."""
    megabytes = size // MEGABYTE
    answer = 16 * MEGABYTE + (2 if size <= LARGE else 8) * size
    return Allowance(48 * MEGABYTE + 12 * size, 5 + megabytes, 30 + 4 * megabytes, answer)


class TooCostly(ParseError):
    """Reading a document costs more than one of its size may cost, or ends the process that reads it."""


def parse(data: bytes, declared: str = "", base: str = "") -> Graph:
    """The triples of a document, as `parsing.parse` reads them. Raises `ParseError`, `TooCostly`."""
    if len(data) <= SHORT:
        return parsing.parse(data, declared, base)
    if len(data) > LARGE:
        return _kept(data, declared, base)
    graph: Graph = _parser.ask("parse", data, declared, base)
    return graph


def _kept(data: bytes, declared: str, base: str) -> Graph:
    graph = KeptGraph()
    try:
        graph.findings = _parser.ask("parse_in_parts", data, declared, base, take=graph.put).findings
    except sqlite3.Error as error:
        raise not_kept(error) from error
    return graph


def not_kept(error: sqlite3.Error) -> TooCostly:
    """What a document says has no room on the disk, or more than one of its size may have."""
    return TooCostly(f"What it says could not be kept on the disk ({error}). {_ADVICE}")


def parse_named(data: bytes, declared: str = "", base: str = "") -> dict[str, Graph]:
    """The graphs of a document by name, as `parsing.parse_named` reads them. Raises `ParseError`, `TooCostly`."""
    if len(data) <= SHORT:
        return parsing.parse_named(data, declared, base)
    graphs: dict[str, Graph] = _parser.ask("parse_named", data, declared, base)
    return graphs


def weigh_xml(data: bytes, declared: str = "") -> None:
    """Tries whether XML can be read for what it may cost, before it is read where it is. Raises `ParseError`,
    `TooCostly`."""
    if len(data) > SHORT:
        _parser.ask("xml", data, declared)


class _Parser:
    """The process that parses, started when it is first needed."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Line | None = None

    def ask(self, what: str, data: bytes, *declared: str, take: Callable[[list[Packed]], None] | None = None) -> Any:
        """What it answers. `take`: takes the parts that come before that. Raises `ParseError`, `TooCostly` when it
        comes to no answer, `RuntimeError` for what nobody foresaw."""
        allowed = allowance(len(data))
        with self._turn:
            try:
                said = self._answer((tuple(allowed), what, *declared), data, allowed, take or _nobody)
            except BaseException:
                self.end()
                raise
            if len(data) > LARGE:
                self.end()
        if isinstance(said, ParseError):
            raise said
        if isinstance(said, str):
            raise RuntimeError(said)
        return said

    def _answer(
        self, question: tuple[Any, ...], data: bytes, allowed: Allowance, take: Callable[[list[Packed]], None]
    ) -> Any:
        line, left = self._begin(), allowed.answer
        try:
            line.questions.send_bytes(pickle.dumps(question))
            line.questions.send_bytes(data)
            while True:
                if not line.answers.poll(allowed.seconds):
                    raise TooCostly(f"It was not read within {allowed.seconds} seconds. {_ADVICE}")
                answer = line.answers.recv_bytes(max(0, left))
                left -= len(answer)
                said = _Answers(BytesIO(answer)).load()
                if not isinstance(said, list):
                    return said
                take(said)
        except (EOFError, ConnectionError) as error:
            raise self._died(allowed) from error
        except OSError as error:
            raise TooCostly(f"It says more than a document of its size can. {_ADVICE}") from error

    def _died(self, allowed: Allowance) -> TooCostly:
        """What the process was ended over."""
        code = 0 if self._process is None else self._process.wait()
        if code == -signal.SIGXCPU:
            return TooCostly(f"Reading it took more than {allowed.processor} seconds of a processor. {_ADVICE}")
        return TooCostly(f"Reading it took more than {allowed.memory // MEGABYTE} MB of memory. {_ADVICE}")

    def _begin(self) -> Line:
        """The line to the process, which is started when it does not run."""
        if self._line is not None and self._process is not None and self._process.poll() is None:
            return self._line
        self.end()
        self._process, self._line = start(
            "dcat.rdf.parser_process",
            environment={},  # it reads what anybody wrote, and need know no secret
            stderr=subprocess.DEVNULL,
        )
        return self._line

    def end(self) -> None:
        """Ends the process, whatever it does."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._line = None

    def forget(self) -> None:
        """In a process that was forked: the one that parses belongs to another, and so does the turn."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.returncode = 0  # nobody here may wait for it
        self._process = self._line = None
        self._turn = threading.Lock()


def _nobody(_: list[Packed]) -> None:
    """Of an answer in one part."""


_ADVICE = "Split it into pages or smaller documents."


class _Answers(pickle.Unpickler):
    """Reads what an answer can hold and nothing else: whoever takes over the process that parses gets no further."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of that name."""
        if (module, name) in _IN_ANSWERS:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer.")


_IN_ANSWERS = frozenset(
    {
        ("dcat.findings", "Finding"),
        ("dcat.rdf.apart", "TooCostly"),
        ("dcat.rdf.formats", "ParseError"),
        ("dcat.rdf.graph", "Graph"),
        ("dcat.rdf.graph", "Literal"),
    }
)

_parser = _Parser()
atexit.register(_parser.end)
os.register_at_fork(after_in_child=_parser.forget)
