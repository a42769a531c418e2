"""What holds for the project as a whole: what is packed, what is locked, what the docs promise."""

import ast
import re
import subprocess
import sys
import zipfile
from dataclasses import fields
from pathlib import Path

import click
import pytest

from catalogue.cli import main
from catalogue.cli.reference import PAGES as PAGES_MADE
from catalogue.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
PAGES = sorted(path for path in TRACKED if path.endswith(".md"))
PACKED = (
    "web/templates/layout.html",
    "web/static/site.css",
    "web/translations/fr/LC_MESSAGES/messages.po",
    "dcat/tables/file-type.csv",
    "catalogue/store/migrations/env.py",
    "catalogue/demo/__init__.py",
    "catalogue/notices/words.toml",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in the built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "project"
    subprocess.run(["git", "checkout-index", "-a", f"--prefix={copy}/"], cwd=ROOT, check=True)
    command = [sys.executable, "-c", "import setuptools.build_meta as b, sys; b.build_wheel(sys.argv[1])", str(folder)]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as packed:
        return packed.namelist()


@pytest.mark.parametrize("name", PACKED)
def test_the_wheel_holds_what_the_code_opens(wheel: list[str], name: str) -> None:
    assert name in wheel


def test_the_wheel_holds_no_tests(wheel: list[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"dcat", "harvesters", "catalogue", "web"}


@pytest.mark.parametrize("name", ["requirements/run.txt", "requirements/dev.txt", "requirements/postgresql.txt"])
def test_locked_versions_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--index" not in text
    for block in re.split(r"\n(?=\S)", text):
        if re.match(r"[a-z0-9]", block):
            assert "--hash=sha256:" in block, block


def test_no_folder_is_called_after_nothing() -> None:
    parts = {part.removesuffix(".py") for path in TRACKED for part in Path(path).parts}
    assert not parts & {"utils", "common", "core", "lib", "helpers", "manager"}


def _rooms() -> dict[str, str]:
    """Folder of each package → the first sentence of what it says of itself."""
    files = [path for path in TRACKED if path.endswith("/__init__.py")]
    said = {path: ast.get_docstring(ast.parse((ROOT / path).read_text("utf-8"))) or "" for path in files}
    return {path.removesuffix("__init__.py"): text.split("\n\n")[0].replace("\n", " ") for path, text in said.items()}


def test_the_map_of_rooms_is_that_of_the_tree() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert dict(re.findall(r"^\| `([a-z_/]+/)` \| (.+) \|$", text, flags=re.MULTILINE)) == _rooms()


@pytest.mark.parametrize("path", [path for path in TRACKED if path.endswith("/__init__.py") and path.count("/") > 1])
def test_a_room_says_what_happens_in_it_and_what_never_does(path: str) -> None:
    said = ast.get_docstring(ast.parse((ROOT / path).read_text("utf-8"))) or ""
    assert re.search(r"\b(never|nothing|no|not|only)\b", said, flags=re.IGNORECASE), said


def test_the_ways_through_the_house_name_what_is_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = re.findall(r"`((?:dcat|harvesters|catalogue|web|tests|benchmarks)/[a-z_/.]*)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_tests_are_no_package() -> None:
    assert not [path for path in TRACKED if path.startswith("tests/") and path.endswith("__init__.py")]


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


def _place(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that some words begin with, and those that follow it."""
    command: click.Command = main
    context = click.Context(main, info_name="datastore")
    while isinstance(command, click.Group) and words and re.fullmatch("[a-z-]+", words[0]):
        found = command.get_command(context, words[0])
        assert found is not None, f"there is no command {words[0]!r}"
        command, words = found, words[1:]
    return command, words


@pytest.mark.parametrize("page", [page for page in PAGES if page != "CHANGELOG.md"])
def test_commands_that_pages_name_exist_with_their_options(page: str) -> None:
    text = re.sub(r"\\\n\s*", "", (ROOT / page).read_text("utf-8"))
    for call in re.findall(r"(?:^[$#] (?:\S*/)?|`)datastore ([a-z-][^`|<>#\n]*)", text, flags=re.MULTILINE):
        command, rest = _place(call.split())
        known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
        options = {word for word in rest if re.fullmatch("--[a-z-]+", word)}
        assert options <= known | {"--help", "--version"}, f"datastore {call} has no {options - known}"


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    for setting in fields(Settings):
        assert f"`DATASTORE_{setting.name.upper()}`" in text


def test_make_help_names_every_target_that_the_readme_uses() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    used = set(re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text("utf-8")))
    assert used <= set(re.findall(r"^([a-z-]+):.*##", makefile, flags=re.MULTILINE))


@pytest.mark.parametrize("page", PAGES_MADE)
def test_pages_made_from_the_code_are_up_to_date(page: str) -> None:
    assert (ROOT / "docs/reference" / f"{page}.md").read_text("utf-8") == PAGES_MADE[page]()


def _calls(*names: str) -> list[tuple[str, ast.Call]]:
    """Calls of these names in our code, with the file."""
    ours = [path for path in TRACKED if path.endswith(".py") and not path.startswith(("tests/", "benchmarks/"))]
    trees = ((path, ast.parse((ROOT / path).read_text("utf-8"))) for path in ours)
    calls = [(path, node) for path, tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [(path, node) for path, node in calls if ast.unparse(node.func) in names]


@pytest.mark.against("TC-20", "TC-21")
def test_xml_is_parsed_from_bytes_by_a_parser_that_is_set_up() -> None:
    reading = _calls("etree.fromstring", "etree.XML", "etree.HTML", "etree.XMLPullParser", "etree.XMLParser")
    assert reading
    assert _calls("etree.parse", "etree.iterparse", "etree.ETCompatXMLParser") == []
    for path, call in reading:
        set_up = {word.arg for word in call.keywords} | {"parser" for _ in call.args[1:]}
        assert set_up & {"parser", "resolve_entities"}, f"{path}:{call.lineno}"


def test_what_is_remembered_does_not_grow_with_a_catalogue() -> None:
    """Memories of values differ with every record, and a worker harvests for months."""
    sizes = [(path, ast.literal_eval(call.keywords[0].value)) for path, call in _calls("lru_cache")]
    assert sizes
    assert [(path, size) for path, size in sizes if size is None or size > 32_768] == []


@pytest.mark.against("TC-16")
def test_no_style_sheet_is_run() -> None:
    assert _calls("etree.XSLT") == []


@pytest.mark.against("TC-26")
def test_no_debugger_is_served() -> None:
    assert [path for path, call in _calls("app.run", "run_simple", "make_server", "DebuggedApplication")] == []


@pytest.mark.against("TC-27")
def test_no_template_is_made_of_data() -> None:
    assert _calls("render_template_string", "Template", "from_string") == []
    templates = [path for path in TRACKED if path.startswith("web/templates/")]
    assert [path for path in templates if "xmlattr" in (ROOT / path).read_text("utf-8")] == []
