"""Records of FGDC (CSDGM) → DCAT. https://www.fgdc.gov/metadata/csdgm/"""

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from dcat.model import (
    Agent,
    Concept,
    Contact,
    DataService,
    Dataset,
    Distribution,
    Document,
    Iri,
    LicenseDocument,
    Location,
    Period,
    ProvenanceStatement,
    RightsStatement,
    Text,
    Texts,
    Wkt,
)
from dcat.normalise.endpoints import is_service, told_apart
from dcat.normalise.formats import from_address
from dcat.normalise.licences import licence
from dcat.vocab import TOPIC_CATEGORIES

from . import xml
from .base import Normalised
from .iso.online import service_of
from .mapping import Mapped, fields_left_out
from .nodes import date, iris

MAPPING = (
    Mapped("citation: title, pubdate, edition, onlink", "dct:title, dct:issued, dcat:version, dcat:landingPage"),
    Mapped("citation: origin", "dct:creator"),
    Mapped("citation: publish, else origin", "dct:publisher"),
    Mapped("abstract", "dct:description"),
    Mapped("themekey, placekey", "dcat:keyword, dcat:theme", "topic categories of ISO are themes"),
    Mapped("bounding", "dct:spatial"),
    Mapped("timeperd", "dct:temporal"),
    Mapped("status: update", "dct:accrualPeriodicity"),
    Mapped(
        "ptcontac, else distrib",
        "dcat:contactPoint",
        "a person (cntperp) is left out as [settings](../settings.md) say",
    ),
    Mapped("useconst, accconst", "dct:license, dct:rights", "a licence where a sentence names one"),
    Mapped("procdesc", "dct:provenance"),
    Mapped("digform: networkr", "dcat:distribution, dcat:accessService", "a service where its address is one's"),
)
LEFT_OUT = (
    fields_left_out("no property of DCAT-AP", "purpose", "supplinf", "eainfo", "spref")
    | fields_left_out("pictures", "browse")
)  # fmt: skip

_READ = frozenset({"idinfo", "distinfo", "metainfo", "dataqual", "spdoinfo", "spref", "eainfo"})
_NOTHING = frozenset({"none", "none.", "unknown", "not provided", "n/a", "unpublished material", "not applicable"})
_WEB = re.compile(r"https?://\S+")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)?\Z")


def is_record(root: etree._Element) -> bool:
    """True for the root of a record."""
    return xml.name(root) == "metadata" and xml.child(root, "idinfo") is not None


def normalised(root: etree._Element) -> Normalised:
    """What a record says. Raises `ValueError` for what is no such record."""
    if not is_record(root):
        raise ValueError(f"Expected a record of FGDC, found <{xml.name(root)}>.")
    unread = Counter(xml.name(each) for each in xml.children(root) if xml.name(each) not in _READ)
    return Normalised(entry=_dataset(root), unread=dict(unread))


def _dataset(root: etree._Element) -> Dataset:
    links = [word for word in _words(root, "idinfo/citation/citeinfo/onlink") if _WEB.fullmatch(word)]
    terms, rights = _terms(root)
    files = tuple(dict.fromkeys(_files(root, terms, rights)))
    publishers = _texts(root, "idinfo/citation/citeinfo/pubinfo/publish")
    origins = _texts(root, "idinfo/citation/citeinfo/origin")
    edition = _texts(root, "idinfo/citation/citeinfo/edition")
    frequency = _words(root, "idinfo/status/update")
    publisher = (publishers or origins)[:1]
    return Dataset(
        title=_texts(root, "idinfo/citation/citeinfo/title")[:1],
        description=_texts(root, "idinfo/descript/abstract")[:1],
        publisher=Agent(name=publisher) if publisher else None,
        creator=tuple(Agent(name=(text,)) for text in origins),
        contact=tuple(dict.fromkeys(_contacts(root))),
        keyword=tuple(dict.fromkeys((*_keywords(root), *_texts(root, "idinfo/keywords/place/placekey")))),
        theme=tuple(dict.fromkeys(_topics(root))),
        issued=date(_day(_words(root, "idinfo/citation/citeinfo/pubdate"))),
        landing_page=tuple(Document(iri=Iri(link)) for link in links),
        spatial=tuple(dict.fromkeys(_boxes(root))),
        temporal=tuple(dict.fromkeys(_periods(root))),
        frequency=Concept(labels=(Text(frequency[0]),)) if frequency else None,
        version=Text(edition[0].value) if edition else None,
        provenance=tuple(
            ProvenanceStatement(labels=(text,)) for text in _texts(root, "dataqual/lineage/procstep/procdesc")
        ),
        distribution=files,
        license=None if files else terms,
        rights=() if files else rights,
    )


