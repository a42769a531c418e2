"""How answers go out packed: in what a client reads, and saying the same in each coding."""

import gzip
import re
import sys
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

import brotli
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from web.http.codings import CODINGS
from web.http.compression import LEAST, LONG, chosen, compress

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def one_member(body: bytes) -> bytes:
    """What gzip holds; fails when there are several members, of which many clients read the first alone."""
    reader = zlib.decompressobj(wbits=31)
    content = reader.decompress(body)
    assert (reader.eof, reader.unused_data) == (True, b"")
    assert gzip.decompress(body) == content
    return content


def one_frame(body: bytes) -> bytes:
    """The same of Zstandard, within the window that browsers have for it (RFC 9659)."""
    reader = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})
    content = reader.decompress(body)
    assert (reader.eof, reader.unused_data) == (True, b"")
    return content


UNPACK: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {"gzip": one_member, "br": brotli.decompress, "zstd": one_frame}
)
PAGES = ["/fr/search?q=tram", "/search.json", "/catalog.nt?page=1", "/ogc/api", "/money.csv", "/llms.txt", "/ldes"]
STREAMED = ["/catalog.ttl", "/catalog.rdf", "/catalog.jsonld", "/catalog.nt", "/data.json"]


@pytest.mark.parametrize("coding", UNPACK)
def test_a_long_answer_is_packed_as_a_stream_is(coding: str) -> None:
    said = "".join(f"<urn:{number}> <urn:is> <urn:{number * 7}> .\n" for number in range(20_000)).encode()
    with Flask("portal").test_request_context(headers={"Accept-Encoding": coding}):
        long, short = (compress(Response(body, mimetype="text/turtle")) for body in (said, said[: LONG - 1]))
    assert UNPACK[coding](long.get_data()) == said
    [known] = (one for one in CODINGS if one.name == coding)
    assert long.get_data() == b"".join(known.packing([said])) != known.packed(said)
    assert short.get_data() == known.packed(said[: LONG - 1])


@pytest.mark.parametrize("coding", UNPACK)
@pytest.mark.parametrize("path", [*PAGES, *STREAMED, "/ogc/collections/datasets/items"])
def test_every_coding_says_the_same(client: FlaskClient, path: str, coding: str) -> None:
    asked = {"Accept-Encoding": coding}
    plain, packed = client.get(path), client.get(path, headers=asked)
    assert (plain.status_code, "Content-Encoding" in plain.headers) == (200, False)
    assert packed.headers["Content-Encoding"] == coding
    said, told = (re.sub(rb'"timeStamp":"[^"]+"', b"", it) for it in (plain.data, UNPACK[coding](packed.data)))
    assert said == told
    assert len(packed.data) < len(plain.data) / 2
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.vary
        assert answer.headers["ETag"] == plain.headers["ETag"]
    again = client.get(path, headers={**asked, "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data, "Content-Encoding" in again.headers) == (304, b"", False)
    assert "Accept-Encoding" in again.vary
    head = client.head(path, headers=asked)
    kept = ("Content-Encoding", "ETag", "Vary", "Content-Type", "Content-Length")
    assert [head.headers.get(name) for name in kept] == [packed.headers.get(name) for name in kept]
    assert head.data == b""


@pytest.mark.parametrize(
    ("asked", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),  # Firefox, Chrome, urllib3 where it has the libraries
        ("gzip, deflate, br", "br"),  # Safari, node
        ("gzip, deflate", "gzip"),
        ("ZSTD;q=0.5, BR;q=0.9, gzip;q=0.1", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, zstd;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("br;q=0, *", "gzip"),
        ("*", "gzip"),
        ("*;q=0.2, br;q=0.1", "gzip"),
        ("*;q=0", ""),
        ("*;q=0, br", "br"),
        ("*;q=0, identity", ""),
        ("identity", ""),
        ("identity;q=0.5, gzip;q=0.4", ""),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0", ""),
        ("deflate, compress, x-unknown", ""),
        ("gzip;q=nonsense, ;;, br;q=2", ""),
        ("", ""),
    ],
)
def test_the_client_chooses(app: Flask, asked: str, coding: str) -> None:
    with app.test_request_context(headers={"Accept-Encoding": asked}):
        found = chosen()
    assert (found.name if found else "") == coding


def test_what_is_short_is_packed_for_those_alone_who_refuse_it_as_it_is(client: FlaskClient) -> None:
    plain = client.get("/dumps/index.json", headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in plain.headers
    assert 0 < len(plain.data) < LEAST
    packed = client.get("/dumps/index.json", headers={"Accept-Encoding": "br, identity;q=0"})
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.data) == plain.data


@pytest.mark.parametrize("coding", UNPACK)
def test_errors_are_packed_as_answers_are(client: FlaskClient, coding: str) -> None:
    for path in ("/fr/nowhere", "/api/3/action/package_show?id=nowhere"):
        plain = client.get(path)
        packed = client.get(path, headers={"Accept-Encoding": f"{coding}, identity;q=0"})
        assert packed.status_code == plain.status_code == 404
        assert UNPACK[coding](packed.data) == plain.data


@pytest.mark.parametrize("coding", UNPACK)
def test_what_breaks_while_it_is_sent_never_looks_whole(app: Flask, coding: str) -> None:
    def body() -> object:
        yield b"a" * 200_000
        raise OSError("the database went away")

    with app.test_request_context(headers={"Accept-Encoding": coding}):
        answer = app.process_response(Response(body(), mimetype="text/turtle"))  # type: ignore[arg-type]
        sent: list[bytes] = []
        with pytest.raises(OSError, match="went away"):
            sent.extend(answer.response)  # type: ignore[arg-type]
    with pytest.raises((AssertionError, brotli.error, EOFError, zlib.error)):
        UNPACK[coding](b"".join(sent))
