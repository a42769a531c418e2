"""The fields of a JSON object, however a portal writes them, and which of them nobody read.

Portals differ in how a list, a translation or an object is written (JSON, JSON inside a text, a single value in place
of a list) and in where a field stands (its own key, or a list of keys and values). A `Fields` hides that: it gives
texts, lists and objects by name, and remembers what was asked for.
"""

import ast
import json
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from dcat.model import Text, Texts
from dcat.our_languages import OUR_LANGUAGES
from dcat.rdf import clean_text

T = TypeVar("T")

_VALUE_KEYS = ("@value", "value", "#text", "text")
_TAG_KEYS = ("@language", "lang", "language", "xml:lang")
"""Where an object that is one text says what, and in which language."""
_LONGEST_REPR = 20_000

_TAG_IN_TEXT = re.compile(rf'(?:\A\{{|,)\s*"?({"|".join(OUR_LANGUAGES)})(?:=|"\s*:\s*(?="))')
_WITHIN = re.compile(r"[\s-]+|(?<=[a-z])(?=[A-Z])")
"""What stands between the words of a key: blanks, hyphens, or a capital."""
_COUNT = re.compile(r"0|[1-9][0-9]{0,5}")
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")


class _Value(NamedTuple):
    label: str
    """How the report calls the field: `frequency`, `extras.frequency`."""
    value: Any


