"""CKAN packages in a document that is here already, as somebody downloaded it from an API."""

import json
from typing import Any

from ..sniff import start_of


def packages(body: bytes) -> list[dict[str, Any]]:
    """The packages: one, a list of them, or what the API answers; nothing for anything else."""
    if not start_of(body).startswith((b"{", b"[")):
        return []
    try:
        found = _listed(json.loads(body.removeprefix(b"\xef\xbb\xbf")))
    except (ValueError, RecursionError):
        return []  # RDF or nothing; whoever reads it as RDF says what is wrong with it
    return found if all(map(_is_package, found)) else []


def _listed(said: Any) -> list[Any]:
    """The list within an answer of `package_show`, `package_search` or the like; a package alone is a list of one."""
    if isinstance(said, dict) and "result" in said:
        said = said["result"]
    if isinstance(said, dict) and "results" in said:
        said = said["results"]
    return said if isinstance(said, list) else [said]


def _is_package(said: Any) -> bool:
    return isinstance(said, dict) and "resources" in said and not any(name.startswith("@") for name in said)
