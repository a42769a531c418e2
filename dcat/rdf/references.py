"""References without scheme: which of them are addresses, and which are words that stand where an address should.

`<d/1>` means the document `d/1` beside the feed, says RFC 3986 (section 5). Feeds put sentences, codes, mailboxes and
nothing at all into the place of an IRI, and resolved they would all be addresses of the feed's own server that nobody
ever gave. Resolved are therefore: subjects, references to what the feed describes or lists, and what looks like the
path of a file. All else stays as it was written, as a literal of type xsd:anyURI, for `dcat.normalise` to read.
"""

import re
from functools import cache
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urldefrag, urljoin

from ..classes import ENTRIES
from ..model import Concept, LicenseDocument, RightsStatement, properties, structs
from ..namespaces import ANY_URI, PREFIXES, RDF_TYPE, expand
from .graph import Graph, Literal, Term
from .terms import is_iri


class Reference(Literal, frozen=True, order=True, gc=False):
    """What stood in the place of an IRI and is none, for as long as its document is being read."""


MARK = "\0"
"""In the place of a language, which is none: it tells a reference when it is read again."""


def reference(text: str) -> Reference:
    """What is no IRI."""
    return Reference(text, MARK, ANY_URI)


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ENCODED = re.compile(r"https?%3A%2F%2F", re.IGNORECASE)
"""The beginning of an address that was encoded whole, as if it stood in another."""
_KEPT = ":/?#@!$&'()*+,;=~%"
"""What stands in an address as it is (RFC 3986, 2.2), but for brackets, which only a host may hold; and what was
encoded twice."""
_FORBIDDEN = re.compile(r"[\s<>\"{}|\\^`@]|\A10\.\d{4,9}/")
"""What no path to a file holds, and the beginning of a DOI."""
_FILE = re.compile(r"[^/?#]+\.(?:[a-z][a-z0-9]{1,9}|7z)(?:[?#].*)?\Z", re.IGNORECASE)
_HOSTS = r"be|brussels|eu|vlaanderen|org|com|net|fr|nl|de|lu|uk|int|gov|edu|io|info|es|it|at|ch|pt|pl|ie"
_HOST = re.compile(rf"(?:[a-z0-9-]+\.)+(?:{_HOSTS})(?=[/:?#]|\Z)", re.IGNORECASE)
_SHORTEST = 6
"""Characters of the shortest path, without a file's ending, that is no abbreviation such as `n/a` or `km/h`."""


def is_relative(text: str) -> bool:
    """True for a reference without scheme."""
    return _SCHEME.match(text) is None


def resolved(base: str, text: str) -> str:
    """The IRI that a reference stands for; empty when there is none."""
    if _ENCODED.match(text):
        text = quote(unquote_to_bytes(text), safe=_KEPT)
    try:
        found = urljoin(urldefrag(base).url, text) if base else text
    except ValueError:
        return ""
    if text.endswith("#") and not found.endswith("#"):
        found += "#"  # an empty fragment, as in a prefix
    return found if is_iri(found) else ""


def settle(graph: Graph, base: str, *, is_own: bool) -> None:
    """Gives each reference of a graph its meaning. `is_own`: the document itself declares the base."""
    settling = _Settling(graph, base, is_own)
    for statements in graph.nodes.values():
        for property, values in list(statements.items()):
            if any(type(value) is Reference for value in values):
                kept = [settling.term(property, value) for value in values]
                statements[property] = [value for value in kept if value is not None]
                if not statements[property]:
                    del statements[property]


class _Settling(NamedTuple):
    graph: Graph
    base: str
    is_own: bool

    def term(self, property: str, value: Term) -> Term | None:
        """The address that a reference stands for, or its words; None for a reference to nothing."""
        if type(value) is not Reference:
            return value
        text = value.value
        words = Literal(text, "", ANY_URI)
        if not is_relative(text):
            return words
        if text.strip() in {"", "#"}:
            return self._of_nothing(property, words)
        return self._address(property, text.strip()) or words

    def _of_nothing(self, property: str, words: Literal) -> Term | None:
        """An empty reference means the document itself, which is no licence, page or agent unless it says so."""
        address = resolved(self.base, "")
        if _leads_inside(property):
            return address or words
        return address if self._describes(address, but_records=True) else None

    def _address(self, property: str, text: str) -> str:
        """The address that is meant; empty for words."""
        name, address = _name(property), resolved(self.base, text)
        if _leads_inside(property) or self._describes(address, but_records=name in _worded()):
            return address
        if text.lower().startswith("www."):
            return resolved("", f"https://{text}")
        return address if name not in _worded() and _is_path(text, is_own=self.is_own) else ""

    def _describes(self, address: str, *, but_records: bool) -> bool:
        return address in self.graph and not (but_records and not _records().isdisjoint(self.graph.types(address)))


def _leads_inside(property: str) -> bool:
    return property in _inside() or property.startswith(PREFIXES["hydra"])


def _is_path(text: str, *, is_own: bool) -> bool:
    """True for what is meant as the path of a file: `trees.csv`, `../files/12`, and `files/12` from a declared base."""
    if text.startswith("//"):
        return "." in text
    if _FORBIDDEN.search(text) or _HOST.match(text) or text[:1] in {"#", "?"}:
        return False
    if text.startswith(("/", "./", "../")) or _FILE.search(text):
        return True
    return is_own and "/" in text and len(text) >= _SHORTEST and any(map(str.isalpha, text))


def _name(property: str) -> str:
    """The last part of a property, by which it is known in whatever namespace it was put."""
    return re.split(r"[/#]", property)[-1].lower()


@cache
def _inside() -> frozenset[str]:
    """Properties that lead to what the feed itself describes, if not on this page: entries, records and catalogues."""
    return frozenset({RDF_TYPE, *map(expand, (*ENTRIES, "dcat:distribution"))})


@cache
def _worded() -> frozenset[str]:
    """Names of properties whose value is a term or a statement, and so is never beside the feed unless it says so."""
    fields = (field for struct in structs() for field in properties(struct))
    return frozenset(
        _name(expand(field.property.curie))
        for field in fields
        if field.item in (Concept, LicenseDocument, RightsStatement)
    )


@cache
def _records() -> frozenset[str]:
    return frozenset(
        map(expand, ("dcat:Catalog", "dcat:CatalogRecord", "dcat:DataService", "dcat:Dataset", "dcat:DatasetSeries"))
    )
