"""`python -m tests.promises.page > docs/reference/promises.md` prints what was measured in this checkout."""

import sys
from collections.abc import Iterable, Iterator

from .figures import PROMISES, Note, Promise, notes

HEAD = """\
# Promises

What is promised of bad days, and what came out when it was last measured. Made by `python -m tests.promises.page` from
the notes that the tests in `tests/promises/` leave in `build/promises/`: a figure is never written by hand. `make soak`
measures everything, `make test` a sample of each; `DATASTORE_SOAK=0.2 pytest tests/promises` measures a fifth. How much
was measured stands in the figure.

| | promise | target | figure | measured |
|---|---|---|---|---|
"""


def page(measured: Iterable[Note]) -> str:
    """The page, in Markdown."""
    found: dict[str, list[Note]] = {}
    for note in measured:
        found.setdefault(note.promise, []).append(note)
    rows = "".join(row(promise, found.get(promise.number, [])) for promise in PROMISES)
    machines = sorted({note.machine for all in found.values() for note in all})
    return f"{HEAD}{rows}\nMeasured on {'; '.join(machines) or 'no machine yet'}.\n"


def row(promise: Promise, parts: list[Note]) -> str:
    """One line of the table."""
    figures = "<br>".join(figure(part) for part in parts) or "**not measured yet**"
    when = "<br>".join(dict.fromkeys(f"`{part.command}` {part.date}, {part.seconds} s" for part in parts))
    return f"| {promise.number} | {promise.what} | {promise.target} | {figures} | {when} |\n"


def figure(part: Note) -> str:
    """What came out, and whether it is worse than promised."""
    worse = "" if part.held else "**worse than promised:** "
    return f"{worse}{part.part}{': ' if part.part else ''}{part.figure}".replace("|", "\\|")


def missing() -> Iterator[str]:
    """Promises of which there is no note."""
    measured = {note.promise for note in notes()}
    yield from (promise.number for promise in PROMISES if promise.number not in measured)


if __name__ == "__main__":
    sys.stdout.write(page(notes()))
    if names := ", ".join(missing()):
        sys.stderr.write(f"Not measured in this checkout: {names}. Measure them with: pytest tests/promises\n")
