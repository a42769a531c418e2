"""Addresses of the portal that stood here before, and where each of them leads now: a list that an operator loads."""

import csv
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .errors import Invalid
from .store import redirects
from .store.database import Database

MOST = 200_000
"""Addresses of one list."""
LONGEST = 2_000
"""Characters of an address."""


class OldAddresses:
    """Finds and keeps them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def target(self, address: str) -> str:
        """Where an address leads: a path of ours, or an address elsewhere; empty when it is no old one. One that is
        known with what stands after its question mark counts before one that is known without."""
        whole = key(address)
        alone = whole.partition("?")[0]
        with self._database.read() as tx:
            found = redirects.find(tx, {whole, alone})
        return found.get(whole) or found.get(alone, "")

    def load(self, file: Path) -> tuple[int, int]:
        """Takes a list of old and new addresses, all of it or nothing: CSV with commas or semicolons, an old and a new
        one a line, a heading or none. Addresses that were known lead where the list says; one without a new one is
        forgotten. Returns how many were read, and how many there are now.

        Raises `Invalid` with the line, `OSError` for a file that cannot be read.
        """
        leading = read(file.read_bytes())
        with self._database.write() as tx:
            redirects.save(tx, leading)
            return len(leading), redirects.count(tx)


def read(body: bytes) -> dict[str, str]:
    """The addresses of a list. Raises `Invalid`."""
    try:
        lines = body.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise Invalid("The list is not in UTF-8.", "file") from error
    if len(lines) > MOST:
        raise Invalid(f"The list has {len(lines)} lines; at most {MOST} are taken.", "file")
    delimiter = ";" if lines and ";" in lines[0] and "," not in lines[0] else ","
    found: dict[str, str] = {}
    for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
        old, new = (*(cell.strip() for cell in cells[:2]), "", "")[:2]
        if not old or (number == 1 and not _is_address(old)):  # an empty line, or the heading
            continue
        found[key(_checked(old, number))] = _checked(new, number) if new else ""
        if new and key(new) == key(old) and not urlsplit(new).netloc:
            raise Invalid(f"Line {number}: {old[:200]} leads to itself.", "file")
    return found


def _checked(address: str, number: int) -> str:
    if not _is_address(address) or len(address) > LONGEST or any(ord(sign) < 32 for sign in address):
        raise Invalid(f"Line {number}: {address[:200]!r} is no address: write /path or https://…", "file")
    return address


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) or (text.startswith("/") and not text.startswith("//"))


def key(address: str) -> str:
    """What an address is known by: its path as people read it, without a last slash, and its query."""
    parts = urlsplit(address)
    path = unquote(parts.path).rstrip("/") or "/"
    return f"{path}?{parts.query}" if parts.query else path
