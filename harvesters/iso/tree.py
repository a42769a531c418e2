"""A record of ISO 19139 or 19115-3 as a tree of objects and properties.

Both encodings take turns: an element that names a property (`citation`), within it one that names a class
(`CI_Citation`), within it properties again. A path names the properties alone, in no namespace, so that one path reads
ISO 19139, ISO 19115-3 and the profiles that rename classes (CHE, MCP: https://www.iso.org/standard/67253.html).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from dcat.model import Text, Texts

from .. import xml

_HREF = "{http://www.w3.org/1999/xlink}href"
_PROFILED = "isoType"
"""Attribute by which a profile says which class of ISO its own stands for."""
_MANY = frozenset({"PT_FreeText", "PT_FreeURL"})


class Value(NamedTuple):
    """One value of a property: words in one or more languages, and where they lead (gmx:Anchor)."""

    texts: Texts
    href: str = ""

    @property
    def text(self) -> str:
        """The words in the record's own language, else those that there are."""
        return self.texts[0].value if self.texts else ""


class Item:
    """An object of a record: the properties of one class element."""

    def __init__(self, element: etree._Element, languages: "Locales", seen: "Seen") -> None:
        self._element, self._languages, self._seen = element, languages, seen

    @property
    def kind(self) -> str:
        """Its class in ISO, such as `MD_DataIdentification`, whatever a profile calls it."""
        return class_of(self._element)

    @property
    def id(self) -> str:
        """Its `uuid` or `id` attribute."""
        return self._element.get("uuid") or self._element.get("id") or ""

    def items(self, *paths: str) -> list["Item"]:
        """The objects at these paths, all of them in order: `citation`, `citation/date`."""
        found = (each for path in paths for property in self._at(path) for each in xml.children(property))
        return [Item(each, self._languages, self._seen) for each in found]

    def item(self, *paths: str) -> "Item | None":
        """The first object at these paths."""
        return next(iter(self.items(*paths)), None)

    def values(self, *paths: str) -> list[Value]:
        """The values at these paths that say something."""
        found = [_value(property, self._languages) for property in self._whole(paths)]
        return [value for value in found if value.texts or value.href]

    def value(self, *paths: str) -> Value:
        """The first value at these paths; an empty one when there is none."""
        return next(iter(self.values(*paths)), Value(()))

    def texts(self, *paths: str) -> Texts:
        """The first value at these paths that has words, in all its languages."""
        return next((value.texts for value in self.values(*paths) if value.texts), ())

    def text(self, *paths: str) -> str:
        """The first words at these paths, in the record's own language."""
        return next((value.text for value in self.values(*paths) if value.texts), "")

    def codes(self, *paths: str) -> list[str]:
        """The terms of code lists at these paths (`codeListValue`, else the words that stand for it)."""
        found = map(_code, self._whole(paths))
        return list(dict.fromkeys(filter(None, found)))

    def code(self, *paths: str) -> str:
        """The first of them; empty for none."""
        return next(iter(self.codes(*paths)), "")

    def attributes(self, path: str) -> list[Mapping[str, str]]:
        """The attributes of the properties at a path, without namespace: `uuidref`, `href`, `indeterminatePosition`."""
        return [{str(key).rpartition("}")[2]: str(value) for key, value in one.items()} for one in self._at(path)]

    def inner_attributes(self, path: str) -> list[Mapping[str, str]]:
        """The attributes of the values at a path: `uom` of a distance."""
        found = (each for one in self._at(path) for each in xml.children(one))
        return [{str(key).rpartition("}")[2]: str(value) for key, value in each.items()} for each in found]

    def markup(self, path: str) -> list[str]:
        """The values at a path as XML: a geometry of GML."""
        found = (each for property in self._whole((path,)) for each in xml.children(property))
        return [etree.tostring(each, encoding="unicode", with_tail=False) for each in found]

    def unread(self) -> Counter[str]:
        """The properties that hold something and that nobody asked for, by their path."""
        return Counter(_unread(self._element, self._seen, ""))

    def ignore(self, *paths: str) -> None:
        """Takes properties as read, with all that is in them, that say nothing of the data."""
        self._whole(paths)

    def _whole(self, paths: Iterable[str]) -> list[etree._Element]:
        found = [property for path in paths for property in self._at(path)]
        self._seen.whole.update(found)
        return found

    def _at(self, path: str) -> list[etree._Element]:
        """The property elements at a path; they and those on the way count as read."""
        objects = [self._element]
        properties: list[etree._Element] = []
        for step in path.split("/"):
            properties = [each for one in objects for each in self._seen.children(one).get(step, ())]
            if not properties:
                break
            self._seen.entered.update(properties)
            objects = [each for one in properties for each in self._seen.children(one)[ALL]]
        return properties


