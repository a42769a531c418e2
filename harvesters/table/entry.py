"""A row of a list → a dataset. Values stay as they are written: `dcat.normalise` mends them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from dcat.model import (
    Agent,
    Contact,
    Dataset,
    Distribution,
    Iri,
    LicenseDocument,
    Location,
    Period,
    ProvenanceStatement,
    Text,
    Texts,
)
from dcat.normalise.iris import NO_SCHEME

from ..fields import Fields
from ..nodes import beside, concept, concepts, date, documents, iris, is_iri, labelled, standards, statement
from ..package.resource import is_file
from .headings import Heading, fields, heading_of
from .rows import column

_MAIL = re.compile(r"<?\b(?:mailto:)?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)>?", re.IGNORECASE)
_STRONG = re.compile(r"\s*[;|\n]\s*")
_WEAK = re.compile(r"\s*[,;|\n]\s*")
_ADDRESSES = re.compile(r"\s*[;|\n]\s*|[\s,]+(?=(?:https?|ftp)://|www\.)", re.IGNORECASE)
"""Between addresses; a blank before anything else is a part of one."""


def headed(headings: Iterable[str]) -> dict[str, str]:
    """What each heading holds, as `harvesters.fields` reads it (`title_fr`); one that nobody knows keeps its words.

    `name` is a title, unless the list has a title beside it: then it is what the list calls its datasets
    (Opendatasoft). Of two headings for one field the first counts, and the other is told as not read.
    """
    found: dict[str, str] = {}
    meant = {heading: heading_of(heading) for heading in headings}
    has = {known.field for known in meant.values() if known is not None}
    for heading, known in meant.items():
        key = _named(known, has).key if known is not None else heading
        found[heading] = heading if key in found.values() else key
    return found


def _named(known: Heading, has: set[str]) -> Heading:
    if known.field != "name":
        return known
    if "title" not in has:
        return Heading("title", known.lang)
    return Heading("identifier") if "identifier" not in has else known


def places(headings: Sequence[str], row: int) -> dict[str, str]:
    """Where in the sheet each property stands: `{"dct:license": "F17"}`."""
    found: dict[str, str] = {}
    meant = headed(headings)
    for index, heading in enumerate(headings):
        for property in _properties(meant[heading]):
            found.setdefault(property, f"{column(index)}{row}")
    return found


def _properties(key: str) -> tuple[str, ...]:
    """The properties that a column gives, by what `headed` says that it holds; none for one that nobody knows."""
    field = fields().get(key) or fields().get(key.rpartition("_")[0])
    return field.properties if field else ()


def entry_of(cells: Mapping[str, str], address: str) -> tuple[Dataset, dict[str, int]]:
    """The dataset that a row describes, and the headings of cells that nobody read.

    `address`: of the list, which files without a host of their own stand beside.
    """
    meant = headed(cells)
    row = Fields({meant[heading]: value for heading, value in cells.items()})
    identifier, terms = row.text("identifier"), row.text("licence")
    pages, links = _links(row, address)
    files = _files(row, address, terms, links)
    period = Period(start=date(row.text("start")), end=date(row.text("end")))
    provenance = row.texts("provenance")
    version = row.text("version")
    entry = Dataset(
        iri=Iri(identifier) if identifier.startswith(("http://", "https://")) else None,
        title=row.texts("title"),
        description=row.texts("description"),
        theme=concepts(_split(row.text("theme"), _WEAK)),
        keyword=_keywords(row.texts("keyword")),
        publisher=_publisher(row.texts("publisher")),
        contact=_contacts(row.text("contact")),
        identifier=(Text(identifier),) if identifier else (),
        issued=date(row.text("issued")),
        modified=date(row.text("modified")),
        frequency=concept(row.text("frequency")),
        landing_page=documents(pages),
        page=documents(_addresses(row.text("documentation"), address)),
        language=concepts(_split(row.text("language"), _WEAK)),
        spatial=tuple(labelled(Location, "labels", word) for word in _split(row.text("spatial"), _STRONG)),
        temporal=(period,) if period != Period() else (),
        access_rights=statement(row.text("access rights")),
        hvd_category=concepts(_split(row.text("HVD category"), _STRONG)),
        conforms_to=standards(_split(row.text("conforms to"), _STRONG)),
        version=Text(version) if version else None,
        provenance=(ProvenanceStatement(labels=provenance),) if provenance else (),
        license=None if files else _licence(terms),
        distribution=files,
    )
    return entry, dict(row.unread())


def _split(text: str, by: re.Pattern[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, by.split(text.strip()))))


def _keywords(texts: Texts) -> Texts:
    """Words divided by semicolons or lines, where there are none by commas."""
    found = [
        Text(word, text.lang)
        for text in texts
        for word in _split(text.value, _STRONG if _STRONG.search(text.value) else _WEAK)
    ]
    return tuple(dict.fromkeys(found))


def _addresses(text: str, base: str) -> list[str]:
    """Addresses divided by blanks, lines or semicolons; one without a host stands beside the list."""
    found = _ADDRESSES.split(text.strip()) if "://" in text else _split(text, _STRONG)
    return [_beside(one, base) for one in dict.fromkeys(filter(None, found))]


def _beside(text: str, base: str) -> str:
    if is_iri(text) or NO_SCHEME.match(text) or " " in text or not base.startswith("http"):
        return text
    return beside(text, base)


def _links(row: Fields, address: str) -> tuple[list[str], list[str]]:
    """The pages of the dataset, and links that lead to files: a link that may be either is a file when it ends as one
    does, or when the row has a format or another page."""
    pages, links = (_addresses(row.text(name), address) for name in ("landing page", "link"))
    if pages or row.text("format"):
        return pages, links
    return [link for link in links if not is_file(link)], [link for link in links if is_file(link)]


def _files(row: Fields, address: str, terms: str, links: list[str]) -> tuple[Distribution, ...]:
    """One file for each address. Several formats belong to as many addresses, one format to all of them."""
    downloads, accesses = (_addresses(row.text(name), address) for name in ("download URL", "access URL"))
    accesses += links
    formats = _split(row.text("format"), _WEAK)
    count = max(len(downloads), len(accesses))
    formats = formats * count if len(formats) == 1 else formats if len(formats) == count else []
    media = row.text("media type")
    return tuple(
        Distribution(
            download_url=iris(filter(None, [download])),
            access_url=iris(filter(None, [access])),
            format=concept(format or ""),
            media_type=concept(media),
            license=_licence(terms),
        )
        for download, access, format in zip_longest(downloads, accesses, formats)
    )


def _licence(text: str) -> LicenseDocument | None:
    found: LicenseDocument | None = labelled(LicenseDocument, "labels", text)
    return found


def _publisher(texts: Texts) -> Agent | None:
    if not texts:
        return None
    return Agent(iri=Iri(texts[0].value)) if is_iri(texts[0].value) else Agent(name=texts)


def _contacts(text: str) -> tuple[Contact, ...]:
    """A desk and its mailbox, `Green spaces <trees@commune.example>`, a form, or a name; several by semicolons."""
    return tuple(_contact(part) for part in _split(text, _STRONG))


def _contact(text: str) -> Contact:
    if is_iri(text) and not text.lower().startswith("mailto:"):
        return Contact(url=(Iri(text),))
    mails = _MAIL.findall(text)
    name = _MAIL.sub("", text).strip(" \t,()<>:-–")
    return Contact(name=(Text(name),) if name else (), email=iris(mails))
