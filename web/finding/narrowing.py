"""A filter expression as parameters of our own search.

Within a filter any value counts, between filters all: so an OR stands between values of one property only, and NOT
before a property whose values are few and known.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from catalogue.search.facets import TYPES

from .tree import AllOf, AnyOf, During, Equal, Expression, Like, Not, Overlaps, Since, Unsupported

Pairs = list[tuple[str, str]]

WORDS = "q"


class Names(NamedTuple):
    """What a language calls the things that can be searched by; names in small letters, without prefix."""

    equal: Mapping[str, tuple[str, Callable[[str], str]]]
    """Property → our filter, and how a value is written there."""
    words: frozenset[str]
    """Properties that stand for all texts of an entry."""
    boxes: frozenset[str]
    periods: frozenset[str]
    changed: frozenset[str]
    """Properties that say when a record last changed."""

    def known(self) -> str:
        """All of them, for a sentence."""
        return ", ".join(sorted({*self.equal, *self.words, *self.boxes, *self.periods, *self.changed}))


def pairs(expression: Expression, names: Names) -> Pairs:
    """The parameters of our search that say the same. Raises `Unsupported`."""
    found: dict[str, list[str]] = {}
    for part in _conjuncts(expression):
        filter, values = _condition(part, names)
        if filter in found and filter != WORDS:
            raise Unsupported(f"A filter narrows by {filter} once; with OR or IN it takes any of several values.")
        found.setdefault(filter, []).extend(values)
    if WORDS in found:
        found[WORDS] = [" ".join(found[WORDS])]
    return [(filter, value) for filter, values in found.items() for value in values]


def both(*groups: Pairs) -> Pairs:
    """All of these at once. Raises `Unsupported` when two narrow by the same filter, of which our search would take
    either."""
    words = [value for group in groups for name, value in group if name == WORDS]
    others = [[pair for pair in group if pair[0] != WORDS] for group in groups]
    names = [name for group in others for name in dict(group)]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise Unsupported(f"Something narrows by {', '.join(sorted(doubled))} once, here or in the filter.")
    return [*([(WORDS, " ".join(words))] if words else []), *(pair for group in others for pair in group)]


def _conjuncts(expression: Expression) -> Iterable[Expression]:
    if isinstance(expression, AllOf):
        for part in expression.parts:
            yield from _conjuncts(part)
    else:
        yield expression


def _condition(part: Expression, names: Names) -> tuple[str, list[str]]:
    """One filter of ours with its values."""
    match part:
        case AnyOf():
            found = _alternatives(part, names)
        case Not():
            found = _complement(part.part, names)
        case Equal():
            found = _equal(part, names)
        case Like() if _local(part.property) in names.words:
            found = WORDS, [part.words]
        case Since() if _local(part.property) in names.changed:
            found = "modified_since", [part.moment]
        case Overlaps() if _local(part.property) in names.boxes:
            found = "bbox", [",".join(part.box)]
        case During() if _local(part.property) in names.periods:
            found = "period", [days(part.period)]
        case _:
            raise _unknown(part, names)
    return found


def _equal(part: Equal, names: Names) -> tuple[str, list[str]]:
    property = _local(part.property)
    if property in names.words and len(part.values) == 1:
        return WORDS, list(part.values)
    if property not in names.equal:
        raise _unknown(part, names)
    filter, written = names.equal[property]
    return filter, [written(value) for value in part.values]


def _alternatives(part: AnyOf, names: Names) -> tuple[str, list[str]]:
    found = [_condition(one, names) for one in part.parts]
    filters = {filter for filter, _ in found}
    if len(filters) > 1 or filters & {WORDS, "modified_since"}:
        raise Unsupported("OR stands between values of one property only, such as theme = 'TRAN' OR theme = 'ENVI'.")
    return found[0][0], [value for _, values in found for value in values]


def _complement(part: Expression, names: Names) -> tuple[str, list[str]]:
    if isinstance(part, Not):
        return _condition(part.part, names)
    filter, values = _condition(part, names)
    if filter != "type":
        raise Unsupported("NOT stands before the type only, whose values are " + ", ".join(TYPES) + ".")
    others = [kind for kind in TYPES if kind not in values]
    if not others:
        raise Unsupported("NOT leaves no type.")
    return filter, others


def _local(property: str) -> str:
    """The name of a property without its prefix: it may be of Dublin Core, of ISO or of OGC."""
    return property.rpartition(":")[2].lower()


def days(period: str) -> str:
    """A period in days, which is how periods are compared: a moment within a day is that day."""
    ends = ["" if end in {"..", ""} else end.partition("T")[0] for end in period.split("/")]
    return "/".join(ends)


def _unknown(part: Expression, names: Names) -> Unsupported:
    name = getattr(part, "property", "")
    return Unsupported(f"{name[:60]} cannot be asked for in that way. Known are {names.known()}.")
