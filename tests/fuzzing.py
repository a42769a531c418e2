"""Requests that nobody sends in good faith, for every door of the portal:
`PYTHONPATH=. python tests/fuzzing.py DOOR COUNT [FIRST]`.

A request is made from a source of chance alone, so that a number names it: the same number is the same request.
"""

import json
import random
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from factory import filled_catalogue
from flask.testing import FlaskClient

from catalogue import clock
from catalogue.assistant.tools import TOOLS
from catalogue.notices import decision
from catalogue.notices.signed import signature
from catalogue.questions.questions import ANSWER, CONFIRM, Asked
from catalogue.service import Catalogue
from catalogue.store import follows
from web.app import create_app
from web.ckan.producing import PRODUCING
from web.oai.listing import Question
from web.producers import FOR_OPERATORS, PARTS
from web.producers.door import COOKIE

MOST = 200_000
"""Bytes of the longest body."""


class Request(NamedTuple):
    """What is sent."""

    method: str
    path: str
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""


class Portal:
    """A portal over a small catalogue, with a producer's key, a reader's question and follower; nothing in it reaches a
    network."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        free = {"searches_per_minute": 0, "checks_per_minute": 0, "writes_per_minute": 0, "access_log": False}
        mail = {"mail_url": "smtp://127.0.0.1:9", "mail_from": "portal@region.example"}
        self.catalogue: Catalogue = filled_catalogue(folder, **free, **mail, **settings)
        key, row = self.catalogue.keys.create("fuzz", ("harvest", "push", "operator"))
        self.source = self.catalogue.sources.add("", "push", title="Fuzz", publisher="fuzz").name
        self.key = {"Authorization": f"Bearer {key}"}
        self.client: FlaskClient = create_app(self.catalogue.settings, self.catalogue).test_client(use_cookies=False)
        self.rules = [rule for rule in self.client.application.url_map.iter_rules() if "GET" in (rule.methods or ())]
        self.session = self.catalogue.sessions.open(row)
        self.entry = next(iter(self.catalogue.entries.with_ids(one.id for one in self.catalogue.pieces.all())))
        reader = Asked("Where is the bench?", "anna@home.example")
        self.catalogue.questions.ask(self.entry.id, reader, self.code(random.Random(0)))
        self.catalogue.followers.ask(self.entry.id, "anna@home.example", "fr")
        self.letters = self.links()

    def code(self, chance: random.Random) -> str:
        """That of a form which was opened a minute ago."""
        said = f"{clock.now().timestamp() - 60:.0f}.{chance.randbytes(16).hex()}"
        return f"{said}.{signature(self.catalogue.questions._key, 'question', self.entry.id, said)}"

    def links(self) -> list[str]:
        """What letters lead to."""
        questions, followers = self.catalogue.questions, self.catalogue.followers
        question = questions.one(1)
        with self.catalogue._database.read() as tx:
            follow = follows.by_id(tx, 1)
        assert follow
        of_source = decision.parameters(questions._key, self.source, clock.now().date())
        return [
            *(urlsplit(questions.link(question, what, "fr")).path for what in (ANSWER, CONFIRM)),
            *(urlsplit(followers.link(follow, what)).path for what in ("confirm", "end")),
            f"/fr/source/{self.source}/decide?{of_source}",
        ]

    def status(self, request: Request) -> int:
        """What is answered; raises what the portal does not handle."""
        answer = self.client.open(request.path, method=request.method, headers=dict(request.headers), data=request.body)
        try:
            for _ in answer.response:  # what is streamed is made now
                pass
        finally:
            answer.close()
        return answer.status_code


# --- pieces ----------------------------------------------------------------------------------------------------------

RDF = (
    b"@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
    b'<http://e.example/d> a dcat:Dataset; dct:title "Titre"@fr; dct:description "Texte"@fr; dct:issued "2024-01-01";'
    b" dcat:distribution [a dcat:Distribution; dcat:accessURL <http://e.example/f.csv>; dcat:byteSize 12.0].\n"
)
XML = (
    b'<?xml version="1.0" encoding="UTF-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    b' xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/"><dcat:Dataset'
    b' rdf:about="http://e.example/d"><dct:title xml:lang="fr">Titre</dct:title><dct:publisher rdf:resource="x y"/>'
    b'<dcat:distribution><dcat:Distribution rdf:about="http://e.example/f"/></dcat:distribution></dcat:Dataset></rdf:RDF>'
)
JSON_LD = json.dumps(
    {
        "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
        "@id": "http://e.example/d",
        "@type": "dcat:Dataset",
        "dct:title": {"@value": "Titre", "@language": "fr"},
        "dct:issued": {"@value": "2024-01-01", "@type": "http://www.w3.org/2001/XMLSchema#date"},
        "dcat:distribution": [{"@type": "dcat:Distribution", "dcat:accessURL": {"@id": "http://e.example/f"}}],
    }
).encode()
TRIPLES = b'<http://e.example/d> <http://purl.org/dc/terms/title> "Titre"@fr .\n_:b <http://e.example/p> "1"^^<x> .\n'
PACKAGE = json.dumps(
    {"id": "1", "name": "n", "title": "T", "notes": "N", "tags": [{"name": "a"}], "resources": [{"url": "http://e/x"}]}
).encode()
DATA_JSON = b'{"@type":"dcat:Catalog","dataset":[{"title":"T","identifier":"1","modified":"2024","distribution":[{}]}]}'
CSW = (
    b'<csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"><csw:SearchResults'
    b' numberOfRecordsMatched="1"><gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd"/></csw:SearchResults>'
    b"</csw:GetRecordsResponse>"
)
TABLE = b"Titre;Description;Lien\nArbres;Les arbres;http://e.example/f.csv\n"
DOCUMENTS = (RDF, XML, JSON_LD, TRIPLES, PACKAGE, DATA_JSON, CSW, TABLE, b"", b"{}", b"[]", b"null", b"<html>")

MEDIA_TYPES = (
    "text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples", "application/trig",
    "application/n-quads", "application/json", "text/plain", "application/octet-stream", "application/x-ndjson", "",
    "text/turtle; charset=utf-7", "application/xml; charset=\"", "text/csv", "multipart/form-data", "*/*", "a/b/c",
    "application/x-www-form-urlencoded", "application/json; charset=utf-16", "text/html",
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-7", "latin-1", "utf-8-sig", "cp037")
PIECES = (
    b"\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\\ud800", b"\\u0000",
    b"NaN", b"1e999999", b"-0", b"1" * 5_000, b"[" * 300, b"{\"a\":" * 300, b"<a>" * 300, b"((((", b"<<", b">>", b"]]>",
    b"&xxe;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<?x?>", b"<![CDATA[", b"@base <x:> .", b"@prefix : <> .", b"\"\"\"",
    b"'''", b"@en-", b"^^<>", b"^^xsd:date", b"_:", b"<>", b"<http://e/a b>", b"\"@context\":\"http://x.example/c\"",
    b"\"@type\":null", b"\"@id\":[]", b"\"@graph\":{}", b"\"@list\":[[]]", b"\"@reverse\":1", b"\"@value\":{}",
    b"%", b"\r",
    b"dcat:distribution", b"dct:spatial", b"locn:geometry", b"POLYGON((", b"9999-99-99", b"-0001-01-01T24:00:00+99:99",
    b"P1Y", b"http://[", b"http://\xc2\xad", b"mailto:", b"\xe2\x80\xae", b",", b":", b"\"", b"}", b"]", b";",
)  # fmt: skip
WORDS = (
    "", "a", "été", "*", "?", "(", ")", "\"", "'", "\\", "/", "//", "..", "../../etc/passwd", "%00", "\0", "\r\nX: y",
    "null", "true", "NaN", "-1", "0", "00", "1e9", "9" * 30, "9" * 5_000, "٣", "1_0", "²", "½", "①②⑦", "１２",
    "\ud800", "\u202e",
    "\u2028", "\ufeff", "\U0001f600", "İ", "ß", "ﬀ", "a" * 300, "NOT " * 40, "(" * 300, "title:*", "a~99", "/(a+)+$/",
    "{\"$ne\":1}", "[]", "{}", "<script>", "javascript:", "fr", "nl", "xx", "dataset", "csv", "ttl", "rdf",
    "jsonld", "nt",
    "atom", "json", "html", "2024-01-01", "2024-13-99", "9999-12-31", "-1,2,3,4", "4.3,50.8,4.4,50.9",
    "nan,nan,nan,nan",
    "inf,0,0,0", "TRAN", "http://publications.europa.eu/resource/authority/data-theme/TRAN", "relevance", "-modified",
    "rows", "asc", "desc", "_id desc", "score desc, metadata_modified desc", "organization:a", "-tags:(a OR b)",
    "tags:\"", "name:[* TO *]", "+a +b", "res_format:CSV", "%", "&", "=", "+", ";", "#", "q", "  ", "\t", "a b", "a,b",
)  # fmt: skip
HOSTS = (
    "①②⑦.⓪.⓪.①", "127.0.0.1%00.x", "[::1", "[::1%25lo]", "localhost.", "xn--", "xn--a", "-", ".", "..", "a..b",
    "a" * 70 + ".b",
    "1.2.3", "0x7f.1", "２", "%31", "e.example:99999", "e.example:-1", "e.example:x", "u:p@e.example", "\\@e.example",
    "e.example\t", "例え.テスト", "ß.example", "\u00ad.example", "e.example\ud800", "*.example",
    "e_x.example", "[v1.a]",
)  # fmt: skip
NAMES = (
    "q", "page", "size", "per_page", "offset", "limit", "rows", "start", "sort", "theme", "publisher",
    "keyword", "format",
    "licence", "language", "updated", "area", "bbox", "type", "hvd", "quality", "facet.field", "facet.limit",
    "fq", "fl", "id",
    "name", "lang", "after", "since", "frequency", "from", "to", "rule", "field", "kind", "url", "text",
    "include_private",
    "facet", "name_or_id", "title", "licence_family", "format_family", "x", "q[]", "", "vocabulary_id", "all_fields",
)  # fmt: skip
ACCEPTS = (
    "text/html", "text/turtle", "application/ld+json", "*/*", "*", "", "a", "text/html;q=x", "text/turtle;q=1e9", ",,,",
    "application/rdf+xml;q=0", "\xe9", "application/atom+xml", "text/csv", ";" * 50, "a/b;" * 90,
)  # fmt: skip


def word(chance: random.Random) -> str:
    """Something short, mostly odd."""
    found = chance.choice(WORDS)
    return found + chance.choice(WORDS) if chance.random() < 0.2 else found


def document(chance: random.Random) -> bytes:
    """Something that was a document once."""
    body = chance.choice(DOCUMENTS)
    if chance.random() < 0.15:
        body = body.decode("utf-8").encode(chance.choice(ENCODINGS), "replace")
    for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
        body = _changed(chance, body)
    return body[:MOST]


def _changed(chance: random.Random, body: bytes) -> bytes:
    at, to = sorted((chance.randint(0, len(body)), chance.randint(0, len(body))))
    kind = chance.randrange(6)
    if kind == 0:
        return body[:at]
    if kind == 1:
        return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
    if kind == 2:
        return body[:at] + body[to:]
    if kind == 3:
        return body[:to] + body[at:to] * chance.choice((1, 2, 50)) + body[to:]
    if kind == 4:
        return body[:at] + chance.choice(DOCUMENTS)[: chance.randint(0, 300)] + body[at:]
    return body[:at] + chance.choice(PIECES) + body[at:]


def url(chance: random.Random) -> str:
    """Something that could be an address."""
    scheme = chance.choice(("http://", "https://", "http:", "//", "file://", "ftp://", "HTTP://", "", "javascript:"))
    path = "/" + word(chance) + (f"?{word(chance)}={word(chance)}" if chance.random() < 0.3 else "")
    return f"{scheme}{chance.choice(HOSTS) if chance.random() < 0.8 else word(chance)}{path}"


def value(chance: random.Random, depth: int = 0) -> Any:
    """Something that JSON can hold."""
    kind = chance.randrange(9 if depth < 3 else 6)
    if kind < 3:
        return word(chance)
    if kind < 6:
        return chance.choice((None, True, 0, -1, 10**30, 1.5, float("inf"), url(chance), ""))
    if kind == 6:
        return [value(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {chance.choice(NAMES): value(chance, depth + 1) for _ in range(chance.randrange(4))}


def as_json(chance: random.Random, said: Any) -> bytes:
    """JSON, or nearly."""
    text = json.dumps(said).encode()
    return _changed(chance, text) if chance.random() < 0.2 else text


def asked(chance: random.Random) -> str:
    """Parameters of an address."""
    pairs = [(chance.choice(NAMES), word(chance)) for _ in range(chance.choice((0, 1, 2, 3, 6)))]
    return "?" + urlencode(pairs, errors="surrogatepass") if pairs else ""


def segment(chance: random.Random) -> str:
    """A part of a path."""
    return quote(word(chance), safe=chance.choice(("", "/", "/.:;,")), errors="surrogatepass")


# --- doors -----------------------------------------------------------------------------------------------------------


def validate(chance: random.Random, _portal: Portal) -> Request:
    """A feed that anybody sends, or the order to fetch one."""
    is_order = chance.random() < 0.2
    body = as_json(chance, {"url": url(chance), "kind": word(chance)}) if is_order else document(chance)
    return Request("POST", "/api/1/validate", {"Content-Type": chance.choice(MEDIA_TYPES)}, body)


def check(chance: random.Random, _portal: Portal) -> Request:
    """The page on which anybody has a feed checked."""
    names = ("url", "text", "kind", "format", "lang", "feed")
    said = {name: chance.choice((url(chance), word(chance))) for name in names if chance.random() < 0.5}
    if chance.random() < 0.5:
        said["text"] = document(chance).decode("latin-1")
    form = urlencode(said, errors="surrogatepass").encode()
    body = _changed(chance, form) if chance.random() < 0.2 else form
    kind = chance.choice(("application/x-www-form-urlencoded",) * 4 + MEDIA_TYPES)
    return Request("POST", f"/{chance.choice(('fr', 'nl', 'de', 'en'))}/check", {"Content-Type": kind}, body)


def push(chance: random.Random, portal: Portal) -> Request:
    """A record of a producer's, or many."""
    headers = {**portal.key, "Content-Type": chance.choice(MEDIA_TYPES)}
    kind = chance.randrange(4)
    if kind == 0:
        lines = [as_json(chance, {"identifier": word(chance), "record": value(chance)}) for _ in range(3)]
        body = b"\n".join(lines) if chance.random() < 0.5 else document(chance)
        return Request("POST", f"/api/1/dataset/{portal.source}/", headers, body)
    path = f"/api/1/dataset/{portal.source}/{segment(chance) or 'x'}"
    if kind == 1:
        return Request(
            "PATCH", path, {**portal.key, "Content-Type": "application/json"}, as_json(chance, value(chance))
        )
    if chance.random() < 0.2:
        headers[chance.choice(("If-Match", "If-None-Match"))] = chance.choice(("*", '"x"', "x", '"', "W/", ""))
    return Request("PUT", path, headers, document(chance))


