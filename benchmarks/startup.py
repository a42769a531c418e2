"""What a command costs before it does anything: processor time, as a multiple of that of an empty Python.

    python -m benchmarks.startup

`--version` and the list of commands load nothing but click; a command that asks the database loads it, and no index.
"""

import resource
import subprocess
import sys
import tempfile

RUNS = 5
NOTHING = ("-c", "pass")
COMMANDS = (
    ("-m", "catalogue", "--version"),
    ("-m", "catalogue", "--help"),
    ("-m", "catalogue", "source", "--help"),
    ("-m", "catalogue", "source", "kinds"),
    ("-m", "catalogue", "source", "list"),
    ("-m", "catalogue", "token", "list"),
)


def seconds(arguments: tuple[str, ...], folder: str) -> float:
    """User and system time of one run, the mean of several."""
    before = spent()
    for _ in range(RUNS):
        subprocess.run(
            [sys.executable, *arguments], capture_output=True, check=True, env={"DATASTORE_DATA_DIR": folder}
        )
    return (spent() - before) / RUNS


def spent() -> float:
    """Processor time of all processes that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Prints a line for each command."""
    with tempfile.TemporaryDirectory() as folder:
        seconds(("-m", "catalogue", "init"), folder)
        empty = seconds(NOTHING, folder)
        for command in COMMANDS:
            took = seconds(command, folder)
            print(f"{' '.join(command[2:]):<14} {took:.2f} s = {took / empty:.1f} × python -c pass")


if __name__ == "__main__":
    main()
