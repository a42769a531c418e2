"""What differs between two descriptions of the same thing: field, before and after, as short texts for people."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from .model import Entry, Node, Text, properties

LONGEST = 200
"""Characters of a value that are told."""
_TAGGED = re.compile(r"(.*)@([a-z]{2,3}(?:-[A-Za-z0-9-]+)?)", re.DOTALL)
LEAD = 30
"""Characters that are told before the first one that differs, when not all of a value is told."""


class Difference(msgspec.Struct, frozen=True):
    """One field that differs. Of several values only those are told that the other side does not have."""

    field: str
    """Path as findings name it: `dcat:distribution[2]/dct:format`."""
    before: str
    """At most `LONGEST` characters; empty when nothing was said."""
    after: str


def differences(before: Entry, after: Entry, minted: str) -> Iterator[Difference]:
    """Every field that differs, in the order of the model, the texts of each language apart.

    `minted`: how IRIs begin that we made; they say nothing to people, so what they stand for is told in their place.
    """
    yield from _of_nodes(before, after, "", minted)


def untagged(value: str) -> tuple[str, str]:
    """A value that a difference tells, and the language of the text that it is; empty when it is none."""
    found = _TAGGED.fullmatch(value)
    return (found[1], found[2]) if found else (value, "")


def _of_nodes(before: Node, after: Node, prefix: str, minted: str) -> Iterator[Difference]:
    fields = {each.name: each for each in (*properties(type(after)), *properties(type(before)))}
    for name, field in fields.items():
        old, new = _several(getattr(before, name, None)), _several(getattr(after, name, None))
        if old != new:
            yield from _of_values(old, new, prefix + field.property.curie, minted, is_numbered=field.many)


def _several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _of_values(
    old: tuple[Any, ...], new: tuple[Any, ...], path: str, minted: str, *, is_numbered: bool
) -> Iterator[Difference]:
    there, here = set(old), set(new)
    gone, came = [one for one in old if one not in here], [one for one in new if one not in there]
    numbers = {one: number for number, one in enumerate(new, start=1)}
    for before, after in _pairs(gone, came, minted):
        gone.remove(before)
        came.remove(after)
        yield from _of_nodes(before, after, f"{path}[{numbers[after]}]/" if is_numbered else f"{path}/", minted)
    for lang in sorted({_lang(one) for one in (*gone, *came)}):
        went, is_here = (", ".join(_text(one, minted) for one in side if _lang(one) == lang) for side in (gone, came))
        yield Difference(path, *_short(went, is_here, f"@{lang}" if lang else ""))


def _pairs(gone: Sequence[Any], came: Sequence[Any], minted: str) -> list[tuple[Node, Node]]:
    """Nodes that are the same thing with something else said of it: by IRI, or when each side has one more without."""
    old, new = ({one.iri: one for one in side if isinstance(one, Node)} for side in (gone, came))
    same = [(old[iri], new[iri]) for iri in old if iri in new]
    before = [one for iri, one in old.items() if iri not in new and _is_nameless(one, minted)]
    after = [one for iri, one in new.items() if iri not in old and _is_nameless(one, minted)]
    return [*same, (before[0], after[0])] if len(before) == len(after) == 1 else same


def _is_nameless(value: Any, minted: str) -> bool:
    """True for a node whose IRI only we know it by: another one when its content is another."""
    return isinstance(value, Node) and (not value.iri or (value.iri.startswith(minted) and "#" in value.iri))


def _lang(value: Any) -> str:
    return value.lang if isinstance(value, Text) else ""


def _text(value: Any, minted: str) -> str:
    if isinstance(value, Text):
        return value.value
    if not isinstance(value, Node):
        return str(value)
    if value.iri and not value.iri.startswith(minted):
        return value.iri
    parts = (one for field in properties(type(value)) for one in _several(getattr(value, field.name)))
    return ", ".join(_text(one, minted) for one in parts) or value.iri or ""


def _short(before: str, after: str, tag: str) -> tuple[str, str]:
    """Both, cut to where they begin to differ when one of them is long, and with their language."""
    room = LONGEST - len(tag)
    is_long = max(len(before), len(after)) > room
    start = max(0, _alike(before, after) - LEAD) if is_long else 0
    return _cut(before, start, room, tag), _cut(after, start, room, tag)


def _alike(before: str, after: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (old, new) in pairs if old != new), min(len(before), len(after)))


def _cut(text: str, start: int, room: int, tag: str) -> str:
    if not text:
        return ""
    rest = f"…{text[start:]}" if start else text
    return (rest if len(rest) <= room else f"{rest[: room - 1]}…") + tag
