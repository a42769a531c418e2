"""A dataflow → a dataset. Values stay as they are written: `dcat.normalise` mends them."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from dcat.model import (
    Agent,
    Concept,
    Dataset,
    Date,
    Distribution,
    Document,
    Identifier,
    Iri,
    Location,
    Period,
    Text,
    Texts,
)

from ..fields import Fields
from ..mapping import Mapped, fields_left_out
from ..nodes import date

MAPPING = (
    Mapped("id", "dct:identifier", "with the agency before it: `FR1:ACT-TRIM-ANC`; and the address of the data"),
    Mapped("agencyID", "dct:identifier, dct:publisher", "its name where the message has it"),
    Mapped("agency", "dct:publisher", "of the agency scheme, else of the sender"),
    Mapped("names", "dct:title", "in all languages"),
    Mapped("descriptions", "dct:description", "in all languages"),
    Mapped("version", "dcat:version"),
    Mapped("urn", "adms:identifier"),
    Mapped("validFrom", "dct:issued"),
    Mapped("categories", "dcat:keyword, dcat:theme", "names of the categories that it is put in"),
    Mapped("areas", "dct:spatial", "of constraints, by dimension `REF_AREA`, `GEO` and the like; at most 20"),
    Mapped("start", "dcat:startDate", "of constraints"),
    Mapped("end", "dcat:endDate", "of constraints"),
    Mapped("annotations", "dct:modified, dct:temporal, foaf:page", "`UPDATE_DATA`, `OBS_PERIOD_OVERALL_…`, links"),
)

LEFT_OUT = fields_left_out("of other types", "annotations.type", "annotations.title", "annotations.texts") | (
    fields_left_out("of other types", "annotations.value", "annotations.url")
)

_CHANGED = frozenset({"UPDATE_DATA", "LAST_UPDATE", "LASTUPDATE", "LAST_MODIFIED"})
_OLDEST, _LATEST = "OBS_PERIOD_OVERALL_OLDEST", "OBS_PERIOD_OVERALL_LATEST"
_PART = re.compile(r"(\d{4})-?([QSTWBM])(\d{1,2})", re.IGNORECASE)
_MONTHS = {"Q": 3, "S": 6, "B": 6, "T": 4, "M": 1}
_LONGEST_NUMBER = 20
_STRUCTURE = re.compile(r"/(structure/)?dataflow(/|\Z).*")


def identifier_of(said: Mapping[str, Any]) -> str:
    """The agency's own name of a dataflow, whichever its version."""
    return f"{said.get('agencyID', '')}:{said['id']}" if said.get("id") else ""


def version_of(said: Mapping[str, Any]) -> tuple[tuple[int, ...], bool, str]:
    """The version of a dataflow, for comparing: 1.10 comes after 1.9, and a draft (`2.0.0-draft`) before what it is a
    draft of."""
    numbers, _, draft = str(said.get("version", "")).partition("-")
    return tuple(map(_number, numbers.split("."))), not draft, draft


def _number(part: str) -> int:
    return int(part) if part.isdecimal() and len(part) < _LONGEST_NUMBER else 0


def entry_of(said: Mapping[str, Any], url: str) -> tuple[Dataset, dict[str, int]]:
    """What a dataflow says. `url`: of the message, which tells where the data is asked for."""
    fields = Fields(said, left_out=LEFT_OUT)
    notes = {one.text("type", "title"): _noted(one) for one in fields.objects("annotations")}
    links = [one.text("url") for one in fields.objects("annotations")]
    start = period_start(fields.text("start") or notes.get(_OLDEST, ""))
    end = period_end(fields.text("end") or notes.get(_LATEST, ""))
    names = identifier_of(said)
    urn, version = fields.text("urn"), fields.text("version")
    agency = fields.by_language("agency") or _texts(fields.text("agencyID"))
    data = data_address(url, said)
    fields.ignore(("id", "agencyID"))
    entry = Dataset(
        title=_in_all(said, "names", fields),
        description=_in_all(said, "descriptions", fields),
        publisher=Agent(name=agency) if agency else None,
        identifier=(Text(names),) if names else (),
        other_identifier=(Identifier(notation=(Text(urn),)),) if urn else (),
        version=Text(version) if version else None,
        issued=date(fields.text("validFrom")),
        modified=date(next((notes[name] for name in notes if name in _CHANGED), "")),
        theme=tuple(Concept(labels=(Text(word),)) for word in fields.words("categories")),
        spatial=tuple(Location(labels=(Text(word),)) for word in fields.words("areas")),
        temporal=(Period(start=start, end=end),) if start or end else (),
        page=tuple(Document(iri=Iri(link)) for link in dict.fromkeys(links) if link.startswith("http")),
        distribution=(Distribution(access_url=(Iri(data),), format=Concept(labels=(Text("SDMX"),))),) if data else (),
    )
    return entry, dict(fields.unread())


def data_address(url: str, said: Mapping[str, Any]) -> str:
    """Where the data of a dataflow is asked for, from where its structure was: REST 2.1 and 3.0 differ."""
    parts = urlsplit(url)
    found = _STRUCTURE.search(parts.path)
    if found is None or not said.get("id"):
        return ""
    base, agency, id = parts.path[: found.start()], quote(str(said.get("agencyID", ""))), quote(str(said["id"]))
    path = f"{base}/data/dataflow/{agency}/{id}" if found[1] else f"{base}/data/{agency},{id}"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def period_start(text: str) -> Date | None:
    """The first day or month of a period: `2010-Q2` begins in April."""
    return _bound(text, last=False)


def period_end(text: str) -> Date | None:
    """Its last month."""
    return _bound(text, last=True)


def _bound(text: str, *, last: bool) -> Date | None:
    found = _PART.fullmatch(text.strip())
    if found is None:
        return date(text.strip())
    year, unit, number = found[1], found[2].upper(), int(found[3])
    if unit not in _MONTHS:  # weeks
        return Date(year)
    months = _MONTHS[unit]
    month = number * months if last else (number - 1) * months + 1
    return Date(f"{year}-{month:02}") if 1 <= month <= 12 else Date(year)


def _in_all(said: Mapping[str, Any], name: str, fields: Fields) -> Texts:
    """A text in every language; one whose language is not said too."""
    fields.ignore([name])
    found = said.get(name)
    pairs = found.items() if isinstance(found, Mapping) else [("", found)] if isinstance(found, str) else []
    return tuple(Text(str(text), str(lang).lower()) for lang, text in pairs if text)


def _noted(annotation: Fields) -> str:
    """What an annotation says: its value, else its text, else its title."""
    texts = annotation.by_language("texts")
    return annotation.text("value") or (texts[0].value if texts else "") or annotation.text("title")


def _texts(word: str) -> Texts:
    return (Text(word),) if word else ()
