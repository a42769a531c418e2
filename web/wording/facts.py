"""What people want to know first: is it fresh, may I use it, what does it cover. In plain words."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from catalogue import clock
from catalogue.search.base import Document
from catalogue.store.rows import EntryRow
from dcat import vocab
from dcat.model import DataService, Distribution, Entry, LicenseDocument, Location, Node, Period, Text
from dcat.vocab import Term

from . import labels, words, writing
from .words import gettext as _
from .words import message

_WITH_NUMBER = re.compile(r"(\D*)(\d{0,18})")
FAMILIES = {
    "free": message("free"),
    "attribution": message("free, name the source"),
    "share-alike": message("free, share alike"),
}
"""What the families of licences allow, in two words."""
LIMITED = message("limited use")


class Licence(NamedTuple):
    """What a licence allows."""

    words: str
    """In plain words."""
    name: Text | None
    """Its own name, when it has one."""
    address: str
    """Where its text stands."""


def licences(entry: Entry) -> list[Licence]:
    """The different licences of an entry's files, of a service, or of what has no files."""
    given = [file.license for file in files(entry)] or [entry.license]
    return list(dict.fromkeys(licence(one) for one in given if one)) or [licence(None)]


def licence(given: LicenseDocument | None) -> Licence:
    """What a licence allows, by the family that the vocabulary puts it in."""
    if given is None or not (given.iri or given.titles or given.labels):
        return Licence(_("No licence given. Ask the publisher before you use the data."), None, "")
    term = vocab.LICENCES.by_iri.get(given.iri or "")
    own = words.pick(given.titles or given.labels)
    if term is None:
        name = own.text if own else Text(labels.tail(given.iri or ""))
        return Licence(_("Own terms of the publisher: read them before you use the data."), name, given.iri or "")
    name = Text(vocab.label(term, words.language()), words.language())
    return Licence(family(term.extra.get("family", "other")), name, term.extra.get("text_url") or str(term.iri))


def family(code: str) -> str:
    """What a family of licences asks, in one sentence."""
    sentences = {
        "free": _("Free to use, no conditions"),
        "attribution": _("Free to use, name the source"),
        "share-alike": _("Free to use, name the source, share what you make of it under the same terms"),
        "restricted": _("Limited use: read the licence first"),
    }
    return sentences.get(code) or _("Own terms: read the licence first")


def short_licence(codes: Iterable[str]) -> str:
    """The licences of a result, in two words and the code."""
    known = [vocab.LICENCES.by_code[code] for code in codes if code in vocab.LICENCES.by_code]
    if not known:
        return _("own licence") if any(code == "OTHER" for code in codes) else _("no licence given")
    allows = FAMILIES.get(known[0].extra.get("family", ""), LIMITED)
    return f"{_(allows)} ({brief(known[0])})"


def brief(licence: Term) -> str:
    """What a licence is called among those who know it, such as CC BY 4.0."""
    spdx = licence.extra.get("spdx", "").replace("-", " ")
    return spdx.removesuffix(" 1.0") if spdx.startswith("CC0") else spdx or licence.code.replace("_", " ")


def is_late(row: EntryRow) -> bool | None:
    """Whether the next update is overdue; None when nobody can say."""
    return None if row.late_from is None else row.late_from <= clock.now().date()


def files(entry: Entry) -> tuple[Distribution, ...]:
    """The files and accesses of a dataset or series."""
    return () if isinstance(entry, DataService) else entry.distribution


def period(given: Period) -> str:
    """A span of time in words."""
    start = given.start or _instant(given.beginning)
    end = given.end or _instant(given.ending)
    if not (start or end):
        return ""
    if not end and start > clock.now().date().isoformat():
        return _("from %(date)s", date=writing.day(start))
    if not start:
        return _("until %(date)s", date=writing.day(end))
    last = writing.day(end) or _("today")
    return f"{writing.day(start)} – {last}"


def _instant(given: object) -> str:
    return str(getattr(given, "date_time", None) or getattr(given, "date", None) or "")


def place(given: Location) -> Text | None:
    """The name of a place: from the register of places, else its own."""
    term = vocab.PLACES.by_iri.get(given.iri or "")
    if term:
        return Text(vocab.label(term, words.language()), words.language())
    if own := words.pick(given.labels):
        return own.text
    return None


def on_card(document: Document) -> str:
    """What a search result says besides title, publisher and description."""
    licence = None if document.type in {"series", "publication"} else document.licence
    return _on_card(document.language, document.format[:4], licence, words.language())


@lru_cache(maxsize=4096)
def _on_card(languages: tuple[str, ...], formats: tuple[str, ...], licence: tuple[str, ...] | None, _page: str) -> str:
    """Most results have these in common with many others. `_page`: the language of the page, in which they are said."""
    facts = (
        " ".join(code.upper() for code in sorted(languages, key=words.order)),
        ", ".join(labels.code(code, "format") for code in formats),
        "" if licence is None else short_licence(licence),
    )
    return " · ".join(filter(None, facts))


def format_name(file: Distribution) -> str:
    """The format in a word: of the vocabulary, else as the source says it, else its media type."""
    name = labels.concept(file.format, vocab.FORMATS) or labels.concept(file.media_type)
    return name.value if name else ""


def file_name(file: Distribution) -> Text:
    """What a file is called; by its format or its address when it has no title."""
    own = words.pick(file.title)
    if own:
        return own.text
    where = next(iter((*file.download_url, *file.access_url)), "")
    if where:
        return Text(labels.tail(where.partition("?")[0]))
    return Text(format_name(file) or _("File"), words.language())


def by_name(many: Iterable[Distribution]) -> list[Distribution]:
    """Files by their names, numbers as numbers: `Day 2` before `Day 10`."""

    def key(file: Distribution) -> list[tuple[str, int]]:
        name = writing.folded(file_name(file).value)
        return [(text, int(digits or 0)) for text, digits in _WITH_NUMBER.findall(name)]

    return sorted(many, key=key)


def as_written(node: Node, field: str) -> str:
    """What the publisher wrote for a field (`dct:issued`) and nobody understands, marked so; empty when nothing is."""
    values = ", ".join(one.value for one in getattr(node, "as_written", ()) if one.field == field)
    return _("“%(value)s” (as the publisher wrote it)", value=values) if values else ""


def where(file: Distribution) -> tuple[str, bool]:
    """The address that a file's link leads to, and whether it is the file itself; empty when it has none to link to."""
    for address in file.download_url:
        if writing.link(address):
            return address, True
    return next((address for address in file.access_url if writing.link(address)), ""), False


def citation(publisher: str, title: str, entry: Entry, address: str) -> str:
    """How to name the source of the data, with its version or last update, and the day on which it was seen."""
    year = writing.done(entry.issued or entry.modified)[:4]
    start = f"{publisher} ({year})" if publisher and year else publisher or year
    version = getattr(entry, "version", None)
    last = writing.updated(entry.modified) if entry.modified and writing.done(entry.modified) else ""
    known_as = _("version %(version)s", version=version.value) if version else last
    named = f"{title} ({known_as})" if known_as else title
    seen = _("Seen on %(date)s.", date=writing.day(clock.now().date()))
    return f"{'. '.join(part for part in (start, named, address) if part)}. {seen}"
