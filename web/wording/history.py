"""What changed of an entry, in sentences."""

from collections.abc import Iterable
from typing import NamedTuple

from catalogue.history.history import Event, events
from catalogue.store.history import DATA, HistoryRow
from catalogue.store.outcome import Outcome
from dcat.days import first_day
from dcat.differences import untagged
from dcat.messages import field_name
from dcat.model import Distribution, Entry

from . import facts, measured, writing
from .words import gettext as _
from .words import language

DATES = ("dct:modified", "dct:issued")


class Told(NamedTuple):
    """What changed at one moment."""

    event: Event
    date: str
    sentences: tuple[str, ...]
    by: str
    """Who saw it."""


def told(rows: Iterable[HistoryRow], entry: Entry) -> list[Told]:
    """Changes, newest first, in sentences."""
    names = {url: facts.file_name(file).value for file in facts.files(entry) for url in addresses(file)}
    return [
        Told(one, writing.day(one.at), tuple(sentence(row, names) for row in one.changes), by(one))
        for one in events(rows)
    ]


def addresses(file: Distribution) -> tuple[str, ...]:
    """Where a file is."""
    return (*file.access_url, *file.download_url)


def by(event: Event) -> str:
    """Who saw a change."""
    if any(row.what == DATA for row in event.changes):
        return _("measured by us")
    if event.run is not None:
        return _("seen when we read the source")
    return _("sent to us, or seen by a reading that is not kept any more")


def sentence(row: HistoryRow, names: dict[str, str]) -> str:
    """One change."""
    if row.what == DATA:
        return _data(row, names)
    if row.what == Outcome.REMOVED:
        return _("Taken off the catalogue.")
    if not row.field:
        return _("Back in the catalogue.")
    (before, tag), (after, other_tag) = _value(row.field, row.before), _value(row.field, row.after)
    field = _field(row.field, tag or other_tag)
    if before and after:
        return _("%(field)s: “%(before)s” became “%(after)s”", field=field, before=before, after=after)
    if after:
        return _("%(field)s: “%(after)s” added", field=field, after=after)
    return _("%(field)s: “%(before)s” taken away", field=field, before=before)


def _data(row: HistoryRow, names: dict[str, str]) -> str:
    name = names.get(row.field) or row.field
    before, after = writing.size(row.before), writing.size(row.after)
    if before and after and before != after:
        return _("New data in “%(file)s”: %(before)s became %(after)s", file=name, before=before, after=after)
    return _("New data in “%(file)s”", file=name)


def _field(path: str, tag: str) -> str:
    """What a field is called, with the language of its text."""
    name = field_name(path, language())
    return name[:1].upper() + name[1:] + (f" ({tag.upper()})" if tag else "")


def _value(field: str, value: str) -> tuple[str, str]:
    """A value in words, and the language of a text."""
    if field.rpartition("/")[2].partition("[")[0] in DATES:
        return writing.dated(value), ""
    return untagged(value)


def against(entry: Entry, links: measured.Links) -> str:
    """What the files say against the description, when they say something else by more than a day; empty else."""
    rows = [row for file in facts.files(entry) if (row := measured.of_file(file, links))]
    newest = max((row.modified for row in rows if row.modified), default=None)
    said = first_day(entry.modified or "")
    if newest is None or said is None or abs(newest.date().toordinal() - said) <= 1:
        return ""
    words = {"said": writing.dated(entry.modified), "measured": writing.day(newest)}
    if newest.date().toordinal() > said:
        return _("The description says %(said)s, but a file changed on %(measured)s.", **words)
    return _("The description says %(said)s, but no file has changed since %(measured)s.", **words)
