"""`python -m catalogue.demo [PORT]`: only the example agencies. Says where they are, and ends when its input does."""

import sys
from contextlib import suppress

from . import AGENCIES
from .server import serve_agencies


def main() -> None:
    """Serves until standard input ends, so that no agency outlives the process that started it.

    When the port is taken, another one is: their addresses are the same from one demo to the next where they can be.
    """
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    try:
        serve(port)
    except (OSError, OverflowError):
        serve(0)


def serve(port: int) -> None:
    """Serves on a port; 0 is any free one."""
    with serve_agencies(port) as base, suppress(KeyboardInterrupt):
        sys.stdout.write(base + "\n" + "".join(f"  {agency.kind}  {base}{agency.path}\n" for agency in AGENCIES))
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
