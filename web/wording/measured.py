"""What we measured at the addresses of an entry, in words. It fills what the publisher leaves open, and says so."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from catalogue.links.rhythm import rhythm
from catalogue.store.addresses import BLOCKED, BROKEN, WORKS, AddressRow
from dcat import vocab
from dcat.model import Distribution

from . import facts, labels, writing
from .words import gettext as _
from .words import ngettext

Links = Mapping[str, AddressRow]
"""What is known of addresses, by address."""
SIGNS = {WORKS: ("good", "✓"), BROKEN: ("late", "!"), BLOCKED: ("", "")}
"""How a state looks, by class and sign."""


class Health(NamedTuple):
    """Whether a link works."""

    kind: str
    """Class of the style sheet; what is well needs no emphasis."""
    sign: str
    words: str
    """The state, with its date."""
    more: str = ""
    """What else there is to say of it; empty when nothing is."""


def of_file(file: Distribution, links: Links) -> AddressRow | None:
    """What is known of the address that a file's link leads to."""
    return links.get(facts.where(file)[0])


def health(row: AddressRow | None) -> Health | None:
    """Whether a link works; None when nobody knows."""
    if row is None or row.state not in SIGNS or row.since is None:
        return None
    words, more = _said(row, row.since)
    return Health(*SIGNS[row.state], words, more)


def _said(row: AddressRow, since: datetime) -> tuple[str, str]:
    if row.state == WORKS:
        return _("link works"), ""
    if row.state == BROKEN:
        last = _("last worked on %(date)s", date=writing.day(row.worked)) if row.worked else ""
        return _("link broken since %(date)s", date=writing.day(since)), last
    why = _("its robots.txt forbids it") if row.code in {"ROBOTS", "NO_ROBOTS"} else str(row.status)
    return _("not checked: the server lets no program in (%(why)s); it may work for you", why=why), ""


def file_facts(file: Distribution, row: AddressRow | None = None) -> str:
    """Format and size, as they stand in the link that downloads: what the publisher gives, else what we measured."""
    name, size = facts.format_name(file) or format_name(row), writing.size(file.byte_size) or size_of(row)
    return ", ".join(fact for fact in (name, size) if fact)


def size_of(row: AddressRow | None) -> str:
    """The measured size."""
    return writing.size(row.size) if row and row.state == WORKS else ""


def format_name(row: AddressRow | None) -> str:
    """The measured format."""
    return labels.code(row.format, "format") if row and row.state == WORKS and row.format else ""


def measured(file: Distribution, row: AddressRow | None) -> str:
    """Which facts of a file's link we measured, and when; empty when the publisher gives them all."""
    if row is None or row.worked is None or row.state != WORKS:
        return ""
    has_format = not facts.format_name(file) and bool(format_name(row))
    has_size = not writing.size(file.byte_size) and bool(size_of(row))
    date = writing.day(row.worked)
    if has_format and has_size:
        return _("format and size measured by us on %(date)s", date=date)
    if has_size:
        return _("size measured by us on %(date)s", date=date)
    return _("format measured by us on %(date)s", date=date) if has_format else ""


def changed(file: Distribution, row: AddressRow | None) -> str:
    """When a file last changed by its server, where the publisher does not say it."""
    if file.modified or row is None or row.modified is None or row.worked is None:
        return ""
    date, on = writing.day(row.modified), writing.day(row.worked)
    return _("last changed on %(date)s (measured by us on %(on)s)", date=date, on=on)


def is_page(file: Distribution, row: AddressRow | None) -> bool:
    """True for the link of a file that leads to a page for people instead."""
    if row is None or row.state != WORKS or row.format != "HTML" or not file.download_url:
        return False
    term = vocab.FORMATS.by_iri.get(file.format.iri or "") if file.format else None
    return not (term and "HTML" in term.code)


def last_change(files: Iterable[Distribution], links: Links) -> str:
    """When the newest file changed by its server: for entries whose publisher gives no date."""
    found = [row for file in files if (row := of_file(file, links))]
    dates = [(row.modified, row.worked) for row in found if row.modified and row.worked]
    if not dates:
        return ""
    date, on = map(writing.day, max(dates))
    return _("%(date)s (newest file, measured by us on %(on)s)", date=date, on=on)


def learnt(files: Iterable[Distribution], links: Links) -> str:
    """How often files change, as we saw it: for entries whose publisher does not say."""
    rows = [row for file in files if (row := of_file(file, links))]
    code = next((found for row in rows if (found := rhythm(row.changes))), "")
    return _("%(often)s (as we saw the files change)", often=labels.code(code, "frequency")) if code else ""


def share(counts: Mapping[str, int]) -> str:
    """How many links work, of those that somebody asked; empty when nobody asked any."""
    asked = counts.get(WORKS, 0) + counts.get(BROKEN, 0)
    if not asked:
        return ""
    works = writing.share(counts.get(WORKS, 0), asked)
    said = _("%(share)s of the %(n)s links that we can check work.", share=works, n=writing.number(asked))
    blocked = counts.get(BLOCKED, 0)
    if not blocked:
        return said
    others = ngettext(
        "One more lets no program in.", "%(n)s more let no program in.", blocked, n=writing.number(blocked)
    )
    return f"{said} {others}"


def why(row: AddressRow) -> str:
    """Why a link does not work, for who can mend it."""
    status = _("The server answers %(status)s.", status=str(row.status)) if row.status else ""
    reasons = {
        "TIMEOUT": _("The server does not answer in time."),
        "DEADLINE": _("The server does not answer in time."),
        "UNREACHABLE": _("The server cannot be reached, or its name does not exist."),
        "TOO_MANY_REDIRECTS": _("It leads from one address to the next, without end."),
        "BROKEN_OFF": _("The answer breaks off."),
    }
    tls = _("Its certificate is not valid.") if row.code.startswith("TLS") else ""
    return status or tls or reasons.get(row.code) or _("It leads nowhere.")
