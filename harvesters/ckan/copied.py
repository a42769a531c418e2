"""Which portal a page of CKAN belongs to, and which of its packages somebody means who copies its address."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from ..base import Place

_PAGE = re.compile(
    r"(?P<base>.*?)(?:/(?P<page>dataset|organization|group|api)(?:/(?P<name>[^/]+))?(?:/.*)?)?/?\Z", re.IGNORECASE
)
_LANGUAGE = re.compile(r"/[a-z]{2}(?:_[A-Za-z]{2,4})?\Z")
_OUR_LANGUAGE = re.compile(r"/(?:fr|nl|de|en)\Z")
_NOT_NAMES = frozenset({"", "about", "activity", "new", "edit", "members", "bulk_process"})


def places(url: str) -> Iterator[Place]:
    """The portals that a page may belong to, the most likely first: without the language in the address, with it, and
    the folders above."""
    parts = urlsplit(url.strip())
    found = _PAGE.fullmatch(parts.path)
    base = found["base"] if found else parts.path
    config, page = _meant(found["page"] or "", unquote(found["name"] or ""), parts.query) if found else ({}, "")
    paths = [_OUR_LANGUAGE.sub("", base), base, _LANGUAGE.sub("", base)]
    while paths[-1].strip("/"):
        paths.append(paths[-1].rpartition("/")[0])
    for path in dict.fromkeys(path.rstrip("/") for path in paths):
        yield Place(parts._replace(path=path, query="", fragment="").geturl(), config, page)


def _meant(page: str, name: str, query: str) -> tuple[dict[str, object], str]:
    """The options that read what a page shows, and what the page is."""
    asked = {key: values[0] for key, values in parse_qs(query).items()}
    if page.lower() == "organization" and name.lower() not in _NOT_NAMES:
        return {"organisations": [name]}, f"the page of organisation {name!r}"
    if page.lower() == "group" and name.lower() not in _NOT_NAMES:
        return {"filter": f'groups:"{_quoted(name)}"'}, f"the page of group {name!r}"
    if organisation := asked.get("organization"):
        return {"organisations": [organisation]}, f"a list of the datasets of organisation {organisation!r}"
    if group := asked.get("groups"):
        return {"filter": f'groups:"{_quoted(group)}"'}, f"a list of the datasets of group {group!r}"
    return {}, "a page" if page and page.lower() != "api" else ""


def _quoted(name: str) -> str:
    return name.replace("\\", "").replace('"', "")
