"""The quality of a description in RDF: its score as measurements, its findings as annotations.

DQV: https://www.w3.org/TR/vocab-dqv/. Metrics are those that data.europa.eu's own assessment publishes its scores by
(https://piveau.eu/ns/voc#), as far as all that they count was measured; what was measured in part is a value of a
metric of ours, which is described beside it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from .findings import Finding, Severity
from .messages import RULES, explain
from .model import Annotation, Integer, Iri, Measurement, Metric, Shape, Text, Texts
from .namespaces import expand
from .our_languages import OUR_LANGUAGES
from .quality import Score
from .vocab import table

PIVEAU = "https://piveau.eu/ns/voc#"
"""Namespace of the metrics of data.europa.eu."""
TOTAL = "score"
"""Code of the metric that counts all points."""
MOST_ANNOTATIONS = 5
"""Remarks that a record carries: the worst; our JSON and pages have all."""
ELIDED = "…"
"""Stands for the value in what is said of many records; each gives its own beside it."""

_SEVERITIES = {Severity.VIOLATION: Iri(expand("sh:Violation")), Severity.WARNING: Iri(expand("sh:Warning"))}
"""Remarks that are published; the others tell what was repaired, and ask nothing of anybody."""
_NUMBER = re.compile(r"\[\d+\]")


def measurements(score: Score, on: Iri, base: str, site_url: str) -> tuple[Measurement, ...]:
    """The points of all and of each of the five aspects. `base`: IRI of what they are kept with."""
    found = (
        Measurement(
            iri=Iri(f"{base}#{'quality' if code == TOTAL else code}"),
            computed_on=on,
            metric=_metric(code, "" if not unmeasured else site_url),
            value=Integer(str(points)),
        )
        for code, points, unmeasured in _values(score)
    )
    return tuple(sorted(found, key=lambda one: one.iri or ""))


@lru_cache(maxsize=4_096)
def _values(score: Score) -> tuple[tuple[str, int, int], ...]:
    """Code, points and points that nobody measured, of all and of each aspect: many datasets score alike."""
    aspects = ((one.code, one.points, one.unmeasured) for one in score.dimensions)
    return ((TOTAL, score.points, score.unmeasured), *aspects)


@lru_cache(maxsize=64)
def _metric(code: str, site_url: str) -> Metric:
    """What a number of points is a value of: a metric of data.europa.eu, or of ours at a site."""
    row = next(row for row in table("dimension") if row["code"] == code)
    european = Iri(PIVEAU + ("scoring" if code == TOTAL else f"{code}Scoring"))
    return Metric(
        iri=Iri(f"{site_url}/id/metric/{code}") if site_url else european,
        labels=_texts(row),
        definition=_texts(row, "definition_") if site_url else (),
        dimension=None if code == TOTAL else Iri(PIVEAU + code),
        data_type=Iri(expand("xsd:nonNegativeInteger")),
    )


def _texts(row: dict[str, str], prefix: str = "") -> Texts:
    return tuple(Text(row[prefix + language], language) for language in sorted(OUR_LANGUAGES))


def annotations(findings: Iterable[Finding], on: Iri, base: str, site_url: str) -> tuple[Annotation, ...]:
    """What could be better, the worst first: one remark for each cause, whichever of the files it was found on."""
    causes: dict[tuple[str, str], str] = {}
    for one in findings:
        if RULES[one.rule].severity in _SEVERITIES:
            causes.setdefault((one.rule, _NUMBER.sub("", one.field)), one.value)
    order = list(Severity)
    worst = sorted(causes, key=lambda cause: order.index(RULES[cause[0]].severity))[:MOST_ANNOTATIONS]
    return tuple(
        Annotation(
            iri=Iri(f"{base}#remark-{number}"),
            target=on,
            body=_body(rule, field, site_url),
            value=(Text(causes[rule, field]),) if causes[rule, field] else (),
        )
        for number, (rule, field) in enumerate(worst, start=1)
    )


def shapes(findings: Iterable[Finding], site_url: str) -> tuple[Shape, ...]:
    """The rules that findings say are broken, each once, in order of IRI."""
    broken = {(one.rule, _NUMBER.sub("", one.field)) for one in findings if RULES[one.rule].severity in _SEVERITIES}
    return tuple(sorted((_body(rule, field, site_url) for rule, field in broken), key=lambda one: one.iri or ""))


@lru_cache(maxsize=1024)
def _body(rule: str, field: str, site_url: str) -> Shape:
    """What is the matter with a field, the same for every record."""
    general = Finding(rule, "", field, ELIDED)
    step = f"/{quote(field, safe=':/')}" if field else ""
    return Shape(
        iri=Iri(f"{site_url}/id/remark/{rule}{step}"),
        messages=tuple(Text(explain(general, language).message, language) for language in sorted(OUR_LANGUAGES)),
        severity=_SEVERITIES[RULES[rule].severity],
        path=_property(field),
    )


def _property(field: str) -> Iri | None:
    """The property at the end of a path; None for a source's own field."""
    try:
        return Iri(expand(field.rpartition("/")[2]))
    except KeyError:
        return None
