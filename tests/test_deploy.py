"""What `deploy/` holds, as far as a machine without containers can try it: units, settings and commands that exist, and
nginx really run in front of a portal."""

import json
import re
import shlex
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

import click
import pytest
import services
from commands import datastore, started

from catalogue.cli import main
from catalogue.settings import unknown

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
PROGRAM = "/opt/datastore/bin/datastore"


def commands() -> dict[str, list[str]]:
    """Every command line of ours in `deploy/`, by where it stands."""
    found = {}
    for unit in UNITS:
        for line in re.findall(rf"{PROGRAM} ([^'\n]+)", unit.read_text()):
            found[unit.name] = shlex.split(line)
    containerfile = (DEPLOY / "Containerfile").read_text()
    found["Containerfile"] = json.loads(re.findall(r"^CMD (.+)$", containerfile, flags=re.MULTILINE)[-1])
    for line in re.findall(r"^ +command: \[(.+)\]$", (DEPLOY / "compose.yaml").read_text(), flags=re.MULTILINE):
        found[f"compose.yaml {line}"] = [word.strip().strip('"') for word in line.split(",")]
    return found


@pytest.mark.parametrize("where", commands())
def test_commands_are_those_of_the_program(where: str) -> None:
    name, *arguments = commands()[where]
    command = main.get_command(click.Context(main), name)
    assert command is not None
    command.make_context(name, arguments, resilient_parsing=False)


def test_there_are_the_commands_that_an_installation_runs() -> None:
    assert {line[0] for line in commands().values()} == {"serve", "worker", "backup", "init"}


@pytest.mark.parametrize("name", ["datastore.env", "compose.yaml", "Containerfile"])
def test_settings_are_those_of_the_program(name: str) -> None:
    named = set(re.findall(r"DATASTORE_[A-Z_]+", (DEPLOY / name).read_text()))
    assert named
    assert unknown(dict.fromkeys(named, "")) == []


def test_what_the_containerfile_copies_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    for name in re.findall(r"requirements/\w+\.txt", text):
        assert (ROOT / name).exists()


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not on this machine; Debian has it in the package systemd")
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace(PROGRAM, sys.executable))
    done = subprocess.run(
        [program, "verify", *(str(tmp_path / unit.name) for unit in UNITS)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# --- nginx in front of a portal below a path -------------------------------------------------------------------------


class Stay(HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *_: object) -> None:
        return None


def get(url: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body, whoever signed the certificate."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    request = Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with build_opener(HTTPSHandler(context=trusting), Stay()).open(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read().decode()


@contextmanager
def in_front(folder: Path, portal: int, plain: int, secure: int) -> Iterator[None]:
    """nginx with our configuration, below /data and on ports of its own."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*make, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    ours = (DEPLOY / "nginx.conf").read_text()
    changes = {
        "127.0.0.1:5000": f"127.0.0.1:{portal}",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        "/etc/ssl/datastore/fullchain.pem": str(certificate),
        "/etc/ssl/datastore/privkey.pem": str(key),
        "data.example.org;": "localhost;",
        "location / {": "location /data {",
    }
    for old, new in changes.items():
        assert old in ours
        ours = ours.replace(old, new)
    for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        ours = f"{name + '_temp_path' if name != 'body' else 'client_body_temp_path'} {folder / name};\n" + ours
    file = folder / "nginx.conf"
    file.write_text(f"daemon off;\npid {folder / 'pid'};\nerror_log stderr;\nevents {{}}\nhttp {{\n{ours}\n}}\n")
    with subprocess.Popen([services.running("nginx").url, "-p", str(folder), "-c", str(file)]) as process:
        try:
            wait_for(f"https://localhost:{secure}/data/healthz", process)
            yield
        finally:
            process.terminate()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None
        try:
            if get(url)[0] == 200:
                return
        except URLError:
            pass
        time.sleep(0.1)
    pytest.fail(f"{url} never answered")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The public address of a portal behind nginx, and the plain one."""
    folder = tmp_path_factory.mktemp("deployed")
    folder.chmod(0o755)
    plain, secure = services.free_port(), services.free_port()
    public = f"https://localhost:{secure}/data"
    settings = {"SITE_URL": public, "PROXIES": "127.0.0.1"}
    datastore(folder, "init", **settings)
    with started(folder, "serve", "--port", "0", "--workers", "1", "--no-worker", **settings) as portal:
        port = int(portal.wait_for(r"The portal: http://127\.0\.0\.1:(\d+)/")[1])
        with in_front(folder, port, plain, secure):
            yield public, f"http://localhost:{plain}/data"


@pytest.mark.service("nginx")
def test_pages_are_served_below_the_path(site: tuple[str, str]) -> None:
    status, headers, page = get(f"{site[0]}/fr/")
    assert status == 200
    assert f'href="{site[0]}/fr/"' in page
    assert set(re.findall(r'(?:href|src|action)="(/[a-z]+)/', page)) == {"/data"}
    assert headers["Strict-Transport-Security"]
    style = re.search(r'href="(/data/static/site[^"]+)"', page)
    assert style
    assert get(site[0].removesuffix("/data") + style[1])[0] == 200
    assert get(f"{site[0]}/", Accept_Language="nl")[1]["Location"] == "/data/nl/"


@pytest.mark.service("nginx")
def test_plain_http_leads_to_the_secure_address(site: tuple[str, str]) -> None:
    status, headers, _ = get(f"{site[1]}/fr/")
    assert (status, headers["Location"]) == (301, "https://localhost/data/fr/")


@pytest.mark.service("nginx")
def test_what_visitors_claim_does_not_pass(site: tuple[str, str]) -> None:
    plain = get(f"{site[0]}/fr/")[2]
    forged = get(f"{site[0]}/fr/", Script_Name="/evil", X_Forwarded_Host="evil.example", X_Forwarded_Prefix="/evil")[2]
    assert forged == plain
    name = get(f"{site[0]}/fr/", X_Request_ID="given-by-the-visitor")[1]["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", name)  # nginx' own


@pytest.mark.service("nginx")
def test_who_looks_after_it_is_answered(site: tuple[str, str]) -> None:
    assert json.loads(get(f"{site[0]}/healthz")[2]) == {"status": "ok"}
    assert "datastore_entries" in get(f"{site[0]}/metrics")[2]
