"""Entries: what a source says becomes what DCAT-AP wants, and every change is told."""

import re
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcat import vocab
from dcat.messages import RULES
from dcat.model import (
    Agent,
    AsWritten,
    Attribution,
    Checksum,
    Concept,
    Contact,
    DataService,
    Dataset,
    DatasetSeries,
    Date,
    Decimal,
    Distribution,
    Document,
    Duration,
    Hex,
    Integer,
    Iri,
    LegalResource,
    LicenseDocument,
    Location,
    Period,
    Relationship,
    RightsStatement,
    Standard,
    Text,
    Wkt,
)
from dcat.normalise import Context, Normalised, bare, complete, geometries, normalise, texts, themes
from dcat.normalise.licences import licence
from dcat.read import read_entry
from dcat.rules import check, is_violated
from dcat.write import own_and_shared

CONTEXT = Context(today="2026-11-22", language="fr")
EU = "http://publications.europa.eu/resource/authority/"


def made(**fields: Any) -> Normalised:
    """A dataset with these fields, normalised."""
    fields.setdefault("title", (Text("Arbres", "fr"),))
    return normalise(Dataset(iri=Iri("https://a.be/d"), **fields), CONTEXT)


def dataset(**fields: Any) -> Dataset:
    entry = made(**fields).entry
    assert isinstance(entry, Dataset)
    return entry


def file(**fields: Any) -> Distribution:
    fields.setdefault("access_url", (Iri("https://a.be/page"),))
    return dataset(distribution=(Distribution(**fields),)).distribution[0]


def concept(label: str) -> Concept:
    return Concept(labels=(Text(label),))


def rules(normalised: Normalised, field: str = "") -> list[str]:
    return [note.rule for note in normalised.notes if note.field.endswith(field)]


def iris(nodes: Any) -> list[str]:
    return [(node.iri or "").removeprefix(EU) for node in nodes]


# --- texts and languages ----------------------------------------------------------------------------------------------


def test_a_text_without_tag_gets_the_language_it_is_certainly_in() -> None:
    entry = dataset(title=(Text("Luchtkwaliteit van het Gewest voor de gemeenten"),))
    assert entry.title == (Text("Luchtkwaliteit van het Gewest voor de gemeenten", "nl"),)


def test_a_text_without_tag_gets_the_language_of_the_source() -> None:
    result = made(title=(Text("Villo"),))
    assert result.entry.title == (Text("Villo", "fr"),)
    assert "language-assumed" in rules(result, "dct:title")


def test_the_only_language_of_the_dataset_stands_in_for_that_of_the_source() -> None:
    entry = Dataset(title=(Text("Villo"),), language=(concept("Nederlands"),))
    assert normalise(entry, Context()).entry.title == (Text("Villo", "nl"),)


def test_a_text_of_unknown_language_says_so() -> None:
    result = normalise(Dataset(title=(Text("Villo"),)), Context())
    assert result.entry.title == (Text("Villo", "und"),)
    assert "language-unknown" in [finding.rule for finding in result.findings]


def test_the_language_of_the_description_stands_in_for_that_of_the_keywords() -> None:
    entry = Dataset(
        title=(Text("Villo"),), description=(Text("De lijst van alle fietsen in het gewest"),), keyword=(Text("fiets"),)
    )
    result = normalise(entry, Context())
    assert (result.entry.title, result.entry.keyword) == ((Text("Villo", "nl"),), (Text("fiets", "nl"),))


def test_texts_of_one_language_are_joined() -> None:
    entry = dataset(description=(Text("Un.", "fr"), Text("Deux.", "fr"), Text("Trois.", "fr"), Text("Een.", "nl")))
    assert [text.lang for text in entry.description] == ["fr", "nl"]
    assert set(entry.description[0].value.split("\n\n")) == {"Un.", "Deux.", "Trois."}


def test_a_machine_translation_is_kept_apart_and_dropped_when_it_only_copies() -> None:
    entry = dataset(title=(Text("Bomen", "nl"), Text("Arbres", "fr-t-nl"), Text("Bomen", "de-t-nl")))
    assert entry.title == (Text("Arbres", "fr-t-nl"), Text("Bomen", "nl"))


def test_a_text_copied_into_another_language_stays_where_it_is_at_home() -> None:
    text = "La liste des arbres dans la Région et les communes"
    assert dataset(title=(Text(text, "fr"), Text(text, "nl"))).title == (Text(text, "fr"),)


def test_a_name_that_is_the_same_in_two_languages_is_no_copy() -> None:
    assert len(dataset(title=(Text("Villo", "fr"), Text("Villo", "nl"))).title) == 2


def test_a_wrong_tag_is_corrected_when_the_true_language_is_free() -> None:
    text = "Dit is een lijst van alle bomen op het grondgebied van het gewest"
    result = made(description=(Text(text, "fr"),))
    assert result.entry.description == (Text(text, "nl"),)
    assert "language-wrong" in rules(result, "dct:description")


def test_a_word_that_only_begins_as_one_of_a_language_says_nothing_of_it() -> None:
    said = "Dit is een lijst van alle bomen op het gebied, lesmateriaal voor de scholen"
    texts = [f"{'N' * length} {said}" for length in range(1, 200)]  # it may be looked at up to any letter of it
    assert {dataset(description=(Text(text, "fr"),)).description[0].lang for text in texts} == {"nl"}


def test_placeholders_are_not_published_and_the_title_stands_in_for_the_description() -> None:
    result = made(description=(Text("TODO", "fr"),))
    assert result.entry.description == (Text("Arbres", "fr"),)
    assert {"text-placeholder", "description-default"} <= set(rules(result))


# --- keywords and themes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_word", "words"),
    [
        ("air; water", ["air", "water"]),
        ("air|water", ["air", "water"]),
        ("air, eau, bruit", ["air", "bruit", "eau"]),
        ("air,water", ["air", "water"]),
        ('["air", "water"]', ["air", "water"]),
        ("#air", ["air"]),
        ("Agriculture, fisheries, forestry and food", ["Agriculture, fisheries, forestry and food"]),
        ("Saint-Gilles, Bruxelles", ["Saint-Gilles, Bruxelles"]),
        ("land use, soil and water", ["land use, soil and water"]),
        ("R&D", ["R&D"]),
        ("x" * 300, []),
    ],
)
def test_keywords_are_split_when_they_are_a_list(given_word: str, words: list[str]) -> None:
    assert [text.value for text in dataset(keyword=(Text(given_word, "fr"),)).keyword] == words


@pytest.mark.parametrize(
    ("said", "kept"), [("info:eu-repo/classification/ddc/580", 0), ("https://a.be/concept/1", 0), ("info: jeugd", 1)]
)
def test_an_address_without_a_name_is_no_keyword(said: str, kept: int) -> None:
    result = made(keyword=(Text(said, "en"),))
    assert len(result.entry.keyword) == kept
    assert ("keyword-address" in rules(result)) is not bool(kept)


def test_the_same_keyword_is_kept_once() -> None:
    assert len(dataset(keyword=(Text("Air", "fr"), Text("air", "fr"), Text("air ", "fr"))).keyword) == 1


@pytest.mark.parametrize(
    ("theme", "codes"),
    [
        (Concept(iri=Iri(EU + "data-theme/ENVI")), ["ENVI"]),
        (Concept(iri=Iri(EU.replace("http:", "https:") + "data-theme/ENVI/")), ["ENVI"]),
        (Concept(iri=Iri(EU + "data-theme/EDUC#SPORT")), ["EDUC"]),
        (concept("Économie et finances"), ["ECON"]),
        (concept("TRAN"), ["TRAN"]),
        (concept("transportation"), ["TRAN"]),
        (Concept(iri=Iri("http://inspire.ec.europa.eu/theme/cp")), ["ECON", "REGI"]),
        (Concept(iri=Iri("http://eurovoc.europa.eu/100155")), ["ENVI"]),
        (Concept(iri=Iri("https://www.odwb.be/explore/?refine.theme=Environnement")), ["ENVI"]),
        (concept("Environnement, Transports"), ["ENVI", "TRAN"]),
        (Concept(iri=Iri("http://publications.europa.eu/mdr/authority/data-theme/TRAN")), ["TRAN"]),
        (concept("Environnement, Divers en folies"), []),
        (concept("no such theme"), []),
    ],
)
def test_themes_become_eu_themes_when_that_is_certain(theme: Concept, codes: list[str]) -> None:
    themes = dataset(theme=(theme,)).theme
    assert [vocab.THEMES.by_iri[one.iri].code for one in themes if one.iri in vocab.THEMES.by_iri] == codes


def test_a_named_theme_of_another_vocabulary_is_kept_beside_the_eu_theme() -> None:
    own = Concept(iri=Iri("http://inspire.ec.europa.eu/theme/hh"), labels=(Text("Health", "en"),))
    assert iris(dataset(theme=(own,)).theme) == ["http://inspire.ec.europa.eu/theme/hh", "data-theme/HEAL"]


