"""The official SHACL files, as the tests ask them: which properties of which nodes violate them."""

from functools import cache

import pyshacl
import rdflib
from rdflib import OWL, SH, Graph, URIRef
from samples import shared

from dcat.namespaces import compact, expand

FILES = (
    "shapes.ttl",
    "range.ttl",
    "mdr-vocabularies.shape.ttl",
    "hvd-SHACL-base.ttl",
    "hvd-SHACL-usagenotes.ttl",
    "extra_checks.ttl",
)
RECOMMENDED = ("shapes_recommended.ttl",)
PROFILE = tuple(name for name in FILES if not name.startswith("hvd"))
HVD = ("hvd-SHACL-base.ttl", "hvd-SHACL-ranges.ttl", "hvd-SHACL-usagenotes.ttl")
REGULATION = URIRef("http://data.europa.eu/eli/reg_impl/2023/138/oj")


@cache
def shapes(files: tuple[str, ...]) -> Graph:
    """The shapes of some files, without imports from the network and without properties that lack a path."""
    graph = Graph()
    for name in files:
        graph.parse(shared("dcat-ap", "shapes", name), format="turtle")
    graph.remove((None, OWL.imports, None))
    for owner, shape in list(graph.subject_objects(SH.property)):
        if (shape, SH.path, None) not in graph:
            graph.remove((owner, SH.property, shape))
    return graph


def results(graph: Graph, files: tuple[str, ...], severity: URIRef) -> set[tuple[str, str]]:
    """(node, property) for every result of a severity."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes(files), allow_warnings=True)
    rdflib.NORMALIZE_LITERALS = False  # as `dcat.rdf` sets it; pyshacl switches it on when it has done
    found = set()
    for result in report.objects(None, SH.result):
        if report.value(result, SH.resultSeverity) == severity:
            path = report.value(result, SH.resultPath)
            found.add((str(report.value(result, SH.focusNode)), compact(str(path)) if isinstance(path, URIRef) else ""))
    return found


def violations(graph: Graph) -> set[tuple[str, str]]:
    """Everything that the profile forbids."""
    return results(graph, FILES, SH.Violation)


def forbidden(lines: str) -> set[tuple[str, str]]:
    """What the profile forbids in a published document; that for high-value data only of what is said to be that, with
    its files, desks and licences (the official shapes aim at every dataset)."""
    graph = Graph().parse(data=lines, format="nt")
    valued = set(graph.subjects(URIRef(expand("dcatap:applicableLegislation")), REGULATION))
    for curie in ("dcat:distribution", "dcat:contactPoint", "dct:license"):
        valued |= {part for one in valued for part in graph.objects(one, URIRef(expand(curie)))}
    named = {str(node) for node in valued}
    found = results(graph, HVD, SH.Violation) if named else set()
    return results(graph, PROFILE, SH.Violation) | {one for one in found if one[0] in named}


def missing(graph: Graph) -> set[tuple[str, str]]:
    """Everything that the profile recommends and that is not there."""
    return results(graph, RECOMMENDED, SH.Warning)
