"""The datasets in the JSON-LD of a page: wherever they stand in it, with the nodes that they name put in their place.
Those of a page without are looked for in its microdata and RDFa.

Contexts are never fetched: names of schema.org are known by themselves, with `schema:`, http or https before them.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, NamedTuple

from lxml import etree, html

from dcat.rdf import json_slips
from dcat.rdf.formats import to_utf8

from ..http import Response
from .marked_up import described

JSON_LD = "application/ld+json"

DATASETS = frozenset({"Dataset", "DataFeed", "CompleteDataFeed"})
PUBLICATIONS = frozenset({"Report", "ScholarlyArticle", "Thesis"})
"""Texts that may be about data; an Article is the news of any site."""

HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage", "dataset", "itemListElement", "item", "dataFeedElement", "about")
"""Where things stand that a page is about: a dataset in another field is one that it only mentions."""

DEEPEST = 12
"""Objects in objects that are looked into."""

_PREFIX = re.compile(r"(?:schema|sdo):|https?://(?:www\.)?schema\.org/", re.IGNORECASE)
_ESCAPED = re.compile(r"\s*[\[{\s]*&(?:quot|#34|#x22);", re.IGNORECASE)
_COMMENT = re.compile(r"\A\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*\Z")


class Page(NamedTuple):
    """What a page says to programs."""

    datasets: list[dict[str, Any]]
    language: str
    """Of the page; empty when it does not say."""
    described_by: str
    """Where it says that its description stands (signposting), as written; empty when nowhere."""
    broken: str
    """Why a part of it could not be read; empty when all could."""


def read(response: Response) -> Page:
    """The datasets that a page, or a document of JSON-LD, describes."""
    if response.body.lstrip()[:1] in {b"{", b"["}:
        said, broken = _parsed(to_utf8(response.body, response.headers.get("Content-Type", ""))[0].decode())
        return Page(_datasets(said), "", "", broken)
    try:
        tree = html.document_fromstring(response.body)
    except (etree.ParserError, ValueError):
        return Page([], "", _signpost(response), "")
    found: dict[str, dict[str, Any]] = {}
    wrong = ""
    for script in tree.iter("script"):
        if str(script.get("type", "")).partition(";")[0].strip().lower() == JSON_LD:
            said, broken = _parsed(_unescaped(_COMMENT.sub("", script.text or "")))
            found |= {_key(one): one for one in _datasets(said)}
            wrong = wrong or broken
    if not found:
        found = {_key(one): one for one in _datasets(described(tree, response.url))}
    links = (str(one.get("href", "")) for one in tree.iter("link") if _describes(one))
    return Page(list(found.values()), str(tree.get("lang", "")), next(links, "") or _signpost(response), wrong)


def _unescaped(text: str) -> str:
    """JSON that a template escaped as if it stood in a paragraph: `{&quot;@type&quot;: …`."""
    return unescape(text) if _ESCAPED.match(text) else text


def _parsed(text: str) -> tuple[Any, str]:
    try:
        try:
            return json.loads(text, strict=False), ""
        except json.JSONDecodeError:
            return json.loads(json_slips.mend(text.rstrip().removesuffix(";"))[0], strict=False), ""
    except RecursionError:
        return None, "its JSON-LD is nested too deeply"
    except ValueError as error:
        return None, f"its JSON-LD is no JSON: {error}"


def _describes(link: etree._Element) -> bool:
    rel = str(link.get("rel", "")).lower().split()
    return "describedby" in rel and str(link.get("type", "")).lower().startswith(JSON_LD)


def _signpost(response: Response) -> str:
    """`Link: <…>; rel="describedby"; type="application/ld+json"` (https://signposting.org/FAIR/)."""
    for link in response.headers.get("Link", "").split(",<"):
        target, _, rest = link.partition(">")
        if "describedby" in rest and JSON_LD in rest:
            return target.strip().lstrip("<")
    return ""


def _datasets(said: Any) -> list[dict[str, Any]]:
    """The datasets of a document, each whole."""
    plain = _plain(said)
    nodes: dict[str, dict[str, Any]] = {}
    for node in _nodes(plain):
        if isinstance(name := node.get("@id"), str) and len(node) > 1:
            nodes.setdefault(name, node)
    found = {_key(node): node for node in _standing(plain) if (DATASETS | PUBLICATIONS) & types_of(node)}
    return [{name: _whole(value, nodes) for name, value in node.items()} for node in found.values()]


def _key(node: Mapping[str, Any]) -> str:
    return json.dumps(node, sort_keys=True)


def _plain(said: Any, depth: int = 0) -> Any:
    """With the plain names of schema.org."""
    if depth > 4 * DEEPEST:
        return None
    if isinstance(said, dict):
        return {
            _PREFIX.sub("", str(name)): _plain(value, depth + 1) for name, value in said.items() if name != "@context"
        }
    return [_plain(each, depth + 1) for each in said] if isinstance(said, list) else said


def _nodes(said: Any) -> Iterator[dict[str, Any]]:
    """Every object, however deep."""
    if isinstance(said, dict):
        yield said
    for each in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        yield from _nodes(each)


def _standing(said: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The objects that a document is about."""
    for each in said if isinstance(said, list) else [said]:
        if isinstance(each, list) and depth < DEEPEST:
            yield from _standing(each, depth + 1)
        elif isinstance(each, dict):
            yield each
            for name in HOLDERS if depth < DEEPEST else ():
                yield from _standing(each.get(name), depth + 1)


def types_of(node: Mapping[str, Any]) -> set[str]:
    named = node.get("@type", ())
    return {_PREFIX.sub("", str(one)) for one in (named if isinstance(named, list) else [named])}


def _whole(said: Any, nodes: Mapping[str, dict[str, Any]], depth: int = 0) -> Any:
    """With what is only named by its `@id` put in its place."""
    if isinstance(said, list):
        return [_whole(each, nodes, depth) for each in said]
    if not isinstance(said, dict) or depth >= 3:
        return said
    if said.keys() == {"@id"}:
        said = nodes.get(str(said["@id"]), said["@id"])
    if not isinstance(said, dict):
        return said
    return {name: value if name == "@id" else _whole(value, nodes, depth + 1) for name, value in said.items()}
