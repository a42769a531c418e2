"""Query → Results: the seam (`base`), what can be filtered (`facets`), what words mean (`language`), the engines.

Nothing is known here of the store, of RDF or of who asks."""

from collections.abc import Callable

from ..errors import SettingsError
from ..settings import Settings
from .base import SearchIndex


def _embedded(settings: Settings) -> SearchIndex:
    from .embedded.index import EmbeddedIndex  # noqa: PLC0415 - an engine is loaded when it is used

    return EmbeddedIndex(settings.data_dir / "search")


def _elastic(settings: Settings) -> SearchIndex:
    from .elastic.index import ElasticIndex  # noqa: PLC0415 - as above

    return ElasticIndex(settings.search_url)


BACKENDS: dict[str, Callable[[Settings], SearchIndex]] = {
    "embedded": _embedded,
    "http": _elastic,
    "https": _elastic,
}
"""Scheme of `search_url` → how its engine is opened."""


def open_index(settings: Settings) -> SearchIndex:
    """The index that the settings name. Makes nothing: `rebuild` does. Raises `SettingsError`."""
    scheme = settings.search_url.partition(":")[0]
    if scheme not in BACKENDS:
        raise SettingsError(f"search_url: {settings.search_url!r} must begin with one of {', '.join(BACKENDS)}.")
    return BACKENDS[scheme](settings)
