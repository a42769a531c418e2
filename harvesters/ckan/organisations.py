"""The organisations of a portal that a source is limited to: by name, id or title, and none that the portal lacks.

https://docs.ckan.org/en/2.11/api/#ckan.logic.action.get.organization_list
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dcat.near_values import near
from dcat.vocab import key

from ..base import HarvestError

Call = Callable[..., Any]
"""Asks the portal for an action; raises `HarvestError`."""

UNKNOWN = "UNKNOWN_ORGANISATION"
"""Code of the fault that the portal lacks one."""

ASKED_AT_MOST = 100
"""Requests for the titles of organisations: portals give 25 at a time."""


def named(wanted: Iterable[str], call: Call, site: str) -> list[str]:
    """The names of the organisations that are meant. Those that cannot be looked up are taken as they are; raises
    `HarvestError` with near names for one that the portal lacks."""
    wanted = list(dict.fromkeys(wanted))
    try:
        names = call("organization_list", limit=10_000)
    except HarvestError:
        return wanted
    if not isinstance(names, list) or set(wanted) <= {str(name) for name in names}:
        return wanted
    known = {key(str(name)): str(name) for name in names}
    called = list(_titles(call))
    titled = {**{key(text): name for text, name in called}, **known}
    for text in wanted:
        if key(text) not in titled:
            raise HarvestError(
                "UNKNOWN_ORGANISATION",
                f"{site} has no organisation {text!r}{near(text, {*known.values(), *dict(called)})}. Known: "
                f"{', '.join(sorted(known.values())[:20])}. Change the option `organisations` of the source.",
                site,
            )
    return list(dict.fromkeys(titled[key(text)] for text in wanted))


def _titles(call: Call) -> Iterator[tuple[str, str]]:
    """What organisations are called besides their name, and their id, with the name."""
    offset = 0
    for _ in range(ASKED_AT_MOST):
        try:
            found = call("organization_list", all_fields=True, limit=1000, offset=offset)
        except HarvestError:
            return
        if not isinstance(found, list) or not found:
            return
        offset += len(found)
        for one in found:
            if isinstance(one, Mapping) and isinstance(name := one.get("name"), str):
                texts = (one.get("title"), one.get("display_name"), one.get("id"))
                yield from ((text, name) for text in texts if isinstance(text, str) and text)