class Fields:
    """The fields of one object by name; empty ones are as good as absent."""

    def __init__(
        self, values: Mapping[str, Any], place: str = "", *, pairs: str = "", left_out: Container[str] = ()
    ) -> None:
        """`place`: where the object stands, for the names in a report. `pairs`: the field whose keys and values count
        as fields of the object, here and in its parts (`extras` of CKAN); people write the keys, so that `Update
        frequency`, `update-frequency` and `updateFrequency` are `update_frequency`. `left_out`: names as in a report of
        fields that nobody need read."""
        self._place, self._pairs, self._left_out = place, pairs, left_out
        own = {str(name): _Value(f"{place}{name}", value) for name, value in values.items() if not is_empty(value)}
        more = _paired(own.pop(pairs).value, f"{place}{pairs}.") if pairs in own else {}
        known = own.keys() | more.keys()
        more = {name if _as_a_name(name) in known else _as_a_name(name): field for name, field in more.items()}
        self._values = {f"{pairs}.{name}" if name in own else name: field for name, field in more.items()} | own
        self._read: set[str] = set()
        self._objects: dict[str, list[Fields]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def ignore(self, names: Iterable[str]) -> None:
        """Takes fields as read that say nothing about the data."""
        self._read.update(names)

    def text(self, *names: str) -> str:
        """The first of these fields that is a text or a number, or a list of one; empty when none is."""
        return self._first(names, _single) or ""

    def words(self, *names: str) -> list[str]:
        """The texts in the first of these fields that holds any, each once: a list, JSON of one, or a single text."""
        return self._first(names, _words) or []

    def literal(self, *names: str) -> str:
        """The first of these fields as text; an object (GeoJSON) as JSON."""
        return self._first(names, _literal) or ""

    def value(self, name: str) -> Any:
        """What stands in a field, as it is; None for nothing."""
        self._read.add(name)
        return self._raw(name)

    def objects(self, *names: str) -> list["Fields"]:
        """The objects in the first of these fields that holds any: a list, JSON of one, or a single object. Asked for
        again they are the same."""
        for name in names:
            if name in self._objects:
                return self._objects[name]
            if found := self._first((name,), _objects):
                place = f"{self._values[name].label}."
                parts = [Fields(each, place, pairs=self._pairs, left_out=self._left_out) for each in found]
                self._objects[name] = parts
                return parts
        return []

    def each(self) -> list["Fields"]:
        """The objects in all fields, whatever their names: of an object that is a list by names."""
        return [part for name in self._values for part in self.objects(name)]

    def part(self, prefixes: Iterable[str], names: Iterable[str]) -> "Fields":
        """An object whose fields stand flat: `publisher_name`, `publisher_url`."""
        found: dict[str, Any] = {}
        for prefix in prefixes:
            for name in names:
                if (field := self._values.get(prefix + name)) and _objects(field.value) is None:
                    self._read.add(prefix + name)
                    found.setdefault(name, field.value)
        return Fields(found)

    def flag(self, name: str) -> bool:
        """True for a field that says so: true, `yes`, `1`."""
        self._read.add(name)
        return self.text(name).lower() in {"true", "yes", "1"} or self._raw(name) is True

    def texts(self, *names: str) -> Texts:
        """Texts with their languages: `title_translated`, a `title` of several languages, `title_fr`, or `title`.

        A field that holds something else is left unread, and so reported.
        """
        for name in names:
            if found := self._translated(name):
                return found
        return ()

    def by_language(self, name: str) -> Texts:
        """A field that holds texts by language; nothing when it holds something else."""
        found = by_language(self._raw(name))
        if found:
            self._read.add(name)
        return found

    def unread_names(self) -> list[str]:
        """The names of fields of its own that hold something and that nobody asked for."""
        return [name for name in self._values if name not in self._read]

    def unread(self) -> Counter[str]:
        """Fields that hold something and that nobody asked for, by the name for a report; those of parts too."""
        labels = (field.label for name, field in self._values.items() if name not in self._read)
        found = Counter(label for label in labels if label not in self._left_out)
        for part in chain.from_iterable(self._objects.values()):
            found += part.unread()
        return found

    def _translated(self, name: str) -> Texts:
        found = self.by_language(f"{name}_translated")
        suffixed = self._suffixed(name)
        own = self._raw(name)
        if own is None:
            return found or suffixed
        said = by_language(own) or tuple(Text(word) for word in _words(own) or ())
        if said:
            self._read.add(name)
        if found:
            return found
        known = {text.value for text in suffixed}
        return (*suffixed, *(text for text in said if text.value not in known))

    def _suffixed(self, name: str) -> Texts:
        found: list[Text] = []
        for tag in OUR_LANGUAGES:
            if (own := self._raw(f"{name}_{tag}")) is not None:
                self._read.add(f"{name}_{tag}")
                found += [Text(word, tag) for word in _words(own) or []]
        return tuple(found)

    def _raw(self, name: str) -> Any:
        field = self._values.get(name)
        return None if field is None else opened(field.value)

    def _first(self, names: Iterable[str], convert: Callable[[Any], T | None]) -> T | None:
        """The first field that can be converted. Those after it are its stand-ins, so they count as read too."""
        first: T | None = None
        for name in names:
            field = self._values.get(name)
            value = convert(field.value) if field else None
            if value is not None:
                self._read.add(name)
                first = value if first is None else first
        return first


def by_language(value: Any) -> Texts:
    """`{"fr": "…", "nl": ["…", "…"]}`, or a list of such objects, as texts; nothing when it is something else.

    A key beside the languages (`default`) holds a text whose language nobody knows, as does the only text of an object
    that names none (`{"title": "…"}`).
    """
    found: list[Text] = []
    for each in _list(value):
        if not isinstance(each, Mapping) or not (texts := _by_language(each)):
            return ()
        found += texts
    return tuple(dict.fromkeys(found))


def _by_language(value: Mapping[str, Any]) -> list[Text]:
    if any(key in value for key in _VALUE_KEYS):
        tags = [str(value[key]) for key in _TAG_KEYS if value.get(key)]
        lang = next((_language(tag) for tag in tags), "")
        return [Text(word, lang) for key in _VALUE_KEYS for word in _words(value.get(key)) or []]
    found = [Text(word, _language(str(key))) for key, content in value.items() for word in _words(content) or []]
    tagged = {text.value for text in found if text.lang}
    if not tagged and (len(found) != 1 or len(value) != 1):
        return []
    return [text for text in found if text.lang or text.value not in tagged]


def _language(key: str) -> str:
    """The tag that a key is; empty for `default`, `und` and names of fields."""
    return "" if key in {"und", "any"} or not _TAG.fullmatch(key) else key.replace("_", "-").lower()


def what_it_is(value: Any) -> str:
    """What a value is, for an error message."""
    if isinstance(value, Mapping):
        return f"an object with {', '.join(sorted(map(str, value))[:4]) or 'nothing in it'}"
    return {list: "a list", str: "a text", bool: "a truth value", type(None): "nothing"}.get(type(value), "a number")


def _paired(pairs: Any, place: str) -> dict[str, _Value]:
    """Fields by key, from `[{"key", "value"}]` and from `{key: value}`."""
    pairs = opened(pairs)
    if isinstance(pairs, list):
        found = [(each.get("key"), each.get("value")) for each in pairs if isinstance(each, Mapping)]
    else:
        found = list(pairs.items()) if isinstance(pairs, Mapping) else []
    fields: dict[str, _Value] = {}
    for key, value in found:
        if isinstance(key, str) and not is_empty(content := opened(value)):
            fields.setdefault(key.strip(), _Value(f"{place}{key.strip()}", content))
    return fields


@lru_cache(maxsize=1_024)
def _as_a_name(key: str) -> str:
    """A key as fields are named."""
    return _WITHIN.sub("_", key).lower()


def is_empty(value: Any, depth: int = 3) -> bool:
    """True for nothing, also as programs write it (`None`), a blank text, and lists and objects that hold nothing else
    (`{"en": "", "fr": ""}`)."""
    if isinstance(value, str):
        return value.strip() in {"", "[]", "{}", "None", "null"}
    if isinstance(value, list | dict) and depth:
        return all(is_empty(each, depth - 1) for each in (value.values() if isinstance(value, dict) else value))
    return value is None


def opened(value: Any) -> Any:
    """What a text that holds JSON holds, or Python's way of writing it, and the list that PHP wrote as an object whose
    keys count from 0, with gaps where it took some out; any other value as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in {"[", "{", '"'}:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return _python(value.strip())
    is_counted = isinstance(value, dict) and "0" in value and all(map(_COUNT.fullmatch, map(str, value)))
    return list(value.values()) if is_counted else value


def _python(text: str) -> Any:
    """`{'nl': 'x'}`, which a portal wrote with Python's `str`, or texts by language as others show them; any other text
    as it is."""
    if len(text) > _LONGEST_REPR or text[:1] not in {"[", "{"}:
        return text
    try:
        return ast.literal_eval(text) if "'" in text else _by_tag(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return _by_tag(text)


def _by_tag(text: str) -> Any:
    """`{nl=x, fr=y}`, as Java shows it, and `{"nl": "x", "fr": "y…` that was cut off; any other text as it is."""
    before, *parts = _TAG_IN_TEXT.split(text)
    if before or not parts:
        return text
    return {
        tag: _unquoted(said.strip().removesuffix("}").strip())
        for tag, said in zip(parts[::2], parts[1::2], strict=True)
    }


_JSON = json.JSONDecoder(strict=False)


def _unquoted(text: str) -> str:
    """The text that JSON wrote, also without its last sign; Java quotes nothing, so its quotation marks stay."""
    try:
        said, end = _JSON.raw_decode(f'{text}"') if text.startswith('"') else (text, len(text))
    except ValueError:  # cut off within an escape
        return text.strip('"')
    return str(said) if text[end:].lstrip()[:1] in {"", ","} else text


def _scalar(value: Any) -> str | None:
    value = opened(value) if isinstance(value, str) and value.startswith('"') else value
    if isinstance(value, Mapping) and "@value" in value:  # a text of JSON-LD, with its type
        value = value["@value"]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return clean_text(str(value)).strip() or None


def _single(value: Any) -> str | None:
    return _scalar(value[0] if isinstance(value, list) and len(value) == 1 else value)


def _list(value: Any) -> list[Any]:
    value = opened(value)
    return value if isinstance(value, list) else [value]


def _literal(value: Any) -> str | None:
    return json.dumps(value) if isinstance(value, Mapping) else _scalar(value)


def _words(value: Any) -> list[str] | None:
    words = [_scalar(each) for each in _list(value)]
    return list(dict.fromkeys(word for word in words if word)) or None


def _objects(value: Any) -> list[Mapping[str, Any]] | None:
    return [each for each in _list(value) if isinstance(each, Mapping) and each] or None
