"""Who an entry of a feed is: its IRI, its own identifier, or what it is called and what tells it from its namesakes.

Blank nodes of one title are different datasets: the editions of a year book, the same statistics per commune. So an
entry without IRI has a chain of identifiers, each longer than the one before, and is known by the first that nobody
else has.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from dcat import rdf
from dcat.namespaces import expand
from dcat.rdf import Graph, Literal

JOINT = " – "
_LONGEST = 300
"""Characters of one part of an identifier; longer ones end in their digest."""


class Names(NamedTuple):
    """What an entry can be called, shortest first; nothing when nothing is known of it."""

    chain: tuple[str, ...]
    is_weak: bool = False
    """True when none of them is an identifier: they change with the description."""


def names(graph: Graph, subject: str) -> Names:
    """What an entry can be called: its IRI, for a blank node its dct:identifier, else its landing page, title or files.

    On a clash its titles, landing page, dates and files join, in the order in which they are least likely to change.
    """
    if not rdf.is_blank(subject):
        return Names((subject,))
    titles, files = _texts(graph, subject, "dct:title"), _files(graph, subject)
    if given := _texts(graph, subject, "dct:identifier"):
        return Names(_chain(given[:1], titles, files))
    pages, issued = _texts(graph, subject, "dcat:landingPage"), _texts(graph, subject, "dct:issued")
    other = () if files else (_texts(graph, subject, "dct:modified"), _texts(graph, subject, "dct:description"))
    if pages:
        return Names(_chain(pages[:1], titles, issued, files, *other), is_weak=True)
    if titles:
        start = (*titles[:1], *_publishers(graph, subject)[:1])
        return Names(_chain(start, titles[1:], issued, files, *other), is_weak=True)
    return Names(_chain(files[:1], issued, files, *other), is_weak=True)


def told_apart(known: Collection[Names]) -> dict[tuple[str, ...], str]:
    """The identifier of each different chain: the shortest that tells it from all others.

    One that holds nothing but an identifier of the source is a mention of the entry that says more under it.
    """
    described = {one.chain[0] for one in known if len(one.chain) > 1 and not one.is_weak}
    chains = [one.chain for one in known if len(one.chain) > 1 or one.chain[0] not in described]
    found: dict[tuple[str, ...], str] = {}
    groups = [(0, list(dict.fromkeys(chains)))]
    while groups:
        level, group = groups.pop()
        alike: dict[str, list[tuple[str, ...]]] = {}
        for chain in group:
            alike.setdefault(chain[min(level, len(chain) - 1)], []).append(chain)
        for name, namesakes in alike.items():
            if len(namesakes) == 1:
                found[namesakes[0]] = name
            else:
                groups.append((level + 1, namesakes))
    return found


def _chain(start: Iterable[str], *parts: Iterable[str]) -> tuple[str, ...]:
    chain = [JOINT.join(start)]
    for part in parts:
        if said := _short(", ".join(part)):
            chain.append(JOINT.join(filter(None, (chain[-1], said))))
    return tuple(dict.fromkeys(filter(None, chain)))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…{rdf.digest(text)}"


def _texts(graph: Graph, subject: str, property: str) -> list[str]:
    """The values of a property that are no blank nodes, in one order."""
    terms = graph.objects(subject, expand(property))
    texts = [term.value if isinstance(term, Literal) else term for term in terms if not rdf.is_blank(term)]
    return sorted(filter(None, map(str.strip, texts)))


def _files(graph: Graph, subject: str) -> list[str]:
    """The addresses of the files of an entry, or of the endpoints of a service."""
    nodes = [node for node in graph.objects(subject, expand("dcat:distribution")) if isinstance(node, str)]
    said = [
        text
        for node in nodes
        for curie in ("dcat:accessURL", "dcat:downloadURL")
        for text in _texts(graph, node, curie)
    ]
    named = [node for node in nodes if not rdf.is_blank(node)]
    return sorted(dict.fromkeys((*(said or named), *_texts(graph, subject, "dcat:endpointURL"))))


def _publishers(graph: Graph, subject: str) -> list[str]:
    named = [
        name
        for node in graph.objects(subject, expand("dct:publisher"))
        if isinstance(node, str)
        for name in _texts(graph, node, "foaf:name")
    ]
    return _texts(graph, subject, "dct:publisher") or sorted(named)