def _at(root: etree._Element, path: str) -> list[etree._Element]:
    found = [root]
    for step in path.split("/"):
        found = [each for one in found for each in xml.children(one, step)]
    return found


def _words(root: etree._Element, path: str) -> list[str]:
    """The texts at a path, without those that say that there is none."""
    found = (" ".join(xml.text(each).split()) for each in _at(root, path))
    return list(dict.fromkeys(word for word in found if word and word.casefold() not in _NOTHING))


def _texts(root: etree._Element, path: str) -> Texts:
    return tuple(Text(word, "en") for word in _words(root, path))


def _keywords(root: etree._Element) -> Texts:
    return tuple(
        text for text in _texts(root, "idinfo/keywords/theme/themekey") if not TOPIC_CATEGORIES.find(text.value)
    )


def _topics(root: etree._Element) -> Iterator[Concept]:
    for word in _words(root, "idinfo/keywords/theme/themekey"):
        if term := TOPIC_CATEGORIES.find(word):
            yield Concept(iri=term.iri)


def _contacts(root: etree._Element) -> Iterator[Contact]:
    """The contact of the data, else of its distribution; a person is told by the element that names one."""
    for info in _at(root, "idinfo/ptcontac/cntinfo") or _at(root, "distinfo/distrib/cntinfo"):
        for kind, is_individual in (("cntorgp", False), ("cntperp", True)):
            organisation = _texts(info, f"{kind}/cntorg")
            person = _texts(info, f"{kind}/cntper") if is_individual else ()
            if organisation or person:
                yield Contact(
                    name=person or organisation,
                    organization=organisation if person else (),
                    email=iris(_words(info, "cntemail")),
                    telephone=iris(_words(info, "cntvoice")),
                    is_individual=bool(person),
                )


def _terms(root: etree._Element) -> tuple[LicenseDocument | None, tuple[RightsStatement, ...]]:
    said = (*_texts(root, "idinfo/useconst"), *_texts(root, "idinfo/accconst"))
    named = next((text for text in said if licence(text.value)), None)
    rights = tuple(RightsStatement(labels=(text,)) for text in said if text != named)
    return LicenseDocument(titles=(named,)) if named else None, rights


def _boxes(root: etree._Element) -> Iterator[Location]:
    for bounds in _at(root, "idinfo/spdom/bounding"):
        west, east, south, north = (
            xml.text(xml.child(bounds, f"{side}bc")) for side in ("west", "east", "south", "north")
        )
        if all((west, east, south, north)):
            shape = f"POLYGON(({west} {north},{east} {north},{east} {south},{west} {south},{west} {north}))"
            yield Location(bbox=Wkt(shape))


def _periods(root: etree._Element) -> Iterator[Period]:
    for time in _at(root, "idinfo/timeperd/timeinfo"):
        if start := _day(_words(time, "rngdates/begdate")):
            yield Period(start=date(start), end=date(_day(_words(time, "rngdates/enddate"))))
        days = [*_words(time, "sngdate/caldate"), *_words(time, "mdattim/sngdate/caldate")]
        yield from (Period(start=date(day), end=date(day)) for day in map(_iso, days) if day)


def _day(words: list[str]) -> str:
    return _iso(words[0]) if words else ""


def _iso(word: str) -> str:
    """`20180115` as ISO writes it; `Present` is open."""
    if found := _COMPACT.match(word):
        return "-".join(filter(None, found.groups()))
    return word if word[:1].isdigit() else ""


def _files(
    root: etree._Element, terms: LicenseDocument | None, rights: tuple[RightsStatement, ...]
) -> Iterator[Distribution]:
    for form in _at(root, "distinfo/stdorder/digform"):
        names = _texts(form, "digtinfo/formname")[:1]
        for address in _words(form, "digtopt/onlinopt/computer/networka/networkr"):
            if _WEB.fullmatch(address):
                yield _file(address, names, terms, rights)


def _file(
    address: str, names: Texts, terms: LicenseDocument | None, rights: tuple[RightsStatement, ...]
) -> Distribution:
    kind = service_of(names[0].value if names else "", address)
    if kind or is_service(address):
        found = told_apart(address)
        described = (Iri(found.description),) if found.description else ()
        service = DataService(
            title=names, endpoint_url=(Iri(found.address),), endpoint_description=described, license=terms
        )
        return Distribution(
            access_url=(Iri(address),),
            title=names,
            format=Concept(labels=(Text(kind),)) if kind else None,
            access_service=(service,),
            license=terms,
            rights=rights,
        )
    is_download = from_address(address)[0] is not None
    return Distribution(
        access_url=(Iri(address),),
        download_url=(Iri(address),) if is_download else (),
        format=Concept(labels=(Text(names[0].value),)) if names and not is_download else None,
        license=terms,
        rights=rights,
    )
