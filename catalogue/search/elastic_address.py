"""The address of an Elasticsearch server, as the settings have it."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from catalogue.errors import SettingsError


class Address(NamedTuple):
    """Where the server is and who we are to it."""

    host: str
    """Without user and password, so that it can be shown."""
    prefix: str
    user: tuple[str, str] | None
    api_key: str | None
    ca_certs: str | None
    shards: int


_OPTIONS = {"api_key", "ca_certs", "shards"}


def address(url: str) -> Address:
    """Reads `search_url`. Raises `SettingsError`."""
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    prefix = parts.path.strip("/")
    if not parts.hostname or not re.fullmatch(r"[a-z][a-z0-9-]*", prefix):
        raise SettingsError(
            "search_url must be like https://host:9200/prefix; a prefix has small letters, digits and -."
        )
    if unknown := set(options) - _OPTIONS:
        raise SettingsError(f"search_url: {min(unknown)!r} is none of the options {', '.join(sorted(_OPTIONS))}.")
    if not options.get("shards", "1").isdecimal():
        raise SettingsError(f"search_url: shards must be a number, not {options['shards']!r}.")
    user = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    host = f"{parts.scheme}://{parts.hostname}:{parts.port or 9200}"
    return Address(host, prefix, user, options.get("api_key"), options.get("ca_certs"), int(options.get("shards", "1")))
