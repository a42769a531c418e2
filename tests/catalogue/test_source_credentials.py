"""What lets us in at a source: it reaches the source's own server, and is told nowhere."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import loopback
import portals
import pytest
from commands import invoke, last_json
from loopback import Answer, Request, Server

from catalogue.service import Catalogue
from catalogue.settings import Settings
from harvesters.http.credentials import parse
from web.app import create_app

SECRET = "s3cret-Key/42-of-the-source"
FORMS: dict[str, dict[str, Any]] = {
    "basic": {"basic": f"reader:{SECRET}"},
    "bearer": {"bearer": SECRET},
    "ckan": {"ckan": SECRET},
    "header X-API-Key": {"header": {"X-API-Key": SECRET}},
    "query apikey": {"query": {"apikey": SECRET}},
}
DATASET = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<http://e.example/catalog> a dcat:Catalog ; dcat:dataset <http://e.example/trees> .
<http://e.example/trees> a dcat:Dataset ; dct:title "Arbres"@fr ; dct:description "Des arbres."@fr ;
  dcat:distribution <http://e.example/trees/csv> .
<http://e.example/trees/csv> a dcat:Distribution ; dcat:accessURL <http://e.example/trees.csv?apikey={secret}> .
"""


def feed(form: dict[str, Any]) -> Server:
    """A feed for who shows the credentials; it writes them into what it answers, as some do."""
    wanted = parse(form, "http://x.example/")

    def routes(request: Request) -> Answer | None:
        shown = {name: request.headers.get(name.lower()) for name in wanted.headers}
        asked = {name: request.query.get(name) for name in wanted.query}
        if (shown, asked) != (wanted.headers, wanted.query):
            return Answer(f"not {shown} {asked}".encode(), status=401, headers={"WWW-Authenticate": "Basic realm=x"})
        if request.path == "/moved":
            return Answer(b"", "", 302, {"Location": request.query["to"]})
        body = DATASET.replace("{secret}", SECRET).encode()
        return Answer(body, "text/turtle", headers={"ETag": '"1"', "X-Key": SECRET})

    return loopback.site(routes)


@pytest.fixture(params=FORMS)
def shown(request: pytest.FixtureRequest) -> str:
    """How a form is told."""
    name: str = request.param
    return name


@pytest.fixture
def server(shown: str) -> Iterator[Server]:
    with loopback.running(feed(FORMS[shown])) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    invoke(tmp_path, "init")
    return tmp_path


def test_what_a_packed_feed_repeats_is_hidden_too(folder: Path) -> None:
    body = gzip.compress(DATASET.replace("{secret}", SECRET).encode())
    with loopback.running(loopback.site(lambda _: Answer(body, "application/gzip"))) as server:
        add = ("source", "add", server.url("/feed.gz"), "--kind", "dcat", "--title", "Held")
        invoke(folder, *add, "--credentials", json.dumps(FORMS["bearer"]))
        assert "1 new" in invoke(folder, "harvest", "held")[0]
    assert SECRET.encode() not in kept_in(folder)
    catalogue = Catalogue(Settings(data_dir=folder / "var"))
    raw = catalogue.records.raw("held", "http://e.example/trees").body
    catalogue.close()
    assert b"trees.csv?apikey=" in raw
    assert SECRET.encode() not in raw


def kept_in(folder: Path) -> bytes:
    """Every byte of every file that was written."""
    return b"".join(file.read_bytes() for file in sorted((folder / "var").rglob("*")) if file.is_file())


def pages(folder: Path) -> str:
    """What the portal says of the source, to everybody."""
    settings = Settings(data_dir=folder / "var", site_url="https://data.example.org")
    client = create_app(settings).test_client()
    paths = ("/en/sources", "/en/source/held", "/en/source/held/run/1", "/catalog.ttl", "/en/dataset/arbres")
    more = (
        "/api/1/harvest/sources/",
        "/api/1/harvest/source/held/",
        "/api/1/harvest/job/1/items/",
        "/dataset/arbres.json",
    )
    return "".join(client.get(path, follow_redirects=True).get_data(as_text=True) for path in (*paths, *more))


def test_a_source_that_asks_who_we_are_is_read_and_its_secret_told_nowhere(
    folder: Path, server: Server, shown: str
) -> None:
    url, secret = server.url("/feed"), json.dumps(FORMS[shown])
    said = [*invoke(folder, "source", "add", url, "--kind", "dcat", "--title", "Held")]
    out, err = invoke(folder, "harvest", "held", expect=1)
    assert '--credentials, as in {"basic": "user:password"}' in out
    said += [out, err, *invoke(folder, "source", "edit", "held", "--credentials", "-", text_in=secret)]
    assert f"credentials: - → {shown}" in said[-2]
    out, err = invoke(folder, "harvest", "held", "--json")
    assert last_json(out)["new"] == 1
    said += [out, err, *invoke(folder, "harvest", "held"), *invoke(folder, "show", "arbres", "--trace")]
    for form in ([], ["--json"]):
        said += [*invoke(folder, "source", "show", "held", *form), *invoke(folder, "source", "list", *form)]
    said += invoke(folder, "source", "test", url, "--kind", "dcat", "--credentials", secret)
    export = folder / "all.nt"
    invoke(folder, "export", str(export))
    told = "".join(said) + pages(folder) + export.read_text()
    assert "trees.csv" in told
    for form in parse(FORMS[shown], url)._secrets(12):
        assert form not in told
        assert form.encode() not in kept_in(folder)


