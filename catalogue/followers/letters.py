"""What followers are written, in their language."""

import tomllib
from collections.abc import Iterable, Sequence
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dcat.differences import untagged
from dcat.messages import field_name
from dcat.our_languages import best_for

from ..notices import mail
from ..notices.words import tidy
from ..settings import Settings
from ..store.follows import FollowRow
from ..store.history import DATA, HistoryRow
from .lists import Happened

LISTED = 12
"""Lines of a letter about one thing; the page has all of them."""
SHORT = 80
"""Characters of a value in a letter."""


class News(NamedTuple):
    """What there is to tell of one thing that somebody follows."""

    row: FollowRow
    title: str
    """What it is called, for them."""
    what: str
    """Which words say it: `changed`, `late`, `listed`, or `gone`."""
    lines: Sequence[str]
    page: str
    end: str
    """The link that ends it."""


def asking(settings: Settings, row: FollowRow, title: str, confirm: str) -> EmailMessage:
    """The letter that asks whether they mean it."""
    what = "confirm_list" if row.query else "confirm"
    said, foot = _said(settings, f"{what}_text", row.language, title), words("confirm_foot", row.language)
    subject = _said(settings, "confirm_subject", row.language, title)
    return _letter(settings, row, "confirm", subject, f"{said}\n\n{confirm}\n\n-- \n{foot}\n")


def telling(settings: Settings, told: Sequence[News], end: str) -> EmailMessage:
    """The letter of a day, about all that an address follows and that has news; `end`: the link that ends all of it."""
    first, *others = told
    language = first.row.language
    if others:
        subject = words("digest_subject", language).format(n=len(told))
        each = [f"{_told(settings, one)}\n\n{words('end_one', language)}\n{one.end}" for one in told]
        text, foot = "\n\n\n".join(each), _said(settings, "foot_all", language, "")
    else:
        subject = _said(settings, f"{first.what}_subject", language, first.title)
        text, foot = _told(settings, first), _said(settings, "foot", language, first.title)
    letter = _letter(settings, first.row, first.what, subject, f"{text}\n\n-- \n{foot}\n{end}\n")
    letter["List-Unsubscribe"] = f"<{end}>"
    letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return letter


def parting(settings: Settings, told: News) -> EmailMessage:
    """The letter that tells that the only entry that an address follows is gone, the last one."""
    said = _said(settings, "removed_text", told.row.language, told.title)
    subject = _said(settings, "gone_subject", told.row.language, told.title)
    return _letter(settings, told.row, "removed", subject, f"{said}\n\n{told.page}\n")


def is_late(row: FollowRow) -> bool:
    """True when they were not told yet that an update is overdue."""
    return row.late_from is not None and row.late_from != row.late_told


def line(one: HistoryRow, language: str) -> str:
    """One change of an entry on a line."""
    if one.what == DATA:
        return f"- {words('data', language)}: {one.field}"
    if not one.field:
        return f"- {words('back', language)}"
    name = field_name(one.field, language)
    (before, tag), (after, other_tag) = untagged(one.before), untagged(one.after)
    lang = f" ({(tag or other_tag).upper()})" if tag or other_tag else ""
    values = " → ".join(tidy(value)[:SHORT] or "–" for value in (before, after))
    return f"- {name[:1].upper()}{name[1:]}{lang}: {values}"


def line_of_list(settings: Settings, one: Happened, language: str) -> str:
    """What became of one entry of a list, and where it is."""
    best = best_for(language, one.title)
    title = tidy(best.value)[:SHORT] if best else one.name
    page = f"{settings.site_url}/{language}/{one.kind}/{one.name}"
    return f"- {words(f'list_{one.what}', language).format(entry=title)}\n  {page}"


def short(lines: Iterable[str], language: str) -> list[str]:
    """The first lines, and how many more there are."""
    every = list(lines)
    more = [words("more", language).format(n=len(every) - LISTED)] if len(every) > LISTED else []
    return [*every[:LISTED], *more]


def words(what: str, language: str) -> str:
    """The words themselves."""
    return _words()[what][language]


def _told(settings: Settings, one: News) -> str:
    said = _said(settings, f"{one.what}_text", one.row.language, one.title)
    return "\n\n".join(filter(None, (said, "\n".join(one.lines), one.page)))


def _letter(settings: Settings, row: FollowRow, what: str, subject: str, text: str) -> EmailMessage:
    number = f"follow-{row.id}-{row.seen}-{what}"
    return mail.written(settings, row.address, (subject, text), language=row.language, number=number)


def _said(settings: Settings, what: str, language: str, title: str) -> str:
    return words(what, language).format(entry=title, title=settings.title, site=settings.site_url)


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
