"""Documents of RDF as sets of triples, read by two parsers that are not ours."""

import re
import warnings

import pyoxigraph
import rdflib

from catalogue.service import Catalogue

Triples = frozenset[tuple[str, str, str]]

OXIGRAPH = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "xml": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
}
RDFLIB = {"ttl": "turtle", "rdf": "xml", "xml": "xml", "jsonld": "json-ld", "nt": "nt"}
ENDINGS = tuple(OXIGRAPH)


def by_oxigraph(body: bytes, ending: str) -> Triples:
    """What pyoxigraph reads, strictly and without a base."""
    quads = pyoxigraph.parse(body, OXIGRAPH[ending])
    return frozenset((str(one.subject), str(one.predicate), str(one.object)) for one in quads)


def by_rdflib(body: bytes, ending: str) -> Triples:
    """What rdflib reads, in the lexical forms that stand there."""
    rdflib.NORMALIZE_LITERALS = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its JSON-LD parser uses a class that it deprecates
        graph = rdflib.Graph().parse(data=body, format=RDFLIB[ending])
    return by_oxigraph(graph.serialize(format="nt", encoding="utf-8"), "nt")


def subjects(triples: Triples, type_iri: str) -> set[str]:
    """Everything of that class."""
    a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    return {subject for subject, predicate, object in triples if predicate == a and object == f"<{type_iri}>"}


def values(triples: Triples, subject: str, predicate: str) -> set[str]:
    """The objects of a subject and predicate."""
    return {object for s, p, object in triples if s == subject and p == f"<{predicate}>"}


def of_entries(catalogue: Catalogue) -> dict[str, Triples]:
    """What each entry says, by its IRI, without what each catalogue says of it itself. A place that the source gave no
    name has one in each catalogue, which ends in a digest of what it says."""
    ours = re.escape(catalogue.settings.site_url)
    own = re.compile(f"<{ours}/id/(record|metric|remark)/")
    found = {}
    for row in catalogue.entries.after("", 1000):
        lines = "".join(catalogue.feed.alone(row.id)).splitlines(keepends=True)
        said = "".join(line for line in lines if not own.match(line))
        unnamed = re.sub(f"<{ours}/id/[a-z]+/[a-z0-9]+#location-", "<urn:place:", said)
        found[row.iri] = by_oxigraph(unnamed.encode(), "nt")
    return found
