"""A ready letter that asks the publisher for what the description does not say, in the publisher's language."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

from catalogue.store.rows import EntryRow
from dcat.messages import field_name
from dcat.model import Entry
from dcat.our_languages import writes_in

from . import facts, writing
from .words import message, messages

KEY_FACTS = (
    ("license", "dct:license"),
    ("modified", "dct:modified"),
    ("frequency", "dct:accrualPeriodicity"),
    ("contact", "dcat:contactPoint"),
    ("temporal", "dct:temporal"),
    ("spatial", "dct:spatial"),
)
"""What every reader needs, and the property of each; most needed first."""
SUBJECT = message("Question about “%(title)s”")
BODY = message(
    "Hello,\n\nThe description of “%(title)s” (%(address)s) does not say: %(missing)s.\nCould you add it? It helps "
    "everybody who wants to use these data.\n\nThank you"
)


class Missing(NamedTuple):
    """A key fact that is not given."""

    field: str
    name: str
    """In the reader's language."""


def missing(row: EntryRow, language: str) -> list[Missing]:
    """The key facts that an entry does not have."""
    return [Missing(field, field_name(curie, language)) for field, curie in KEY_FACTS if is_missing(row.entry, field)]


def is_missing(entry: Entry, field: str) -> bool:
    """True when a key fact is not given, in whatever form."""
    if field == "license":
        return not entry.license and not any(file.license for file in facts.files(entry))
    curie = dict(KEY_FACTS)[field]
    return not getattr(entry, field, ()) and not any(one.field == curie for one in getattr(entry, "as_written", ()))


def letter(row: EntryRow, mailboxes: Iterable[str], fall_back: str, address: str) -> str:
    """A `mailto:` to the publisher, or to the portal where the publisher has no mailbox; empty without either."""
    box = next((one for one in mailboxes if writing.link(one)), fall_back)
    lacking = [curie for field, curie in KEY_FACTS if is_missing(row.entry, field)]
    if not box.startswith("mailto:") or not lacking:
        return ""
    lang = writes_in(row.entry.title)
    title = next((text.value for text in row.entry.title if text.language == lang), row.name)
    said = {
        "title": title,
        "address": address,
        "missing": ", ".join(field_name(curie, lang) for curie in lacking),
    }
    subject, body = (messages(lang).gettext(text) % said for text in (SUBJECT, BODY))
    return f"{box.partition('?')[0]}?subject={quote(subject)}&body={quote(body)}"
