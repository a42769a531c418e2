"""An object of data.json → an entry, field by field.

POD 1.1 https://resources.data.gov/resources/dcat-us/, 1.0 https://project-open-data.cio.gov/schema/ (flat: `mbox`,
`webService`, `accessURL` on the dataset), DCAT-US 3 (objects in place of texts), and the profile of datos.gob.ar
(`superTheme`, files with identifiers). Values stay as they are written: `dcat.normalise` mends them.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from dcat.model import (
    Checksum,
    DataService,
    Dataset,
    DatasetSeries,
    Decimal,
    Distribution,
    Entry,
    Hex,
    Identifier,
    Integer,
    Iri,
    LicenseDocument,
    ProvenanceStatement,
    RightsStatement,
    Text,
)

from ..base import Part
from ..fields import Fields
from ..nodes import concept, concepts, date, iri, iris, is_iri, laws, statement
from .nodes import (
    agents,
    concepts_of,
    contacts,
    keywords,
    licence,
    named,
    pages_of,
    periods,
    places,
    rights_of,
    standards_of,
    statements,
)
from .tables import LEFT_OUT

Said = Mapping[str, Any]

_INTERVAL = re.compile(r"R\d*/P.*")
_API = frozenset({"api", "rest", "rest api", "web service", "webservice", "soap", "odata", "sparql", "esri rest"})


def identifier_of(said: Said) -> tuple[str, bool]:
    """What tells an object from the others, and whether it is weak: no identifier, but a page or a title."""
    fields = Fields(said)
    given = fields.text("identifier") or next(iter(named(fields, "identifier")), "") or fields.text("@id")
    return (given, False) if given else (fields.text("landingPage", "title"), True)


def parent_of(said: Any) -> str:
    """The identifier of what a dataset is a part of; empty for none."""
    if not isinstance(said, dict):
        return ""
    fields = Fields(said)
    return fields.text("isPartOf") or next(iter(named(fields, "isPartOf")), "")


def members_of(said: Any) -> list[Any]:
    """The datasets that a series or a service of DCAT-US 3 holds whole, those of a series with what they are in; also
    what stands in the place of one and is none, nor the name of one."""
    found: list[Any] = []
    for name in ("seriesMember", "servesDataset") if isinstance(said, dict) else ():
        listed = said.get(name)
        every = listed if isinstance(listed, list) else [listed]
        whole = [one for one in every if isinstance(one, dict)]
        found += [one for one in every if not isinstance(one, dict | str | None)]
        series = {"inSeries": identifier_of(said)[0]} if name == "seriesMember" else {}
        found += [series | one for one in whole if one.get("title")]
    return found


def entry_of(said: Said, url: str) -> tuple[Entry, tuple[Part, ...], dict[str, int]]:
    """What an object says: its entry, its services, and the fields that nobody read. `url`: of the file."""
    fields = Fields(_untyped(said), left_out=LEFT_OUT)
    common, kind = _resource(fields), fields.text("is")
    parts: tuple[Part, ...] = ()
    entry: Entry
    if kind == "series":
        own = common["iri"] or _in_file(identifier_of(said)[0], url)
        entry = DatasetSeries(**common | {"iri": own}, **_terms(fields))
    elif kind == "service":
        entry = DataService(**common, **_service(fields))
    else:
        whose = {name: common[name] for name in ("title", "publisher", "contact")}
        files, parts = _files(fields, whose)
        entry = Dataset(**common, **_dataset(fields, url), distribution=files, **({} if files else _terms(fields)))
    return entry, parts, dict(fields.unread())


def _untyped(said: Any) -> Any:
    """Without what says of what class each object is: where it stands says so too."""
    if isinstance(said, dict):
        return {name: _untyped(value) for name, value in said.items() if name != "@type"}
    return [_untyped(each) for each in said] if isinstance(said, list) else said


def _resource(fields: Fields) -> dict[str, Any]:
    """What datasets, series and services have in common."""
    given = fields.text("identifier") or next(iter(named(fields, "identifier")), "")
    own = next((word for word in (fields.text("@id"), given) if word.startswith(("http://", "https://"))), "")
    modified = fields.text("modified")
    is_interval = bool(_INTERVAL.fullmatch(modified))
    return {
        "iri": Iri(own) if own else None,
        "title": fields.texts("title"),
        "description": fields.texts("description"),
        "publisher": next(iter(agents(fields, "publisher")), None),
        "contact": contacts(fields),
        "keyword": keywords(fields),
        "theme": (*concepts_of(fields, "theme"), *concepts(fields.words("superTheme"))),
        "identifier": (Text(given),) if given else (),
        "issued": date(fields.text("issued")),
        "modified": None if is_interval else date(modified),
        "language": concepts_of(fields, "language"),
        "landing_page": pages_of(fields, "landingPage"),
        "page": tuple(
            page for name in ("references", "page", "describedBy", "dataDictionary") for page in pages_of(fields, name)
        ),
        "access_rights": statement(fields.text("accessLevel", "accessRights")) or rights_of(fields, "accessRights"),
        "conforms_to": standards_of(fields),
        "spatial": places(fields),
        "temporal": periods(fields),
        "frequency": concept(fields.text("accrualPeriodicity") or (modified if is_interval else "")),
        "applicable_legislation": laws(fields.words("applicableLegislation")),
        "hvd_category": concepts_of(fields, "hvdCategory"),
    }


def _dataset(fields: Fields, url: str) -> dict[str, Any]:
    """What only datasets have."""
    version = fields.text("version")
    words = (*fields.texts("provenance"), *fields.texts("source"))
    resolution = fields.text("spatialResolutionInMeters")
    series = [*fields.words("isPartOf", "inSeries"), *named(fields, "isPartOf"), *named(fields, "inSeries")]
    notation = [one.text("notation") for name in ("identifier", "otherIdentifier") for one in fields.objects(name)]
    return {
        "creator": tuple(agents(fields, "creator")),
        "in_series": tuple(_in_file(name, url) for name in dict.fromkeys(series)),
        "other_identifier": tuple(Identifier(notation=(Text(one),)) for one in notation if one),
        "version": Text(version) if version else None,
        "version_notes": fields.texts("versionNotes"),
        "provenance": (ProvenanceStatement(labels=words),) if words else (),
        "spatial_resolution": (Decimal(resolution),) if resolution else (),
    }


def _in_file(identifier: str, url: str) -> Iri:
    """The address of a series: its own, else a place in the file."""
    return Iri(identifier if is_iri(identifier) else f"{url.partition('#')[0]}#{quote(identifier, safe='')}")


def _terms(fields: Fields) -> dict[str, Any]:
    """Licence and rights of an entry without files."""
    return {"license": licence(fields), "rights": statements(fields)}


def _service(fields: Fields) -> dict[str, Any]:
    return {
        "endpoint_url": iris((*fields.words("endpointURL"), *named(fields, "endpointURL"))),
        "endpoint_description": iris((*fields.words("endpointDescription"), *named(fields, "endpointDescription"))),
        "serves_dataset": iris((*fields.words("servesDataset"), *_served(fields))),
        "format": concepts_of(fields, "format"),
        **_terms(fields),
    }


def _served(fields: Fields) -> list[str]:
    """Datasets that a service holds whole, which are records of their own: by their addresses."""
    found = named(fields, "servesDataset")
    for one in fields.objects("servesDataset"):
        one.ignore(one.unread())
    return [name for name in found if is_iri(name)]


def _files(fields: Fields, whose: Mapping[str, Any]) -> tuple[tuple[Distribution, ...], tuple[Part, ...]]:
    """The files, with the licence of the dataset unless they have their own, and the services among them.

    `whose`: the title of the dataset, and who answers for it, which hold for its services too.
    """
    terms, rights = licence(fields), statements(fields)
    files = [_file(one, terms, rights) for one in fields.objects("distribution")]
    flat, service = fields.words("accessURL"), fields.words("webService")
    if flat:
        formats = fields.words("format")
        form = formats[0] if formats and 1 in {len(formats), len(flat)} else ""
        files += (
            Distribution(access_url=iris([one]), format=concept(form), license=terms, rights=rights) for one in flat
        )
    asked = [*service, *(url for file in files if _is_api(file) for url in file.access_url)]
    names = ("api", *(f"api-{number}" for number in range(2, len(asked) + 1)))
    parts = [
        Part(name=name, entry=DataService(**whose, endpoint_url=iris([url]), license=terms))
        for name, url in zip(names, dict.fromkeys(asked), strict=False)
    ]
    return tuple(dict.fromkeys(files)), tuple(parts)


def _is_api(file: Distribution) -> bool:
    words = file.format.labels[0].value.lower() if file.format and file.format.labels else ""
    return words in _API and not file.download_url


def _file(fields: Fields, terms: LicenseDocument | None, rights: tuple[RightsStatement, ...]) -> Distribution:
    own, size = fields.text("@id"), fields.text("byteSize")
    sums = [(one.text("algorithm"), one.text("checksumValue")) for one in fields.objects("checksum")]
    return Distribution(
        iri=Iri(own) if own.startswith(("http://", "https://")) else None,
        access_url=iris((*fields.words("accessURL"), *named(fields, "accessURL"))),
        download_url=iris((*fields.words("downloadURL"), *named(fields, "downloadURL"))),
        title=fields.texts("title"),
        description=fields.texts("description"),
        format=next(iter(concepts_of(fields, "format")), None),
        media_type=next(iter(concepts_of(fields, "mediaType")), None),
        byte_size=Integer(size) if size else None,
        checksum=next((Checksum(algorithm=iri(name), value=Hex(value)) for name, value in sums if value), None),
        license=licence(fields) or terms,
        rights=statements(fields) or rights,
        issued=date(fields.text("issued")),
        modified=date(fields.text("modified")),
        language=concepts_of(fields, "language"),
        conforms_to=standards_of(fields),
        page=pages_of(fields, "describedBy"),
    )