def search(chance: random.Random, _portal: Portal) -> Request:
    """A search, for people or programs."""
    places = (
        "/fr/search",
        "/nl/search",
        "/api/1/search",
        "/api/1/datasets/",
        "/search.rdf",
        "/search.atom",
        "/search.ttl",
    )
    more = (
        "/de/search/filters",
        f"/en/search/values/{segment(chance)}",
        "/search.jsonld",
        f"/search.{segment(chance)}",
    )
    return Request("GET", chance.choice(places + more) + asked(chance), {"Accept": _accept(chance)})


def feeds(chance: random.Random, portal: Portal) -> Request:
    """Any address that answers GET, its parts filled with anything."""
    rule = chance.choice(portal.rules)
    path = "".join(segment(chance) if is_part else text for is_part, text in rule._trace if text != "|")
    for name in ("lang", "kind"):
        path = path.replace(f"<{name}>", chance.choice(("fr", "dataset")))
    headers = {"Accept": _accept(chance), "Accept-Language": _plain(word(chance))}
    if chance.random() < 0.3:
        said = chance.choice(
            ("If-None-Match", "If-Modified-Since", "Range", "X-Forwarded-For", "Cookie", "X-Request-ID")
        )
        headers[said] = _plain(word(chance))
    return Request("GET", "/" + path.lstrip("/") + asked(chance), headers)


