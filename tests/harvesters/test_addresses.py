"""Server-side request forgery: nothing that a source, a redirect or a name says leads us into the inside.

The numbers S01 to S78 are those of the list of vectors in the project's threat list. Sinks listen on every address of
this machine, on a port that the tests make a usual one, so that only the check of the address stands in the way.
"""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

import loopback
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from inside import AGENCY, LITERALS, SPELLINGS, resolved, sinks_on_all, urls
from loopback import Answer, Server

from harvesters.errors import HarvestError
from harvesters.http import Client, Pace
from harvesters.http.addresses import check_url, is_public, may_connect, networks

CERTIFICATE = Path(__file__).parents[1] / "data" / "tls" / "agency.pem"


@pytest.fixture
def sinks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with sinks_on_all(monkeypatch) as sink:
        yield sink


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    return resolved(monkeypatch)


@pytest.fixture
def client(names: dict[str, list[list[str]]]) -> Iterator[Client]:
    with Client(allow=[f"{AGENCY}/32"], page_deadline=5, backoff=0, pace=Pace(0)) as client:
        yield client


@pytest.fixture
def agency() -> Iterator[Server]:
    with loopback.running(loopback.evil(AGENCY)) as server:
        yield server


def refused(client: Client, url: str) -> HarvestError:
    with pytest.raises(HarvestError) as caught:
        client.get(url)
    return caught.value


@pytest.mark.against("TC-03")
@pytest.mark.parametrize("vector", [*LITERALS, *SPELLINGS])
def test_no_address_of_the_inside_is_reached_directly(client: Client, sinks: Server, vector: str) -> None:
    error = refused(client, urls(sinks)[vector])
    assert error.code == "ADDRESS_NOT_ALLOWED"
    assert sinks.connections == 0


@pytest.mark.against("TC-03")
@pytest.mark.parametrize(
    ("vector", "status"), [*((name, 302) for name in [*LITERALS, *SPELLINGS]), ("S01", 301), ("S01", 307), ("S14", 308)]
)
def test_no_redirect_leads_to_the_inside(
    client: Client, sinks: Server, agency: Server, vector: str, status: int
) -> None:
    target = urls(sinks)[vector]
    location = quote(target, safe="")
    error = refused(client, agency.url(f"/redirect-to?status={status}&url={location}"))
    assert error.code in {"ADDRESS_NOT_ALLOWED", "BROKEN_OFF", "HTTP_STATUS"}
    assert sinks.connections == 0


@pytest.mark.parametrize("number", LITERALS.values())
def test_the_refused_numbers_are_refused_on_the_usual_ports(number: str) -> None:
    assert not may_connect(number, 443, ())


@pytest.mark.parametrize("number", ["193.191.1.1", "8.8.8.8", "172.32.0.1", "2a00:1450::1", "2001:4860:4860::8888"])
def test_public_numbers_are_allowed_on_the_usual_ports_only(number: str) -> None:
    assert is_public(ip_address(number))
    assert may_connect(number, 443, ())
    for port in (0, 22, 25, 6379, 9200):  # S53
        assert not may_connect(number, port, ())


def test_an_allowed_network_is_allowed_on_any_port() -> None:
    assert may_connect("10.1.2.3", 8080, networks(["10.1.0.0/16"]))
    assert not may_connect("10.2.2.3", 8080, networks(["10.1.0.0/16"]))
    assert not may_connect("fe80::1%lo", 80, networks(["fe80::/10"]))


@pytest.mark.parametrize("url", ["http://example.org:0/", "http://example.org:99999/", "http://example.org:x/"])
def test_a_port_that_is_none_is_refused(url: str) -> None:  # S53
    with pytest.raises(HarvestError, match="may not be fetched"):
        check_url(url)


@pytest.mark.against("TC-03")
def test_a_name_that_leads_inside_is_refused(client: Client, sinks: Server, names: dict[str, list[list[str]]]) -> None:
    names["inside.example"] = [["127.0.0.1"]]  # S62, S65, S68
    names["mixed.example"] = [["193.191.1.1", "127.0.0.1"]]  # S64
    names["mixed6.example"] = [["193.191.1.1", "::1"]]  # S66
    for name in list(names):
        assert refused(client, f"http://{name}:{sinks.port}/").code == "ADDRESS_NOT_ALLOWED"
    assert sinks.connections == 0