def test_a_theme_that_nobody_knows_becomes_a_keyword() -> None:
    result = made(theme=(concept("Divers en folies"),))
    assert not result.entry.theme
    assert [text.value for text in result.entry.keyword] == ["Divers en folies"]
    assert "theme-unknown" in rules(result)


def test_a_theme_is_taken_from_a_keyword_only_when_there_is_none() -> None:
    assert iris(dataset(keyword=(Text("mobilité", "fr"),)).theme) == ["data-theme/TRAN"]
    health = Concept(iri=Iri(EU + "data-theme/HEAL"))
    assert iris(dataset(keyword=(Text("mobilité", "fr"),), theme=(health,)).theme) == ["data-theme/HEAL"]


# --- terms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("http://purl.org/cld/freq/monthly", "MONTHLY"),
        ("http://purl.org/linked-data/sdmx/2009/code#freq-Q", "QUARTERLY"),
        ("http://inspire.ec.europa.eu/metadata-codelist/MaintenanceFrequencyCode/daily", "DAILY"),
        ("http://x.be/gmxCodelists.xml#MD_MaintenanceFrequencyCode_annually", "ANNUAL"),
        ("R/P1Y", "ANNUAL"),
        ("P1D", "DAILY"),
        ("P0Y3M0DT0H0M0S", "QUARTERLY"),
        ("hourly", "HOURLY"),
        ("mensuelle", "MONTHLY"),
        ("wekelijks", "WEEKLY"),
        ("Ponctuelle", "NEVER"),
        ("One-off", "NEVER"),
        ("eenmalig", "NEVER"),
        ("einmalig", "NEVER"),
        ("wordt niet meer bijgewerkt", "NEVER"),
        ("Une mise à jour chaque mois", "MONTHLY"),
        ("wordt jaarlijks bijgewerkt", "ANNUAL"),
        ("monatliche Aktualisierung", "MONTHLY"),
        ("updated every 3 months", "QUARTERLY"),
        ("4 fois par an", "QUARTERLY"),
        ("om de twee jaar", "BIENNIAL"),
        ("zweijährlich", "BIENNIAL"),
        ("2 fois par jour", "DAILY_2"),
        ("P30D", "MONTHLY"),
        ("R/PT60M", "HOURLY"),
        ("bi-monthly", "BIMONTHLY"),
        ("bi-annuel", "ANNUAL_2"),
        ("semi-weekly", "WEEKLY_2"),
        ("tri-annual", "ANNUAL_3"),
        ("14-daags", "BIWEEKLY"),
        ("nachtelijks", "DAILY"),
        ("whenever we can", None),
        ("pas tous les mois", None),
        ("niet jaarlijks", None),
        ("jährlich oder monatlich", None),
        ("every six weeks", None),
        ("P6W", None),
    ],
)
def test_frequencies(said: str, code: str | None) -> None:
    given_concept = Concept(iri=Iri(said)) if said.startswith("http") else concept(said)
    frequency = dataset(frequency=given_concept).frequency
    assert (frequency.iri if frequency else None) == (f"{EU}frequency/{code}" if code else None)
    assert frequency is None or len(frequency.labels) == 4


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("fr", ["FRA"]),
        ("http://id.loc.gov/vocabulary/iso639-1/nl", ["NLD"]),
        ("http://lexvo.org/id/iso639-3/deu", ["DEU"]),
        ("fr, nl", ["FRA", "NLD"]),
        ("Dutch; Flemish", ["NLD"]),
        ("Vlaams", ["NLD"]),
        ("http://publications.europa.eu/resource/authority/language/VLS", ["VLS"]),
        ("de-AT", ["DEU"]),
        ("es_ES.UTF-8", ["SPA"]),
        ("English (United Kingdom)", ["ENG"]),
        ("urn:iso:std:iso:639:fr", ["FRA"]),
        ("fr, klingon", ["FRA"]),
        ("Klingon", []),
    ],
)
def test_languages(said: str, codes: list[str]) -> None:
    given_concept = Concept(iri=Iri(said)) if said.startswith("http") else concept(said)
    assert iris(dataset(language=(given_concept,)).language) == [f"language/{code}" for code in codes]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("public", "PUBLIC"),
        ("http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations", "PUBLIC"),
        ("restricted public", "RESTRICTED"),
        (
            "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/INSPIRE_Directive_Article13_1e",
            "RESTRICTED",
        ),
        ("Geen beperkingen", "PUBLIC"),
        ("non-public", "NON_PUBLIC"),
        ("CONFIDENTIAL", "NON_PUBLIC"),
    ],
)
def test_access_rights(said: str, code: str) -> None:
    rights = dataset(access_rights=RightsStatement(labels=(Text(said),))).access_rights
    assert rights is not None
    assert rights.iri == f"{EU}access-right/{code}"
    assert rights.scheme == f"{EU}access-right"


def test_words_that_are_no_access_right_become_rights_of_the_files() -> None:
    result = made(
        access_rights=RightsStatement(labels=(Text("Sur demande au guichet", "fr"),)),
        distribution=(Distribution(access_url=(Iri("https://a.be/p"),)),),
    )
    entry = result.entry
    assert isinstance(entry, Dataset)
    assert entry.distribution[0].rights[0].labels == (Text("Sur demande au guichet", "fr"),)
    assert entry.access_rights is None
    assert "access-right-unknown" in rules(result)
    assert "access-right-default" not in rules(result)


def test_words_about_access_that_no_file_takes_stay_as_they_were_written() -> None:
    own = RightsStatement(labels=(Text("Droits du bourgmestre", "fr"),))
    for files in ((), (Distribution(access_url=(Iri("https://a.be/p"),), rights=(own,)),)):
        entry = dataset(access_rights=RightsStatement(labels=(Text("Sur demande", "fr"),)), distribution=files)
        assert entry.as_written == (AsWritten("dct:accessRights", "Sur demande"),)


def test_where_nothing_is_said_about_access_everybody_has_it() -> None:
    rights = dataset(access_rights=RightsStatement()).access_rights
    assert rights is not None
    assert rights.iri == f"{EU}access-right/PUBLIC"


def test_an_address_about_access_that_nobody_knows_stays_as_rights() -> None:
    terms = Iri("https://a.be/terms")
    entry = dataset(
        access_rights=RightsStatement(iri=terms), distribution=(Distribution(access_url=(Iri("https://a.be/p"),)),)
    )
    assert [one.iri for one in entry.distribution[0].rights] == [terms]


def test_status_and_availability_of_dcat_ap_2_are_rewritten() -> None:
    made_file = file(
        status=Concept(iri=Iri("http://purl.org/adms/status/Completed")),
        availability=Concept(iri=Iri("http://data.europa.eu/r5r/availability/stable")),
    )
    assert made_file.status == vocab.DISTRIBUTION_STATUSES.concept(vocab.DISTRIBUTION_STATUSES.by_code["COMPLETED"])
    assert made_file.availability == vocab.AVAILABILITIES.concept(vocab.AVAILABILITIES.by_code["STABLE"])


# --- formats ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"format": concept("CSV")}, ("CSV", "text/csv", None, None)),
        ({"media_type": concept("text/csv; charset=utf-8")}, ("CSV", "text/csv", None, None)),
        ({"format": concept("CSV UTF-8")}, ("CSV", "text/csv", None, None)),
        ({"media_type": concept("image/tiff; application=geotiff")}, ("GEOTIFF", "image/tiff", None, None)),
        ({"media_type": Concept(iri=Iri("http://purl.org/NET/mediatypes/text/csv"))}, ("CSV", "text/csv", None, None)),
        ({"format": Concept(iri=Iri(EU + "file-type/OGC:WMS"))}, ("WMS_SRVC", "application/xml", None, None)),
        ({"format": concept("Shapefile (ZIP)")}, ("SHP", "application/vnd.shp", None, "application/zip")),
        (
            {"format": concept("ZIP"), "media_type": concept("text/csv")},
            ("CSV", "text/csv", None, "application/zip"),
        ),
        (
            {"format": concept("csv"), "download_url": (Iri("https://a.be/x.csv.gz"),)},
            ("CSV", "text/csv", "application/gzip", None),
        ),
        (
            {"format": concept("SHP"), "download_url": (Iri("https://a.be/x.zip"),)},
            ("SHP", "application/vnd.shp", None, "application/zip"),
        ),
        ({"download_url": (Iri("https://a.be/x.xlsx"),)}, ("XLSX", None, None, None)),
        (
            {"access_url": (Iri("https://a.be/ows?service=WFS&request=GetCapabilities"),)},
            ("WFS_SRVC", None, None, None),
        ),
        (
            {"access_url": (Iri("https://a.be/wfs?SERVICE=WFS&request=GetFeature&typeName=a:b&outputFormat=csv"),)},
            ("CSV", None, None, None),
        ),
        (
            {"access_url": (Iri("https://a.be/wfs?service=WFS&request=GetFeature&outputFormat=shape-zip"),)},
            ("SHP", None, None, "application/zip"),
        ),
        ({"format": Concept(iri=Iri("zip:csv"))}, ("CSV", "text/csv", None, "application/zip")),
        ({"format": concept("no such format")}, (None, None, None, None)),
        ({"media_type": concept("application/x-made-up")}, (None, None, None, None)),
        ({"media_type": concept("application/vnd.oma.dd+xml")}, (None, "application/vnd.oma.dd+xml", None, None)),
    ],
)
def test_formats_and_media_types(fields: dict[str, Any], expected: tuple[str | None, ...]) -> None:
    made_file = file(**fields)
    got = [
        part.iri.rpartition("file-type/")[2].removeprefix(vocab.MEDIA_TYPES) if part and part.iri else None
        for part in (made_file.format, made_file.media_type, made_file.compress_format, made_file.package_format)
    ]
    assert got[0] == expected[0]
    assert got[1] == (expected[1] or (vocab.FORMATS.by_code[expected[0]].extra["media_type"] if expected[0] else None))
    assert tuple(got[2:]) == expected[2:]


