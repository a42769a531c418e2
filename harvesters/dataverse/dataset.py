"""A dataset of Dataverse → DCAT, field by field. Values stay as they are written: `dcat.normalise` mends them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dcat.model import (
    Agent,
    Checksum,
    Contact,
    Dataset,
    Distribution,
    Document,
    Hex,
    Identifier,
    Integer,
    Iri,
    LicenseDocument,
    Location,
    Period,
    ProvenanceStatement,
    RightsStatement,
    Text,
)

from .. import json
from ..errors import SkipRecord
from ..fields import Fields
from ..nodes import box, concept, concepts, date, iri, iris

_RESTRICTED = Iri("http://publications.europa.eu/resource/authority/access-right/RESTRICTED")
_ALGORITHM = "http://spdx.org/rdf/terms#checksumAlgorithm_"
_BEGINS_WITH_LANGUAGE = re.compile(r"\s*[(\[](NL|FR|EN|ENG|DE)[)\]]:?\s+", re.IGNORECASE)
_NO_LICENCE = frozenset({"NONE", "Custom Terms", "Custom Dataset Terms"})
"""Words in the place of a licence that say that the terms of use hold."""


def flattened(said: Mapping[str, Any]) -> dict[str, Any]:
    """A dataset with its version and the blocks of its metadata as plain objects, wherever they stand.

    Raises `ValueError` when there is no version. The native API wraps what the export gives bare.
    """
    data = said["data"] if isinstance(said.get("data"), Mapping) else said
    version = next(
        (data[name] for name in ("datasetVersion", "latestVersion") if isinstance(data.get(name), dict)), None
    )
    if version is None:
        raise ValueError("datasetVersion: there is none. This is no dataset of Dataverse.")
    blocks = version.get("metadataBlocks")
    found = {name: value for name, value in data.items() if name not in {"datasetVersion", "latestVersion"}}
    found["version"] = {name: value for name, value in version.items() if name not in {"metadataBlocks", "files"}}
    found["files"] = version.get("files")
    for name, block in blocks.items() if isinstance(blocks, Mapping) else ():
        listed = block.get("fields") if isinstance(block, Mapping) else None
        found[name] = _plain(listed) if isinstance(listed, list) else {}
    return found


def _plain(listed: list[Any]) -> dict[str, Any]:
    """Fields by their names: `[{"typeName": "title", "value": "…"}]`; those within a compound one too."""
    named = [one for one in listed if isinstance(one, Mapping) and isinstance(one.get("typeName"), str)]
    return {one["typeName"]: _value(one.get("value")) for one in named}


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [_value(one) for one in value]
    if isinstance(value, Mapping):
        return _plain(list(value.values()))
    return value


class Reading:
    """One dataset while it is read."""

    def __init__(self, fields: Fields, site: str) -> None:
        self._fields, self._site = fields, site
        self._version, self._cited, self._place = (
            (fields.objects(name) or [Fields({})])[0] for name in ("version", "citation", "geospatial")
        )
        self._url = fields.text("persistentUrl")
        self._license = self._licence()
        terms = self._version.text("termsOfUse")
        self._rights = (RightsStatement(labels=(Text(terms),)),) if terms else ()

    def dataset(self) -> Dataset:
        """What it says. Raises `SkipRecord` for what is not released."""
        if (state := self._version.text("versionState") or "RELEASED") != "RELEASED":
            raise SkipRecord(f"Its state at the source is {state!r}.", "NOT_ACTIVE")
        cited, files = self._cited, self._fields.objects("files")
        publisher = self._fields.texts("publisher")
        number = ".".join(filter(None, (self._version.text("versionNumber"), self._version.text("versionMinorNumber"))))
        sources = (*cited.texts("originOfSources"), *cited.texts("dataSources"))
        descriptions = self._each("dsDescription", "dsDescriptionDate")
        is_closed = bool(files) and all(one.flag("restricted") for one in files)
        return Dataset(
            iri=iri(self._url),
            title=cited.texts("title"),
            description=tuple(_tagged(one.text("dsDescriptionValue")) for one in descriptions),
            publisher=Agent(name=publisher) if publisher else None,
            creator=tuple(self._authors()),
            contact=tuple(self._contacts()),
            keyword=tuple(self._keywords()),
            theme=concepts(cited.words("subject")),
            identifier=(Text(self._url),) if self._url else (),
            other_identifier=tuple(
                Identifier(notation=(Text(one.text("otherIdValue")),)) for one in self._each("otherId", "otherIdAgency")
            ),
            issued=date(self._fields.text("publicationDate")),
            modified=date(self._version.text("releaseTime", "lastUpdateTime")),
            version=Text(number) if number else None,
            language=concepts(cited.words("language")),
            landing_page=(Document(iri=Iri(self._url)),) if self._url else (),
            page=tuple(Document(iri=Iri(word)) for word in cited.words("alternativeURL")),
            access_rights=RightsStatement(iri=_RESTRICTED) if is_closed else None,
            is_referenced_by=iris(self._publications()),
            provenance=(ProvenanceStatement(labels=sources),) if sources else (),
            spatial=tuple(self._places()),
            temporal=tuple(self._periods()),
            distribution=tuple(self._file(one) for one in files),
            license=None if files else self._license,
            rights=() if files else self._rights,
        )

    def _each(self, name: str, *beside: str) -> list[Fields]:
        """The compound fields of that name. `beside`: what of them is known and not used."""
        found = self._cited.objects(name)
        for one in found:
            one.ignore(beside)
        return found

    def _authors(self) -> Iterator[Agent]:
        for one in self._each("author", "authorAffiliation"):
            name, number = one.text("authorName"), one.text("authorIdentifier")
            is_person = one.text("authorIdentifierScheme").upper() == "ORCID" or "," in name
            if name:
                yield Agent(name=(Text(name),), identifier=(Text(number),) if number else (), is_individual=is_person)

    def _contacts(self) -> Iterator[Contact]:
        for one in self._cited.objects("datasetContact"):
            name, place = one.texts("datasetContactName"), one.texts("datasetContactAffiliation")
            email = one.words("datasetContactEmail")
            if name or email:
                yield Contact(name=name, organization=place, email=iris(email))

    def _keywords(self) -> Iterator[Text]:
        for one in self._each("keyword", "keywordVocabulary", "keywordVocabularyURI", "keywordTermURI"):
            yield Text(one.text("keywordValue"))
        for one in self._each("topicClassification", "topicClassVocab", "topicClassVocabURI"):
            yield Text(one.text("topicClassValue"))

    def _publications(self) -> Iterator[str]:
        beside = ("publicationCitation", "publicationRelationType", "publicationIDType", "publicationIDNumber")
        for one in self._each("publication", *beside):
            if url := one.text("publicationURL"):
                yield url

    def _places(self) -> Iterator[Location]:
        for one in self._place.objects("geographicCoverage"):
            names = [one.text(name) for name in ("otherGeographicCoverage", "city", "state", "country")]
            if name := next(filter(None, names), ""):
                yield Location(labels=(Text(name),))
        for one in self._place.objects("geographicBoundingBox"):
            sides = [one.text(f"{side}Longitude", f"{side}Latitude") for side in ("west", "south", "east", "north")]
            try:
                yield Location(bbox=box(*map(float, sides)))
            except ValueError:
                continue  # a side is missing, or no number

    def _periods(self) -> Iterator[Period]:
        for one in self._cited.objects("timePeriodCovered"):
            yield Period(start=date(one.text("timePeriodCoveredStart")), end=date(one.text("timePeriodCoveredEnd")))

    def _licence(self) -> LicenseDocument | None:
        """By name and address, or by a word alone."""
        for one in self._version.objects("license"):
            one.ignore(("iconUri", "rightsIdentifier", "rightsIdentifierScheme", "schemeUri", "languageCode"))
            return LicenseDocument(iri=iri(one.text("uri")), titles=one.texts("name"))
        word = self._version.text("license")
        return LicenseDocument(labels=(Text(word),)) if word and word not in _NO_LICENCE else None

    def _file(self, fields: Fields) -> Distribution:
        """A file; one that is restricted is led to by its page, where access can be asked for."""
        file = (fields.objects("dataFile") or [Fields({})])[0]
        id, size, label = file.text("id"), file.text("filesize"), fields.text("label")
        address, closed = f"{self._site}/api/access/datafile/{id}", fields.flag("restricted")
        page = json.address(f"{self._site}/file.xhtml", fileId=id)
        rights = (*self._rights, *((RightsStatement(iri=_RESTRICTED),) if closed else ()))
        return Distribution(
            access_url=iris([page if closed else address]),
            download_url=() if closed else iris([address]),
            title=(Text(label),) if label else (),
            description=fields.texts("description"),
            media_type=concept(file.text("contentType")),
            byte_size=Integer(size) if size else None,
            checksum=_checksum(file),
            issued=date(file.text("creationDate")),
            license=self._license,
            rights=rights,
        )


def _tagged(text: str) -> Text:
    """A description with the language that it begins with: `(NL) …`, `[ENG] …`."""
    found = _BEGINS_WITH_LANGUAGE.match(text)
    return Text(text[found.end() :], found[1][:2].lower()) if found else Text(text)


def _checksum(file: Fields) -> Checksum | None:
    for one in file.objects("checksum"):
        kind, value = one.text("type").lower().replace("-", ""), one.text("value")
        file.ignore(("md5",))
        return Checksum(algorithm=Iri(_ALGORITHM + kind), value=Hex(value)) if value else None
    value = file.text("md5")
    return Checksum(algorithm=Iri(f"{_ALGORITHM}md5"), value=Hex(value)) if value else None
