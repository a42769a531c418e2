"""The real services that the suite needs: brought by `make test`, started once a run, stopped at its end.

`python tests/services.py install` brings what is missing with the system's own package clients (as root; otherwise it
says which command does). As a pytest plugin it gives one fixture per service; a test that asks for one is marked
`service`, runs after the tests that need none, and where the service is missing it is skipped with the reason, or
fails when `CI=true`.
"""

import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import sync_playwright

from catalogue.store.database import Database

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "datastore-tests"
START_SECONDS = 300


class Missing(Exception):
    """A service cannot be had here; the text says what to do."""


@dataclass
class Running:
    """A started service: where it answers and how it is stopped."""

    url: str
    version: str
    stop: Callable[[], None]
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Service:
    """One kind of server: what brings it and what starts it."""

    name: str
    packages: tuple[str, ...]
    present: Callable[[], bool]
    start: Callable[[Path], Running]
    fetch: Callable[[], None] = lambda: None


# --- finding -------------------------------------------------------------------------------------------------------


def postgresql_bin() -> Path | None:
    """The folder of the newest PostgreSQL server, which Debian keeps off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return next((path for path in reversed(folders) if (path / "initdb").exists()), None)


def java_home(least: int) -> Path | None:
    """The newest Java of at least that version in the system's own folder."""
    found = {}
    for java in Path("/usr/lib/jvm").glob("*/bin/java"):
        numbers = re.findall(r"\d+", java.parents[1].resolve().name)
        version = next((int(number) for number in numbers if int(number) >= 8), 0)
        found[version] = java.parents[1]
    newest = max(found, default=0)
    return found[newest] if newest >= least else None


def chromium() -> str | None:
    """Debian's Chromium, or another one on the PATH."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def elasticsearch_zip(version: str) -> Path:
    """Where the server's archive is kept between runs."""
    return CACHE / f"elasticsearch-{version}.zip"


def fetch_elasticsearch(version: str) -> None:
    """Brings Elastic's own server, without its optional modules, through Maven."""
    archive = elasticsearch_zip(version)
    if archive.exists():
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    artifact = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{version}:zip"
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        command = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"]
        subprocess.run(command, check=True, cwd=folder)
        next(Path(folder).glob("*.zip")).replace(archive)


# --- starting ------------------------------------------------------------------------------------------------------


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unprivileged(folder: Path) -> dict[str, Any]:
    """Popen arguments for servers that refuse to run as root; gives them the folder."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def output_of(*command: str | Path) -> str:
    """What a short command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when the server answers; raises with the end of its log when it died or took too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if ready():
            return
        time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"{log.stem} did not start: {log.read_text(errors='replace')[-2000:]}")


def launch(command: list[str | Path], folder: Path, name: str, **options: Any) -> tuple[subprocess.Popen[bytes], Path]:
    """Starts a server in the background with its output in a log file."""
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=folder, **options), log


def stopper(process: subprocess.Popen[bytes]) -> Callable[[], None]:
    """Ends a server, gently first."""

    def stop() -> None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    return stop