def test_of_each_file_is_told_what_became_of_its_format() -> None:
    given = tuple(
        Distribution(access_url=(Iri(f"https://a.be/{name}"),), format=concept(said))
        for name, said in (("x", "no such format"), ("y", "tabel (csv)"), ("z", "no such format"))
    )
    result = made(distribution=given)
    notes = [(note.field, note.raw) for note in result.notes if note.field.endswith("dct:format")]
    assert notes == [
        ("dcat:distribution[1]/dct:format", "no such format"),
        ("dcat:distribution[2]/dct:format", "tabel (csv)"),
        ("dcat:distribution[3]/dct:format", "no such format"),
    ]
    assert [[one.value for one in each.as_written] for each in result.entry.distribution] == [
        ["no such format"],
        [],
        ["no such format"],
    ]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("GeoJSON (EPSG:4326)", "GEOJSON"),
        ("Excel (.xls)", "XLS"),
        ("WMS (PNG)", "WMS_SRVC"),
        ("CSV (Excel)", "CSV"),
        ("Fichier CSV", "CSV"),
        ("PDF document", "PDF"),
        ("SPARQL endpoint", "SPARQLQ"),
        ("tif", "TIFF"),
        ("AutoCAD DWG", "DWG"),
        ("Shapefile (documents on demand)", "SHP"),
    ],
)
def test_a_format_among_words_is_that_format(said: str, code: str) -> None:
    found = file(format=concept(said)).format
    assert found is not None
    assert found.iri == f"{EU}file-type/{code}"


# --- licences ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["notspecified", "License not specified", "Licence non spécifiée"])
def test_a_licence_that_is_not_specified_is_none(said: str) -> None:
    found = file(license=LicenseDocument(titles=(Text(said),)))
    assert (found.license, found.rights) == (None, ())


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("https://creativecommons.org/licenses/by/4.0/deed.fr", "CC_BY_4_0"),
        ("http://publications.europa.eu/resource/authority/licence/CC_BY", "CC_BY_4_0"),
        ("cc-by", "CC_BY_4_0"),
        ("CC BY-NC-SA 3.0", "CC_BYNCSA_3_0"),
        ("Licence Ouverte v2.0 (Etalab)", "ETALAB_2_0"),
        ("https://spdx.org/licenses/ODbL-1.0.html", "ODC_BL"),
        ("www.creativecommons.org/licenses/by/4.0/", "CC_BY_4_0"),
        ("dl-de/by-2-0", "DLDE_BY_2_0"),
        ("Ces données sont mises à disposition sous licence CC-BY 4.0, merci de citer la source.", "CC_BY_4_0"),
        ("Voir https://creativecommons.org/publicdomain/zero/1.0/ pour les conditions.", "CC0"),
        ("CC-BY, but no commercial use (non-commercial)", None),
        ("All rights reserved", None),
    ],
)
def test_licences(said: str, code: str | None) -> None:
    given_licence = (
        LicenseDocument(iri=Iri(said)) if said.startswith("http") else LicenseDocument(titles=(Text(said, "fr"),))
    )
    made_file = file(license=given_licence)
    assert (made_file.license.iri if made_file.license else None) == (f"{EU}licence/{code}" if code else None)


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("www.stad.be/x", "http://www.stad.be/x"),
        ("data.stad.be/x", "http://data.stad.be/x"),
        ("zie https://stad.be/x", "https://stad.be/x"),
    ],
)
def test_an_address_in_the_place_of_a_page_is_the_page(said: str, address: str) -> None:
    (page,) = dataset(page=(Document(titles=(Text(said),)),)).page
    assert page == Document(iri=Iri(address))


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://creativecommons.org/licenses/by-nc/2.5/it/legalcode", "CC_BYNC_2_5"),
        ("https://creativecommons.org/licenses/by-sa/2.0/fr/", "CC_BYSA_2_0"),
        ("https://creativecommons.org/licenses/by-sa/3.0/nl/", "CC_BYSA_3_0_NL"),
    ],
)
def test_an_address_in_the_place_of_a_title_is_the_licence(address: str, code: str) -> None:
    given_file = file(license=LicenseDocument(titles=(Text(address),)))
    license = dataset(distribution=(given_file,)).distribution[0].license
    assert license is not None
    assert license.iri == f"{EU}licence/{code}"


def test_a_licence_may_stand_in_the_place_of_its_type() -> None:
    zero = LicenseDocument(type=(Concept(iri=Iri("https://creativecommons.org/publicdomain/zero/1.0/")),))
    license = file(license=zero).license
    assert license is not None
    assert license.iri == EU + "licence/CC0"
    kind = LicenseDocument(type=(Concept(iri=Iri("http://purl.org/adms/licencetype/Attribution")),))
    assert file(license=kind).license is None


@pytest.mark.parametrize("page", ["http://xmlns.com/foaf/0.1/page", "http://schema.org/url"])
def test_a_licence_without_iri_has_that_of_its_page(page: str) -> None:
    license = f"[ <{page}> <https://a.example/terms> ; dct:title 'Terms'@en ]"
    (one,) = described(f"dcat:distribution [ dcat:accessURL <http://a.be/f> ; dct:license {license} ] .").distribution
    assert one.license == LicenseDocument(iri=Iri("https://a.example/terms"), titles=(Text("Terms", "en"),))


@pytest.mark.parametrize(
    "said",
    [
        "Not CC BY: all rights reserved",
        "Geen CC BY 4.0",
        "Valt niet onder de licentie CC BY 4.0",
        "Nicht unter CC-BY lizenziert",
        "Kein CC BY 4.0",
        "Pas de licence CC BY 4.0",
        "no longer CC BY 4.0",
        "No licence (formerly CC BY 4.0)",
        "CC BY 4.0 does not apply",
        "La licence CC BY 4.0 ne s'applique pas",
        "This is not public domain",
    ],
)
def test_a_licence_that_words_deny_is_none(said: str) -> None:
    file = dataset(
        distribution=(Distribution(access_url=(Iri("https://a.be/x"),), license=LicenseDocument(labels=(Text(said),))),)
    ).distribution[0]
    assert file.license is None
    assert [text.value for right in file.rights for text in right.labels] == [said]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Unless otherwise noted, CC BY 4.0", "CC_BY_4_0"),
        ("CC BY 4.0, not for navigation", "CC_BY_4_0"),
        ("No fees. CC BY 4.0", "CC_BY_4_0"),
        ("Not the ODbL 1.0 any more, but CC BY 4.0", "CC_BY_4_0"),
        ("Public domain, no restrictions", "CC_PDM_1_0"),
    ],
)
def test_a_denial_of_something_else_leaves_the_licence(said: str, code: str) -> None:
    found = licence(said)
    assert found is not None
    assert found.code == code


def test_a_sentence_stays_as_rights_beside_the_licence_it_names() -> None:
    sentence = Text("Sous licence CC-BY 4.0, merci de citer la source.", "fr")
    made_file = file(license=LicenseDocument(titles=(sentence,)))
    assert made_file.rights == (RightsStatement(labels=(sentence,)),)


def test_a_licence_named_in_the_rights_is_found_there() -> None:
    made_file = file(rights=(RightsStatement(labels=(Text("Licence : CC0 1.0", "fr"),)),))
    assert made_file.license is not None
    assert made_file.license.iri == EU + "licence/CC0"


