"""The same datasets as sources give them whose answers are no JSON of one record each: tables, XML, RDF, files, sites.

Each maker takes a number of datasets and gives what answers, from path and parameters to bytes.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, unquote, urlsplit

from benchmarks.listening import answer as respond
from benchmarks.listening import listening
from benchmarks.portal_words import ABOUT, DAY, ENDINGS, KEYWORDS, LICENCE, PUBLISHER, RING, address
from benchmarks.xml_portals import Csw, Record, Repository, apache

Answer = Callable[[str, Mapping[str, str]], bytes | None]
"""From a path and parameters to what is there; None for what is not."""


@contextmanager
def serving_bytes(
    answer: Answer, sizes: list[int] | None = None, *, tagged: bool = False, packed: bool = False
) -> Iterator[str]:
    """Serves a source on loopback, at the address yielded. `sizes`: takes the bytes of each answer. `tagged`: answers
    have an ETag. `packed`: they are packed with gzip."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # an answer in one piece

        def log_message(self, *arguments: object) -> None:
            """Says nothing."""

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            site = f"http://{self.headers['Host']}".encode()
            body = answer(unquote(asked.path), query)
            filled = None if body is None else body.replace(b"{SITE}", site)
            sent = respond(self, filled, "text/plain", tagged=tagged, packed=packed)
            if sizes is not None:
                sizes.append(sent)

    with listening(Handler) as site:
        yield site


def ckan(count: int) -> Answer:
    """A portal of CKAN."""
    found = [
        {
            "id": f"{number:06}",
            "name": f"measurements-{number}",
            "title": f"Measurements {number}",
            "notes": ABOUT,
            "tags": [{"name": word} for word in KEYWORDS],
            "organization": {"title": PUBLISHER},
            "license_url": LICENCE,
            "metadata_modified": DAY,
            "modified": DAY,
            "spatial": json.dumps({"type": "Polygon", "coordinates": [RING]}),
            "resources": [{"id": ending, "url": address(number, ending), "format": ending} for ending in ENDINGS],
        }
        for number in range(count)
    ]

    def answer(path: str, query: Mapping[str, str]) -> bytes | None:
        if path != "/api/3/action/package_search":
            return None
        start = int(query["start"])
        result = {"count": count, "results": found[start : start + int(query["rows"])]}
        return json.dumps({"success": True, "result": result}).encode()

    return answer


