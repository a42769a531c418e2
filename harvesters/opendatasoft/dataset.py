"""A dataset of Opendatasoft → DCAT, field by field. Values stay as they are written: `dcat.normalise` mends them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dcat.model import (
    Agent,
    Concept,
    Contact,
    DataService,
    Dataset,
    Distribution,
    Document,
    Identifier,
    Iri,
    LicenseDocument,
    Location,
    Period,
    ProvenanceStatement,
    RightsStatement,
    Text,
    Texts,
)
from dcat.vocab import THEMES

from ..errors import SkipRecord
from ..fields import Fields
from ..nodes import concept, concepts, date, documents, iri, iris, labelled, standards, wkt
from .portal import API

_GEO_FORMATS = frozenset({"geojson", "shp", "kml", "gpkg", "fgb", "gpx"})
"""Exports that exist where the records have a place."""

_RESTRICTED = Iri("http://publications.europa.eu/resource/authority/access-right/RESTRICTED")

_BELGIAN = re.compile(r"be_\d+_\d{5}")
"""A code of `geographic_reference` that our table of places knows better than a name."""


def page_of(site: str, id: str) -> str:
    """The page of a dataset, by which other portals know it too."""
    return f"{site}/explore/dataset/{id}/"


class Reading:
    """One dataset while it is read."""

    def __init__(self, fields: Fields, site: str, config: Mapping[str, Any]) -> None:
        self._fields, self._site, self._config = fields, site, config
        self._id = fields.text("dataset_id")
        self._url = f"{site}{API}/datasets/{self._id}"
        metas = _one(fields, "metas")
        self._default, self._dcat, self._inspire = (_one(metas, name) for name in ("default", "dcat", "inspire"))
        languages = self._default.words("metadata_languages")
        self._language = languages[0] if languages else ""
        translations = _one(fields, "translations")
        several = dict.fromkeys((*languages, *config["languages"]))
        self._translations = {language: _one(translations, language) for language in several}
        self._license = self._licence()

    def dataset(self) -> Dataset:
        """What it says of the data. Raises `SkipRecord` for a copy that is not wanted."""
        default, dcat, publisher = self._default, self._dcat, self._publisher()
        origin = default.text("source_domain_title", "source_domain_address", "source_domain")
        if origin and self._config["skip_harvested"]:
            raise SkipRecord(f"The portal took it from {origin} (source_domain).", "HARVESTED")
        files = (*self._exports(), *self._files("attachments"), *self._files("alternative_exports"))
        return Dataset(
            title=self._texts("title"),
            description=self._texts("description"),
            keyword=self._texts("keyword"),
            theme=(*self._themes(), *concepts(self._inspire.words("theme"))),
            publisher=publisher,
            creator=tuple(labelled(Agent, "name", word) for word in dcat.words("creator")),
            contact=self._contacts(),
            identifier=(Text(self._id),),
            other_identifier=tuple(self._identifiers()),
            issued=date(dcat.text("issued", "created")),
            modified=date(default.text("modified")),
            language=concepts(default.words("language")),
            landing_page=(Document(iri=Iri(page_of(self._site, self._id))),),
            page=documents(word for text in default.words("references") for word in re.split(r"[\s;,]+(?=http)", text)),
            access_rights=None if self._is_visible else RightsStatement(iri=_RESTRICTED),
            conforms_to=standards(dcat.words("conforms_to")),
            spatial=tuple(self._places()),
            temporal=tuple(self._periods()),
            frequency=concept(dcat.text("accrualperiodicity") or default.text("update_frequency")),
            provenance=self._provenance(origin),
            distribution=files,
            license=None if files else self._license,
        )

    def service(self, dataset: Dataset) -> DataService | None:
        """The API of its table; None for a dataset without one, or when the options ask for none."""
        if not (self._has_table and self._config["services"]):
            return None
        return DataService(
            title=dataset.title,
            publisher=dataset.publisher,
            contact=dataset.contact,
            keyword=dataset.keyword,
            theme=dataset.theme,
            landing_page=(Document(iri=Iri(f"{page_of(self._site, self._id)}api/")),),
            endpoint_url=iris([f"{self._url}/records"]),
            endpoint_description=iris([f"{self._site}/api/explore/v2.1/swagger.json"]),
            format=(Concept(labels=(Text("JSON"),)),),
            license=self._license,
        )

    def _texts(self, name: str) -> Texts:
        """A field in all languages; what is the same as in the dataset's own language was never translated."""
        own = tuple(Text(word, self._language) for word in self._default.words(name))
        found: list[Text] = []
        for language, translated in self._translations.items():
            words = translated.words(name)
            if language == self._language or not own or words != [text.value for text in own]:
                found += [Text(word, language) for word in words]
        return tuple(found) if any(text.lang == self._language for text in found) else (*own, *found)

    def _publisher(self) -> Agent | None:
        name = self._texts("publisher")
        return Agent(name=name) if name else None

    def _themes(self) -> Iterator[Concept]:
        """The portal's own words, those of the options by the EU theme that they stand for."""
        known = {word.casefold(): THEMES.by_code[code.upper()].iri for word, code in self._config["themes"].items()}
        for text in self._texts("theme"):
            theme = known.get(text.value.casefold())
            yield Concept(iri=theme) if theme else Concept(labels=(text,))

    def _contacts(self) -> tuple[Contact, ...]:
        name, email = self._dcat.text("contact_name"), self._dcat.words("contact_email")
        return (Contact(name=(Text(name),) if name else (), email=iris(email)),) if name or email else ()

    def _identifiers(self) -> Iterator[Identifier]:
        """Its page, by which it is known where it is copied to; the page of what it is a copy of; INSPIRE's."""
        found = [page_of(self._site, self._id), self._inspire.text("file_identifier")]
        host, id = self._default.text("source_domain"), self._default.text("source_dataset")
        if host and id:
            found.append(page_of(f"https://{host}", id))
        yield from (Identifier(notation=(Text(each),)) for each in found if each)

    def _places(self) -> Iterator[Location]:
        names, codes = self._default.words("territory"), self._default.words("geographic_reference")
        known = [code for code in codes if _BELGIAN.fullmatch(code)]
        for word in (*(known or names or codes), *self._dcat.words("spatial")):
            yield labelled(Location, "labels", word)
        shape = self._default.literal("geographic_area", "bbox")
        if shape:
            yield Location(geometry=wkt(shape))

    def _periods(self) -> Iterator[Period]:
        start, end = (self._dcat.text(f"temporal_coverage_{which}") for which in ("start", "end"))
        if not start and not end:
            start, _, end = self._dcat.text("temporal").partition("/")
        if start or end:
            yield Period(start=date(start.strip()), end=date(end.strip()))

    def _provenance(self, origin: str) -> tuple[ProvenanceStatement, ...]:
        words = [*self._default.words("attributions"), *self._dcat.words("dataquality"), *filter(None, [origin])]
        return tuple(ProvenanceStatement(labels=(Text(word),)) for word in words)

    def _licence(self) -> LicenseDocument | None:
        name, address = self._default.text("license"), self._default.text("license_url")
        titles = (Text(name),) if name else ()
        return LicenseDocument(iri=iri(address), titles=titles) if name or address else None

    @property
    def _is_visible(self) -> bool:
        return "data_visible" not in self._fields or self._fields.flag("data_visible")

    @property
    def _has_table(self) -> bool:
        return self._fields.flag("has_records") and self._is_visible

    def _exports(self) -> Iterator[Distribution]:
        """Its table in the formats of the options; as a map only where its records have a place."""
        has_place = "geo" in self._fields.words("features")
        for format in self._config["exports"] if self._has_table else ():
            if format in _GEO_FORMATS and not has_place:
                continue
            address = iris([f"{self._url}/exports/{format}"])
            yield Distribution(
                access_url=address, download_url=address, format=concept(format.upper()), license=self._license
            )

    def _files(self, name: str) -> Iterator[Distribution]:
        """Files beside the table. Their own addresses (`odsfile://`) lead nowhere; the API gives them."""
        for each in self._fields.objects(name):
            id, own, title = each.text("id"), each.text("url", "href"), each.text("title")
            address = iris([own if own.startswith("http") else f"{self._url}/{name}/{id}"])
            yield Distribution(
                access_url=address,
                download_url=address,
                title=(Text(title, self._language),) if title else (),
                description=each.texts("description"),
                media_type=concept(each.text("mimetype")),
                license=self._license,
            )


def _one(fields: Fields, name: str) -> Fields:
    """The object in a field; one without fields when there is none."""
    return (fields.objects(name) or [Fields({})])[0]