def test_an_unlisted_licence_keeps_its_iri_and_is_told() -> None:
    result = made(
        distribution=(
            Distribution(
                access_url=(Iri("https://a.be/p"),), license=LicenseDocument(iri=Iri("https://a.be/terms-of-use"))
            ),
        )
    )
    assert result.entry.distribution[0].license.iri == "https://a.be/terms-of-use"  # type: ignore[union-attr]
    assert "licence-unlisted" in [finding.rule for finding in result.findings]


def test_a_default_licence_is_used_only_where_settings_name_one() -> None:
    entry = Dataset(title=(Text("x", "fr"),), distribution=(Distribution(access_url=(Iri("https://a.be/p"),)),))
    without = normalise(entry, Context()).entry
    with_default = normalise(entry, Context(license="CC_BY_4_0"))
    assert without.distribution[0].license is None  # type: ignore[union-attr]
    assert with_default.entry.distribution[0].license.iri == EU + "licence/CC_BY_4_0"  # type: ignore[union-attr]
    assert "licence-default" in rules(with_default)


def test_several_rights_become_one() -> None:
    made_file = file(
        rights=(RightsStatement(labels=(Text("Un", "fr"),)), RightsStatement(labels=(Text("Deux", "fr"),)))
    )
    assert made_file.rights == (RightsStatement(labels=(Text("Un\n\nDeux", "fr"),)),)


# --- parties ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["STIB", "MIVB", "STIB / MIVB", "Stib-Mivb"])
def test_one_body_has_one_iri_whatever_it_is_called(name: str) -> None:
    publisher = dataset(publisher=Agent(name=(Text(name, "fr"),))).publisher
    assert publisher is not None
    assert publisher.iri == "https://org.belgif.be/id/CbeRegisteredEntity/0247499953"
    assert publisher.type is not None
    assert publisher.type.iri == "http://purl.org/adms/publishertype/RegionalAuthority"


def test_a_body_that_nobody_knows_stays_as_it_is() -> None:
    agent = Agent(iri=Iri("https://a.be/org"), name=(Text("Cercle des jardiniers", "fr"),))
    assert dataset(publisher=agent).publisher == agent


def test_an_agent_without_name_is_not_published() -> None:
    result = made(publisher=Agent(iri=Iri("https://a.be/org")))
    assert result.entry.publisher is None
    assert "agent-nameless" in rules(result)


def test_the_publisher_of_the_source_stands_in_for_none() -> None:
    agent = Agent(iri=Iri("https://a.be/org"), name=(Text("Agence", "fr"),))
    result = normalise(Dataset(title=(Text("x", "fr"),)), Context(publisher=agent))
    assert result.entry.publisher == agent
    assert "publisher-default" in rules(result)


def test_names_of_persons_are_hidden_unless_settings_allow() -> None:
    person = Contact(
        name=(Text("Jeanne Peeters"),),
        email=(Iri("jeanne.peeters@a.be"), Iri("opendata@a.be")),
        is_individual=True,
    )
    contact = dataset(contact=(person,)).contact[0]
    assert contact.name == ()
    assert contact.email == ("mailto:opendata@a.be",)
    entry = normalise(Dataset(title=(Text("x", "fr"),), contact=(person,)), Context(show_persons=True)).entry
    assert entry.contact[0].name == (Text("Jeanne Peeters"),)


@pytest.mark.parametrize(
    ("name", "mail"),
    [
        ("Herr Imme", "Uwe.Imme@sengs.berlin.de"),
        ("Mme Dupont", "secretariat@a.be"),
        ("M. Dupont", ""),
        ("de heer Jan Janssens", ""),
        ("Ralf Eberhardt", "ralf.eberhardt@senwtf.berlin.de"),
        ("Jeanne Peeters", "j.peeters@a.be"),
        ("Jeanne Peeters", "jpeeters@a.be"),
        ("Shelby Verplanck", "verplanck.shelby.t@a.be"),
        ("Thijmen G Verplanck", "verplanck.jan.g@a.be"),
        ("Léa Müller-Dubois", "lea.muller-dubois@a.be"),
        ("Andrew Watkins", ""),
        ("Jan van der Meer", ""),
        ("Jeanne Peeters", "opendata@a.be"),
        ("Jean-Marc De Smet", "opendata@a.be"),
    ],
)
def test_a_person_is_recognised_by_clear_signs(name: str, mail: str) -> None:
    mails = (Iri(f"mailto:{mail}"),) if mail else ()
    result = made(contact=(Contact(name=(Text(name),), email=mails),), publisher=Agent(name=(Text("Ville"),)))
    assert not any(contact.name for contact in result.entry.contact)
    assert "person-hidden" in rules(result)


@pytest.mark.parametrize(
    ("name", "mail"),
    [
        ("Statbel", "statbel@economie.fgov.be"),
        ("Open Data Antwerpen", "opendata@antwerpen.be"),
        ("Open Data", "open.data@a.be"),
        ("Visit Brussels", "visit.brussels@visit.brussels"),
        ("Visit Brussels", "x.brussels@a.be"),
        ("Visit Brussels", "press.brussels@a.be"),
        ("Amt für Statistik Berlin-Brandenburg", "info@statistik-bbb.de"),
        ("M Leuven", "info@mleuven.be"),
        ("Bruxelles Environnement", ""),
        ("NGI", ""),
        ("Data Office", ""),
        ("Jean Monnet Institute", "info@a.be"),
        ("Thomas More Hogeschool", "info@a.be"),
        ("SAM_Extract GSA-1626", "info@a.be"),
    ],
)
def test_an_office_keeps_its_name(name: str, mail: str) -> None:
    mails = (Iri(f"mailto:{mail}"),) if mail else ()
    us = Agent(name=(Text("Bruxelles Environnement", "fr"),))
    entry = made(contact=(Contact(name=(Text(name, "fr"),), email=mails),), publisher=us).entry
    assert [contact.name[0].value for contact in entry.contact] == [name]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        (
            {
                "distribution": (
                    Distribution(
                        access_url=(Iri("https://a.be/f"),), access_service=(DataService(iri=Iri("https://a.be/s")),)
                    ),
                )
            },
            "dcat:distribution[1]/dcat:accessService[1]/dcat:endpointURL",
        ),
        ({"qualified_attribution": (Attribution(agent=(Agent(mbox=Iri("mailto:a@b.be")),)),)}, ""),
    ],
)
def test_a_part_without_what_is_mandatory_is_left_out(fields: dict[str, Any], place: str) -> None:
    result = made(**fields)
    dropped = [finding.field for finding in result.findings if finding.rule == "part-dropped"]
    assert place in dropped or not place
    assert check(result.entry) == tuple(found for found in check(result.entry) if not is_violated((found,)))
    assert normalise(result.entry, CONTEXT).entry == result.entry


def test_a_relation_with_a_role_is_kept_without_it() -> None:
    role = concept("https://www.iana.org/assignments/relation/related")
    given_relation = Relationship(relation=(Iri("https://a.be/e"),), role=(role,))
    result = made(qualified_relation=(given_relation,), relation=(Iri("https://a.be/c"),))
    assert isinstance(result.entry, Dataset)
    assert result.entry.relation == ("https://a.be/c", "https://a.be/e")
    assert result.entry.qualified_relation == ()
    assert "relation-plain" in rules(result, "dcat:qualifiedRelation")


JEANNE = Agent(name=(Text("Jeanne Peeters"),), mbox=Iri("mailto:jeanne.peeters@a.be"))


@pytest.mark.parametrize(
    "agent",
    [
        JEANNE,
        Agent(name=(Text("Jeanne Peeters"),), mbox=Iri("mailto:j.peeters@a.be")),
        Agent(iri=Iri("https://orcid.org/0000-0001"), name=(Text("Jeanne Peeters"),), is_individual=True),
        Agent(name=(Text("Mme Peeters"),)),
        Agent(name=(Text("Jeanne Peeters"),)),
    ],
)
def test_a_person_is_no_publisher_and_no_creator(agent: Agent) -> None:
    result = made(publisher=agent, creator=(agent,), qualified_attribution=(Attribution(agent=(agent,)),))
    assert isinstance(result.entry, Dataset)
    assert (result.entry.publisher, result.entry.creator, result.entry.qualified_attribution) == (None, (), ())
    assert rules(result, "foaf:name").count("person-hidden") == 3
    assert "eeters" not in str(result)


def test_a_body_that_is_asked_has_not_the_names_of_all_its_desks() -> None:
    finance = Iri("https://org.belgif.be/id/CbeRegisteredEntity/0308357159")
    desks = (Text("SPF Finances - Cellule Tax Shelter", "fr"), Text("SPF Finances - Laboratoire", "fr"))
    mail = (Iri("mailto:open.data@minfin.a.be"),)
    (contact,) = dataset(contact=(Contact(iri=finance, name=desks, email=mail),)).contact
    assert Text("SPF Finances", "fr") in contact.name
    assert not {*desks} & {*contact.name}
    (desk,) = dataset(contact=(Contact(iri=finance, name=desks[:1], email=mail),)).contact
    assert desk.name == desks[:1]


