"""What local bodies are called, and the letter that asks one of them for data, in a language in which it answers."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

from babel.lists import format_list

from catalogue.coverage.bodies import CPAS, Body
from catalogue.coverage.communes import OFFICIAL
from catalogue.search.subjects import Subject
from catalogue.store.rows import EntryRow, PublisherRow

from ..current import settings
from . import writing
from .words import language, message, messages

CPAS_OF = message("CPAS %(commune)s")
SUBJECT = message("Asking for data: %(subject)s – %(body)s")
OF_YEARS = message(
    "Hello,\n\nI am looking for these data of yours: %(subject)s, for %(years)s. I do not find them on %(portal)s "
    "(%(address)s).\nCould you publish them as open data, or tell me where they are?\n\nThank you"
)
OF_TODAY = message(
    "Hello,\n\nI am looking for these data of yours: %(subject)s. I do not find them on %(portal)s (%(address)s).\n"
    "Could you publish them as open data, or tell me where they are?\n\nThank you"
)


class Letter(NamedTuple):
    """A letter that can be sent as it is."""

    lang: str
    subject: str
    text: str
    address: str
    """A `mailto:` with all of it; empty where nobody knows a mailbox."""


def name(body: Body, lang: str = "") -> str:
    """What a body is called in a language (default: of this page)."""
    lang = lang or language()
    commune = body.commune.name(lang)
    return messages(lang).gettext(CPAS_OF) % {"commune": commune} if body.kind == CPAS else commune


def letter(body: Body, subject: Subject, years: Iterable[int], boxes: Iterable[str], address: str) -> Letter:
    """Asks a body for what it does not publish: in the reader's language where that is one of the body's."""
    lang = language() if language() in OFFICIAL else OFFICIAL[0]
    written, asked = messages(lang), [str(year) for year in years]
    said = {
        "subject": subject.name[lang],
        "body": name(body, lang),
        "years": format_list(asked, locale=lang),
        "portal": settings().title,
        "address": address,
    }
    title, text = (written.gettext(one) % said for one in (SUBJECT, OF_YEARS if asked else OF_TODAY))
    box = next((one.partition("?")[0] for one in boxes if one.startswith("mailto:") and writing.link(one)), "")
    return Letter(lang, title, text, box and f"{box}?subject={quote(title)}&body={quote(text)}")


def mailboxes(publishers: Iterable[PublisherRow], own: Iterable[EntryRow]) -> list[str]:
    """Where a body can be written to: as a publisher, else at the contact of what it publishes."""
    contacts = (mail for row in own for contact in row.entry.contact for mail in contact.email)
    return [*(row.mbox for row in publishers if row.mbox), *contacts]