def answers(port: int) -> bool:
    """True when something listens on that port of the loopback address."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start_postgresql(folder: Path) -> Running:
    """A cluster of its own, trusting everybody on a loopback port."""
    binaries = postgresql_bin()
    if binaries is None:
        raise Missing("the PostgreSQL server")
    port, data = free_port(), folder / "data"
    user = unprivileged(folder)
    making: list[str | Path] = [binaries / "initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "-D", data]
    subprocess.run([*making, "--locale=C.UTF-8"], check=True, capture_output=True, cwd=folder, **user)
    command: list[str | Path] = [binaries / "postgres", "-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1"]
    process, log = launch([*command, "-c", "fsync=off"], folder, "postgresql", **user)
    ask: list[str | Path] = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    wait_until(lambda: subprocess.run(ask, check=False).returncode == 0, process, log)
    url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    return Running(url, output_of(binaries / "postgres", "--version"), stopper(process))


ELASTICSEARCH_SETTINGS = """\
discovery.type: single-node
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
xpack.security.enabled: {security}
path.data: {folder}/data
path.logs: {folder}/logs
"""


def elasticsearch_folder(version: str, folder: Path) -> Path:
    """Unpacks the server where its own user can reach it."""
    archive = elasticsearch_zip(version)
    if not archive.exists():
        raise Missing(f"Elasticsearch {version}")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    home = next(folder.glob("elasticsearch-*"))
    for program in (*home.glob("bin/*"), *home.glob("modules/**/platform/**/bin/*"), *home.glob("lib/**/bin/*")):
        program.chmod(0o755)
    return home


def start_elasticsearch(version: str, java: int, folder: Path, *, security: str = "", tls: bool = False) -> Running:
    """One node without security, or with the extra settings given; `extra["home"]` is its folder."""
    jvm = java_home(java)
    if jvm is None:
        raise Missing(f"Java {java} or newer, for Elasticsearch {version}")
    home = elasticsearch_folder(version, folder)
    http, transport = free_port(), free_port()
    settings = ELASTICSEARCH_SETTINGS.format(http=http, transport=transport, security="false", folder=folder)
    (home / "config" / "elasticsearch.yml").write_text(security.format(settings=settings) if security else settings)
    (home / "config" / "jvm.options.d" / "heap.options").write_text("-Xms512m\n-Xmx512m\n")
    environment = os.environ | {"ES_JAVA_HOME": str(jvm)}
    process, log = launch(
        [home / "bin" / "elasticsearch"], folder, "elasticsearch", env=environment, **unprivileged(folder)
    )
    url = f"http{'s' if tls else ''}://127.0.0.1:{http}"
    wait_until((lambda: answers(http)) if security else (lambda: is_green(url)), process, log)
    return Running(url, f"Elasticsearch {version} on {jvm.name}", stopper(process), {"home": home, "port": http})


def is_green(url: str) -> bool:
    """True when the node says that it can serve."""
    try:
        with urllib.request.urlopen(f"{url}/_cluster/health?wait_for_status=green&timeout=1s", timeout=5) as answer:
            return int(answer.status) == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def start_chromium(folder: Path) -> Running:
    """Only finds the program: the browser fixture drives it."""
    program = chromium()
    if program is None:
        raise Missing("Chromium")
    return Running(program, output_of(program, "--version", "--no-sandbox"), lambda: None)


def nginx() -> str | None:
    """The program, which Debian keeps where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def start_nginx(folder: Path) -> Running:
    """Only finds the program: who tests a configuration starts it with that."""
    program = nginx()
    if program is None:
        raise Missing("nginx")
    version = subprocess.run([program, "-v"], check=True, capture_output=True, text=True).stderr.strip()
    return Running(program, version.removeprefix("nginx version: "), lambda: None)


SERVICES = {
    service.name: service
    for service in (
        Service("postgresql", ("postgresql",), lambda: postgresql_bin() is not None, start_postgresql),
        Service("nginx", ("nginx-light",), lambda: nginx() is not None, start_nginx),
        Service("chromium", ("chromium", "libatomic1"), lambda: chromium() is not None, start_chromium),
        Service(
            "elasticsearch",
            ("openjdk-17-jre-headless", "maven"),
            lambda: java_home(17) is not None and shutil.which("mvn") is not None,
            lambda folder: start_elasticsearch("8.19.5", 17, folder),
            lambda: fetch_elasticsearch("8.19.5"),
        ),
        Service(
            "elasticsearch9",
            (),
            lambda: True,
            lambda folder: start_elasticsearch("9.2.0", 21, folder),
            lambda: fetch_elasticsearch("9.2.0") if java_home(21) else None,
        ),
    )
}
"""Every service the suite can ask for. Elasticsearch 9 takes part where a Java 21 is found."""

OPTIONAL = {"elasticsearch9"}
"""What may be missing in CI too, with its reason said."""


# --- installing ----------------------------------------------------------------------------------------------------