def test_the_mailbox_of_who_is_hidden_goes_from_the_bodies_too() -> None:
    desk = Contact(name=(Text("Jeanne Peeters"),), email=(Iri("mailto:jeanne.peeters@a.be"),))
    youth = Agent(name=(Text("Jeugddienst"),), mbox=Iri("mailto:jeanne.peeters@a.be"))
    trees = Agent(name=(Text("Groendienst"),), mbox=Iri("mailto:groen@a.be"))
    result = made(contact=(desk,), publisher=youth, creator=(youth, trees))
    assert isinstance(result.entry, Dataset)
    assert result.entry.publisher
    assert (result.entry.publisher.name[0].value, result.entry.publisher.mbox) == ("Jeugddienst", None)
    assert {agent.name[0].value: agent.mbox for agent in result.entry.creator} == {
        "Jeugddienst": None,
        "Groendienst": "mailto:groen@a.be",
    }
    assert rules(result, "foaf:mbox").count("person-hidden") == 2
    assert "eeters" not in str(result)


@pytest.mark.parametrize(
    ("mail", "is_kept"),
    [
        ("Franciska.Obermeyer@sengs.a.be", False),
        ("anne-marie_dupont@a.be", False),
        ("open.data@a.be", True),
        ("groen.dienst@a.be", True),
        ("info@a.be", True),
        ("bomen.stad@stadbomen.be", True),
        ("jpeeters@a.be", True),
    ],
)
def test_a_body_has_no_mailbox_of_two_names_that_are_not_its_own(mail: str, is_kept: bool) -> None:
    body = Agent(name=(Text("Groen en Bomen"),), mbox=Iri(f"mailto:{mail}"))
    (agent,) = dataset(creator=(body,)).creator
    assert (agent.mbox is not None) is is_kept


def test_who_is_hidden_as_contact_is_hidden_as_creator_too() -> None:
    desk = Contact(name=(Text("Jeanne Peeters"),), email=(Iri("mailto:jeanne.peeters@a.be"),))
    entry = dataset(contact=(desk,), creator=(Agent(name=(Text("Jeanne  Peeters"),)), Agent(name=(Text("Statbel"),))))
    assert [agent.name[0].value for agent in entry.creator] == ["Statbel"]


@pytest.mark.parametrize(
    "agent",
    [
        Agent(name=(Text("Leefmilieu Leuven"),)),
        Agent(name=(Text("Stad Gent"),), is_individual=True),
        Agent(name=(Text("Open Data"),), mbox=Iri("mailto:open.data@a.be")),
        Agent(name=(Text("Visit Leuven"),), mbox=Iri("mailto:visit.leuven@visitleuven.be")),
    ],
)
def test_a_body_called_as_people_are_stays(agent: Agent) -> None:
    assert dataset(publisher=agent).publisher is not None


def test_persons_are_published_where_settings_allow() -> None:
    context = msgspec.structs.replace(CONTEXT, show_persons=True)
    entry = normalise(Dataset(title=(Text("T", "fr"),), publisher=JEANNE), context).entry
    assert entry.publisher == JEANNE


def test_no_title_is_without_a_tag() -> None:
    standard = Standard(iri=Iri("https://a.be/std"), titles=(Text("Xyzzy"),))
    page = Document(iri=Iri("https://a.be/p"), titles=(Text("Les arbres de la ville et des rues"),))
    licence = LicenseDocument(iri=Iri("https://a.be/l"), titles=(Text("Xyzzy"),))
    entry = dataset(
        title=(Text("Qwrtz"),),
        description=(),
        page=(page,),
        conforms_to=(standard,),
        distribution=(file(license=licence),),
    )
    assert entry.page[0].titles[0].lang == "fr"
    written = "".join(own_and_shared(entry))
    titles = [line for line in written.splitlines() if "/dc/terms/title>" in line or "/dc/terms/description>" in line]
    assert len(titles) > 4
    assert [line for line in titles if not re.search(r'"@[a-z-]+ \.$', line)] == []


def test_no_note_tells_the_name_it_hides() -> None:
    result = made(contact=(Contact(name=(Text("Jeanne  Peeters "),), email=(Iri("jeanne@a.be"),), is_individual=True),))
    assert "jeanne" not in msgspec.json.encode(result).decode().casefold()


# --- places -----------------------------------------------------------------------------------------------------------

BRUSSELS = Iri("https://sws.geonames.org/2800867/")


@pytest.mark.parametrize(
    "location",
    [
        Location(iri=Iri("http://sws.geonames.org/2800867")),
        Location(iri=Iri("https://www.geonames.org/2800867/brussels-capital.html")),
        Location(iri=Iri("http://data.europa.eu/nuts/code/BE1")),
        Location(iri=Iri("http://vocab.belgif.be/auth/refnis2025/4000")),
        Location(labels=(Text("Brussels Hoofdstedelijk Gewest", "nl"),)),
        Location(labels=(Text("http://sws.geonames.org/2800867/"),)),
        Location(iri=Iri("http://www.wikidata.org/entity/Q240")),
        Location(iri=Iri("http://nuts.geovocab.org/id/BE10")),
        Location(labels=(Text("NUTS:BE1"),)),
        Location(labels=(Text("BE100"),)),
        Location(labels=(Text("BE-BRU"),)),
    ],
)
def test_known_places_have_one_iri_their_names_and_their_box(location: Location) -> None:
    (place,) = dataset(spatial=(location,)).spatial
    assert place.iri == BRUSSELS
    assert place.bbox == "POLYGON((4.24 50.92,4.48 50.92,4.48 50.76,4.24 50.76,4.24 50.92))"
    assert {text.lang for text in place.labels} == {"fr", "nl", "de", "en"}


def test_a_commune_is_known_by_its_nis_code() -> None:
    (place,) = dataset(spatial=(Location(labels=(Text("be_80_21009"),)),)).spatial
    assert vocab.PLACES.by_iri[place.iri or ""].code == "21009"


def test_an_own_box_of_a_shared_place_is_a_place_of_its_own() -> None:
    box = Wkt("POLYGON((4.3 50.9,4.4 50.9,4.4 50.8,4.3 50.8,4.3 50.9))")
    named, boxed = dataset(spatial=(Location(iri=BRUSSELS, bbox=box),)).spatial
    assert named.iri == BRUSSELS
    assert (boxed.iri, boxed.bbox, boxed.exact_match) == (None, box, (BRUSSELS,))


def test_a_geometry_is_published_as_its_box() -> None:
    (place,) = dataset(
        spatial=(Location(geometry=Wkt('{"type":"LineString","coordinates":[[4.3,50.8],[4.4,50.9]]}')),)
    ).spatial
    assert place.geometry is None
    assert place.bbox == "POLYGON((4.3 50.9,4.4 50.9,4.4 50.8,4.3 50.8,4.3 50.9))"
    assert place.centroid == "POINT(4.35 50.85)"


WGS84 = "http://www.w3.org/2003/01/geo/wgs84_pos#"
BOX = "POLYGON((4.3 50.9,4.4 50.9,4.4 50.8,4.3 50.8,4.3 50.9))"


@pytest.mark.parametrize(
    ("turtle", "box"),
    [
        (f"[ <{WGS84}lat> 50.85 ; <{WGS84}long> 4.35 ]", None),
        ("[ schema:geo [ schema:latitude '50.85' ; schema:longitude '4.35' ] ]", None),
        ("<geo:50.85,4.35;u=10>", None),
        ("[ schema:geo [ a schema:GeoShape ; schema:box '50.8,4.3 50.9,4.4' ] ]", BOX),
        ("[ schema:box '50.8 4.3 50.9 4.4' ]", BOX),
        ("'4.3,50.8,0,4.4,50.9,120'", BOX),
        ("'[4.3,50.8,0,4.4,50.9,120]'", BOX),
    ],
)
def test_a_place_in_degrees_of_others(turtle: str, box: str | None) -> None:
    (place,) = described(f"dct:spatial {turtle} .").spatial
    assert (place.bbox, place.centroid) == (box, "POINT(4.35 50.85)")


def test_a_shape_that_is_no_box_is_told() -> None:
    turtle = "dct:spatial [ schema:geo [ a schema:GeoShape ; schema:circle '50.8 4.3 100' ] ] ."
    _, _, unread = read_entry((OWL_TIME + turtle).encode(), "text/turtle")
    assert unread == {"schema:geo": 1}


# --- dates and periods ------------------------------------------------------------------------------------------------


def test_an_interval_in_one_text_becomes_a_period() -> None:
    (period,) = dataset(temporal=(Period(start=Date("2019-01-01/2026-12-31")),)).temporal
    assert (period.start, period.end) == ("2019-01-01", "2026-12-31")