def ckan(chance: random.Random, _portal: Portal) -> Request:
    """CKAN's actions."""
    actions = (
        "package_search", "package_show", "package_list", "organization_list", "organization_show", "group_list",
        "group_show", "tag_list", "tag_show", "resource_show", "status_show", "site_read", "license_list",
        "current_package_list_with_resources", "package_autocomplete", "tag_search", "resource_search",
    )  # fmt: skip
    action = chance.choice(actions) if chance.random() < 0.95 else segment(chance)
    path = f"/api/{chance.choice(('3/', ''))}action/{action}"
    if chance.random() < 0.5:
        return Request("GET", path + asked(chance))
    said = {chance.choice(NAMES): value(chance) for _ in range(chance.randrange(5))}
    kind = "application/json" if chance.random() < 0.8 else chance.choice(MEDIA_TYPES)
    return Request(
        "POST", path, {"Content-Type": kind}, as_json(chance, said if chance.random() < 0.9 else value(chance))
    )


def producing(chance: random.Random, portal: Portal) -> Request:
    """CKAN's actions that write, as a producer sends them."""
    fields = (*("id", "source_id", "url", "source_type", "title", "name", "config", "frequency", "active"), *NAMES)
    said = {name: value(chance) for name in fields if chance.random() < 0.2}
    said |= {"url": url(chance), "source_type": "dcat"} if chance.random() < 0.5 else {}
    action = chance.choice(tuple(PRODUCING))
    if chance.random() < 0.5 and action != "harvest_source_delete":
        said |= {"id": portal.source, "source_id": portal.source}
    body = as_json(chance, said if chance.random() < 0.9 else value(chance))
    return Request("POST", f"/api/3/action/{action}", {**portal.key, "Content-Type": "application/json"}, body)


