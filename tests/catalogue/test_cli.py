"""What the command says when it is asked for wrongly, and what its help says."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from commands import logs_kept

from catalogue.cli import COMMANDS, main
from catalogue.cli.reference import reference
from catalogue.errors import DatastoreError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATASTORE_DATA_DIR", str(tmp_path / "var"))
    with logs_kept():
        yield


def run(*arguments: str, text_in: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=text_in, prog_name="datastore")


def every_command(command: click.Command = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from every_command(below, (*path, name))


HEAVY = (
    "sqlalchemy",
    "alembic",
    "tantivy",
    "elasticsearch",
    "rdflib",
    "pyoxigraph",
    "flask",
    "lxml",
    "requests",
    "huey",
)


def test_the_version_is_told_without_loading_what_it_does_not_need() -> None:
    told = "import sys, catalogue.cli as cli; cli.main(['--version'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.startswith("datastore, version ")
    assert not {*HEAVY} & {*done.stdout.split()}


def test_a_command_that_opens_the_catalogue_loads_nothing_that_harvests(tmp_path: Path) -> None:
    told = (
        "import sys, catalogue.cli as cli; cli.main(['init'], standalone_mode=False);"
        "cli.main(['source', 'list'], standalone_mode=False); cli.main(['token', 'list'], standalone_mode=False);"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", told],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"DATASTORE_DATA_DIR": str(tmp_path)},
    )
    assert "There is no source yet." in done.stdout
    loaded = {*done.stdout.split()}
    assert not {"requests", "ckanapi", "flask", "catalogue.ingest.draft", "catalogue.harvesting.run"} & loaded


@pytest.mark.parametrize("path", list(every_command()), ids=" ".join)
def test_every_command_has_help_in_plain_words(path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert "!" not in result.output
    assert len(result.output.splitlines()[2].strip()) > 20


def test_the_page_about_commands_is_true() -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    assert page == reference(), "make it anew with: python -m catalogue.cli.reference > docs/reference/commands.md"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("harvest",), "Name the sources to harvest, or say --all."),
        (("harvest", "x", "--all"), "Name the sources to harvest, or say --all."),
        (("source", "add"), "Missing argument 'URL'"),
        (("source", "add", "http://x", "--kind", "ckan", "--config", "{"), "--config is not JSON"),
        (("source", "add", "http://x", "--kind", "ckan", "--config", "[]"), "--config must be a JSON object"),
        (("export",), "Missing argument 'FILE'"),
        (("token", "create"), "Missing option '--publisher'"),
        (("token", "create", "--publisher", "x", "--days", "0"), "0 is not in the range"),
        (("token", "revoke", "x"), "'x' is not a valid integer"),
        (("serve", "--port", "99999"), "99999 is not in the range"),
        (("no-such-command",), "No such command 'no-such-command'"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_exit_code_2(arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("source", "add", "ftp://x"), "is not an address that begins with http"),
        (("export", "catalogue.doc"), "the ending must be one of nt.gz, ttl"),
    ],
)
def test_a_value_that_cannot_be_used_is_one_sentence_and_exit_code_2(arguments: tuple[str, ...], words: str) -> None:
    assert run("init").exit_code == 0
    result = run(*arguments)
    assert (result.exit_code, words in result.stderr, "Traceback" in result.output) == (2, True, False)


@pytest.mark.parametrize("arguments", [("source", "list"), ("harvest", "x"), ("show", "x"), ("token", "list")])
def test_before_init_the_command_says_what_to_do(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "datastore init" in result.stderr


def test_an_unknown_setting_is_said(tmp_path: Path) -> None:
    (tmp_path / "datastore.toml").write_text('colour = "red"\n')
    result = run("source", "list")
    assert result.exit_code == 2
    assert "unknown setting colour" in result.stderr


def test_a_database_that_is_no_database_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATASTORE_DATABASE_URL", "mysql://user:hidden@host/db")
    result = run("source", "list")
    assert result.exit_code == 2
    assert "database_url" in result.stderr
    assert "hidden" not in result.output


def test_a_fault_of_ours_is_a_sentence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("catalogue.cli.terminal.Catalogue", broken)
    result = run("source", "list")
    assert result.exit_code == 1
    assert "This is a fault of Datastore (ZeroDivisionError: oops)" in result.stderr
    assert not any(line.startswith("Traceback") for line in result.stderr.splitlines())


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("catalogue.cli.terminal.Catalogue", interrupted)
    result = run("source", "list")
    assert (result.exit_code, result.stderr) == (130, "Error: Stopped.\n")


def test_every_start_refuses_when_another_distribution_has_our_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def foreign() -> None:
        raise DatastoreError("The package 'dcat' is also installed by dcat-thing. …")

    monkeypatch.setattr("catalogue.cli.terminal.refuse_foreign_packages", foreign)
    for arguments in (("init",), ("serve",), ("worker",), ("demo",), ("source", "list")):
        result = run(*arguments)
        assert result.exit_code == 1
        assert "also installed by dcat-thing" in result.stderr


def test_the_list_of_commands_says_what_their_help_says() -> None:
    for name, place in COMMANDS.items():
        command = main.get_command(click.Context(main), name)
        assert command is not None
        assert place.told == command.get_short_help_str(200)
