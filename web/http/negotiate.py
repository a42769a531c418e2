"""Which representation and which language a request gets (RFC 9110, section 12)."""

from collections.abc import Sequence

from flask import request
from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.exceptions import NotAcceptable

from ..current import settings

HTML = "text/html"


def media_type(offered: Sequence[str]) -> str:
    """The offered media type that the request likes best; the earlier one of equals.

    The most specific range decides about a type, so `text/html;q=0, */*` refuses HTML; parameters of a range (charset,
    profile) are no reason to refuse. Raises `NotAcceptable` that lists what there is.
    """
    accept = MIMEAccept([(range_.partition(";")[0].strip(), q) for range_, q in request.accept_mimetypes])
    if not accept:
        return offered[0]
    best = max(offered, key=accept.quality)
    if accept.quality(best) <= 0:
        raise NotAcceptable(f"This address is available as {', '.join(dict.fromkeys(offered))}.")
    return best


def language() -> str:
    """The reader's language among those offered; the first of them when there is no match."""
    return match_language() or settings().languages[0]


def match_language() -> str:
    """The reader's language among those offered; empty when the request names none of them."""
    accept = LanguageAccept([(tag.partition("-")[0].lower(), q) for tag, q in request.accept_languages])
    best = max(settings().languages, key=accept.quality)
    return best if accept.quality(best) > 0 else ""
