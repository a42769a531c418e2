"""What one may do with a resource: licence, rights, and who may see it (MD_Constraints and its kinds).

A record says all of it in sentences, in any of its fields: a licence is looked for in every one of them, the sentences
stay as rights, and access is only what a code or an address of INSPIRE says.
https://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess
"""

import json
from collections.abc import Iterator
from typing import NamedTuple

from dcat.model import Iri, LicenseDocument, RightsStatement, Text
from dcat.normalise.licences import licence

from .tree import Item, Value

_ACCESS = "/LimitationsOnPublicAccess/"
_CONDITIONS = "/ConditionsApplyingToAccessAndUse/"
_RIGHT = "http://publications.europa.eu/resource/authority/access-right/"
_CLASSIFIED = {
    "unclassified": "PUBLIC",
    "restricted": "RESTRICTED",
    "confidential": "NON_PUBLIC",
    "secret": "NON_PUBLIC",
    "topSecret": "NON_PUBLIC",
}
_ACCESS_CODES = {
    **dict.fromkeys(("unrestricted", "licenceUnrestricted"), "PUBLIC"),
    **dict.fromkeys(("restricted", "sensitiveButUnclassified"), "RESTRICTED"),
    **dict.fromkeys(("private", "confidential", "in-confidence"), "NON_PUBLIC"),
}
"""Terms of MD_RestrictionCode that say by themselves who may have access."""
_STRICTEST_LAST = ("PUBLIC", "RESTRICTED", "NON_PUBLIC")
_USE = ("useLimitation", "otherConstraints", "licenseName", "attributionConstraints", "termsOfUse")
_CODES = frozenset({"otherRestrictions", "license", "licence", "copyright", "intellectualPropertyRights"})
"""Terms of MD_RestrictionCode, which some write where a sentence belongs: they say that one follows."""
_LINKS = ("licenseLink", "reference/onlineResource/linkage")


class Constraints(NamedTuple):
    """What was found."""

    license: LicenseDocument | None
    rights: tuple[RightsStatement, ...]
    access: RightsStatement | None


def constraints(resource: Item) -> Constraints:
    """The licence that any of the sentences names, the sentences themselves, and who may have access."""
    groups = resource.items("resourceConstraints")
    said = list(dict.fromkeys(value for group in groups for value in _sentences(group)))
    access = [value for value in said if _ACCESS in value.href]
    terms = [value for value in said if value not in access]
    named = next((value for value in terms if _licence(value)), None)
    rights = [*(value for value in terms if value != named), *(value for value in access if not _is_open(value))]
    return Constraints(
        license=_document(named) if named else None,
        rights=tuple(dict.fromkeys(map(_statement, rights))),
        access=_access(access, groups),
    )


def _sentences(group: Item) -> Iterator[Value]:
    for link in group.values(*_LINKS):
        yield Value((), link.text or link.href)
    for value in group.values(*_USE, "reference/title"):
        if value.text not in _CODES:
            yield from _parted(value)


def _parted(value: Value) -> Iterator[Value]:
    """A licence that is given as an object, as the conventions of GDI-DE ask for: its name and address, and whom to
    name."""
    try:
        said = json.loads(value.text) if value.text.startswith("{") else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        yield value
        return
    lang = value.texts[0].lang
    name, address, named = (str(said.get(key) or "").strip() for key in ("name", "url", "quelle"))
    if name or address:
        yield Value((Text(name, lang),) if name else (), address)
    if named:
        yield Value((Text(named, lang),))


def _licence(value: Value) -> bool:
    """True when its address or one of its texts means a licence of the table, or is one by its place."""
    if _CONDITIONS in value.href:
        return False
    return any(licence(said) for said in (value.href, *(text.value for text in value.texts)) if said)


def _document(value: Value) -> LicenseDocument:
    """The licence by its address, where that means one, else by the sentence that names it."""
    if value.href and (licence(value.href) or not value.texts):
        return LicenseDocument(iri=Iri(value.href), titles=value.texts)
    return LicenseDocument(titles=value.texts)


def _statement(value: Value) -> RightsStatement:
    return RightsStatement(iri=Iri(value.href) if value.href.startswith("http") else None, labels=value.texts)


def _is_open(value: Value) -> bool:
    return value.href.endswith("/noLimitations")


def _access(said: list[Value], groups: list[Item]) -> RightsStatement | None:
    """The term of the EU's table: restricted when any reason of the directive is given (Article 13(1)), else the
    strictest that a code says."""
    if said:
        code = "PUBLIC" if all(map(_is_open, said)) else "RESTRICTED"
        return RightsStatement(iri=Iri(_RIGHT + code))
    terms = [_CLASSIFIED.get(code, "") for group in groups for code in group.codes("classification")]
    terms += [_ACCESS_CODES.get(code, "") for group in groups for code in group.codes("accessConstraints")]
    strictest = max(filter(None, terms), key=_STRICTEST_LAST.index, default="")
    return RightsStatement(iri=Iri(_RIGHT + strictest)) if strictest else None
