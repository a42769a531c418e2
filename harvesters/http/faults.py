"""What the faults of the network libraries mean for people."""

import requests
import urllib3.exceptions

from ..errors import HarvestError
from .addresses import refusal
from .guard import Deadline


def out_of_time(url: str, deadline: Deadline) -> HarvestError:
    return HarvestError(
        "DEADLINE",
        f"{url} was not complete after {deadline.seconds:.0f} seconds. "
        "Give it more time with the option `deadline`, in seconds, or ask the source why it is slow.",
        url,
    )


# In this order: urllib3 calls a name that does not resolve, and a connection that is refused, time-outs as well.
_REASONS: tuple[tuple[type[BaseException], str, str], ...] = (
    (requests.exceptions.SSLError, "TLS", "has no valid certificate or speaks no usable TLS"),
    (urllib3.exceptions.SSLError, "TLS", "broke the TLS connection"),
    (requests.exceptions.Timeout, "TIMEOUT", "did not answer in time"),
    (urllib3.exceptions.NameResolutionError, "UNREACHABLE", "has a host name that does not exist or does not resolve"),
    (urllib3.exceptions.NewConnectionError, "UNREACHABLE", "could not be connected to"),
    (urllib3.exceptions.TimeoutError, "TIMEOUT", "stopped answering"),
    (urllib3.exceptions.IncompleteRead, "BROKEN_OFF", "ended before its announced length"),
    (urllib3.exceptions.ProtocolError, "BROKEN_OFF", "broke off or answered what is not HTTP"),
)


def explain(error: BaseException, url: str, deadline: Deadline) -> HarvestError:
    """What a fault of the libraries means for people."""
    if deadline.passed:
        return out_of_time(url, deadline)
    seen: BaseException | None = error
    while seen is not None:
        for kind, code, words in _REASONS:
            if isinstance(seen, kind):
                return HarvestError(code, f"{url} {words}.", url)
        seen = _cause(seen)
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, ValueError)):
        return refusal(url)
    return HarvestError("UNREACHABLE", f"{url} could not be fetched ({type(error).__name__}).", url)


def _cause(error: BaseException) -> BaseException | None:
    """What lies under an error of requests: urllib3's own is its argument or its reason."""
    reason = getattr(error, "reason", None)
    for inner in (reason, *error.args):
        if isinstance(inner, BaseException):
            return inner
    return None
