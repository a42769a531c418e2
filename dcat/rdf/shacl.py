"""The one door to pyshacl, which is installed with `pip install pyshacl`.

https://www.w3.org/TR/shacl/#validation-report
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import rdflib
from rdflib import OWL, RDF, SH

from ..namespaces import compact
from .graph import Triple
from .public import to_graph


class ShapesError(ValueError):
    """Shapes cannot be used; the text is a sentence."""


class Result(NamedTuple):
    """One result of a validation, as SHACL has it; names are short forms such as `dct:title`."""

    severity: str
    """`Violation`, `Warning` or `Info`."""
    target: str
    """The class that the shape is about; empty when it names none."""
    focus: str
    """The node that is at fault; empty for one without IRI."""
    path: str
    """The property; empty when the node itself is at fault."""
    constraint: str
    """What is not fulfilled, such as `MinCount`."""
    wanted: str
    """What it asks for: a number, a class, a datatype, a pattern."""
    value: str
    """The value that is at fault."""
    message: str
    """What the shape itself says."""
    shape: str
    """IRI of the shape; empty when it has none."""


def validate(data: Iterable[Triple], shapes: Iterable[Triple]) -> list[Result]:
    """Everything that the shapes find in the data. Nothing is fetched and nothing inferred.

    Raises `ShapesError` when pyshacl is not installed, or cannot use the shapes.
    """
    try:
        import pyshacl  # noqa: PLC0415 (an extra: what does not check with shapes does without it)
    except ImportError as error:
        raise ShapesError("Checking with shapes needs pyshacl, which is not installed: pip install pyshacl") from error
    wanted = _usable(to_graph(shapes))
    try:
        _, report, text = pyshacl.validate(
            to_graph(data), shacl_graph=wanted, inplace=True, allow_warnings=True, do_owl_imports=False
        )
    except Exception as error:  # pyshacl has a dozen classes of its own for shapes that it cannot use, and bugs besides
        raise ShapesError(f"The shapes cannot be used: {error}") from error
    finally:
        rdflib.NORMALIZE_LITERALS = False  # as `dcat.rdf` sets it; pyshacl switches it on when it has done
    if not isinstance(report, rdflib.Graph):
        raise ShapesError(f"The shapes cannot be used: {text}")
    owners = {shape: owner for owner, shape in wanted.subject_objects(SH.property)}
    return sorted(_result(report, node, wanted, owners) for node in set(report.objects(None, SH.result)))


def _usable(shapes: rdflib.Graph) -> rdflib.Graph:
    """The shapes without what stops pyshacl in the official files: imports, and property shapes that are not there."""
    if not any(shapes.subjects(SH.targetClass | SH.targetNode | SH.targetSubjectsOf | SH.targetObjectsOf)):
        raise ShapesError("The file holds no SHACL shapes with a target.")
    shapes.remove((None, OWL.imports, None))
    for owner, shape in list(shapes.subject_objects(SH.property)):
        if (shape, SH.path, None) not in shapes:
            shapes.remove((owner, SH.property, shape))
    return shapes


def _result(report: rdflib.Graph, node: rdflib.term.Node, shapes: rdflib.Graph, owners: dict[Any, Any]) -> Result:
    shape = report.value(node, SH.sourceShape)
    owner = owners.get(shape, shape)
    constraint = _last(report.value(node, SH.sourceConstraintComponent)).removesuffix("ConstraintComponent")
    targets = sorted(compact(str(target)) for target in shapes.objects(owner, SH.targetClass))
    return Result(
        severity=_last(report.value(node, SH.resultSeverity)),
        target=", ".join(targets),
        focus=_said(report.value(node, SH.focusNode)),
        path=_path(report, report.value(node, SH.resultPath)),
        constraint=constraint,
        wanted=_named(shapes.value(shape, rdflib.URIRef(f"{SH}{constraint[:1].lower()}{constraint[1:]}"))),
        value=_said(report.value(node, SH.value)),
        message=" ".join(sorted(str(text) for text in shapes.objects(shape, SH.message))),
        shape=next((str(one) for one in (shape, owner) if isinstance(one, rdflib.URIRef)), ""),
    )


def _last(term: object) -> str:
    return str(term or "").rpartition("#")[2]


def _said(term: object) -> str:
    """An IRI or a text; nothing for what has no name."""
    return str(term) if isinstance(term, rdflib.URIRef | rdflib.Literal) else ""


def _named(term: object) -> str:
    """The same with short forms of IRIs, such as `dct:title`."""
    return compact(str(term)) if isinstance(term, rdflib.URIRef) else _said(term)


_STEPS = {
    SH.inversePath: "^{}",
    SH.zeroOrMorePath: "{}*",
    SH.oneOrMorePath: "{}+",
    SH.zeroOrOnePath: "{}?",
}


def _path(report: rdflib.Graph, path: rdflib.term.Node | None) -> str:
    """A property path as SPARQL writes it."""
    if not isinstance(path, rdflib.BNode):
        return _named(path)
    if (path, RDF.first, None) in report:
        return "/".join(_path(report, step) for step in report.items(path))
    for property, written in _STEPS.items():
        if (step := report.value(path, property)) is not None:
            return written.format(_path(report, step))
    if (choice := report.value(path, SH.alternativePath)) is not None:
        return "|".join(_path(report, step) for step in report.items(choice))
    return ""