def test_the_connection_goes_to_the_number_that_was_checked(
    client: Client, sinks: Server, agency: Server, names: dict[str, list[list[str]]]
) -> None:
    names["agency.example"] = [[AGENCY], ["127.0.0.1"]]  # S63, S67: another answer the second time
    assert client.get(f"http://agency.example:{agency.port}/fine").status == 200
    assert agency.requests[-1].headers["host"] == f"agency.example:{agency.port}"
    assert refused(client, f"http://agency.example:{sinks.port}/fine").code == "ADDRESS_NOT_ALLOWED"
    assert sinks.connections == 0


def test_our_own_portal_is_not_fetched(names: dict[str, list[list[str]]], agency: Server) -> None:
    names["portal.example"] = [[AGENCY]]
    with Client(allow=[f"{AGENCY}/32"], deny=["Portal.example"], pace=Pace(0)) as client:  # S28, S74
        assert refused(client, f"http://portal.example:{agency.port}/fine").code == "ADDRESS_NOT_ALLOWED"
        location = f"http://portal.example.:{agency.port}/fine"
        names["portal.example."] = [[AGENCY]]
        assert refused(client, agency.url(f"/redirect-to?url={location}")).code == "ADDRESS_NOT_ALLOWED"


@pytest.mark.against("F-01")
def test_a_name_that_does_not_resolve_says_so(client: Client) -> None:
    error = refused(client, "http://nowhere.example/")
    assert error.code == "UNREACHABLE"
    assert "does not resolve" in str(error)


@pytest.mark.against("F-01")
def test_a_closed_door_says_so(client: Client) -> None:
    with socket.create_server((AGENCY, 0)) as door:
        port = door.getsockname()[1]
    assert refused(client, f"http://{AGENCY}:{port}/").code == "UNREACHABLE"


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()

    def hang(*args: object, **options: object) -> list[object]:
        free.wait(10)
        return []

    monkeypatch.setattr("harvesters.http.guard.socket.getaddrinfo", hang)
    with Client(page_deadline=0.3, pace=Pace(0)) as client:
        assert refused(client, "http://slow.example/").code == "DEADLINE"
    free.set()


def test_credentials_stay_with_the_host_they_are_for(client: Client, agency: Server) -> None:
    with loopback.running(loopback.pages({"/fine": Answer(b"ok")})) as other:  # S75: another port is another origin
        keys = {"Authorization": "secret"}
        with Client(allow=loopback.LOOPBACK, pace=Pace(0)) as free:
            free.get(agency.url(f"/redirect-to?url={other.url('/fine')}"), headers=keys)
            free.get(agency.url("/cookie"), headers=keys)
        assert "authorization" not in other.requests[-1].headers
        assert agency.requests[-1].headers["authorization"] == "secret"


def test_cookies_last_for_one_fetch(client: Client, agency: Server) -> None:
    client.get(agency.url("/cookie"))
    assert agency.requests[-1].target == "/fine"
    assert agency.requests[-1].headers["cookie"] == "a=b"
    client.get(agency.url("/fine"))
    assert "cookie" not in agency.requests[-1].headers


