"""`python -m catalogue.demo [PORT]`: only the example agencies. Says where they are, and ends when its input does."""

import sys

from . import AGENCIES
from .server import serve_agencies


def main() -> None:
    """Serves until standard input ends, so that no agency outlives the process that started it."""
    with serve_agencies(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as base:
        sys.stdout.write(base + "\n" + "".join(f"  {agency.kind}  {base}{agency.path}\n" for agency in AGENCIES))
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
