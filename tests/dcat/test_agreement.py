"""A feed with a defect: what the official shapes call a violation is told by us, and the other way round.

`test_rules.py` compares the rules with the shapes on what we write; here both look at a feed as it was sent, where a
value may also be of another data type, a node of another class, an address a text.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import shared
from shapes import FILES

from dcat import rdf, shapes
from dcat.classes import ENTRIES
from dcat.entries import entries
from dcat.findings import Finding, Severity
from dcat.namespaces import ANY_URI, RDF_TYPE, expand
from dcat.normalise import complete
from dcat.rdf import Graph, Literal, Triple
from dcat.read import evened_out, read
from dcat.rules import RULES, check
from dcat.shapes import Result, parse_shapes

pytestmark = pytest.mark.filterwarnings("ignore:Parsing weird boolean")

SITE = "https://data.example.brussels/"


@cache
def wanted() -> tuple[Triple, ...]:
    """The official shapes, and ours that close their holes."""
    return tuple(parse_shapes((shared("dcat-ap", "shapes", file).read_bytes(), "ttl") for file in FILES))


@cache
def golden() -> tuple[Triple, ...]:
    """A feed with everything, and no violation."""
    return tuple(rdf.parse(shared("dcat-ap", "examples", "golden.ttl").read_bytes(), "ttl").triples())


# --- the thirteen defects of the broken feed --------------------------------------------------------------------------

SEEDED = {
    ("dataset/air", "dct:accrualPeriodicity"): {"value-misplaced", "term-unlisted"},
    ("dataset/air", "dct:issued"): {"date-invalid"},
    ("dataset/air", "dct:modified"): {"date-invalid"},
    ("dataset/air", "dcatap:hvdCategory"): {"hvd-incomplete"},
    ("dataset/air", "dcat:spatialResolutionInMeters"): {"datatype-other"},
    ("dataset/air", "dcat:temporalResolution"): {"duration-invalid"},
    ("dataset/air", "dcat:contactPoint"): {"class-other"},
    ("series/air", "dcat:contactPoint"): {"class-other"},
    ("service/air-wfs", "dcat:contactPoint"): {"class-other"},
    ("distribution/air-csv", "dcat:accessURL"): {"required-missing"},
    ("distribution/air-csv", "dct:format"): {"value-misplaced", "term-unlisted"},
    ("distribution/air-csv", "dcat:mediaType"): {"value-misplaced", "term-unlisted"},
    ("distribution/air-csv", "dcat:byteSize"): {"datatype-other"},
    ("service/air-wfs", "dcat:endpointURL"): {"required-missing"},
    ("dataset/budget", "dct:title"): {"required-missing"},
    ("org/paradigm", "foaf:name"): {"required-missing"},
}
"""The thirteen defects (two dates are one, a contact of three is one) by node and property, and what we say of them."""


def broken() -> Graph:
    return rdf.parse(shared("dcat-ap", "examples", "broken.ttl").read_bytes(), "ttl")


def test_the_shapes_find_the_seeded_defects_and_nothing_else() -> None:
    found = shapes.results([broken()], wanted())
    assert {(name(one.focus), one.path) for one in found if one.severity == "Violation"} == SEEDED.keys()


def name(iri: str) -> str:
    return iri.removeprefix(SITE).removeprefix("id/")


def test_each_seeded_defect_is_found_by_us_too() -> None:
    graph = broken()
    files = [f"{SITE}id/distribution/{file}" for file in ("air-csv", "air-wfs")]
    told: dict[tuple[str, str], set[str]] = {}
    for one in ours(graph):
        where = re.match(r"dcat:distribution\[(\d)\]/", one.field)
        node = files[int(where[1]) - 1] if where else one.subject
        if one.field.startswith("dct:publisher/"):
            node = f"{SITE}id/org/paradigm"
        told.setdefault((name(node), last(one.field)), set()).add(one.rule)
    for place, rules in SEEDED.items():
        assert rules <= told.get(place, set()), place


# --- defects made of the golden feed ----------------------------------------------------------------------------------

Feed = tuple[Triple, ...]


def without(feed: Feed, at: int) -> Feed:
    """All values of a property are gone."""
    return tuple(triple for triple in feed if triple[:2] != feed[at][:2])


def instead(feed: Feed, at: int, *objects: object) -> Feed:
    """Other values in place of one."""
    subject, predicate, _ = feed[at]
    return (*feed[:at], *((subject, predicate, value) for value in objects), *feed[at + 1 :])  # type: ignore[misc]


def changed(feed: Feed, at: int, defect: str) -> Feed:
    """The feed with one value made bad."""
    value = feed[at][2]
    if defect == "missing":
        return without(feed, at)
    if isinstance(value, Literal):
        text, lang, datatype = value.value, value.lang, value.datatype
        made: dict[str, tuple[object, ...]] = {
            "of another type": (Literal(text, "", expand("xsd:boolean")),),
            "a bare text": (Literal(text),),
            "in words": (Literal(f"not {text}", lang, datatype),),
            "twice": (value, Literal(f"{text}0", lang, datatype)),
            "of another kind": (f"{SITE}text",),
        }
    else:
        made = {
            "of another type": (f"{SITE}other",),
            "a bare text": (Literal(value),),
            "in words": (Literal(value, "", ANY_URI),),
            "twice": (value, f"{SITE}second"),
            "of another kind": (Literal("in words", "en"),),
        }
    return instead(feed, at, *made[defect])


DEFECTS = ("missing", "of another type", "a bare text", "in words", "twice", "of another kind")


class Made(NamedTuple):
    """What was made of the golden feed: where, and what."""

    changes: tuple[tuple[int, str], ...]

    def feed(self) -> Feed:
        feed = golden()
        for at, defect in self.changes:
            place = own_places()[at % len(own_places())]
            if place in feed:
                feed = changed(feed, feed.index(place), defect)
        return feed


@cache
def own_places() -> Feed:
    """What the feed says of its own nodes, not of terms that it shares with others."""
    return tuple(triple for triple in golden() if triple[0].startswith(SITE))


def ours(graph: Graph) -> tuple[Finding, ...]:
    """Everything that we say of a feed as it was sent."""
    reading = read(graph)
    nodes = (*reading.datasets, *reading.services, *reading.series, *reading.catalogs, *reading.records)
    rules = (one for node in nodes for one in check(complete(node)))
    return (*reading.findings, *evened_out(graph), *rules)


def last(field: str) -> str:
    """The property at the end of a path."""
    return re.sub(r"\[\d+\]\Z", "", field.rpartition("/")[2])


def steps(field: str) -> set[str]:
    return {re.sub(r"\[\d+\]\Z", "", step) for step in field.split("/")}


def by_feed(feeds: list[Feed]) -> list[list[Result]]:
    """The violations of several feeds, found in one run: each feed gets a site of its own."""
    together = Graph()
    for number, feed in enumerate(feeds):
        for triple in feed:
            together.add(*(moved(term, number) for term in triple))  # type: ignore[arg-type]
    found: list[list[Result]] = [[] for _ in feeds]
    for one in shapes.results([together], wanted()):
        place = re.match(rf"{SITE}(\d+)/", one.focus)
        assert place, one
        if one.severity == "Violation":
            found[int(place[1])].append(one._replace(focus=one.focus.replace(place[0], SITE)))
    return found


def moved(term: object, number: int) -> object:
    return term.replace(SITE, f"{SITE}{number}/") if isinstance(term, str) else term


# --- where they differ, and why ---------------------------------------------------------------------------------------


def is_said_elsewhere(result: Result) -> bool:
    """A path over several nodes (HVD: an API is a must) is broken by one of its steps, which has a finding of its own.

    The choice between licence and rights has no path in the shapes; we call it dct:license.
    """
    return "/" in result.path or (result.path == "" and result.constraint == "Or")


def is_only_named(result: Result, graph: Graph) -> bool:
    """The shapes want every node to be described, with its class, in the feed itself. An address that the feed only
    names, such as a landing page, is no fault: we write the class when we publish."""
    values = graph.objects(result.focus, expand(result.path)) if ":" in result.path else []
    missing = any(isinstance(value, str) and value not in graph.nodes for value in values)
    return missing and result.constraint in {"Class", "Node"}


def is_within(finding: Finding, violated: set[str]) -> bool:
    """What stands where a node should has nothing of what such a node must have: the shapes tell only that it is none
    of its class, we tell what it lacks."""
    return bool(steps(finding.field) & violated)


def is_lost(result: Result, graph: Graph) -> bool:
    """A file or a period that nothing leads to any more belongs to no record, so nobody would publish it."""
    links = set(map(expand, ENTRIES))
    others = {expand("dcat:Catalog"), expand("dcat:CatalogRecord")}
    reached = [*entries(graph), *(subject for subject in graph.nodes if others.intersection(graph.types(subject)))]
    for subject in reached:
        said = graph.nodes.get(subject, {}).items()
        leads = (value for property, values in said if property not in links for value in values)
        reached += [value for value in leads if isinstance(value, str) and value not in reached]
    return result.focus not in reached


def has_lost_a_class(feed: Feed) -> bool:
    """The shapes look at nothing of a node that is not called what it is; we tell that, and look at all of it."""
    return any(triple[1] == RDF_TYPE and triple not in feed for triple in own_places())


UNSHAPED = frozenset({"prov:agent"})
"""Properties for whose values the official files have no shape: nobody asks of what class an attributed agent is."""


def differences(feed: Feed, violations: list[Result]) -> Iterator[str]:
    """What one side finds and the other does not, without a reason."""
    graph = Graph(feed)
    findings = ours(graph)
    told = {last(one.field) for one in findings}
    violated = {one.path or "dct:license" for one in violations}
    for one in violations:
        is_explained = is_said_elsewhere(one) or is_only_named(one, graph) or is_lost(one, graph)
        if one.path not in told and not is_explained:
            yield f"only the shapes: {one}"
    for finding in findings if not has_lost_a_class(feed) else ():
        is_ours = RULES[finding.rule].severity == Severity.VIOLATION
        if is_ours and not is_within(finding, violated) and not steps(finding.field) & UNSHAPED:
            yield f"only we: {finding}"


def test_the_golden_feed_has_no_violation_for_anybody() -> None:
    assert by_feed([golden()]) == [[]]
    assert list(differences(golden(), [])) == []


change = st.tuples(st.integers(0, 10_000), st.sampled_from(DEFECTS))
made = st.lists(change, min_size=1, max_size=3, unique_by=lambda one: one[0]).map(lambda each: Made(tuple(each)))


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(made, min_size=8, max_size=12, unique=True))
def test_defects_are_found_by_both(several: list[Made]) -> None:
    feeds = [one.feed() for one in several]
    for one, feed, violations in zip(several, feeds, by_feed(feeds), strict=True):
        assert list(differences(feed, violations)) == [], one


def test_the_defects_are_real() -> None:
    """Much of what is made of the golden feed is a violation; the rest is another way to say the same."""
    feeds = [Made(((at, defect),)).feed() for at in range(0, 120, 40) for defect in DEFECTS]
    assert sum(map(bool, by_feed(feeds))) > len(feeds) / 3
