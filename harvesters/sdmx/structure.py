"""A structure message of SDMX → its dataflows, each with what constraints, agencies and code lists say of it.

SDMX-ML 2.1 and 3.0 and SDMX-JSON say the same in the same words; XML is first made what JSON is.
https://sdmx.org/standards-2/, https://github.com/sdmx-twg/sdmx-json
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from lxml import etree

from .. import xml

LANG = "{http://www.w3.org/XML/1998/namespace}lang"

AREAS = frozenset({"REF_AREA", "GEO", "AREA", "COUNTRY", "REGION", "TERRITORY"})
"""Dimensions whose values are places."""
TIMES = frozenset({"TIME_PERIOD", "TIME", "PERIOD"})
MOST_AREAS = 20
"""Areas of one dataflow: one with more covers them all, and its name says so better."""

_ENDS = (("StartPeriod", "start"), ("AfterPeriod", "start"), ("EndPeriod", "end"), ("BeforePeriod", "end"))

KEPT = ("id", "urn", "version", "validFrom")
"""Attributes of a dataflow that are kept as they are."""

T = TypeVar("T")

Names = dict[str, str]
"""A text by language."""

_CUT = frozenset({"130", "413", "510"})
"""Codes of answers that grew too large: what came is not all."""

_URN = re.compile(r"=([^:]+):([^(]+)\(([^)]*)\)")


def flows_of_xml(root: etree._Element) -> Iterator[dict[str, Any]]:
    """The dataflows of SDMX-ML; what is only referred to (`isExternalReference`) is not described here."""
    names = {one.get("id", ""): _names(one, "Name") for one in xml.descendants(root, "Agency")}
    senders = [_names(one, "Name") for one in xml.descendants(root, "Sender")]
    codes = {one.get("id", ""): _names(one, "Name") for one in xml.descendants(root, "Code")}
    limits = [_limits(one, codes) for one in xml.descendants(root, "ContentConstraint", "DataConstraint")]
    groups = dict(_groups(root))
    flows = [one for listed in xml.descendants(root, "Dataflows") for one in xml.children(listed, "Dataflow")]
    for flow in _described(flows, _is_described):
        said: dict[str, Any] = {name: value for name in KEPT if (value := flow.get(name))}
        agency = flow.get("agencyID", "")
        said |= {
            "agencyID": agency,
            "names": _names(flow, "Name"),
            "descriptions": _names(flow, "Description"),
            "annotations": [_annotation(one) for one in xml.descendants(flow, "Annotation")],
            "agency": names.get(agency) or next(iter(senders), {}),
            "categories": groups.get(_name(said, agency), []),
        }
        yield with_limits(said, limits)


def flows_of_json(said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The dataflows of SDMX-JSON."""
    data = data_of(said)
    names = {str(one.get("id")): _texts(one, "name") for one in _inside(data, "agencySchemes", "agencies")}
    codes = {str(one.get("id")): _texts(one, "name") for one in _inside(data, "codelists", "codes")}
    constraints = (*_objects(data, "contentConstraints"), *_objects(data, "dataConstraints"))
    limits = [_limits_of_json(one, codes) for one in constraints]
    groups = _groups_of_json(data)
    flows = [one if isinstance(one, Mapping) else {} for one in _list(data, "dataflows")]
    for flow in _described(flows, _is_described_in_json):
        agency = str(flow.get("agencyID") or "")
        kept = {name: flow[name] for name in KEPT if isinstance(flow.get(name), str)}
        kept |= {
            "agencyID": agency,
            "names": _texts(flow, "name"),
            "descriptions": _texts(flow, "description"),
            "annotations": [_annotation_of_json(one) for one in _objects(flow, "annotations")],
            "agency": names.get(agency) or _sender(said),
            "categories": groups.get(_name(kept, agency), []),
        }
        if urn := next((str(link["urn"]) for link in _objects(flow, "links") if _is_own(link)), ""):
            kept.setdefault("urn", urn)
        yield with_limits(kept, limits)


