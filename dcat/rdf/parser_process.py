"""The process that parses for another: `python -m dcat.rdf.parser_process <questions> <answers>`, two
descriptors of pipes.

It ends with the process that asks. It never opens a file or an address that a document names.
"""

import os
import pickle
import resource
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from ..child_process import answering
from . import parsing, rdfxml
from .apart import Allowance, not_kept
from .formats import ParseError
from .graph import Graph
from .spilled import SpilledGraph


def read_xml(data: bytes, declared: str) -> None:
    """Reads XML for the cost of it: what was read cannot be handed on."""
    rdfxml.prepare(data, declared)


def parse_in_parts(data: bytes, declared: str, base: str) -> Iterator[Any]:
    """A graph in lists of its nodes, and last what was found while reading it."""
    graph = cast("SpilledGraph", parsing.parse(data, declared, base, SpilledGraph))
    yield from graph.packed()
    last = Graph()
    last.findings = graph.findings
    yield last


_READ: dict[str, Callable[..., Any]] = {
    "parse": parsing.parse,
    "parse_named": parsing.parse_named,
    "xml": read_xml,
}
_READ_IN_PARTS: dict[str, Callable[..., Iterator[Any]]] = {"parse_in_parts": parse_in_parts}


def main(questions: int, answers: int) -> None:
    """Answers until nobody asks any more."""
    line = answering(questions, answers)
    with suppress(EOFError, OSError):
        while True:
            for part in answer(line.questions.recv_bytes(), line.questions.recv_bytes()):
                line.answers.send_bytes(pickle.dumps(part, pickle.HIGHEST_PROTOCOL))


def answer(question: bytes, document: bytes) -> Iterator[Any]:
    """What a document says, or why it cannot be read; of what nobody foresaw, where it happened."""
    allowed, what, *declared = pickle.loads(question)  # noqa: S301 (from the process that started this one)
    limit(Allowance(*allowed))
    try:
        if what in _READ_IN_PARTS:
            yield from _READ_IN_PARTS[what](document, *declared)
        else:
            yield _READ[what](document, *declared)
    except ParseError as error:
        yield error
    except sqlite3.Error as error:
        yield not_kept(error)
    except MemoryError:
        raise
    except Exception:
        yield traceback.format_exc()


def limit(allowed: Allowance) -> None:
    """Sets what the process may still take; what goes beyond ends it."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    used = resource.getrusage(resource.RUSAGE_SELF)
    _at_most(resource.RLIMIT_AS, pages * os.sysconf("SC_PAGE_SIZE") + allowed.memory)
    _at_most(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + allowed.processor)
    _at_most(resource.RLIMIT_FSIZE, allowed.answer)
    _at_most(resource.RLIMIT_CORE, 0)


def _at_most(what: int, amount: int) -> None:
    """Sets a limit within the one that the machine sets."""
    most = resource.getrlimit(what)[1]
    resource.setrlimit(what, (amount if most == resource.RLIM_INFINITY else min(amount, most), most))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