ALL = "*"
"""The key of all children, whatever they are called."""


class Seen:
    """What was looked at of a record."""

    def __init__(self) -> None:
        self.entered: set[etree._Element] = set()
        """Properties of which only what is in them may have been read."""
        self.whole: set[etree._Element] = set()
        """Properties that were read with all that is in them."""
        self._children: dict[etree._Element, dict[str, list[etree._Element]]] = {}

    def children(self, element: etree._Element) -> dict[str, list[etree._Element]]:
        """The elements in an element by their names, and all of them; each is looked through once."""
        found = self._children.get(element)
        if found is None:
            found = self._children[element] = {ALL: []}
            for each in xml.children(element):
                found[ALL].append(each)
                found.setdefault(xml.name(each), []).append(each)
        return found


class Locales(NamedTuple):
    """The languages that a record is written in."""

    default: str
    """BCP 47 tag of texts that name none; empty when the record does not say."""
    by_id: Mapping[str, str]
    """Tags by the ids of `PT_Locale` elements, which translations refer to."""


def class_of(element: etree._Element) -> str:
    """The class of ISO that an element stands for: a profile says which one its own does."""
    iso = next((str(value) for key, value in element.items() if str(key).endswith(_PROFILED)), "")
    return iso.rpartition(":")[2] or xml.name(element)


def item_of(root: etree._Element) -> Item:
    """The record with this root."""
    return Item(root, _locales(root), Seen())


def _locales(root: etree._Element) -> Locales:
    by_id = {str(one.get("id")): _tag(one) for one in xml.descendants(root, "PT_Locale") if one.get("id")}
    own = xml.child(root, "language")
    if own is None and (locale := xml.child(root, "defaultLocale")) is not None:
        own = next(xml.descendants(locale, "language", "languageCode"), None)
    return Locales(xml.language(_code(own)) if own is not None else "", by_id)


def _tag(locale: etree._Element) -> str:
    named = next(xml.descendants(locale, "languageCode", "language"), None)
    return xml.language(_code(named)) if named is not None else xml.language(str(locale.get("id")))


def _code(property: etree._Element) -> str:
    for each in property.iter("*"):
        if said := (each.get("codeListValue") or "").strip():
            return said.rpartition("#")[2].removeprefix(f"{xml.name(each)}_")
    return xml.text(property)


def _value(property: etree._Element, languages: Locales) -> Value:
    """What a property says: its own text, or that of the elements in it, each language once."""
    found: dict[str, Text] = {}
    href = str(property.get(_HREF) or "").strip()
    for text in _said(property, languages):
        found.setdefault(text.lang, text)
    for each in xml.children(property):
        href = str(each.get(_HREF) or "").strip() or href
    return Value(tuple(found.values()), href)


def _said(property: etree._Element, languages: Locales) -> Iterator[Text]:
    if own := (property.text or "").strip():
        yield Text(own, languages.default)
    for each in xml.children(property):
        if xml.name(each) not in _MANY:
            said = [Text(xml.text(each), languages.default)]
        else:
            said = [_localised(one, languages) for one in xml.descendants(each, *_LOCALISED)]
        yield from (text for text in said if text.value)


_LOCALISED = ("LocalisedCharacterString", "LocalisedURL")


def _localised(element: etree._Element, languages: Locales) -> Text:
    id = (element.get("locale") or "").rpartition("#")[2]
    return Text(xml.text(element), languages.by_id.get(id) or xml.language(id.rpartition("-")[2]))


def _unread(element: etree._Element, seen: Seen, place: str) -> Iterator[str]:
    """Paths below an object; the topmost of what nobody asked for."""
    for property in xml.children(element):
        path = f"{place}{xml.name(property)}"
        if property in seen.whole:
            continue
        if property in seen.entered:
            for each in xml.children(property):
                yield from _unread(each, seen, f"{path}/")
        elif xml.text(property) or any(each.get("codeListValue") for each in property.iter("*")):
            yield path