def _described(flows: list[T], is_described: Callable[[T], bool]) -> list[T]:
    """The dataflows that are described here, and not only referred to; all of a list of stubs (`detail=allstubs`)."""
    return [one for one in flows if is_described(one)] or flows


def _is_described(flow: etree._Element) -> bool:
    return flow.get("isExternalReference") != "true" or xml.child(flow, "Structure") is not None


def _is_described_in_json(flow: Mapping[str, Any]) -> bool:
    return flow.get("isExternalReference") is not True or bool(flow.get("structure"))


def footers(root: etree._Element) -> Iterator[str]:
    """What a message says at its end about what it lacks, in words."""
    for one in xml.descendants(root, "Footer"):
        for message in xml.children(one, "Message"):
            if message.get("severity") in {"Error", "Warning"} or message.get("code") in _CUT:
                yield f"{message.get('code', '')} {' '.join(map(xml.text, xml.children(message)))}".strip()


def errors(said: Mapping[str, Any]) -> Iterator[str]:
    """What a message in JSON says that went wrong, in words."""
    for one in _objects(said, "errors"):
        yield " ".join(map(str, filter(None, map(one.get, ("code", "title", "detail")))))


def data_of(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The structures in a message, which older ones have at their root."""
    data = said.get("data")
    return data if isinstance(data, Mapping) else said


def _is_own(link: Mapping[str, Any]) -> bool:
    return link.get("rel") == "self" and isinstance(link.get("urn"), str)


def _sender(said: Mapping[str, Any]) -> Names:
    meta = said.get("meta")
    sender = meta.get("sender") if isinstance(meta, Mapping) else None
    return _texts(sender, "name") if isinstance(sender, Mapping) else {}


def with_limits(said: dict[str, Any], limits: list[dict[str, Any]]) -> dict[str, Any]:
    """A dataflow with the periods and areas of the constraints that name it."""
    name = _name(said, said["agencyID"])
    mine = [one for one in limits if name in one["flows"]]
    areas = list(dict.fromkeys(area for one in mine for area in one["areas"]))
    starts, ends = ([one[end] for one in mine if one[end]] for end in ("start", "end"))
    said["start"], said["end"] = min(starts, default=""), max(ends, default="")
    said["areas"] = areas if len(areas) <= MOST_AREAS else []
    return {name: value for name, value in said.items() if value}


def _name(said: Mapping[str, Any], agency: str) -> str:
    return f"{agency}:{said.get('id', '')}"


def _names(element: etree._Element, wanted: str) -> Names:
    return {one.get(LANG, ""): said for one in xml.children(element, wanted) if (said := xml.text(one))}


def _annotation(element: etree._Element) -> dict[str, Any]:
    parts = {name: xml.text(xml.child(element, f"Annotation{name}")) for name in ("Type", "Title", "URL", "Value")}
    texts = _names(element, "AnnotationText")
    return {name.lower(): value for name, value in parts.items() if value} | ({"texts": texts} if texts else {})


def _annotation_of_json(said: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: str(said[name]) for name in ("type", "title", "value") if said.get(name)}
    links = [str(link.get("href")) for link in _objects(said, "links") if link.get("href")]
    texts = _texts(said, "text")
    return found | ({"url": links[0]} if links else {}) | ({"texts": texts} if texts else {})


def _limits(element: etree._Element, codes: Mapping[str, Names]) -> dict[str, Any]:
    """What a constraint says: the dataflows that it is attached to, their period and their areas."""
    attached = xml.child(element, "ConstraintAttachment")
    flows = [_referred(one) for one in xml.children(attached, "Dataflow")] if attached is not None else []
    found: dict[str, Any] = {"flows": flows, "areas": [], "start": "", "end": ""}
    for period in xml.descendants(element, "ReferencePeriod"):
        found |= {"start": period.get("startTime", "")[:10], "end": period.get("endTime", "")[:10]}
    for value in xml.descendants(element, "KeyValue", "Component"):
        if value.get("id") in TIMES:
            for part, end in _ENDS:
                found[end] = next((xml.text(one) for one in xml.descendants(value, part)), found[end])
        elif value.get("id") in AREAS:
            found["areas"] += [
                _best(codes.get(code := xml.text(one), {}), code) for one in xml.children(value, "Value")
            ]
    return found


def _limits_of_json(said: Mapping[str, Any], codes: Mapping[str, Names]) -> dict[str, Any]:
    attached = said.get("constraintAttachment")
    urns = _list(attached, "dataflows") if isinstance(attached, Mapping) else []
    found: dict[str, Any] = {"flows": [_of_urn(str(urn)) for urn in urns], "areas": [], "start": "", "end": ""}
    for region in _objects(said, "cubeRegions"):
        for value in (*_objects(region, "keyValues"), *_objects(region, "components")):
            dimension = str(value.get("id"))
            if dimension in AREAS:
                values = _list(value, "values")
                listed = [str(one.get("value", "") if isinstance(one, Mapping) else one) for one in values]
                found["areas"] += [_best(codes.get(code, {}), code) for code in listed]
            ranged = value.get("timeRange")
            if dimension in TIMES and isinstance(ranged, Mapping):
                for part, end in _ENDS:
                    period = ranged.get(part[0].lower() + part[1:])
                    found[end] = str(period.get("period", "")) if isinstance(period, Mapping) else found[end]
    return found


def _referred(element: etree._Element) -> str:
    """The dataflow that is meant, as `agency:id`: by a Ref (2.1), or by its URN (3.0)."""
    for ref in xml.descendants(element, "Ref"):
        return f"{ref.get('agencyID', '')}:{ref.get('id', '')}"
    return _of_urn(xml.text(element))


def _of_urn(urn: str) -> str:
    found = _URN.search(urn)
    return f"{found[1]}:{found[2]}" if found else ""


def _groups(root: etree._Element) -> Iterator[tuple[str, list[str]]]:
    """The names of the categories that dataflows are put in."""
    names = {one.get("id", ""): _names(one, "Name") for one in xml.descendants(root, "Category")}
    found: dict[str, list[str]] = {}
    for one in xml.descendants(root, "Categorisation"):
        source, target = xml.child(one, "Source"), xml.child(one, "Target")
        if source is not None and target is not None:
            refs = [ref.get("id", "").rpartition(".")[2] for ref in xml.descendants(target, "Ref")]
            id = refs[0] if refs else xml.text(target).rpartition(".")[2]
            if label := _best(names.get(id, {}), ""):
                found.setdefault(_referred(source), []).append(label)
    yield from found.items()


def _groups_of_json(data: Mapping[str, Any]) -> dict[str, list[str]]:
    names: dict[str, Names] = {}
    waiting = _objects(data, "categorySchemes")
    while waiting:
        inner = _objects(waiting.pop(), "categories")
        names |= {str(one.get("id")): _texts(one, "name") for one in inner}
        waiting += inner
    found: dict[str, list[str]] = {}
    for one in _objects(data, "categorisations"):
        if label := _best(names.get(str(one.get("target")).rpartition(".")[2], {}), ""):
            found.setdefault(_of_urn(str(one.get("source"))), []).append(label)
    return found


def _best(names: Names, code: str) -> str:
    return next((names[one] for one in ("fr", "nl", "de", "en") if one in names), next(iter(names.values()), code))


def _texts(said: Mapping[str, Any], name: str) -> Names:
    """`names` by language, else `name` in one that is not said."""
    by_language = said.get(f"{name}s")
    if isinstance(by_language, Mapping) and by_language:
        return {str(lang): str(text) for lang, text in by_language.items() if text}
    return {"": str(said[name])} if said.get(name) and isinstance(said[name], str) else {}


def _inside(said: Mapping[str, Any], outer: str, inner: str) -> list[Mapping[str, Any]]:
    return [one for each in _objects(said, outer) for one in _objects(each, inner)]


def _objects(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [one for one in _list(said, name) if isinstance(one, Mapping)]


def _list(said: Mapping[str, Any], name: str) -> list[Any]:
    found = said.get(name)
    return found if isinstance(found, list) else []
