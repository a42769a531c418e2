"""What is parsed of a long document is put aside while it is parsed, and says the same as what is parsed in memory."""

import re

import pytest

from dcat.rdf import parsing, spilled
from dcat.rdf.graph import Graph
from dcat.rdf.kept import decode
from dcat.rdf.spilled import SpilledGraph

BASE = "https://e.example/feed"
DOCUMENT = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://e.example/a> a dcat:Dataset ; dct:title "Trees\\u0001"@fr ; dct:publisher <https://e.example/us> .
<https://e.example/us> dct:title "We", "We too" .
<https://e.example/b> a dcat:Dataset ; dct:license <> ; dct:source [] ;
  dcat:landingPage <pages/b.html> , <www.e.example> .
<https://e.example/c> dct:relation <not an iri> ; dct:relation _:x . _:x dct:title "x" .
<not an iri> dct:title "Something" . <not a record> a dcat:Dataset .
<https://e.example/us> dct:title "We again" . <https://e.example/a> dct:title "Arbres"@fr , 5 .
<https://e.example/d> dct:publisher <https://e.example/us> . <https://e.example/us> dct:type <https://e.example/type> .
"""
"""Nodes that it comes back to, references, a control character, a node and a record without a valid address."""


@pytest.mark.parametrize(("together", "again"), [(1, 1), (1, 500), (2, 2), (500, 500)])
def test_it_says_the_same_as_in_memory(monkeypatch: pytest.MonkeyPatch, together: int, again: int) -> None:
    monkeypatch.setattr(spilled, "AT_ONCE", together)
    monkeypatch.setattr(spilled, "AGAIN", again)
    here = parsing.parse(DOCUMENT.encode(), "ttl", BASE)
    graph = parsing.parse(DOCUMENT.encode(), "ttl", BASE, SpilledGraph)
    assert isinstance(graph, SpilledGraph)
    assert {"subject-invalid", "iri-invalid", "text-invalid"} <= {finding.rule for finding in here.findings}
    assert calm(graph.findings) == calm(here.findings)
    packed = [(name, decode(said)) for some in graph.packed() for name, said in some]
    assert calm(packed) == calm(list(here.nodes.items()))
    assert (len(graph), list(graph.nodes)) == (len(here), [name for name, _ in packed])


def calm(said: object) -> str:
    """With names of nameless nodes, which are new each time, by the order in which they come."""
    seen: dict[str, str] = {}
    return re.sub(r"_:\w+", lambda name: seen.setdefault(name[0], f"_:{len(seen)}"), repr(said))


def test_it_is_a_mapping_like_any_other() -> None:
    graph: Graph = SpilledGraph()
    graph.add("a", "p", "o")
    graph.nodes["b"] = {"p": ["o"]}
    graph.nodes["a"] = {"q": ["o"]}
    del graph.nodes["b"]
    assert dict(graph.nodes) == {"a": {"q": ["o"]}}
    for missing in (graph.nodes.__getitem__, graph.nodes.__delitem__):
        with pytest.raises(KeyError):
            missing("b")
