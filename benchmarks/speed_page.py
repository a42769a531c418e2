"""`docs/reference/speed.md`, made from the record.

python -m benchmarks.speed_page
"""

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from benchmarks import record
from benchmarks.promises import PROMISES, Promise
from benchmarks.record import Record, Recorded
from catalogue.whole_file import appearing

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "speed.md"
HEAD = """\
# Speed

What is promised about speed and size, and what came out when it was last measured. Most are ratios to a peer that is
measured in the same run, so that they mean the same on every machine; times are of the processor, but those that
readers wait.

{summary}

`make bench` measures in some minutes what can be measured beside other work, and says what became worse by more than a
fifth. `make bench-record` measures everything, on a quiet machine in a quarter of an hour, and writes this page, which
is never written by hand. One measurement alone, by its name in the last column: `python -m benchmarks.speed NAME`.
"""
TABLE = """
## {part}

| what | beside | promised | measured | when, by |
|---|---|---|---|---|
"""


def page(found: Record, promises: Mapping[str, Promise] = PROMISES) -> str:
    """The page, in Markdown."""
    parts = [HEAD.format(summary=summary(found, promises))]
    for part, some in groupby(promises.items(), lambda one: one[1].part):
        parts += [TABLE.format(part=part), *(row(promise, found.get(key)) for key, promise in some)]
    machines = sorted({one.machine for key, one in found.items() if key in promises})
    return "".join((*parts, f"\nMeasured on {'; '.join(machines) or 'no machine yet'}.\n"))


def summary(found: Record, promises: Mapping[str, Promise] = PROMISES) -> str:
    """How many are kept, and which are not."""
    measured = {key: one for key, one in promises.items() if key in found}
    broken = [one for key, one in measured.items() if not one.is_kept(found[key].figure)]
    missing = [one for key, one in promises.items() if key not in found]
    said = f"**Of {len(promises)} promises {len(measured) - len(broken)} are kept.**"
    for what, some in (("Not kept", broken), ("Not measured yet", missing)):
        said += f"\n\n{what}:\n\n" + "\n".join(f"- {_named(one)}" for one in some) if some else ""
    return said


def row(promise: Promise, found: Recorded | None) -> str:
    """One line of a table."""
    if found:
        kept = "" if promise.is_kept(found.figure) else "**not kept:** "
        figure = f"{kept}{promise.amount(found.figure)}"
        when = f"{found.on}, {found.of}, load {found.load:.0f}, `{promise.by}`"
    else:
        figure, when = "**not measured yet**", f"`{promise.by}`"
    return f"| {promise.what} | {promise.beside or '—'} | {promise.said()} | {figure} | {when} |\n"


def _named(promise: Promise) -> str:
    beside = f", beside {promise.beside}" if promise.beside else ""
    return f"{promise.what}{beside}"


def write(found: Record) -> None:
    """Writes the page."""
    with appearing(PAGE) as out:
        out.write(page(found).encode())


if __name__ == "__main__":
    write(record.last())
