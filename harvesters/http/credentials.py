"""What lets us in at a source that asks who we are. It goes to that source's own server and nowhere else.

The client adds it where a request is sent, so that no kind of source, address, message or log ever holds it.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import msgspec

from .addresses import origin

EXAMPLES = {
    "basic": '{"basic": "user:password"}',
    "bearer": '{"bearer": "…"}',
    "ckan": '{"ckan": "…"}',
    "header": '{"header": {"X-API-Key": "…"}}',
    "query": '{"query": {"apikey": "…"}}',
}
"""How credentials are written, by form; `ckan` is the key of a user of a CKAN portal, of any version."""

FORMS = f"{', '.join([*EXAMPLES.values()][:-1])} or {EXAMPLES['query']}"

CKAN_FIELDS = ("Authorization", "X-CKAN-API-Key")
"""Where CKAN looks for the key of a user: since 2.10, and before.
https://docs.ckan.org/en/2.11/api/#authentication-and-api-tokens"""

HIDDEN = "•••"
"""What stands in a text in place of a secret."""

SHORTEST_HIDDEN = 4
"""Characters of the shortest secret that is looked for in texts: a shorter one stands in half of all words."""

SHORTEST_HIDDEN_IN_DATA = 12
"""The same in what a server answers: there, a short password is some word of the data."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNSENDABLE = re.compile(r"[^\x21-\x7e]")
_UNSENDABLE_FIELD = re.compile(r"[^\x20-\x7e]")
_OURS = frozenset({"host", "accept", "accept-encoding", "user-agent", "connection", "content-length", "cookie", "te"})
"""Header fields that no credential may replace."""


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """Header fields and parameters that a source wants to see."""

    address: str
    """An address on the only server that may see them (scheme, host and port)."""
    headers: dict[str, str] = {}
    query: dict[str, str] = {}

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Credentials(address={self.address!r}, {', '.join((*self.headers, *self.query))})"

    def belong_to(self, url: str) -> bool:
        """True for an address on the server that they are for."""
        return origin(url) == origin(self.address)

    def on(self, url: str) -> str:
        """An address as it is sent: with the secret parameters."""
        return _with_query(url, [*_without(url, self.query), *self.query.items()]) if self.query else url

    def off(self, url: str) -> str:
        """An address as it may be told: without the secret parameters, which paging links of sources repeat."""
        names = {name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
        return _with_query(url, _without(url, self.query)) if names & self.query.keys() else url

    def hide(self, text: str) -> str:
        """A text in which no secret stands any more."""
        for secret in self._secrets(SHORTEST_HIDDEN):
            text = text.replace(secret, HIDDEN)
        return text

    def hide_in(self, body: bytes) -> bytes:
        """The same of what a server answered: some repeat in links, or in errors, what they were asked with."""
        for secret in self._secrets(SHORTEST_HIDDEN_IN_DATA):
            body = body.replace(secret.encode(), HIDDEN.encode())
        return body

    def _secrets(self, shortest: int) -> list[str]:
        """Each secret in the forms in which it may be repeated, the longest first."""
        words = [*self.query.values(), *self.headers.values()]
        words += [word for value in self.headers.values() for word in _within(value)]
        found = {form for word in words for form in _forms(word) if len(form) >= shortest}
        return sorted(found, key=len, reverse=True)


def parse(said: Mapping[str, Any], address: str) -> Credentials:
    """Credentials as an operator writes them (`FORMS`), for the server of an address.

    Raises `ValueError` with a sentence that does not repeat them.
    """
    if not said or set(said) - EXAMPLES.keys() or len(said.keys() & {"basic", "bearer", "ckan"}) > 1:
        raise ValueError(f"Credentials are written as {FORMS}.")
    headers = _named(said.get("header", {}), "header")
    if bad := [name for name in headers if not _TOKEN.fullmatch(name) or name.lower() in _OURS]:
        raise ValueError(f"{bad[0]!r} is no header field that a source may ask for.")
    for scheme in ("bearer", "basic"):
        if scheme in said:
            headers["Authorization"] = _authorization(scheme, said[scheme])
    if "ckan" in said:
        headers |= dict.fromkeys(CKAN_FIELDS, _key("ckan", said["ckan"]))
    return Credentials(address=address, headers=headers, query=_named(said.get("query", {}), "query"))


def shown(said: Mapping[str, Any]) -> str:
    """What may be told of credentials that were parsed: their form, with the names and without what is secret."""
    return ", ".join(f"{form} {', '.join(of)}" if isinstance(of, Mapping) else form for form, of in said.items())


def _authorization(scheme: str, secret: Any) -> str:
    if scheme == "bearer":
        return f"Bearer {_key(scheme, secret)}"
    if not isinstance(secret, str) or ":" not in secret.strip(":"):
        raise ValueError("basic: expected user and password with a colon between.")
    return f"Basic {b64encode(secret.encode()).decode()}"


def _key(form: str, secret: Any) -> str:
    if not isinstance(secret, str) or not secret.strip():
        raise ValueError(f"{form}: expected a text that is not empty.")
    if _UNSENDABLE.search(secret):
        raise ValueError(f"{form}: a key has neither blanks nor letters with accents.")
    return secret


def _forms(word: str) -> tuple[str, ...]:
    """A secret as it is, in an address, and in JSON of servers that escape slashes."""
    return word, quote(word, safe=""), word.replace("/", "\\/")


def _within(value: str) -> list[str]:
    """What a header field holds that is secret by itself: a key after its scheme, a password."""
    scheme, _, key = value.partition(" ")
    if scheme != "Basic" or not key:
        return [key]
    user_and_password = b64decode(key).decode()
    return [key, user_and_password, user_and_password.partition(":")[2]]


def _named(said: Any, place: str) -> dict[str, str]:
    pairs = list(said.items()) if isinstance(said, Mapping) else [("", "")]
    if not all(isinstance(value, str) and value and name for name, value in pairs):
        raise ValueError(f"{place}: expected names with their values, both texts that are not empty.")
    if any(_UNSENDABLE_FIELD.search(value) for value in said.values()):
        raise ValueError(f"{place}: a value has neither control characters nor letters with accents.")
    return dict(said)


def _without(url: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return [(name, value) for name, value in pairs if name not in names]


def _with_query(url: str, pairs: list[tuple[str, str]]) -> str:
    return urlunsplit(urlsplit(url)._replace(query=urlencode(pairs)))
