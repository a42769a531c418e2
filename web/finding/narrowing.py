"""A filter expression as our own search is asked: words for all texts, and a condition on what can be filtered by.

Words are searched in all texts at once and rank what is found: they stand with AND.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from catalogue.search.conditions import Chosen, Condition, Each, Either, Other
from catalogue.search.params import chosen_values

from .tree import AllOf, AnyOf, During, Equal, Expression, Like, Not, Overlaps, Since, Unsupported

Pairs = list[tuple[str, str]]
"""Parameters of our search."""


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
    alone: frozenset[str] = frozenset()
    """Properties that are asked for with nothing else (`only_values`)."""

    def known(self) -> str:
        """All of them, for a sentence."""
        return ", ".join(
            sorted({*self.equal, *self.words, *self.boxes, *self.periods, *self.changed, *self.alone}),
        )


class Narrowing(NamedTuple):
    """What an expression asks."""

    words: str = ""
    """To be found in the texts."""
    condition: Condition | None = None

    @property
    def pairs(self) -> Pairs:
        """The words as a parameter of our search."""
        return [("q", self.words)] if self.words else []


def narrowing(expression: Expression, names: Names) -> Narrowing:
    """What our search is to be asked. Raises `Unsupported`, `BadQuery` for a value that cannot be one."""
    words, rest = list[str](), list[Condition]()
    for part in _conjuncts(expression):
        if (said := _words(part, names)) is not None:
            words.append(said)
        else:
            rest.append(_condition(part, names))
    return Narrowing(" ".join(filter(None, words)), Each(tuple(rest)) if len(rest) > 1 else next(iter(rest), None))


def only_values(expression: Expression, property: str) -> list[str] | None:
    """The values of a property, when nothing else is asked; None for any other expression."""
    match expression:
        case Equal(name, values) if _local(name) == property:
            return list(values)
        case AnyOf(parts):
            found = [only_values(part, property) for part in parts]
            return None if None in found else [value for values in found for value in values or ()]
    return None


def _conjuncts(expression: Expression) -> Iterator[Expression]:
    match expression:
        case AllOf(parts):
            for part in parts:
                yield from _conjuncts(part)
        case Not(Not(part)):
            yield from _conjuncts(part)
        case _:
            yield expression


def _words(part: Expression, names: Names) -> str | None:
    """The words that all texts are searched for, none at all for any text; None for another expression."""
    match part:
        case Like(property, words) if _local(property) in names.words:
            return words
        case Equal(property, (words,)) if words and _local(property) in names.words:
            return words
    return None


def _condition(part: Expression, names: Names) -> Condition:
    match part:
        case AllOf(parts):
            return Each(_each(parts, names))
        case AnyOf(parts):
            return Either(_each(parts, names))
        case Not(inner):
            return Other(_condition(inner, names))
    name, values = _choice(part, names)
    if not (chosen := chosen_values(name, values)):
        raise Unsupported(f"{getattr(part, 'property', '')[:60]} is compared with nothing.")
    return Chosen(name, chosen)


def _each(parts: Iterable[Expression], names: Names) -> tuple[Condition, ...]:
    return tuple(_condition(part, names) for part in parts)


def _choice(part: Expression, names: Names) -> tuple[str, list[str]]:
    """One filter of ours with its values."""
    match part:
        case Equal(property, values) if _local(property) in names.equal:
            filter, written = names.equal[_local(property)]
            return filter, [written(value) for value in values]
        case Since(property, moment) if _local(property) in names.changed:
            return "modified_since", [moment]
        case Overlaps(property, box) if _local(property) in names.boxes:
            return "bbox", [",".join(box)]
        case During(property, period) if _local(property) in names.periods:
            return "period", [days(period)]
    raise _refusal(part, names)


def _local(property: str) -> str:
    """The name of a property without its prefix: it may be of Dublin Core, of ISO or of OGC."""
    return property.rpartition(":")[2].lower()


def days(period: str) -> str:
    """A period in days, which is how periods are compared: a moment within a day is that day."""
    ends = ["" if end in {"..", ""} else end.partition("T")[0] for end in period.split("/")]
    return "/".join(ends)


def _refusal(part: Expression, names: Names) -> Unsupported:
    name = getattr(part, "property", "")
    if _local(name) in names.words and isinstance(part, Like | Equal):
        return Unsupported(
            f"{name[:60]}: words are searched in all texts at once and rank what is found; they stand with AND only."
        )
    if _local(name) in names.alone:
        return Unsupported(f"{name[:60]} is asked for with nothing else.")
    return Unsupported(f"{name[:60]} cannot be asked for in that way. Known are {names.known()}.")
