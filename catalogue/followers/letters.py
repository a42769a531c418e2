"""What followers are written, in their language."""

import tomllib
from collections.abc import Iterable
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from dcat.differences import untagged
from dcat.messages import field_name
from dcat.model import Texts
from dcat.our_languages import best_for

from ..notices import mail
from ..notices.words import tidy
from ..settings import Settings
from ..store.codec import unpack
from ..store.follows import FollowRow
from ..store.history import DATA, HistoryRow
from ..store.outcome import Outcome

LISTED = 12
"""Changes that a letter tells; the page has all of them."""
SHORT = 80
"""Characters of a value in a letter."""


def asking(settings: Settings, row: FollowRow, confirm: str) -> EmailMessage:
    """The letter that asks whether they mean it."""
    text, foot = _text(settings, row, "confirm", [], confirm), words("confirm_foot", row.language)
    return _letter(settings, row, "confirm", f"{text}\n\n-- \n{foot}\n")


def telling(settings: Settings, row: FollowRow, changes: Iterable[HistoryRow], page: str, end: str) -> EmailMessage:
    """The letter that tells of changes, of an update that is overdue, or of both."""
    told = [line(one, row.language) for one in changes if one.field or one.what == Outcome.RESTORED]
    more = [words("more", row.language).format(n=len(told) - LISTED)] if len(told) > LISTED else []
    late = [words("late_line", row.language)] if told and is_late(row) else []
    what = "changed" if told else "late"
    foot = words("foot", row.language).format(**_names(settings, row))
    text = _text(settings, row, what, [*told[:LISTED], *more, *late], page)
    letter = _letter(settings, row, what, f"{text}\n\n-- \n{foot}\n{end}\n")
    letter["List-Unsubscribe"] = f"<{end}>"
    letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return letter


def parting(settings: Settings, row: FollowRow, page: str) -> EmailMessage:
    """The letter that tells that the entry is gone, the last one."""
    return _letter(settings, row, "removed", _text(settings, row, "removed", [], page) + "\n")


def is_late(row: FollowRow) -> bool:
    """True when they were not told yet that an update is overdue."""
    return row.late_from is not None and row.late_from != row.late_told


def line(one: HistoryRow, language: str) -> str:
    """One change on a line."""
    if one.what == DATA:
        return f"- {words('data', language)}: {one.field}"
    if not one.field:
        return f"- {words('back', language)}"
    name = field_name(one.field, language)
    (before, tag), (after, other_tag) = untagged(one.before), untagged(one.after)
    lang = f" ({(tag or other_tag).upper()})" if tag or other_tag else ""
    values = " → ".join(tidy(value)[:SHORT] or "–" for value in (before, after))
    return f"- {name[:1].upper()}{name[1:]}{lang}: {values}"


def title(row: FollowRow) -> str:
    """What the entry is called, for them."""
    texts = unpack(row.title, Texts)
    best = best_for(row.language, texts)
    return tidy(best.value) if best else row.name


def words(what: str, language: str) -> str:
    """The words themselves."""
    return _words()[what][language]


def _letter(settings: Settings, row: FollowRow, what: str, text: str) -> EmailMessage:
    """A letter with its subject."""
    subject = words(f"{what}_subject", row.language).format(**_names(settings, row))
    number = f"follow-{row.id}-{row.seen}-{what}"
    return mail.written(settings, row.address, (subject, text), language=row.language, number=number)


def _text(settings: Settings, row: FollowRow, what: str, lines: list[str], link: str) -> str:
    said = words(f"{what}_text", row.language).format(**_names(settings, row))
    return "\n\n".join(filter(None, (said, "\n".join(lines), link)))


def _names(settings: Settings, row: FollowRow) -> dict[str, str]:
    return {"entry": title(row), "title": settings.title, "site": settings.site_url}


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
