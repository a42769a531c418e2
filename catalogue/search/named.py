"""What an entry may be named by when a whole query names it: its title, an identifier, the address of a page of it."""

import re
from collections.abc import Iterator

from .language.analysis import key

_DOI = re.compile(
    r"(?:(?:https?://)?(?:dx\.)?doi\.org/|(?:https?://)?hdl\.handle\.net/|doi[: ] *)?(10\.\d{4,9}/\S+)", re.IGNORECASE
)
_DOI_FORMS = ("", "doi:", "https://doi.org/", "http://doi.org/", "http://dx.doi.org/", "https://dx.doi.org/")
"""How sources write one (https://www.doi.org/doi-handbook/, 3.2 and 3.8)."""
_UUID = re.compile(r"(?:urn:uuid:|\{)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?", re.IGNORECASE)
_UUID_FORMS = ("", "urn:uuid:")
"""RFC 9562, section 4."""
_ADDRESS = re.compile(r"(?:https?://)?([\w-]+(?:\.[\w-]+)+/[^\s?#]+)(?:[?#]\S*)?", re.IGNORECASE)
_OF_PAGE = re.compile(r"(?:.*\S)(?= \| )|(?:.*\S)(?= [-–—·] (?:[\w-]+\.)+\w{2,}$)")
"""A title before the name of its site, as browsers and search engines show both."""


def keys(text: str) -> tuple[str, ...]:
    """The terms of `exact` that a text may stand for."""
    return tuple(dict.fromkeys(filter(None, map(key, _names(text.strip())))))


def _names(text: str) -> Iterator[str]:
    yield text
    if found := _DOI.fullmatch(text):
        yield from (f"{form}{found[1]}" for form in _DOI_FORMS)
    elif found := _UUID.fullmatch(text):
        yield from (f"{form}{found[1]}" for form in _UUID_FORMS)
    elif found := _ADDRESS.fullmatch(text):
        yield from (f"{scheme}{found[1]}" for scheme in ("https://", "http://"))
        yield found[1].rstrip("/").rpartition("/")[2]
    elif found := _OF_PAGE.match(text):
        yield found[0]