@pytest.mark.parametrize(
    ("start", "end", "last"),
    [
        ("2000-01-15T00:45:00Z", "P1W", "2000-01-22T00:45:00Z"),
        ("2012/P1Y", None, "2012-12-31"),
        ("2012-01-31/P1M", None, "2012-02-28"),
        ("2012-02/p1m", None, "2012-02-29"),
    ],
)
def test_the_length_of_a_span_says_its_end(start: str, end: str | None, last: str) -> None:
    (period,) = dataset(temporal=(Period(start=Date(start), end=Date(end) if end else None),)).temporal
    assert (period.start, period.end) == (start.partition("/")[0], last)


def test_an_open_end_is_left_out() -> None:
    (period,) = dataset(temporal=(Period(start=Date("2019"), end=Date("9999-12-31")),)).temporal
    assert (period.start, period.end) == ("2019", None)


@pytest.mark.parametrize(
    "text",
    [
        "4.3,50.8,4.4,50.9",
        "4.3000,50.8000 4.4000,50.9000",
        "POLYGON((4.3 50.8,4.4 50.8,4.4 50.9,4.3 50.9,4.3 50.8))",
        '{"type":"Polygon","coordinates":[[[4.3,50.8],[4.4,50.8],[4.4,50.9],[4.3,50.9],[4.3,50.8]]]}',
        "50.8,4.3,50.9,4.4",
        "GEOMETRYCOLLECTION(POINT(4.3 50.8),POINT(4.4 50.9))",
    ],
)
def test_coordinates_are_no_name_of_a_place(text: str) -> None:
    (place,) = dataset(spatial=(Location(labels=(Text(text),)),)).spatial
    assert place.labels == ()
    assert place.bbox is not None
    assert geometries.box_of(place.bbox)[0] == (4.3, 50.8, 4.4, 50.9)


def test_coordinates_beside_a_name_leave_the_name() -> None:
    labels = (Text("Somewhere", "en"), Text("4.3,50.8,4.4,50.9"))
    (place,) = dataset(spatial=(Location(labels=labels),)).spatial
    assert [text.value for text in place.labels] == ["Somewhere"]
    assert place.bbox is not None


def test_swapped_coordinates_and_those_in_other_units_are_told() -> None:
    field = "dct:spatial[1]/dcat:bbox"
    assert rules(made(spatial=(Location(labels=(Text("50.8,4.3,50.9,4.4"),)),)), field) == ["geometry-swapped"]
    lost = made(spatial=(Location(labels=(Text("141000,160000,150000,170000"),)),))
    assert rules(lost, field) == ["geometry-invalid"]


MAIL = "mailto:info@a.be"


@pytest.mark.parametrize(
    ("contact", "name", "ways"),
    [
        (Contact(name=(Text("info@a.be"),)), [], [MAIL]),
        (Contact(name=(Text("Open data <info@a.be>"),)), ["Open data"], ["mailto:info@a.be"]),
        (Contact(name=(Text("Open data"), Text("mailto:info@a.be"))), ["Open data"], ["mailto:info@a.be"]),
        (Contact(iri=Iri("mailto:info@a.be")), [], ["mailto:info@a.be"]),
        (Contact(iri=Iri("tel:+3225551234")), [], ["tel:+3225551234"]),
        (Contact(name=(Text("+32 2 555 12 34"),)), [], ["tel:+3225551234"]),
        (Contact(name=(Text("https://a.be/contact"),)), [], ["https://a.be/contact"]),
        (Contact(email=(Iri("https://a.be/contact"), Iri("info@a.be"))), [], [MAIL, "https://a.be/contact"]),
        (Contact(name=(Text("Service 2020-2024"),)), ["Service 2020-2024"], []),
        (Contact(name=(Text("Open data <info@a.be>, tél. 02/555.12.34"),)), ["Open data"], [MAIL, "tel:025551234"]),
        (Contact(telephone=(Iri("02 555 12 34 / 02 555 12 35"),)), [], ["tel:025551234", "tel:025551235"]),
    ],
)
def test_a_mailbox_telephone_or_page_is_no_name(contact: Contact, name: list[str], ways: list[str]) -> None:
    (found,) = dataset(contact=(contact,)).contact
    assert found.iri is None
    assert [text.value for text in found.name] == name
    assert [*found.email, *found.telephone, *found.url] == ways


def test_in_a_name_without_end_no_mailbox_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the square of the name: 11 seconds for one of 32,000 letters."""
    asked: list[str] = []
    monkeypatch.setattr(bare, "_MAILBOX", SimpleNamespace(findall=lambda text: asked.append(text) or []))
    long = Contact(name=(Text("http://a" * 200),), email=(Iri("x" * 1_100),), telephone=(Iri("1" * 1_100),))
    (found,) = dataset(contact=(long,), publisher=Agent(name=(Text("-" * 1_100),))).contact
    assert found.name[0].value.startswith("http://ahttp")
    assert not asked


def test_of_several_mailboxes_in_one_value_the_first_is_published_and_the_others_are_told() -> None:
    result = made(contact=(Contact(name=(Text("Desk"),), email=(Iri("info@a.be; data@a.be"),)),))
    assert [one.email for one in result.entry.contact] == [("mailto:info@a.be",)]
    assert [note.raw for note in result.notes if note.rule == "contact-several"] == [
        "mailto:info@a.be mailto:data@a.be"
    ]


def test_a_contact_of_which_only_the_address_is_given_is_reached_there() -> None:
    result = made(contact=(Contact(iri=Iri("https://a.be/desk")),))
    assert [(one.iri, one.url) for one in result.entry.contact] == [("https://a.be/desk", ("https://a.be/desk",))]
    assert [note.raw for note in result.notes if note.rule == "contact-page"] == ["https://a.be/desk"]


@pytest.mark.parametrize(
    ("iri", "told"),
    [("urn:desk:1", "urn:desk:1"), ("https://orcid.org/0", "…"), ("https://www.linkedin.com/in/j", "…")],
)
def test_a_contact_of_which_nothing_is_said_is_told(iri: str, told: str) -> None:
    result = made(contact=(Contact(iri=Iri(iri)),))
    assert not result.entry.contact
    assert [note.raw for note in result.notes if note.rule == "agent-nameless"] == [told]


def test_a_publisher_whose_mailbox_stands_beside_its_name_has_one_name() -> None:
    publisher = dataset(publisher=Agent(name=(Text("Town"), Text("info@a.be")))).publisher
    assert publisher is not None
    assert [text.value for text in publisher.name] == ["Town"]
    assert publisher.mbox == "mailto:info@a.be"


OWL_TIME = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix time: <http://www.w3.org/2006/time#> .
<https://e.org/d> a dcat:Dataset ; dct:title "T"@en ;
"""


def described(turtle: str) -> Any:
    """A dataset of which this is said."""
    entry, _, unread = read_entry((OWL_TIME + turtle).encode(), "text/turtle")
    assert not unread
    return normalise(entry, Context()).entry


