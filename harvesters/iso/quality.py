"""What the data conforms to, where it comes from, and how fine it is (DQ_DataQuality, MD_ReferenceSystem, lineage)."""

import re

from dcat.model import Decimal, Iri, ProvenanceStatement, Standard

from .tree import Item, Value

_CRS = "http://www.opengis.net/def/crs/EPSG/0/"
_EPSG = re.compile(r"EPSG(?:[:/ _-]|::|/0/|:[\d.]*:)*(\d{4,6})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d{4,6}")
_METRES = {"m": 1, "metre": 1, "meter": 1, "metres": 1, "meters": 1, "km": 1000, "cm": 0.01, "kilometer": 1000}


def conformance(record: Item) -> tuple[Standard, ...]:
    """What it was tested against and passed, and its reference systems."""
    results = record.items("dataQualityInfo/report/result")
    passed = [one for one in results if one.text("pass").casefold() in {"true", "1"}]
    specifications = (value for one in passed for value in one.values("specification/title"))
    found = [*map(_standard, specifications), *map(_system, _systems(record))]
    return tuple(dict.fromkeys(filter(None, found)))


def _standard(title: Value) -> Standard | None:
    if title.href.startswith("http"):
        return Standard(iri=Iri(title.href), titles=title.texts)
    return Standard(titles=title.texts) if title.texts else None


def _systems(record: Item) -> list[Item]:
    return record.items("referenceSystemInfo/referenceSystemIdentifier")


def _system(identifier: Item) -> Standard | None:
    """A coordinate reference system by OGC's IRI for its EPSG number, however it is written."""
    code, space = identifier.value("code"), identifier.text("codeSpace")
    said = f"{code.href} {code.text}"
    if found := _EPSG.search(said) or (_NUMBER.fullmatch(code.text) if "epsg" in space.casefold() else None):
        return Standard(iri=Iri(_CRS + found[found.lastindex or 0]))
    return _standard(code)


def provenance(record: Item) -> tuple[ProvenanceStatement, ...]:
    """Where the data comes from, in words."""
    said = [*record.values("dataQualityInfo/lineage/statement"), *record.values("resourceLineage/statement")]
    return tuple(dict.fromkeys(ProvenanceStatement(labels=value.texts) for value in said if value.texts))


def resolution(resource: Item) -> tuple[Decimal, ...]:
    """Distances told apart, in metres; those in degrees have no length."""
    found = []
    for one in resource.items("spatialResolution"):
        units = [each.get("uom", "") for each in one.inner_attributes("distance")]
        factor = _METRES.get(units[0].rpartition("#")[2].rpartition("/")[2].casefold()) if units else None
        said = one.text("distance").replace(",", ".")
        if factor and re.fullmatch(r"\d+(?:\.\d+)?", said):
            found.append(Decimal(f"{float(said) * factor:g}"))
    return tuple(dict.fromkeys(found))
