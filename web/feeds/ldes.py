"""The catalogue as a Linked Data Event Stream (https://w3id.org/ldes/specification), in the activities and named graphs
of https://semiceu.github.io/LDES-DCAT-AP-feeds/.

The stream leads to its pages, each with the moments between which it lies. Of each entry it has the newest event only.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import Response
from flask.typing import ResponseReturnValue

from catalogue.publishing.event_stream import Event, EventPage
from catalogue.publishing.feed import link
from catalogue.store.outcome import Outcome
from dcat import rdf
from dcat.namespaces import expand

from ..current import absolute, catalogue
from ..http import negotiate
from ..http.caching import cached
from .documents import held, streamed
from .formats import Format, by_accept
from .redirects import see_other

TRIG = Format("trig", "application/trig", ("text/turtle", "application/x-trig"), rdf.Format.TRIG)
N_QUADS = Format("nq", "application/n-quads", ("text/x-nquads",), rdf.Format.N_QUADS)
ACTIVITIES = {Outcome.NEW: "as:Create", Outcome.RESTORED: "as:Create", Outcome.REMOVED: "as:Delete"}
"""What happened, in the words of ActivityStreams; everything else is an update."""
FOR_EVER = "public, max-age=604800, immutable"
"""Of a page that gains no events any more (RFC 8246)."""

Graphs = Iterable[tuple[str, str]]
"""N-Triples by the IRI of their graph; empty for the default graph."""


def stream() -> ResponseReturnValue:
    """`/ldes`: what the stream is and which pages it has."""
    return page_of_developers() or the_stream()


def page(number: int) -> ResponseReturnValue:
    """`/ldes/0` and those after it: some events."""
    return page_of_developers() or the_page(number)


def page_of_developers() -> ResponseReturnValue | None:
    """The page that tells what this is, for a browser; None for a program."""
    is_browser = by_accept((TRIG, N_QUADS), html_first=False) is None
    return see_other(f"/{negotiate.language()}/developers") if is_browser else None


@cached("Accept")
def the_stream() -> Response:
    """The stream with its one view."""
    here = absolute("/ldes")
    lines = [
        link(f"{here}#stream", "rdf:type", expand("ldes:EventStream")),
        link(f"{here}#stream", "ldes:timestampPath", expand("as:published")),
        link(f"{here}#stream", "tree:view", here),
        link(here, "rdf:type", expand("tree:Node")),
        link(here, "ldes:retentionPolicy", f"{here}#newest"),
        link(f"{here}#newest", "rdf:type", expand("ldes:LatestVersionSubset")),
        literal(f"{here}#newest", "ldes:amount", "1", "xsd:integer"),
        link(f"{here}#newest", "ldes:versionKey", expand("as:object")),
        *(line for one in catalogue().events.pages() for line in leading(here, one)),
    ]
    return document([("", "".join(lines))])


def leading(here: str, one: EventPage) -> Iterator[str]:
    """That a page has the events between two moments."""
    ends = (("from", "GreaterThanOrEqualToRelation", one.first), ("to", "LessThanOrEqualToRelation", one.last))
    for name, kind, moment in ends:
        relation = f"{here}#{name}-{one.number}"
        yield link(here, "tree:relation", relation)
        yield link(relation, "rdf:type", expand(f"tree:{kind}"))
        yield link(relation, "tree:path", expand("as:published"))
        yield link(relation, "tree:node", f"{here}/{one.number}")
        yield literal(relation, "tree:value", stamp(moment), "xsd:dateTime")


@cached("Accept")
def the_page(number: int) -> Response:
    """The events of one page."""
    events, is_full = catalogue().events.page(number)
    here, whole = absolute(f"/ldes/{number}"), absolute("/ldes#stream")
    response = document(told(events, here, whole))
    if is_full:
        response.headers["Cache-Control"] = FOR_EVER
    return response


def told(events: Iterable[Event], here: str, whole: str) -> Iterator[tuple[str, str]]:
    """Events as members of the stream, each entry in a graph that is called as its event."""
    yield "", link(here, "rdf:type", expand("tree:Node")) + link(whole, "tree:view", absolute("/ldes"))
    for one in events:
        name = f"{here}#{one.change.number}"
        kind = ACTIVITIES.get(Outcome(one.change.what), "as:Update")
        said = [
            link(whole, "tree:member", name),
            link(name, "rdf:type", expand(kind)),
            link(name, "as:object", one.change.iri),
            literal(name, "as:published", stamp(one.at), "xsd:dateTime"),
        ]
        yield "", "".join(said)
        if one.lines:
            yield name, one.lines


def document(graphs: Graphs) -> Response:
    """The graphs in the format asked for."""
    format = by_accept((TRIG, N_QUADS), html_first=False) or TRIG
    write = as_trig if format is TRIG else as_quads
    return held(streamed((write(*one).encode() for one in graphs), format.media_type))


def as_trig(name: str, lines: str) -> str:
    """N-Triples are TriG as they stand (https://www.w3.org/TR/trig/)."""
    return f"<{name}> {{\n{lines}}}\n" if name else lines


def as_quads(name: str, lines: str) -> str:
    """The name stands before the full stop of each line (https://www.w3.org/TR/n-quads/)."""
    return "".join(f"{line[:-1]}<{name}> .\n" for line in lines.split("\n")[:-1]) if name else lines


def literal(subject: str, property: str, value: str, datatype: str) -> str:
    """A triple with a number or a moment."""
    return f'<{subject}> <{expand(property)}> "{value}"^^<{expand(datatype)}> .\n'


def stamp(moment: datetime) -> str:
    """A moment to the microsecond: no two changes of the catalogue have the same."""
    return moment.isoformat(timespec="microseconds")