@pytest.mark.parametrize(
    ("turtle", "start", "end"),
    [
        (
            "[ time:hasTime [ time:hasBeginning [time:inXSDDate '2020-02'] ; time:hasEnd [time:inXSDDate '2020'] ] ]",
            "2020-02",
            "2020",
        ),
        ("[ time:hasBeginning [ time:inXSDgYearMonth '2020-02' ] ]", "2020-02", None),
        ("[ time:hasEnd [ time:inXSDDateTimeStamp '2020-02-01T10:00:00Z' ] ]", None, "2020-02-01T10:00:00Z"),
        (
            "[ time:hasBeginning [ time:inDateTime [ time:year 2020 ; time:month '--02' ; time:day '---01' ] ] ]",
            "2020-02-01",
            None,
        ),
        ("[ time:hasDateTimeDescription [ time:year '2020' ] ]", "2020", "2020"),
        ("[ time:hasBeginning <http://reference.data.gov.uk/id/day/2020-02-01> ]", "2020-02-01", None),
        ("<http://reference.data.gov.uk/id/year/2020>", "2020", "2020"),
        ("'2020'", "2020", "2020"),
        ("'mai 2020'", "2020-05", "2020-05"),
        ("<2020>", "2020", "2020"),
        ("[ a dct:PeriodOfTime ; dcat:startDate '2020' ]", "2020", None),
        ("'2020/2021'", "2020", "2021"),
        ("'2020-2021'", "2020", "2021"),
        ("'du 01/02/2020 au 03/04/2021'", "2020-02-01", "2021-04-03"),
        ("'sinds 2020'", "2020", None),
        ("'2020 tot heden'", "2020", None),
        ("'tot en met 2021'", None, "2021"),
        ("'bis 31. Dezember 2020'", None, "2020-12-31"),
        ("'vanaf 12 mei 2021'", "2021-05-12", None),
        ('"jusqu\'en 2021"', None, "2021"),
        ("'2020, 2021, 2022'", "2020", "2022"),
        ("'2e trimestre 2020'", "2020-04", "2020-06"),
        ("'2020-Q4'", "2020-10", "2020-12"),
        ("'schooljaar 2020-2021'", "2020", "2021"),
        ("'[2020-02-01,2021-03-04]'", "2020-02-01", "2021-03-04"),
        ("'schooljaar 2020'", "2020", "2020"),
        ("'[2020]'", "2020", "2020"),
        ("'[2019, 2020, 2021]'", "2019", "2021"),
        ("[ a dct:PeriodOfTime ; rdfs:label '2020 - 2021' ]", "2020", "2021"),
        ("[ a dct:PeriodOfTime ; rdfs:label '2020' ]", "2020", "2020"),
        ("[ a dct:PeriodOfTime ; rdfs:label 'de crisis' ; dcat:startDate '2020' ]", "2020", None),
        ("'start=2020-02-01; end=2021-03-04; scheme=W3C-DTF;'", "2020-02-01", "2021-03-04"),
    ],
)
def test_periods_in_the_words_of_others(turtle: str, start: str | None, end: str | None) -> None:
    (period,) = described(f"dct:temporal {turtle} .").temporal
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    ("turtle", "codes"),
    [
        (f"[ skos:prefLabel 'Wegen'@nl ; skos:exactMatch <{EU}data-theme/TRAN> ]", ["TRAN"]),
        (f"'{EU}data-theme/ENVI, {EU}data-theme/HEAL'", ["ENVI", "HEAL"]),
    ],
)
def test_themes_that_say_which_of_the_eu_they_are(turtle: str, codes: list[str]) -> None:
    themes = described(f"dcat:theme {turtle} .").theme
    assert [theme.iri for theme in themes] == [f"{EU}data-theme/{code}" for code in codes]


def test_a_theme_of_the_eu_is_no_other_that_it_is_said_to_match() -> None:
    turtle = f"dcat:theme <{EU}data-theme/ENVI> . <{EU}data-theme/ENVI> skos:exactMatch <{EU}data-theme/TRAN> ."
    entry, _, unread = read_entry((OWL_TIME + turtle).encode(), "text/turtle")
    assert isinstance(entry, Dataset)
    assert ([theme.iri for theme in entry.theme], unread) == ([f"{EU}data-theme/ENVI"], {"skos:exactMatch": 1})


@pytest.mark.parametrize(
    ("turtle", "code"),
    [
        (
            "[ a dct:Frequency ; rdf:value [ a time:DurationDescription ; rdfs:label 'Cada año' ; time:years 1.0 ] ]",
            "ANNUAL",
        ),
        ("[ rdf:value [ time:years 0 ; time:months '6' ] ]", "ANNUAL_2"),
        ("[ rdf:value 'P1W' ]", "WEEKLY"),
        ("[ rdf:value <http://purl.org/cld/freq/daily> ]", "DAILY"),
        ("[ time:numericDuration 2 ; time:unitType time:unitWeek ]", "BIWEEKLY"),
        ("[ time:hasDurationDescription [ time:hours 1 ] ]", "HOURLY"),
    ],
)
def test_frequencies_as_durations(turtle: str, code: str) -> None:
    assert described(f"dct:accrualPeriodicity {turtle} .").frequency.iri == f"{EU}frequency/{code}"


def test_what_nobody_understands_is_kept_as_it_was_written() -> None:
    given_file = file(byte_size="rather big", format=concept("Betamax"))
    entry = dataset(
        frequency=concept("when the moon is blue"),
        issued="long ago",
        modified="n/a",
        temporal=(Period(start=Date("in the eighties")),),
        language=(concept("fr"), concept("Klingon")),
        distribution=(given_file,),
    )
    assert [(one.field, one.value) for one in entry.as_written] == [
        ("dct:accrualPeriodicity", "when the moon is blue"),
        ("dct:issued", "long ago"),
        ("dct:language", "Klingon"),
        ("dct:temporal", "in the eighties"),
    ]
    assert [one.value for one in entry.distribution[0].as_written] == ["rather big", "Betamax"]
    assert "moon" not in own_and_shared(entry)[0]


def test_a_period_that_ends_before_it_begins_is_dropped() -> None:
    result = made(temporal=(Period(start=Date("2021"), end=Date("2019-12-31")),))
    assert not result.entry.temporal
    assert "period-reversed" in rules(result)


def test_dates_that_cannot_be_are_told() -> None:
    result = made(issued=Date("2031-01-01"), modified=Date("2025-01-01"))
    assert {"date-future", "modified-before-issued"} <= set(rules(result))
    assert result.entry.issued == "2031-01-01"


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_without_access_address_gets_that_of_its_download() -> None:
    assert file(access_url=(), download_url=(Iri("https://a.be/x.csv"),)).access_url == ("https://a.be/x.csv",)


def test_a_file_that_is_only_named_by_its_own_address_has_that() -> None:
    assert file(access_url=(), iri=Iri("https://a.be/x.csv")).access_url == ("https://a.be/x.csv",)
    result = made(distribution=(Distribution(iri=Iri("https://a.be/wfs")),))
    assert ("file-dropped", "https://a.be/wfs") in [(finding.rule, finding.value) for finding in result.findings]


def test_a_file_without_any_address_is_dropped_unless_the_dataset_has_a_page() -> None:
    result = made(distribution=(Distribution(title=(Text("CSV", "fr"),)),))
    assert result.entry.distribution == ()  # type: ignore[union-attr]
    assert ("file-dropped", "CSV") in [(finding.rule, finding.value) for finding in result.findings]
    entry = dataset(
        distribution=(Distribution(title=(Text("CSV", "fr"),)),), landing_page=(Document(iri=Iri("https://a.be/d")),)
    )
    assert entry.distribution[0].access_url == ("https://a.be/d",)


def test_local_and_foreign_schemes_do_not_reach_the_public() -> None:
    result = made(
        distribution=(
            Distribution(access_url=(Iri("http://localhost/x"), Iri("javascript:alert(1)"), Iri("https://a.be/x"))),
        )
    )
    assert result.entry.distribution[0].access_url == ("https://a.be/x",)  # type: ignore[union-attr]
    assert {"iri-local", "iri-not-web", "iri-scheme"} & set(rules(result))


def test_our_own_addresses_may_be_as_local_as_we_are() -> None:
    entry = Dataset(
        title=(Text("x", "fr"),), distribution=(Distribution(access_url=(Iri("http://127.0.0.1:5000/x"),)),)
    )
    assert normalise(entry, Context()).entry.distribution == ()  # type: ignore[union-attr]
    here = normalise(entry, Context(site="http://127.0.0.1:5000")).entry
    assert here.distribution[0].access_url == ("http://127.0.0.1:5000/x",)  # type: ignore[union-attr]


def test_a_checksum_is_whole_or_not_published() -> None:
    digits = Hex("a" * 64)
    whole = file(checksum=Checksum(value=digits)).checksum
    assert whole == Checksum(value=digits, algorithm=Iri("https://spdx.org/rdf/terms#checksumAlgorithm_sha256"))
    assert file(checksum=Checksum(value=digits, algorithm=Iri("md5"))).checksum is None
    assert file(checksum=Checksum(algorithm=Iri("md5"))).checksum is None


def test_numbers_of_a_file() -> None:
    made_file = file(
        byte_size=Integer("1.5 MB"), spatial_resolution=Decimal("10 m"), temporal_resolution=Duration("1 hour")
    )
    assert (made_file.byte_size, made_file.spatial_resolution, made_file.temporal_resolution) == (
        "1500000",
        "10",
        "PT1H",
    )


# --- high-value data --------------------------------------------------------------------------------------------------

ELI = LegalResource(iri=vocab.HVD_REGULATION)
AIR = Concept(iri=Iri("http://data.europa.eu/bna/c_63b37dd4"))


def open_file(**fields: Any) -> Distribution:
    service = DataService(
        iri=Iri("https://a.be/api"), title=(Text("API", "fr"),), endpoint_url=(Iri("https://a.be/api"),)
    )
    return Distribution(
        access_url=(Iri("https://a.be/x"),),
        license=LicenseDocument(iri=Iri(EU + "licence/CC0")),
        access_service=(service,),
        **fields,
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"hvd_category": (AIR,)},
        {"applicable_legislation": (ELI,), "hvd_category": (AIR,)},
        {"keyword": (Text("HVD_cat_c_63b37dd4", "en"),)},
        {"theme": (AIR,)},
        {"keyword": (Text("high-value dataset", "en"), Text("Air", "en"))},
        {
            "applicable_legislation": (LegalResource(iri=Iri("https://data.europa.eu/eli/reg_impl/2023/138")),),
            "hvd_category": (AIR,),
        },
        {
            "applicable_legislation": (LegalResource(iri=Iri("https://eur-lex.europa.eu/eli/reg_impl/2023/138/oj")),),
            "hvd_category": (AIR,),
        },
        {
            "applicable_legislation": (
                LegalResource(iri=Iri("https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX:32023R0138&qid=7")),
            ),
            "hvd_category": (AIR,),
        },
    ],
)
def test_high_value_data_is_marked_on_every_part(fields: dict[str, Any]) -> None:
    entry = dataset(distribution=(open_file(),), **fields)
    assert iris(entry.hvd_category) == [AIR.iri]
    assert entry.applicable_legislation == (ELI,)
    assert entry.distribution[0].applicable_legislation == (ELI,)


