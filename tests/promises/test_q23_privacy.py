"""What the portal knows of its readers: no whole address and no words in the log or the database."""

import io
import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import logs_kept
from factory import filled_catalogue

from catalogue import log
from web.app import create_app

VISITORS = {"198.51.100.77": "198.51.100.0", "2001:db8:abcd:12:9876:5432:10fe:dcba": "2001:db8:abcd"}
WORDS = "zeldzaamwoord"


@pytest.mark.against("TC-11")
def test_no_whole_address_is_kept(tmp_path: Path, note: Callable[..., None]) -> None:
    said = io.StringIO()
    catalogue = filled_catalogue(tmp_path / "var", proxies=("127.0.0.1/32",))
    with logs_kept():
        log.configure(logging.INFO, said)
        client = create_app(catalogue.settings, catalogue).test_client()
        paths = ("/nl/", f"/nl/search?q={WORDS}", "/api/1/search?q=x", "/nowhere", "/catalog.nt?page=1", "/nl/check")
        for visitor in VISITORS:
            for path in paths:
                client.get(
                    path, headers={"X-Forwarded-For": visitor, "User-Agent": "Reader/1.0", "Accept": "text/html"}
                )
    catalogue.close()
    log_text = said.getvalue()
    stored = b"".join(path.read_bytes() for path in (tmp_path / "var").rglob("*") if path.is_file())
    whole = [visitor for visitor in VISITORS if visitor in log_text or visitor.encode() in stored]
    words = [place for place, text in (("log", log_text), ("data", stored.decode("latin-1"))) if WORDS in text]
    lines = len(re.findall(r"request\.answered", log_text))
    note(
        "Q23",
        f"{lines} lines of log and all files of the catalogue: {len(whole)} whole addresses, words of a search in "
        f"{len(words)} of them",
        holds=not whole and not words and lines == len(paths) * len(VISITORS),
        part="log and data",
        wrong=[whole, words],
    )
