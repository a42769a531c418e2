"""What a person sees while a harvest goes on."""

import io
import sys
from pathlib import Path

import pytest

from catalogue.cli.harvest import run
from catalogue.cli.terminal import tidy
from catalogue.demo.server import serve_agencies
from catalogue.service import Catalogue
from catalogue.settings import Settings


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_grows_and_goes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    catalogue = Catalogue(Settings(data_dir=tmp_path, fetch_allow=("127.0.0.0/8",)))
    catalogue.init()
    with serve_agencies() as base:
        name = catalogue.sources.add(f"{base}/mobility/catalog.ttl", "dcat", title="Mobility").name
        run(catalogue, name)
    catalogue.close()
    shown = terminal.getvalue()
    assert "\n" not in shown
    assert "mobility: 38 records" in shown
    assert shown.endswith("\r\x1b[K")


def test_what_a_source_says_cannot_move_the_cursor() -> None:
    assert tidy("\x1b[2Jred\r\nline\u202eback\x07") == " [2Jred  line back "
    assert tidy(None) == tidy("") == "-"
    assert tidy(0) == "0"
