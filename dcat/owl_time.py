"""Moments, spans and durations that OWL-Time describes in parts, in the words of the profile.

Some profiles, the Spanish one among them (NTI-RISP), nest what DCAT-AP says with one literal: a period within a
`time:TemporalEntity`, a day as a year, a month and a day, a frequency as a number of months
(https://www.w3.org/TR/owl-time/).
"""

from collections.abc import Iterable, Mapping

from .model import Concept, Instant, Node, Period
from .namespaces import expand
from .rdf import Graph, Literal, Term, is_blank

Statements = Mapping[str, list[Term]]

DEEPEST = 4
"""Nodes within nodes that are looked into."""


def flat(graph: Graph, struct: type[Node], statements: Statements) -> Statements:
    """What is said of a node that is read as a struct, with what is nested in it said of the node itself."""
    nested = _NESTED.get(struct)
    if nested is None or not any(property in statements for property in (*nested, *_PARTS)):
        return statements
    found, kept = _gathered(graph, statements, nested)
    made: dict[str, list[Term]] = {property: list(terms) for property, terms in kept.items()}
    if struct is Concept:
        named = (term for term in found.get(_VALUE, ()) if isinstance(term, str) and not is_blank(term))
        _add(made, "skos:prefLabel", (*_texts(found, _VALUE), *named, _duration(found)))
    elif struct is Instant:
        _add(made, "time:inXSDDate", (_day(found),))
    elif day := _day(found):
        _add(made, "dcat:startDate", (day,))
        _add(made, "dcat:endDate", (day,))
    return made


def _gathered(graph: Graph, statements: Statements, nested: Iterable[str]) -> tuple[Statements, Statements]:
    """All that is said of a node and of those nested in it, and the same without what is said in parts."""
    found: dict[str, list[Term]] = {}
    waiting: list[tuple[Statements, int]] = [(statements, 0)]
    while waiting:
        said, depth = waiting.pop()
        for property, terms in said.items():
            known = found.setdefault(property, [])
            known += [term for term in terms if term not in known]
            if property in nested and depth < DEEPEST:
                waiting += [(graph.nodes[term], depth + 1) for term in terms if isinstance(term, str) and term in graph]
    return found, {property: terms for property, terms in found.items() if property not in (*nested, *_PARTS)}


def _add(statements: dict[str, list[Term]], curie: str, texts: Iterable[str]) -> None:
    if new := [Literal(text) for text in texts if text]:
        statements.setdefault(expand(curie), []).extend(new)


def _texts(statements: Statements, property: str) -> list[str]:
    return [term.value.strip() for term in statements.get(property, ()) if isinstance(term, Literal)]


def _number(statements: Statements, property: str) -> str:
    """The number of a part: `1` for "1", "1.0" and "--01" (xsd:gMonth); empty when there is none."""
    text = next(iter(_texts(statements, property)), "").lstrip("-")
    whole = text.removesuffix(".0").partition("Z")[0]
    return whole if whole.replace(".", "", 1).isdecimal() and whole.isascii() else ""


def _day(statements: Statements) -> str:
    """`2018-03-01`, `2018-03` or `2018`, as far as year, month and day are given."""
    year, month, day = (_number(statements, expand(f"time:{part}")) for part in ("year", "month", "day"))
    if not year:
        return ""
    parts = [year, *([month.zfill(2)] if month else []), *([day.zfill(2)] if month and day else [])]
    return "-".join(parts)


def _duration(statements: Statements) -> str:
    """`P1Y6M` for one year and six months, or for 1.5 of `time:unitYear`; empty when no duration is described."""
    amounts = {name: _number(statements, expand(f"time:{name}s")) for name in (*_DATE_UNITS, *_TIME_UNITS)}
    for unit in statements.get(_UNIT, ()):
        amounts[str(unit).rpartition("#unit")[2].casefold()] = _number(statements, _AMOUNT)
    dates, times = (
        "".join(f"{amount}{letter}" for name, letter in units.items() if float(amount := amounts[name] or 0))
        for units in (_DATE_UNITS, _TIME_UNITS)
    )
    return f"P{dates}{'T' if times else ''}{times}" if dates or times else ""


_DATE_UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D"}
_TIME_UNITS = {"hour": "H", "minute": "M", "second": "S"}
_VALUE = expand("rdf:value")
_UNIT, _AMOUNT = expand("time:unitType"), expand("time:numericDuration")
_PARTS = frozenset(
    {_UNIT, _AMOUNT, *(expand(f"time:{name}") for name in ("year", "month", "day", "hour", "minute", "second"))}
    | {expand(f"time:{name}s") for name in (*_DATE_UNITS, *_TIME_UNITS)}
)
_NESTED: Mapping[type[Node], frozenset[str]] = {
    Period: frozenset(map(expand, ("time:hasTime", "time:hasDateTimeDescription", "time:inDateTime"))),
    Instant: frozenset(map(expand, ("time:inDateTime", "time:hasTime", "time:hasDateTimeDescription"))),
    Concept: frozenset(
        {_VALUE, *map(expand, ("time:hasDurationDescription", "time:hasDuration", "time:hasTemporalDuration"))}
    ),
}
"""The properties by which each kind of node holds those that describe it."""