def test_no_other_server_gets_them_and_a_new_address_forgets_them(folder: Path, server: Server, shown: str) -> None:
    (folder / "key.json").write_text(json.dumps(FORMS[shown]))
    at = f"@{folder / 'key.json'}"
    with loopback.running(feed(FORMS[shown])) as other:
        away = server.url(f"/moved?to={other.url('/feed')}")
        invoke(folder, "source", "add", away, "--kind", "dcat", "--title", "Held", "--credentials", at)
        out, _ = invoke(folder, "harvest", "held", expect=1)
        assert "are for another server" in out
        assert SECRET not in "".join(f"{one.target}{one.headers}" for one in other.requests)
        out, _ = invoke(folder, "source", "edit", "held", "--url", server.url("/feed"))
        assert "forgotten" not in out
        assert "1 new" in invoke(folder, "harvest", "held")[0]
        out, _ = invoke(folder, "source", "edit", "held", "--url", other.url("/feed"))
        assert "are forgotten" in out
        invoke(folder, "harvest", "held", expect=1)
        assert SECRET not in "".join(f"{one.target}{one.headers}" for one in other.requests)
        invoke(folder, "source", "edit", "held", "--credentials", at)
        assert "1 same" in invoke(folder, "harvest", "held")[0]


def test_wrong_ones_are_said_to_be_wrong(folder: Path, server: Server, shown: str) -> None:
    wrong = json.dumps(FORMS[shown]).replace(SECRET, "another-key-altogether")
    add = ("source", "add", server.url("/feed"), "--kind", "dcat", "--title", "Held")
    invoke(folder, *add, "--credentials", "env:MY_KEY", MY_KEY="x", expect=2)
    invoke(folder, *add, "--credentials", wrong)
    out, err = invoke(folder, "harvest", "held", expect=1)
    assert "does not accept the credentials of this source" in out
    assert "another-key-altogether" not in out + err + pages(folder)


def test_a_source_that_is_removed_forgets_them(folder: Path) -> None:
    with loopback.running(feed(FORMS["bearer"])) as server:
        add = ("source", "add", server.url("/feed"), "--kind", "dcat", "--title", "Held")
        invoke(folder, *add, "--credentials", json.dumps(FORMS["bearer"]))
        assert last_json(invoke(folder, "source", "show", "held", "--json")[0])["source"]["credentials"] == "bearer"
        invoke(folder, "source", "remove", "held", "--yes")
        invoke(folder, *add)
        assert last_json(invoke(folder, "source", "show", "held", "--json")[0])["source"]["credentials"] == ""
        invoke(folder, "harvest", "held", expect=1)


def test_another_key_of_the_installation_opens_none_and_says_what_to_do(folder: Path) -> None:
    with loopback.running(feed(FORMS["bearer"])) as server:
        add = ("source", "add", server.url("/feed"), "--kind", "dcat", "--title", "Held")
        invoke(folder, *add, "--credentials", json.dumps(FORMS["bearer"]))
        _, err = invoke(folder, "harvest", "held", expect=1, SECRET_KEY="0123456789abcdef0123456789abcdef")
        assert "datastore source edit held --credentials" in err
        assert "1 new" in invoke(folder, "harvest", "held")[0]


def test_a_portal_that_hides_its_search_is_opened_with_the_key_of_a_user(folder: Path) -> None:
    def closed(_action: str, _query: object) -> Answer | None:
        headers = server.requests[-1].headers
        keys = (headers.get("authorization"), headers.get("x-ckan-api-key"))
        return None if keys == (SECRET, SECRET) else portals.refusal("Authorization Error", f"not {keys[0]}")

    server = portals.ckan([portals.package(1)], instead=closed)
    with loopback.running(server):
        invoke(folder, "source", "add", server.url("/"), "--kind", "ckan", "--title", "Held")
        out, _ = invoke(folder, "harvest", "held", expect=1)
        assert '{"ckan": "…"}' in out
        invoke(folder, "source", "edit", "held", "--credentials", json.dumps({"ckan": SECRET}))
        assert "1 seen" in invoke(folder, "harvest", "held")[0]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("no json s3cret", "@FILE"),
        ("[1]", "@FILE"),
        ("{}", "written as"),
        ('{"basic": "s3cret"}', "colon"),
        ('{"ckan": "two words s3cret"}', "blanks"),
        ('{"basic": "a:s3cret", "bearer": "s3cret"}', "written as"),
        ("@/nowhere/s3", "No such file"),
        ("env:NOT_THERE", "NOT_THERE"),
    ],
)
def test_what_are_no_credentials_is_refused_without_repeating_them(folder: Path, given: str, says: str) -> None:
    add = ("source", "add", "https://e.example/feed", "--kind", "dcat", "--credentials", given)
    out, err = invoke(folder, *add, expect=2)
    assert says in err
    assert "s3cret" not in out + err
    assert "no source yet" in invoke(folder, "source", "list")[0]
