"""Single fields of a record that somebody corrected by hand: laid over what its source says, until it says the same.

A correction is written as a list of datasets would have it (`title_fr`, `licence`), so that it is read, repaired and
checked as any value.
"""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from dcat.findings import Finding, Severity, finding
from dcat.messages import RULES, explain
from dcat.model import DataService, Dataset, Entry, Texts
from dcat.near_values import near, near_terms
from dcat.normalise import Context, Note, normalise
from dcat.normalise.agreeing import said
from dcat.vocab import FREQUENCIES, LANGUAGES, LICENCES, THEMES

from ..errors import Invalid

Corrections = Mapping[str, str]
"""The values of a record that were corrected, by field."""
NONE: Corrections = {}

ATTRIBUTES = {
    "title": "title",
    "description": "description",
    "keyword": "keyword",
    "theme": "theme",
    "licence": "license",
    "frequency": "frequency",
    "contact": "contact",
    "publisher": "publisher",
    "issued": "issued",
    "modified": "modified",
    "language": "language",
    "landing page": "landing_page",
    "documentation": "page",
    "spatial": "spatial",
    "access rights": "access_rights",
}
"""What can be corrected, by what people call it, and the field of the model."""
WRITTEN = ", ".join(name + ("[LANG]" if name in {"title", "description", "keyword"} else "") for name in ATTRIBUTES)
_FILE = "https://file.example.org/"
"""Of the file that the licence of a correction is read with: it is that of each file."""


class Laid(NamedTuple):
    """An entry with what was laid over it."""

    entry: Entry
    notes: tuple[Note, ...]
    agreed: Corrections
    """Corrections that are needed no more: the source says the same."""

    def needed(self, corrections: Corrections) -> Corrections:
        """Those of the corrections that are still needed."""
        return {field: value for field, value in corrections.items() if field not in self.agreed}


def field_of(text: str) -> str:
    """A field as it is kept, from how people write it: `title[fr]`, `titre_fr`, `licence`. Raises `Invalid`."""
    from harvesters.table.headings import heading_of  # noqa: PLC0415 (loaded where something is corrected)

    heading = heading_of(text)
    if heading is None or heading.field not in ATTRIBUTES:
        raise Invalid(f"{text!r} cannot be corrected{near(text, ATTRIBUTES)}. What can: {WRITTEN}.", "field")
    return heading.key


def check(entry: Entry, field: str, value: str, context: Context) -> None:
    """Raises `Invalid` for a value that would not be published as it is, and for a field that the entry cannot have."""
    name, _ = _parts(field)
    if not hasattr(entry, ATTRIBUTES[name]):
        raise Invalid(f"A {type(entry).__name__} has no field {name!r}.", field)
    clean = _read(field, value, context)
    curies = _curies(name)
    for one in clean.findings:
        if RULES[one.rule].severity is not Severity.INFO and curies & set(one.field.split("/")):
            raise Invalid(_why_not(name, value, one), field)
    if not said(_value(clean.entry, name)):
        raise Invalid(f"{value!r} says nothing that can be published as {name}.", field)


def _why_not(name: str, value: str, found: Finding) -> str:
    """Why a value cannot be laid over a field: what a harvest would have done with it is not done here."""
    if name in _TERMS:
        vocabulary, like = _TERMS[name]
        return f"{value!r} is no {name} that we know, such as {like!r}{near_terms(value, vocabulary)}. Nothing changed."
    message, fix = explain(found, "en")
    return f"{message} {fix}"


_TERMS = {
    "licence": (LICENCES, "CC_BY_4_0"),
    "theme": (THEMES, "ENVI"),
    "frequency": (FREQUENCIES, "MONTHLY"),
    "language": (LANGUAGES, "fr"),
}
"""Fields whose values are those of a table, with an example."""


def lay(entry: Entry, corrections: Corrections, context: Context) -> Laid:
    """Lays corrections over a clean entry."""
    notes: list[Note] = []
    agreed: dict[str, str] = {}
    for field, value in corrections.items():
        name, lang = _parts(field)
        if not hasattr(entry, ATTRIBUTES[name]):
            continue  # it is another kind of entry now
        laid = _laid(entry, name, lang, _value(_read(field, value, context).entry, name))
        before, after = said(_value(entry, name)), said(_value(laid, name))
        if before == after:
            agreed[field] = value
        else:
            notes.append(Note(min(_curies(name)), before, "corrected-by-hand", after))
            entry = laid
    return Laid(entry, tuple(notes), agreed)


def remarks(laid: Laid, subject: str) -> Iterator[Finding]:
    """What the report of the record says of its corrections."""
    for note in laid.notes:
        yield finding(note.rule, subject, note.field, f"{note.raw or '–'} → {note.published}")


def mapping(fingerprint: bytes, corrections: Corrections) -> bytes:
    """16 bytes that differ whenever another result could come out of the same raw record."""
    if not corrections:
        return fingerprint
    return blake2b(fingerprint + msgspec.json.encode(sorted(corrections.items())), digest_size=16).digest()


def _parts(field: str) -> tuple[str, str]:
    """The name of a field, and the language of the text in it."""
    name, _, lang = field.rpartition("_")
    return (name, lang) if name in ATTRIBUTES else (field, "")


def _curies(name: str) -> set[str]:
    from harvesters.table.headings import fields  # noqa: PLC0415 (as above)

    return {fields()[name].properties[0]}


def _read(field: str, value: str, context: Context) -> Any:
    from harvesters.table.entry import entry_of  # noqa: PLC0415 (as above)

    alone = msgspec.structs.replace(context, publisher=None, license="", place="", defaults=None, overrides=None)
    entry, _ = entry_of({field: value, "access URL": _FILE}, "")
    return normalise(entry, alone)


def _value(entry: Entry, name: str) -> Any:
    """A field; the licence is that of the files, where there are some."""
    if name != "licence":
        return getattr(entry, ATTRIBUTES[name])
    files = () if isinstance(entry, DataService) else entry.distribution
    return tuple(dict.fromkeys(file.license for file in files)) if files else entry.license


def _laid(entry: Any, name: str, lang: str, value: Any) -> Any:
    if name == "licence":
        return _licensed(entry, value[0])
    if lang:
        others: Texts = tuple(text for text in getattr(entry, name) if text.lang != lang)
        value = tuple(sorted((*others, *value), key=lambda text: (text.lang, text.value)))
    return msgspec.structs.replace(entry, **{ATTRIBUTES[name]: value})


def _licensed(entry: Any, licence: Any) -> Any:
    if isinstance(entry, Dataset) and entry.distribution:
        files = tuple(msgspec.structs.replace(file, license=licence) for file in entry.distribution)
        return msgspec.structs.replace(entry, distribution=files)
    return msgspec.structs.replace(entry, license=licence)
