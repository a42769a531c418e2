"""Names that hold a saint, as people shorten them: `St-Gilles`, `Woluwe St. Lambert`."""

import re
from collections.abc import Mapping

_SHORT = {"Saint": "St", "Sainte": "Ste", "Sint": "St", "Sankt": "St"}
_SAINT = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b(?=[- ])")


def with_short_names(labels: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Names by language, and behind those of each language the short ones."""
    return {language: tuple(dict.fromkeys((*names, *map(_shortened, names)))) for language, names in labels.items()}


def _shortened(name: str) -> str:
    return _SAINT.sub(lambda saint: _SHORT[saint[0]], name)