def install(names: list[str]) -> int:
    """Brings what is missing; returns an exit status."""
    wanted = [SERVICES[name] for name in names or SERVICES]
    packages = sorted({package for service in wanted if not service.present() for package in service.packages})
    if packages and os.getuid() != 0:
        told = " ".join(packages)
        sys.stderr.write(f"Missing for the tests: {told}. Bring them with: sudo apt-get install {told}\n")
        return 1 if os.environ.get("CI") else 0
    if packages:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    for service in wanted:
        service.fetch()
    return 0


# --- pytest plugin -------------------------------------------------------------------------------------------------

_starting: dict[str, Future[Running]] = {}
_pool = ThreadPoolExecutor(max_workers=4)
_folders: list[Path] = []


def _needs(item: pytest.Item) -> list[str]:
    names = getattr(item, "fixturenames", ())
    marked = [name for marker in item.iter_markers("service") for name in marker.args]
    fixtures = [name.removesuffix("_url") for name in names if name.removesuffix("_url") in SERVICES]
    return [*marked, *fixtures, *(["chromium"] if "browser" in names else [])]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that need a service and lets them run last, while the services start."""
    for item in items:
        if _needs(item):
            item.add_marker(pytest.mark.service)
    items.sort(key=lambda item: bool(item.get_closest_marker("service")))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Starts what the chosen tests need, beside the tests that need none."""
    if session.config.option.collectonly:
        return
    for name in dict.fromkeys(need for item in session.items for need in _needs(item)):
        folder = Path(tempfile.mkdtemp(prefix=f"datastore-{name}-"))
        folder.chmod(0o755)
        _folders.append(folder)
        _starting[name] = _pool.submit(SERVICES[name].start, folder)


def pytest_unconfigure() -> None:
    """Stops every service and removes its folder."""
    for future in _starting.values():
        if not future.exception():
            future.result().stop()
    for folder in _folders:
        shutil.rmtree(folder, ignore_errors=True)
    _starting.clear()
    _folders.clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which services took part, with their versions."""
    if _starting:
        terminalreporter.section("services")
    for name, future in _starting.items():
        error = future.exception()
        terminalreporter.line(f"{name}: {f'missing ({error})' if error else future.result().version}")


def running(name: str) -> Running:
    """The started service; skips the test where it is missing, or fails it in CI."""
    try:
        return _starting[name].result()
    except Missing as missing:
        reason = f"needs {missing}: run `python tests/services.py install {name}`"
        if os.environ.get("CI") and name not in OPTIONAL:
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def postgresql() -> Running:
    """A PostgreSQL cluster for this run."""
    return running("postgresql")


@pytest.fixture(scope="session")
def tables(postgresql: Running) -> str:
    """The name of a database with our tables and nothing in them, for others to be copied from."""
    engine = sa.create_engine(postgresql.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE tables"))
    engine.dispose()
    made = Database(postgresql.url.rpartition("/")[0] + "/tables")
    made.upgrade()
    made.close()
    return "tables"


@contextmanager
def database(postgresql: Running, template: str) -> Iterator[str]:
    """The URL of a new database, gone in the end."""
    name = f"test_{os.getpid()}_{time.monotonic_ns()}"
    engine = sa.create_engine(postgresql.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield postgresql.url.rpartition("/")[0] + f"/{name}"
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def postgresql_url(postgresql: Running, tables: str) -> Iterator[str]:
    """The URL of a database of its own for one test, with our tables."""
    with database(postgresql, tables) as url:
        yield url


@pytest.fixture
def bare_postgresql_url(postgresql: Running) -> Iterator[str]:
    """The same without tables."""
    with database(postgresql, "template0") as url:
        yield url


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """The URL of an Elasticsearch 8 node for this run, without security."""
    return running("elasticsearch").url


@pytest.fixture(scope="session")
def elasticsearch9_url() -> str:
    """The URL of an Elasticsearch 9 node for this run, without security."""
    return running("elasticsearch9").url


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium, driven by playwright's synchronous interface."""
    program = running("chromium").url
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield chrome
        chrome.close()


if __name__ == "__main__":
    if sys.argv[1:2] != ["install"]:
        sys.exit("usage: python tests/services.py install [SERVICE …]")
    sys.exit(install(sys.argv[2:]))