@pytest.mark.against("TC-24")
def test_proxies_and_passwords_of_the_surroundings_are_not_used(
    client: Client, agency: Server, sinks: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:  # TC-24
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {AGENCY} login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{sinks.port}")
    with client.json_session() as session, pytest.raises(HarvestError):
        session.get(agency.url("/html"))
    client.get(agency.url("/fine"))
    assert sinks.connections == 0
    assert "authorization" not in agency.requests[-1].headers


def test_the_answer_tells_nothing_about_the_inside(
    client: Client, names: dict[str, list[list[str]]], sinks: Server
) -> None:
    names["inside.example"] = [["10.11.12.13"]]
    message = str(refused(client, f"http://inside.example:{sinks.port}/"))
    assert "10.11.12.13" not in message
    assert message.replace("inside.example", "") == str(refused(client, "ftp://x")).replace("ftp://x", "")


@pytest.fixture
def secure(names: dict[str, list[list[str]]]) -> Iterator[Server]:
    """The agency over TLS, with a certificate for agency.example; `/hang` hangs before the handshake."""
    server = loopback.evil(AGENCY)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    names["agency.example"] = names["other.example"] = [[AGENCY]]
    with loopback.running(server):
        yield server


@pytest.mark.against("F-01", "TC-14")
def test_tls_is_for_the_name_and_the_certificate_counts(secure: Server) -> None:
    with Client(allow=[f"{AGENCY}/32"], ca_file=str(CERTIFICATE), pace=Pace(0)) as client:
        assert client.get(f"https://agency.example:{secure.port}/fine").body == loopback.HELLO
        assert refused(client, f"https://other.example:{secure.port}/fine").code == "TLS_NAME"  # F-01: wrong host
    with Client(allow=[f"{AGENCY}/32"], pace=Pace(0)) as client:
        assert refused(client, f"https://agency.example:{secure.port}/fine").code == "TLS_ISSUER"  # F-01: self-signed


def certificate(folder: Path, name: str, days: int, issuer: str = "") -> Path:
    """A certificate with its key in one file: for a name, until so many days from now, signed by nobody we know."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    signer = ec.generate_private_key(ec.SECP256R1()) if issuer else key
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer or name)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days - 300))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=not issuer, path_length=None), critical=True)
        .sign(signer, SHA256())
    )
    plain = (serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    pem = key.private_bytes(serialization.Encoding.PEM, *plain) + made.public_bytes(serialization.Encoding.PEM)
    file = folder / "made.pem"
    file.write_bytes(pem)
    return file


@pytest.mark.against("F-01")
@pytest.mark.parametrize(
    ("name", "days", "issuer", "code", "words"),
    [
        ("agency.example", -3, "", "TLS_EXPIRED", "has expired. The source must renew it"),
        ("agency.example", 600, "", "TLS_EXPIRED", "is not valid yet"),
        ("other.example", 30, "", "TLS_NAME", "for another name. Check the address"),
        ("agency.example", 30, "Nobody", "TLS_ISSUER", "does not send the certificates in between"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said(
    tmp_path: Path, names: dict[str, list[list[str]]], name: str, days: int, issuer: str, code: str, words: str
) -> None:
    server = loopback.evil(AGENCY)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    file = certificate(tmp_path, name, days, issuer)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    names["agency.example"] = [[AGENCY]]
    trusted = str(CERTIFICATE if issuer else file)
    with loopback.running(server), Client(allow=[f"{AGENCY}/32"], ca_file=trusted, pace=Pace(0)) as client:
        error = refused(client, f"https://agency.example:{server.port}/fine")
    assert (error.code, words in str(error)) == (code, True), str(error)


def test_the_deadline_holds_inside_tls(secure: Server) -> None:
    with Client(allow=[f"{AGENCY}/32"], ca_file=str(CERTIFICATE), page_deadline=0.7, pace=Pace(0)) as client:
        for behaviour in ("drip-body", "drip-headers", "hang"):
            assert refused(client, f"https://agency.example:{secure.port}/{behaviour}").code == "DEADLINE"


def test_a_handshake_that_hangs_is_not_waited_for(names: dict[str, list[list[str]]]) -> None:
    names["agency.example"] = [[AGENCY]]
    with socket.create_server((AGENCY, 0)) as silent, Client(allow=[f"{AGENCY}/32"], page_deadline=0.5) as client:
        assert refused(client, f"https://agency.example:{silent.getsockname()[1]}/").code == "DEADLINE"


def test_a_secure_page_does_not_redirect_to_an_open_one(secure: Server) -> None:  # S61
    with Client(allow=[f"{AGENCY}/32"], ca_file=str(CERTIFICATE), pace=Pace(0)) as client:
        target = f"http://agency.example:{secure.port}/fine"
        assert refused(client, f"https://agency.example:{secure.port}/redirect-to?url={target}").code == "REDIRECT"
