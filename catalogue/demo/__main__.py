"""`python -m catalogue.demo [PORT [TODAY]]`: the example agencies alone. Says where they are, ends with its input."""

import sys
from contextlib import suppress
from datetime import date

from . import AGENCIES
from .fresh import AS_OF
from .server import serve_agencies


def main() -> None:
    """Serves until standard input ends, so that no agency outlives the process that started it.

    When the port is taken, another one is: their addresses are the same from one demo to the next where they can be.
    """
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    today = date.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else AS_OF
    try:
        serve(port, today)
    except (OSError, OverflowError):
        serve(0, today)


def serve(port: int, today: date) -> None:
    """Serves on a port; 0 is any free one."""
    with serve_agencies(port, today) as base, suppress(KeyboardInterrupt):
        sys.stdout.write(base + "\n" + "".join(f"  {agency.kind}  {base}{agency.path}\n" for agency in AGENCIES))
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
