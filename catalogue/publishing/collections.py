"""Collections: entries that meet criteria which everybody can read, as a table that is written by hand.

The table is `collections.toml` beside this file; the setting `collections` names another one. Each criterion is a
filter of the search, so a collection is never more than its criteria say.
"""

import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

import msgspec

from dcat.our_languages import OUR_LANGUAGES

from ..errors import SettingsError, found
from ..search.base import BadQuery
from ..search.facets import FACETS
from ..search.params import query_from_params
from ..settings import Settings

BUNDLED = Path(__file__).parent / "collections.toml"


class Collection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Entries that meet criteria."""

    name: str
    """Last step of its address."""
    query: str
    """Its criteria, as filters of the search in an address."""
    title: dict[str, str]
    about: dict[str, str]
    """In one sentence; by language, as the title."""

    @property
    def criteria(self) -> tuple[tuple[str, str], ...]:
        """Its filters, each with one value."""
        return tuple(parse_qsl(self.query))


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    collection: list[Collection] = []


def collections(settings: Settings) -> tuple[Collection, ...]:
    """All of them, in the order of the table. Raises `SettingsError` for a table that cannot be used."""
    return _read(Path(settings.collections) if settings.collections else BUNDLED)


def named(settings: Settings, name: str) -> Collection:
    """One of them; raises `NotFound`."""
    return found(next((one for one in collections(settings) if one.name == name), None), f"collection named {name!r}")


@cache
def _read(file: Path) -> tuple[Collection, ...]:
    try:
        table = msgspec.convert(tomllib.loads(file.read_text("utf-8")), _Table)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"collections: {file} cannot be used: {error}") from error
    for one in table.collection:
        _check(one)
    return tuple(table.collection)


def _check(one: Collection) -> None:
    """Raises `SettingsError` when a collection lacks words or has a criterion that is no filter."""
    for words in (one.title, one.about):
        if lacking := [lang for lang in OUR_LANGUAGES if not words.get(lang)]:
            raise SettingsError(f"collections: {one.name!r} has no words in {', '.join(lacking)}.")
    if strangers := {name for name, _ in one.criteria} - FACETS.keys():
        raise SettingsError(f"collections: {one.name!r} filters by {', '.join(sorted(strangers))}, which is no facet.")
    try:
        query_from_params(list(one.criteria), OUR_LANGUAGES[0], ())
    except BadQuery as error:
        raise SettingsError(f"collections: {one.name!r}: {error}") from error
