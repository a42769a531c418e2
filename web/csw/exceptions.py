"""What is wrong with a request, as an exception report of OWS Common (OGC 05-008, 8)."""

from http import HTTPStatus

from flask import Response, current_app, request

from catalogue.search.base import BadQuery

from ..errors import translate
from ..finding.tree import Unsupported
from ..xml import tree

XML = "application/xml"


class Refusal(ValueError):
    """An exception of the service."""

    def __init__(self, code: str, locator: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.locator = code, locator


def invalid(locator: str, sentence: str) -> Refusal:
    """A parameter has a value that cannot be used."""
    return Refusal("InvalidParameterValue", locator, sentence)


def missing(locator: str) -> Refusal:
    """A parameter is needed and not there."""
    return Refusal("MissingParameterValue", locator, f"{locator} must be given.")


def refused(error: Exception) -> Response:
    """Any error as an exception report, with the status that HTTP has for it."""
    if isinstance(error, Refusal):
        return report(error, HTTPStatus.BAD_REQUEST)
    if isinstance(error, BadQuery):
        return report(invalid(error.parameter, str(error)), HTTPStatus.BAD_REQUEST)
    if isinstance(error, Unsupported):
        return report(invalid(error.parameter or "Constraint", str(error)), HTTPStatus.BAD_REQUEST)
    problem, headers = translate(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    response = report(Refusal("NoApplicableCode", "", problem.detail), problem.status)
    response.headers.update(headers)
    return response


def report(refusal: Refusal, status: int) -> Response:
    """The report of one exception."""
    top = tree.root("ows:ExceptionReport")
    top.set("version", "1.0.0")
    locator = {"locator": refusal.locator} if refusal.locator else {}
    made = tree.add(top, "ows:Exception", exceptionCode=refusal.code, **locator)
    tree.add(made, "ows:ExceptionText", str(refusal))
    response = Response(tree.document(top), status, mimetype=XML)
    response.headers["Cache-Control"] = "no-store"
    return response
