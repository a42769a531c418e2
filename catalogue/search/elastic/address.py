"""The address of an Elasticsearch server, as the settings have it."""

import re
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from ...errors import SettingsError


class Address(NamedTuple):
    """Where the server is and who we are to it."""

    host: str
    """Without user and password, so that it can be shown."""
    prefix: str
    user: tuple[str, str] | None
    api_key: str | None
    ca_certs: str | None
    shards: int


PORT = 9200
MOST_SHARDS = 1024
"""What Elasticsearch allows."""

_OPTIONS = {"api_key", "ca_certs", "shards"}
_LIKE = "search_url must be like https://host:9200/prefix; a prefix has small letters, digits and -."


def address(url: str) -> Address:
    """Reads `search_url`. Raises `SettingsError`."""
    try:
        parts = urlsplit(url)
    except ValueError as error:  # brackets without an IPv6 address in them
        raise SettingsError(_LIKE) from error
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    prefix = parts.path.strip("/")
    if not parts.hostname or not re.fullmatch(r"[a-z][a-z0-9-]*", prefix):
        raise SettingsError(_LIKE)
    if unknown := set(options) - _OPTIONS:
        raise SettingsError(f"search_url: {min(unknown)!r} is none of the options {', '.join(sorted(_OPTIONS))}.")
    user = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Address(_host(parts), prefix, user, options.get("api_key"), options.get("ca_certs"), _shards(options))


def _host(parts: SplitResult) -> str:
    name = parts.hostname or ""
    try:
        port = PORT if parts.port is None else parts.port
    except ValueError as error:
        raise SettingsError("search_url: the port must be a number from 1 to 65535.") from error
    if not port:
        raise SettingsError("search_url: the port must be a number from 1 to 65535.")
    return f"{parts.scheme}://{f'[{name}]' if ':' in name else name}:{port}"


def _shards(options: dict[str, str]) -> int:
    said = options.get("shards", "1")
    if not re.fullmatch(r"[0-9]{1,4}", said) or not 1 <= int(said) <= MOST_SHARDS:
        raise SettingsError(f"search_url: shards must be a number from 1 to {MOST_SHARDS}, not {said!r}.")
    return int(said)
