"""The 405 points: the rows of the method, shares of distributions, and what is not known."""

import csv

import msgspec
import pytest
from samples import shared

from dcat import vocab
from dcat.model import (
    Agent,
    Concept,
    Contact,
    Dataset,
    Date,
    Distribution,
    Integer,
    Iri,
    Location,
    Period,
    RightsStatement,
    Text,
)
from dcat.normalise.licences import document
from dcat.our_languages import OUR_LANGUAGES
from dcat.quality import MAXIMUM, OF_DATASET, OF_DISTRIBUTION, Measure, Score, combined, indicators, score

CSV = Distribution(
    iri=Iri("https://a.be/d.csv#file"),
    access_url=(Iri("https://a.be/d"),),
    download_url=(Iri("https://a.be/d.csv"),),
    format=vocab.FORMATS.concept(vocab.FORMATS.by_code["CSV"]),
    media_type=Concept(iri=Iri(vocab.MEDIA_TYPES + "text/csv")),
    license=document(vocab.LICENCES.by_code["CC0"]),
    rights=(RightsStatement(labels=(Text("Libre", "fr"),)),),
    byte_size=Integer("1"),
    issued=Date("2020"),
    modified=Date("2021"),
)
WMS = Distribution(
    iri=Iri("https://a.be/d#wms"),
    access_url=(Iri("https://a.be/wms"),),
    format=vocab.FORMATS.concept(vocab.FORMATS.by_code["WMS_SRVC"]),
    media_type=Concept(iri=Iri(vocab.MEDIA_TYPES + "application/xml")),
    license=document(vocab.LICENCES.by_code["CC0"]),
    rights=(RightsStatement(labels=(Text("Libre", "fr"),)),),
    issued=Date("2020"),
    modified=Date("2021"),
)
FULL = Dataset(
    iri=Iri("https://a.be/d"),
    title=(Text("Air", "fr"),),
    description=(Text("Air", "fr"),),
    identifier=(Text("d"),),
    keyword=(Text("air", "fr"),),
    theme=(vocab.THEMES.concept(vocab.THEMES.by_code["ENVI"]),),
    spatial=(Location(iri=Iri("https://sws.geonames.org/2800867/")),),
    temporal=(Period(start=Date("2020")),),
    access_rights=RightsStatement(iri=vocab.ACCESS_RIGHTS.by_code["PUBLIC"].iri),
    contact=(Contact(email=(Iri("mailto:a@a.be"),)),),
    publisher=Agent(name=(Text("A", "fr"),)),
    distribution=(CSV,),
)


def reached(address: str) -> bool | None:
    return True


def test_the_rows_are_those_of_the_method() -> None:
    with shared("dcat-ap", "vocab", "mqa.csv").open(encoding="utf-8") as file:
        rows = [(row["dimension"].lower(), int(row["points"])) for row in csv.DictReader(file)]
    assert [(one.dimension, one.points) for one in indicators().values()] == rows
    assert sum(one.points for one in indicators().values()) == MAXIMUM


def test_every_row_is_measured_and_speaks_four_languages() -> None:
    assert {*OF_DATASET, *OF_DISTRIBUTION, "compliance"} == set(indicators())
    for one in indicators().values():
        assert all(one.name[language] and one.hint[language].endswith(".") for language in OUR_LANGUAGES)


def test_a_full_dataset_gets_everything() -> None:
    full = score(FULL, reached)
    assert (full.points, full.band, full.hints, full.unmeasured) == (405, "excellent", (), 0)


def test_a_map_service_alone_gets_at_most_330() -> None:
    service = score(msgspec.structs.replace(FULL, distribution=(WMS,)), reached)
    assert (service.points, service.band) == (330, "good")
    assert {one.code for one in service.hints} == {
        "download-url",
        "download-url-status",
        "byte-size",
        "machine-readable",
    }


def test_distributions_give_their_share() -> None:
    half = score(msgspec.structs.replace(FULL, distribution=(CSV, WMS)), reached)
    assert half.points == round((405 + 330) / 2)
    assert [one.code for one in half.hints][:2] == ["download-url-status", "download-url"]
    assert half.hints[0].to_gain == 15


def test_what_nobody_asked_counts_neither_for_nor_against() -> None:
    asked = score(FULL)
    assert (asked.points, asked.unmeasured) == (405, 80)
    assert all(one.code not in {"access-url-status", "download-url-status"} for one in asked.hints)


def test_what_is_known_of_some_says_nothing_of_the_others() -> None:
    """A file without a download address certainly has none that answers; of the others nobody knows."""
    both = score(msgspec.structs.replace(FULL, distribution=(CSV, WMS)))
    status = next(one for one in both.measures if one.code == "download-url-status")
    assert (status.fulfilled, status.counted, status.unknown) == (0, 1, 1)
    assert (status.points, status.to_gain, status.unmeasured) == (0, 15, 15)
    assert both.unmeasured == 50 + 15
    earned = (405 - 80 + 330 - 50) / 2
    assert both.points == round(earned * 405 / (405 - 65))
    many = combined([score(FULL)] * 99 + [score(msgspec.structs.replace(FULL, distribution=(WMS,)))])
    assert many.points > 400
    assert many.unmeasured == 80, "79.7 are"
    assert combined([score(FULL)] * 7).unmeasured == 80


def test_addresses_that_do_not_answer_lose_their_points() -> None:
    assert score(FULL, lambda _: False).points == 405 - 80
    assert score(FULL, lambda address: address.endswith(".csv")).points == 405 - 50


def test_a_violation_loses_the_points_of_compliance() -> None:
    untagged = msgspec.structs.replace(FULL, title=(Text("Air"),))
    assert score(untagged, reached).points == 405 - 30
    assert score(FULL, reached, is_compliant=False).points == 405 - 30


def test_a_dataset_without_files_gets_nothing_for_files() -> None:
    bare = score(msgspec.structs.replace(FULL, distribution=()), reached)
    assert bare.points == 30 + 30 + 20 + 20 + 30 + 10 + 5 + 20 + 10


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("licence-vocabulary", {"license": document(vocab.LICENCES.by_code["STATBEL"])}),
        ("non-proprietary", {"format": vocab.FORMATS.concept(vocab.FORMATS.by_code["XLSX"])}),
        ("machine-readable", {"format": vocab.FORMATS.concept(vocab.FORMATS.by_code["PDF"])}),
        ("format-vocabulary", {"media_type": Concept(iri=Iri(vocab.MEDIA_TYPES + "text/unheard-of"))}),
        ("format-vocabulary", {"format": vocab.FORMATS.concept(vocab.FORMATS.by_code["PARQUET"])}),
    ],
)
def test_a_file_can_lose_an_indicator(code: str, fields: dict[str, object]) -> None:
    file = msgspec.structs.replace(CSV, **fields)
    lost = score(msgspec.structs.replace(FULL, distribution=(file,)), reached).hints
    assert code in {one.code for one in lost}


def test_many_datasets_share_by_resource() -> None:
    poor = Dataset(iri=Iri("https://a.be/e"), title=(Text("E", "fr"),))
    together = combined([score(FULL, reached), score(poor, reached)])
    by_code = {one.code: one for one in together.measures}
    assert by_code["keyword"].points == 15
    assert by_code["format"] == Measure("format", 1, 1)
    assert combined([]).points == 0


def test_a_score_is_plain_data() -> None:
    one = score(FULL)
    assert msgspec.json.decode(msgspec.json.encode(one), type=Score) == one