def test_a_claim_that_cannot_be_published_is_told() -> None:
    result = made(applicable_legislation=(ELI,), distribution=(open_file(applicable_legislation=(ELI,)),))
    assert result.entry.applicable_legislation == ()
    assert result.entry.distribution[0].applicable_legislation == ()  # type: ignore[union-attr]
    assert "hvd-without-category" in [finding.rule for finding in result.findings]


def test_high_value_data_without_files_names_no_regulation() -> None:
    result = made(hvd_category=(AIR,))
    assert iris(result.entry.hvd_category) == [AIR.iri]
    assert result.entry.applicable_legislation == ()
    assert "hvd-incomplete" in rules(result)


# --- the whole --------------------------------------------------------------------------------------------------------


def test_defaults_are_marked_as_ours() -> None:
    result = made(distribution=(Distribution(access_url=(Iri("https://a.be/x"),)),))
    told = [finding.rule for finding in result.findings]
    assert {"access-right-default", "availability-default", "description-default"} <= set(told)


def test_one_identifier_stays_the_others_become_further_identifiers() -> None:
    entry = dataset(identifier=(Text("a"), Text("b")))
    assert entry.identifier == (Text("a"),)
    assert [one.notation for one in entry.other_identifier] == [(Text("b"),)]
    kept = normalise(Dataset(title=(Text("x", "fr"),), identifier=(Text("a"), Text("b"))), CONTEXT, "b").entry
    assert kept.identifier == (Text("b"),)


def test_a_standard_is_known_by_its_epsg_number() -> None:
    (standard,) = dataset(conforms_to=(Standard(titles=(Text("EPSG:31370"),)),)).conforms_to
    assert standard.iri == "http://www.opengis.net/def/crs/EPSG/0/31370"


def test_huge_lists_are_cut_and_told() -> None:
    result = made(keyword=tuple(Text(f"word{number}", "fr") for number in range(5_000)))
    assert len(result.entry.keyword) == 500
    assert "list-cut" in [finding.rule for finding in result.findings]


def test_services_and_series_are_normalised_too() -> None:
    service = normalise(
        DataService(
            title=(Text("Kaart", "nl"),),
            endpoint_url=(Iri("https://a.be/ows?service=WMS"),),
            license=LicenseDocument(titles=(Text("CC BY 4.0"),)),
        ),
        CONTEXT,
    ).entry
    assert isinstance(service, DataService)
    assert iris(service.format) == ["file-type/WMS_SRVC"]
    assert service.license is not None
    series = normalise(DatasetSeries(title=(Text("Jaren", "nl"),), frequency=concept("jaarlijks")), CONTEXT).entry
    assert isinstance(series, DatasetSeries)
    assert series.description == series.title
    assert series.frequency is not None


def test_complete_fills_the_concepts_of_any_node() -> None:
    entry = complete(Dataset(language=(Concept(iri=Iri(EU + "language/FRA")),)))
    (language,) = entry.language
    assert language.scheme == EU + "language"
    assert [text.lang for text in language.labels] == ["de", "en", "fr", "nl"]


DIRTY = Dataset(
    iri=Iri("https://a.be/d e"),
    title=(Text(" Kwaliteit\x00 "), Text("<b>Air</b>", "FR")),
    keyword=(Text("a; b"),),
    issued=Date("01/05/2023"),
    theme=(concept("ENVI"), concept("?")),
    publisher=Agent(name=(Text("STIB"),)),
    spatial=(Location(labels=(Text("Ixelles"),)),),
    distribution=(Distribution(access_url=(Iri("www.a.be/x.csv"),), format=concept("csv")),),
)


def test_normalising_twice_is_normalising_once() -> None:
    once = normalise(DIRTY, CONTEXT).entry
    twice = normalise(once, CONTEXT)
    assert twice.entry == once
    assert [finding for finding in twice.findings if RULES[finding.rule].severity != "info"] == []


def test_every_note_names_a_rule_and_shows_both_values() -> None:
    notes = normalise(DIRTY, CONTEXT).notes
    assert {note.rule for note in notes} <= set(RULES)
    assert ("dct:issued", "01/05/2023", "date-rewritten", "2023-05-01") in [
        (note.field, note.raw, note.rule, note.published) for note in notes
    ]


texts_of_feeds = st.text(max_size=30) | st.sampled_from(["TODO", "<p>x</p>", "http://a.be/x y", "2023-5-1", "csv"])


@given(texts_of_feeds, texts_of_feeds, texts_of_feeds)
def test_no_text_breaks_an_entry(one: str, two: str, three: str) -> None:
    entry = Dataset(
        iri=Iri(one),
        title=(Text(two, one),),
        issued=Date(one),
        publisher=Agent(iri=Iri(two), name=(Text(three),)),
        theme=(Concept(iri=Iri(three), labels=(Text(one, two),)),),
        temporal=(Period(start=Date(two), end=Date(three)),),
        spatial=(Location(bbox=Wkt(one), labels=(Text(two),)),),
        distribution=(
            Distribution(
                access_url=(Iri(one),),
                format=concept(two),
                license=LicenseDocument(labels=(Text(three),)),
                byte_size=Integer(one),
            ),
        ),
    )
    once = normalise(entry, CONTEXT).entry
    assert normalise(once, CONTEXT).entry == once


@pytest.mark.parametrize("host", ["localhost:5000", "ckan", "10.0.0.7", "portaal.local", "127.0.0.1"])
def test_an_iri_on_a_private_host_is_nobodys(host: str) -> None:
    iri = Iri(f"http://{host}/dataset/1")
    for context in (CONTEXT, msgspec.structs.replace(CONTEXT, allow_local=True)):
        files = (Distribution(iri=Iri(f"{iri}/f"), access_url=(Iri("https://a.be/1.csv"),)),)
        found = normalise(Dataset(iri=iri, title=(Text("Arbres", "fr"),), distribution=files), context)
        assert isinstance(found.entry, Dataset)
        is_kept = context.allow_local and host[0].isdigit()
        assert (found.entry.iri is None, found.entry.distribution[0].iri is None) == (not is_kept, not is_kept)
        assert [one.value for one in found.findings if one.rule == "iri-local"] == (
            [] if is_kept else [iri + "/f", iri]
        )


@pytest.mark.parametrize("struct", [Dataset, DatasetSeries])
def test_the_licence_of_what_has_no_files_becomes_the_term(struct: Any) -> None:
    licence = LicenseDocument(titles=(Text("CC BY 4.0"),))
    found = normalise(struct(title=(Text("Arbres", "fr"),), license=licence), CONTEXT, "1").entry
    assert not isinstance(found, DataService)
    assert found.license
    assert found.license.iri == f"{EU}licence/CC_BY_4_0"
    assert not is_violated(check(found))


def test_the_files_of_a_series_are_mended() -> None:
    file = Distribution(download_url=(Iri("https://a.be/arbres.csv"),), license=LicenseDocument(titles=(Text("CC0"),)))
    found = normalise(DatasetSeries(title=(Text("Arbres", "fr"),), distribution=(file,)), CONTEXT).entry
    assert isinstance(found, DatasetSeries)
    (mended,) = found.distribution
    assert mended.license
    assert (mended.access_url, mended.license.iri) == (("https://a.be/arbres.csv",), f"{EU}licence/CC0")
    assert not is_violated(check(found))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("__", ()),
        ("***", ()),
        ("“eau”", ("eau",)),
        ("'eau'", ("eau",)),
        ('eau"', ("eau",)),
        ('l\'"eau"', ('l\'"eau"',)),
        ("de « qualité »", ("de « qualité »",)),
        ("C++", ("C++",)),
    ],
)
def test_a_keyword_is_a_word_with_whole_quotes(written: str, kept: tuple[str, ...]) -> None:
    assert themes.split(written) == kept


def test_an_unseen_blank_parts_words_and_a_soft_hyphen_does_not() -> None:
    assert texts.line("eau\u200bpotable")[0] == "eau potable"
    assert texts.line("for\u00adma\ufefftion")[0] == "formation"
    assert texts.line("eau&#8203;potable")[0] == "eau potable"
