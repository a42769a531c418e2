"""What the faults of the network libraries mean for people."""

import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions

from ..errors import HarvestError
from .addresses import refusal
from .guard import Deadline

_SLOW = "Give it more time with the option `deadline`, in seconds, or ask the source why it is slow"

_NOBODY = "Nothing answers at that port, or a firewall is in between. Check the address, or ask the source"
_NAME = "Check the address for a slip"
_HTTPS = "Check whether its address begins with http or https, or ask the source to look at its server"
_AGAIN = (
    "Try again; when it stays so, check the address (http or https, the port), or ask the source to look at its server"
)


def out_of_time(url: str, deadline: Deadline) -> HarvestError:
    return HarvestError(
        "DEADLINE",
        f"{url} was not complete after {deadline.seconds:.0f} seconds. {_SLOW}.",
        url,
    )


# In this order: urllib3 calls a name that does not resolve, and a connection that is refused, time-outs as well.
_REASONS: tuple[tuple[type[BaseException], str, str], ...] = (
    (requests.exceptions.SSLError, "TLS", f"speaks no TLS that we can use. {_HTTPS}"),
    (urllib3.exceptions.SSLError, "TLS", f"broke the TLS connection. {_HTTPS}"),
    (requests.exceptions.Timeout, "TIMEOUT", f"did not answer in time. {_SLOW}"),
    (
        urllib3.exceptions.NameResolutionError,
        "UNREACHABLE",
        f"has a host name that does not exist or does not resolve. {_NAME}",
    ),
    (urllib3.exceptions.NewConnectionError, "UNREACHABLE", f"could not be connected to. {_NOBODY}"),
    (urllib3.exceptions.TimeoutError, "TIMEOUT", f"stopped answering. {_SLOW}"),
    (urllib3.exceptions.IncompleteRead, "BROKEN_OFF", f"ended before its announced length. {_AGAIN}"),
    (urllib3.exceptions.InvalidHeader, "BROKEN_OFF", f"says two lengths of one answer. {_AGAIN}"),
    (urllib3.exceptions.ProtocolError, "BROKEN_OFF", f"broke off or answered what is not HTTP. {_AGAIN}"),
)


# The numbers that OpenSSL gives: https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/
_CERTIFICATES: dict[int, tuple[str, str]] = {
    9: ("TLS_EXPIRED", "has a certificate that is not valid yet. The source must mend it, or our clock is wrong"),
    10: ("TLS_EXPIRED", "has a certificate that has expired. The source must renew it"),
    18: ("TLS_ISSUER", "has a certificate that it signed itself. The source needs one of a known issuer"),
    62: ("TLS_NAME", "has a certificate for another name. Check the address, or ask the source to have its name added"),
    64: ("TLS_NAME", "has a certificate that does not name this number. Give the host by its name"),
}
_CHAIN = "Often the source does not send the certificates in between: ask it to send the whole chain"
_UNKNOWN_ISSUER = ("TLS_ISSUER", f"has a certificate of an issuer that we do not know. {_CHAIN}")


def explain(error: BaseException, url: str, deadline: Deadline) -> HarvestError:
    """What a fault of the libraries means for people."""
    if deadline.passed:
        return out_of_time(url, deadline)
    if certificate := next((one for one in _causes(error) if isinstance(one, ssl.SSLCertVerificationError)), None):
        code, words = _CERTIFICATES.get(certificate.verify_code, _UNKNOWN_ISSUER)
        return HarvestError(code, f"{url} {words}.", url)
    for seen in _causes(error):
        for kind, code, words in _REASONS:
            if isinstance(seen, kind):
                return HarvestError(code, f"{url} {words}.", url)
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, ValueError)):
        return refusal(url)
    return HarvestError("UNREACHABLE", f"{url} could not be fetched ({type(error).__name__}).", url)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, what lies under it, and so on."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = _cause(seen)


def _cause(error: BaseException) -> BaseException | None:
    """What lies under an error of requests: urllib3's own is its argument or its reason."""
    reason = getattr(error, "reason", None)
    for inner in (reason, *error.args):
        if isinstance(inner, BaseException):
            return inner
    return None