def mcp(chance: random.Random, _portal: Portal) -> Request:
    """What assistants ask."""
    tools = (*TOOLS, "")
    given = {chance.choice(NAMES): value(chance) for _ in range(chance.randrange(4))}
    called = {"name": chance.choice(tools), "arguments": given if chance.random() < 0.8 else value(chance)}
    method = chance.choice(("initialize", "ping", "tools/list", "tools/call", "tools/call", "resources/list", "x"))
    said = {"jsonrpc": "2.0", "id": chance.choice((1, "a", None)), "method": method, "params": called}
    body = as_json(chance, said if chance.random() < 0.8 else value(chance))
    kind = "application/json" if chance.random() < 0.9 else chance.choice(MEDIA_TYPES)
    return Request("POST", "/mcp", {"Content-Type": kind, "Accept": _accept(chance)}, body)


def methods(chance: random.Random, portal: Portal) -> Request:
    """Any address, asked in a way that it may not take."""
    asked_for = feeds(chance, portal)
    method = chance.choice(("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "X-Y"))
    origin = {"Origin": "https://app.example", "Access-Control-Request-Method": _plain(word(chance))}
    body = document(chance) if method in {"POST", "PUT", "PATCH"} else b""
    return Request(method, asked_for.path, {**asked_for.headers, **origin}, body)


def harvest(chance: random.Random, portal: Portal) -> Request:
    """A producer's sources, runs and hooks."""
    headers = {**portal.key, "Content-Type": "application/json"}
    fields = (
        "url",
        "kind",
        "title",
        "schedule",
        "publisher",
        "config",
        "credentials",
        "active",
        "address",
        "wanted",
        "name",
    )
    kinds = ("dcat", "ckan", "csw", "push", "oai-pmh", "table", "data.json", "stac", "")
    said: dict[str, Any] = {name: value(chance) for name in fields if chance.random() < 0.4}
    said |= {"url": url(chance), "kind": chance.choice(kinds)} if chance.random() < 0.7 else {}
    body = as_json(chance, said if chance.random() < 0.9 else value(chance))
    name = portal.source if chance.random() < 0.5 else segment(chance) or "x"
    places = (
        ("POST", "/api/1/harvest/sources/"), ("POST", "/api/1/harvest/source/preview/"), ("POST", "/api/1/hooks/"),
        ("POST", "/api/1/harvest/source/find/"), ("PATCH", f"/api/1/harvest/source/{name}/"),
        ("GET", f"/api/1/hooks/{name}/"),
        ("POST", f"/api/1/harvest/source/{name}/moved/"), ("PATCH", f"/api/1/hooks/{name}/"),
        ("GET", f"/api/1/harvest/source/{name}/jobs/{asked(chance)}"),
        ("GET", f"/api/1/harvest/job/{name}/items/{asked(chance)}"),
        ("POST", f"/api/1/harvest/job/{name}/cancel"), ("GET", f"/api/1/harvest/item/{name}/raw"),
    )  # fmt: skip
    method, path = chance.choice(places)
    return Request(method, path, headers, b"" if method == "GET" else body)


def readers(chance: random.Random, portal: Portal) -> Request:
    """The forms of readers about an entry, and what the links of letters lead to."""
    entry = f"/{chance.choice(('fr', 'nl', 'de', 'en'))}/{portal.entry.kind}/{portal.entry.name}"
    code = portal.code(chance)
    places = (
        f"{entry}/questions",
        f"{entry}/follow",
        f"/fr/search/follow{asked(chance)}",
        chance.choice(portal.letters),
    )
    said = _fields(chance, ("text", "address", "answer", "wording", "run"))
    said |= {"do": chance.choice(("close", "approve", "keep", word(chance)))} if chance.random() < 0.5 else {}
    said |= {"form": code if chance.random() < 0.7 else _tampered(chance, code)}
    if chance.random() < 0.3:
        said |= {"address": f"{word(chance)}@home.example", "text": f"Where is it? {word(chance)}"}
    path, _, query = chance.choice(places).partition("?")
    path = _tampered(chance, path) if chance.random() < 0.1 else path
    return _form(chance, f"{path}?{query}" if query else path, said)


def producers(chance: random.Random, portal: Portal) -> Request:
    """The forms of producers and operators who are signed in."""
    path, *_ = chance.choice((*PARTS, *FOR_OPERATORS))
    path = path.replace("<name>", portal.source if chance.random() < 0.8 else segment(chance))
    path = path.replace("<int(max=999999999):number>", chance.choice(("1", "999999999", "0")))
    fields = ("url", "kind", "title", "schedule", "config", "id", "reason", "secret", "secret-form", "secret-name")
    also = ("dataset", "language", "answer", "wording", "show", "agreed-license", "always-license", "option-language")
    said = _fields(chance, (*fields, *also, *NAMES))
    said |= {"url": url(chance), "kind": chance.choice(("dcat", "app", "news", "push", "table", ""))}
    said |= {"dataset": portal.entry.name, "title": f"A map {word(chance)}"} if chance.random() < 0.3 else {}
    orders = (
        "add",
        "remove",
        "approve",
        "decline",
        "keep",
        "answer",
        "close",
        "change",
        "try",
        "make",
        "pause",
        "resume",
    )
    said["do"] = chance.choice((*orders, "read", word(chance)))
    said["form"] = portal.catalogue.sessions.form_token(portal.session)
    return _form(chance, f"/fr/producers{path}", said, Cookie=f"{COOKIE}={portal.session}")


def answering(chance: random.Random, portal: Portal) -> Request:
    """What producers say of questions, and of what was made with data, through the API."""
    names = ("dataset", "kind", "title", "url", "language", "answer", "public", "question")
    said: dict[str, Any] = {name: value(chance) for name in names if chance.random() < 0.3}
    if chance.random() < 0.5:
        made = {"dataset": portal.entry.name, "kind": "app", "title": f"Map {word(chance)}", "url": url(chance)}
        said |= chance.choice((made, {"answer": word(chance) or "a", "question": word(chance), "public": True}))
    number = chance.choice(("1", "2", segment(chance) or "x"))
    places = (
        ("POST", "/api/1/reuses/"), ("DELETE", f"/api/1/reuses/{number}/"),
        ("POST", f"/api/1/reuses/{number}/approve/"), ("POST", f"/api/1/questions/{number}/answer/"),
        ("POST", f"/api/1/questions/{number}/close/"),
        ("GET", f"/api/1/questions/{asked(chance)}"), ("GET", f"/api/1/reuses/{asked(chance)}"),
    )  # fmt: skip
    method, path = chance.choice(places)
    headers = {**portal.key, "Content-Type": "application/json"}
    return Request(method, path, headers, b"" if method == "GET" else as_json(chance, said))


def cursors(chance: random.Random, portal: Portal) -> Request:
    """Where a list goes on, as nobody was told to."""
    verb = chance.choice(("ListRecords", "ListIdentifiers"))
    odd = word(chance).encode("utf-8", "replace").decode()
    said = Question(
        verb=verb, prefix=chance.choice(("oai_dc", odd)), set=chance.choice(("", "theme:TRAN", odd)),
        since=chance.choice(("", odd)), until=chance.choice(("", odd)),
        after=chance.choice((portal.entry.id, "0", "z" * 40, odd)), given=chance.choice((0, 100, 2**63, -1)),
    )  # fmt: skip
    token = said.token if chance.random() < 0.6 else _tampered(chance, said.token)
    after = chance.choice((portal.entry.id, _tampered(chance, portal.entry.id), word(chance)))
    pairs: tuple[tuple[str, dict[str, str]], ...] = (
        ("/oai", {"verb": verb, "resumptionToken": token}),
        ("/api/1/datasets/", {"after": after, "limit": word(chance)}),
        ("/api/1/changes", {"since": chance.choice((str(10**17), "0" * 18, word(chance)))}),
        ("/ogc/collections/datasets/items", {"after": after, "offset": word(chance)}),
        ("/csw", {"service": "CSW", "request": "GetRecords", "version": "2.0.2", "startPosition": word(chance)}),
        (f"/ldes/{chance.choice((0, 1, 999999999999))}", {}),
        ("/catalog.ttl", {"page": word(chance), "modified_since": word(chance)}),
        ("/api/3/action/package_search", {"start": word(chance), "rows": word(chance)}),
    )
    path, given = chance.choice(pairs)
    return Request("GET", f"{path}?{urlencode(given, errors='surrogatepass')}")


def _fields(chance: random.Random, names: tuple[str, ...]) -> dict[str, str]:
    return {name: word(chance) for name in names if chance.random() < 0.2}


def _form(chance: random.Random, path: str, said: Mapping[str, str], **headers: str) -> Request:
    """What a page sends; now and then it asks only for the page."""
    if chance.random() < 0.1:
        return Request("GET", path, headers)
    body = urlencode(said, errors="surrogatepass").encode()
    return Request("POST", path, {"Content-Type": "application/x-www-form-urlencoded", **headers}, body)


def _tampered(chance: random.Random, text: str) -> str:
    """The text with a part of it cut, doubled or another letter in it."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(("", "A", "=", "é", text[at:] * 2, "%00", "/")) + text[at + chance.randrange(3) :]


def _accept(chance: random.Random) -> str:
    return chance.choice(ACCEPTS)


def _plain(text: str) -> str:
    """What a header can hold."""
    return text.replace("\r", "").replace("\n", "").encode("latin-1", "replace").decode("latin-1")


DOORS: dict[str, Callable[[random.Random, Portal], Request]] = {
    "validate": validate,
    "check": check,
    "push": push,
    "search": search,
    "feeds": feeds,
    "ckan": ckan,
    "harvest": harvest,
    "producing": producing,
    "mcp": mcp,
    "methods": methods,
    "readers": readers,
    "producers": producers,
    "answering": answering,
    "cursors": cursors,
}
"""What comes in from the network."""


def nobody(*_: Any, **__: Any) -> Any:
    """No name leads anywhere."""
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def not_stood(door: str, number: int, portal: Portal) -> str:
    """What went wrong with a request; empty when it was answered as somebody's fault, or well."""
    request = DOORS[door](random.Random(f"{door} {number}"), portal)
    try:
        status = portal.status(request)
    except Exception as error:
        return f"{door} {number}: {type(error).__name__}: {error} for {request!s:.600}"
    return f"{door} {number}: {status} for {request!s:.600}" if status >= 500 else ""


def main(door: str, count: int = 1_000, first: int = 0) -> None:
    """Sends so many requests through a door and prints those that it did not stand."""
    socket.getaddrinfo = nobody
    began, bad = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder:
        portal = Portal(Path(folder))
        for number in range(first, first + count):
            if said := not_stood(door, number, portal):
                bad += 1
                sys.stdout.write(f"{said}\n")
        portal.catalogue.close()
    seconds = time.monotonic() - began
    sys.stdout.write(f"{door}: {count} requests from {first} on, {bad} not stood, {seconds:.0f} s\n")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