def data_json(count: int) -> Answer:
    """A file `data.json`."""
    datasets = [
        {
            "identifier": f"m-{number}",
            "title": f"Measurements {number}",
            "description": ABOUT,
            "keyword": KEYWORDS,
            "publisher": {"name": PUBLISHER},
            "license": LICENCE,
            "modified": DAY,
            "spatial": "4.2,50.7,4.5,50.9",
            "distribution": [{"downloadURL": address(number, ending), "format": ending} for ending in ENDINGS],
        }
        for number in range(count)
    ]
    body = json.dumps({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": datasets}).encode()
    return lambda _path, _query: body


_ISO = """<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco">
<gmd:fileIdentifier><gco:CharacterString>m-{number}</gco:CharacterString></gmd:fileIdentifier>
<gmd:language><gco:CharacterString>eng</gco:CharacterString></gmd:language>
<gmd:dateStamp><gco:DateTime>{day}</gco:DateTime></gmd:dateStamp>
<gmd:identificationInfo><gmd:MD_DataIdentification>
<gmd:citation><gmd:CI_Citation><gmd:title><gco:CharacterString>Measurements {number}</gco:CharacterString></gmd:title>
<gmd:date><gmd:CI_Date><gmd:date><gco:DateTime>{day}</gco:DateTime></gmd:date><gmd:dateType>
<gmd:CI_DateTypeCode codeListValue="revision"/></gmd:dateType></gmd:CI_Date></gmd:date></gmd:CI_Citation></gmd:citation>
<gmd:abstract><gco:CharacterString>{about}</gco:CharacterString></gmd:abstract>
<gmd:pointOfContact><gmd:CI_ResponsibleParty><gmd:organisationName><gco:CharacterString>{publisher}
</gco:CharacterString></gmd:organisationName><gmd:role><gmd:CI_RoleCode codeListValue="publisher"/></gmd:role>
</gmd:CI_ResponsibleParty></gmd:pointOfContact>
<gmd:descriptiveKeywords><gmd:MD_Keywords>{keywords}</gmd:MD_Keywords></gmd:descriptiveKeywords>
<gmd:resourceConstraints><gmd:MD_LegalConstraints><gmd:otherConstraints><gco:CharacterString>{licence}
</gco:CharacterString></gmd:otherConstraints></gmd:MD_LegalConstraints></gmd:resourceConstraints>
<gmd:extent><gmd:EX_Extent><gmd:geographicElement><gmd:EX_GeographicBoundingBox>
<gmd:westBoundLongitude><gco:Decimal>4.2</gco:Decimal></gmd:westBoundLongitude>
<gmd:eastBoundLongitude><gco:Decimal>4.5</gco:Decimal></gmd:eastBoundLongitude>
<gmd:southBoundLatitude><gco:Decimal>50.7</gco:Decimal></gmd:southBoundLatitude>
<gmd:northBoundLatitude><gco:Decimal>50.9</gco:Decimal></gmd:northBoundLatitude>
</gmd:EX_GeographicBoundingBox></gmd:geographicElement></gmd:EX_Extent></gmd:extent>
</gmd:MD_DataIdentification></gmd:identificationInfo>
<gmd:distributionInfo><gmd:MD_Distribution><gmd:transferOptions><gmd:MD_DigitalTransferOptions>{files}
</gmd:MD_DigitalTransferOptions></gmd:transferOptions></gmd:MD_Distribution></gmd:distributionInfo>
</gmd:MD_Metadata>"""
_KEYWORD = "<gmd:keyword><gco:CharacterString>{}</gco:CharacterString></gmd:keyword>"
_FILE = (
    "<gmd:onLine><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>{}</gmd:URL></gmd:linkage><gmd:protocol>"
    "<gco:CharacterString>WWW:DOWNLOAD</gco:CharacterString></gmd:protocol></gmd:CI_OnlineResource></gmd:onLine>"
)


def _iso(number: int) -> bytes:
    files = "".join(_FILE.format(address(number, ending)) for ending in ENDINGS)
    keywords = "".join(map(_KEYWORD.format, KEYWORDS))
    said = {"day": DAY, "about": ABOUT, "publisher": PUBLISHER, "licence": LICENCE}
    return _ISO.format(number=number, files=files, keywords=keywords, **said).encode()


def csw(count: int) -> Answer:
    """A catalogue service with records of ISO 19139."""
    days = (f"2026-{1 + number % 12:02}-{1 + number % 28:02}T00:00:00" for number in range(count))
    service = Csw([Record(f"m-{number}", day, _iso(number)) for number, day in enumerate(days)], most=100)
    return lambda _, query: service.answer(query)


def waf(count: int) -> Answer:
    """A folder with a file of ISO 19139 for each dataset."""
    files = {f"{number}.xml": _iso(number) for number in range(count)}
    listed = apache(dict.fromkeys(files, "2026-01-02 00:00"))
    return lambda path, _: listed if path == "/" else files.get(path.strip("/"))


_DUBLIN_CORE = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:type>Dataset</dc:type><dc:title>Measurements {number}</dc:title>
<dc:description>{about}</dc:description><dc:publisher>{publisher}</dc:publisher><dc:rights>{licence}</dc:rights>
<dc:date>{day}</dc:date><dc:identifier>https://files.example.org/{number}</dc:identifier>{subjects}</oai_dc:dc>"""


def oai_pmh(count: int) -> Answer:
    """A repository with records of Dublin Core."""
    subjects = "".join(f"<dc:subject>{word}</dc:subject>" for word in KEYWORDS)
    said = {"about": ABOUT, "publisher": PUBLISHER, "licence": LICENCE, "day": DAY[:10], "subjects": subjects}
    bodies = ((number, _DUBLIN_CORE.format(number=number, **said).encode()) for number in range(count))
    repository = Repository([Record(f"oai:m:{number}", DAY, body) for number, body in bodies], most=100)
    return lambda _, query: repository.answer(query)


def schema_org(count: int) -> Answer:
    """A site whose pages describe datasets."""
    pages = {f"/dataset/{number}": _page(number) for number in range(count)}
    urls = "".join(f"<url><loc>{{SITE}}{path}</loc><lastmod>{DAY}</lastmod></url>" for path in pages)
    listed = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()
    return lambda path, _: {"/robots.txt": b"", "/sitemap.xml": listed}.get(path, pages.get(path))


def _page(number: int) -> bytes:
    said = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": f"Measurements {number}",
        "description": ABOUT,
        "keywords": KEYWORDS,
        "publisher": {"@type": "Organization", "name": PUBLISHER},
        "license": LICENCE,
        "dateModified": DAY,
        "spatialCoverage": {"@type": "Place", "geo": {"@type": "GeoShape", "box": "50.7 4.2 50.9 4.5"}},
        "distribution": [
            {"@type": "DataDownload", "contentUrl": address(number, ending), "encodingFormat": ending}
            for ending in ENDINGS
        ],
    }
    return f'<html><script type="application/ld+json">{json.dumps(said)}</script></html>'.encode()


def stac(count: int) -> Answer:
    """An API of collections."""
    collections = [
        {
            "type": "Collection",
            "id": f"m-{number}",
            "title": f"Measurements {number}",
            "description": ABOUT,
            "keywords": KEYWORDS,
            "providers": [{"name": PUBLISHER, "roles": ["host"]}],
            "license": "CC-BY-4.0",
            "updated": DAY,
            "extent": {"spatial": {"bbox": [[4.2, 50.7, 4.5, 50.9]]}},
            "assets": {ending: {"href": address(number, ending), "roles": ["data"]} for ending in ENDINGS},
            "links": [],
        }
        for number in range(count)
    ]
    root = {"stac_version": "1.0.0", "type": "Catalog", "links": [{"rel": "data", "href": "{SITE}/collections"}]}
    whole = {"collections": collections, "links": []}
    return lambda path, _: json.dumps(whole if path == "/collections" else root).encode()


def table(count: int) -> Answer:
    """A list in CSV."""
    head = "identifier;title;description;keyword;publisher;licence;modified;spatial;download URL;format\n"
    rows = "".join(
        f"m-{number};Measurements {number};{ABOUT};{'|'.join(KEYWORDS)};{PUBLISHER};{LICENCE};{DAY};Brussels;"
        f"{' '.join(address(number, ending) for ending in ENDINGS)};{'|'.join(ENDINGS)}\n"
        for number in range(count)
    )
    return lambda _path, _query: (head + rows).encode()


_SDMX = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"


def sdmx(count: int) -> Answer:
    """A list of dataflows in SDMX-ML 2.1."""
    flows = "".join(
        f'<s:Dataflow id="M{number}" agencyID="AIR" version="1.0"><c:Name xml:lang="en">Measurements {number}</c:Name>'
        f'<c:Description xml:lang="en">{ABOUT}</c:Description><s:Structure/></s:Dataflow>'
        for number in range(count)
    )
    body = (
        f'<m:Structure xmlns:m="{_SDMX}/message" xmlns:s="{_SDMX}/structure" xmlns:c="{_SDMX}/common"><m:Structures>'
        f"<s:Dataflows>{flows}</s:Dataflows></m:Structures></m:Structure>"
    ).encode()
    return lambda _path, _query: body


_TURTLE = """<https://air.example.org/id/{number}> a dcat:Dataset ; dct:title "Measurements {number}"@en ;
  dct:description "{about}"@en ; dcat:keyword {keywords} ; dct:publisher [ a foaf:Agent ; foaf:name "{publisher}"@en ] ;
  dct:modified "{day}"^^xsd:dateTime ; dct:spatial [ dcat:bbox "{box}"^^geo:wktLiteral ] ; dcat:distribution {files} .
"""
_PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def dcat(count: int, about: str = ABOUT) -> Answer:
    """A feed in Turtle. `about`: the description of each dataset."""
    body = _turtle(range(count), about)
    return lambda _path, _query: body


PAGE = 500
"""Datasets of a page of a feed."""


def dcat_pages(count: int) -> Answer:
    """The same in pages, made while they are served."""

    def answer(_path: str, query: Mapping[str, str]) -> bytes:
        number = int(query.get("page", "1"))
        more = number * PAGE < count
        view = f"<{{SITE}}/?page={number}> <http://www.w3.org/ns/hydra/core#next> <{{SITE}}/?page={number + 1}> .\n"
        return _turtle(range((number - 1) * PAGE, min(count, number * PAGE)), ABOUT) + view.encode() * more

    return answer


def _turtle(numbers: range, about: str) -> bytes:
    corners = ",".join(f"{x} {y}" for x, y in RING)
    words = ", ".join(f'"{word}"@en' for word in KEYWORDS)
    said = {"about": about, "publisher": PUBLISHER, "day": DAY, "keywords": words, "box": f"POLYGON(({corners}))"}
    datasets = (_TURTLE.format(number=number, files=_files(number), **said) for number in numbers)
    return (_PREFIXES + "".join(datasets)).encode()


def _files(number: int) -> str:
    return " , ".join(
        f"[ a dcat:Distribution ; dcat:accessURL <{address(number, ending)}> ; dcat:downloadURL "
        f'<{address(number, ending)}> ; dct:license <{LICENCE}> ; dct:format "{ending}" ]'
        for ending in ENDINGS
    )
