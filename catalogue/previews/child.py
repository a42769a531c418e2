"""The process that looks into one file: `python -m catalogue.previews.child`, started by `bounded`.

Its limits are set before anything of the file is read. It knows no setting and no database, and goes nowhere.
"""

import resource
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

FOUND, HEAVY = "preview.json", 3
"""Where it writes what it found, and how it ends when that takes more memory than it may."""


class Task(msgspec.Struct, frozen=True):
    """What is asked of the process."""

    file: str
    folder: str
    most: int
    is_said: bool
    memory: int
    """Bytes."""
    seconds: int


class Report(msgspec.Struct, frozen=True):
    """What came of it: the code of a reason, or a preview as JSON."""

    code: str = ""
    preview: msgspec.Raw = msgspec.Raw(b"null")


def limit(task: Task) -> None:
    """Whatever the file makes of us: not more memory, time, bytes and open files than these."""
    for what, most in (
        (resource.RLIMIT_AS, task.memory),
        (resource.RLIMIT_CPU, task.seconds),
        (resource.RLIMIT_FSIZE, 4 * task.most),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most, most) if hard == resource.RLIM_INFINITY else (min(most, hard), hard))


def main(given: str) -> int:
    """Looks, and writes what it found into the folder."""
    task = msgspec.json.decode(given, type=Task)
    limit(task)
    folder = Path(task.folder)
    with suppress(MemoryError):
        report = _looked(task, folder)
        (folder / FOUND).write_bytes(msgspec.json.encode(report))
        return 0
    return HEAVY


def _looked(task: Task, folder: Path) -> Report:
    from .look import Asked, look  # noqa: PLC0415 (the limits first)
    from .preview import Unseen  # noqa: PLC0415 (as above)

    asked = Asked(Path(task.file), folder, folder / "rows", task.most, task.is_said)
    try:
        return Report(preview=msgspec.Raw(msgspec.json.encode(look(asked))))
    except Unseen as error:
        return Report(code=error.code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
