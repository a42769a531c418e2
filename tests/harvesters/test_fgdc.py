"""Records of FGDC → DCAT."""

from pathlib import Path

import pytest

from dcat.model import Dataset, Text
from dcat.normalise import Context, normalise
from harvesters import fgdc, xml

SPRINGS = Path(__file__).parents[1] / "data" / "waf" / "iis" / "springs.xml"


def springs() -> Dataset:
    entry = fgdc.normalised(xml.opened(SPRINGS.read_bytes(), "a record of FGDC")).entry
    assert isinstance(entry, Dataset)
    return entry


def test_words_dates_and_places() -> None:
    found = springs()
    assert found.title == (Text("Springs of the region", "en"),)
    assert (found.issued, found.version) == ("2018-01-15", Text("2"))
    assert [text.value for text in found.keyword] == ["spring", "Brussels"]
    assert [str(theme.iri).rpartition("/")[2] for theme in found.theme] == ["inlandWaters"]
    assert found.spatial[0].bbox == "POLYGON((4.24 50.91,4.48 50.91,4.48 50.76,4.24 50.76,4.24 50.91))"
    assert [(one.start, one.end) for one in found.temporal] == [("2010-01", None)]
    assert [page.iri for page in found.landing_page] == ["https://garden.example/springs"]


def test_a_person_is_left_out_with_a_mailbox_that_spells_it() -> None:
    (contact,) = springs().contact
    assert contact.is_individual
    assert "doe" not in str(normalise(springs(), Context()).entry).lower()


def test_files_and_services_with_the_licence_that_a_sentence_names() -> None:
    file, map = springs().distribution
    assert file.download_url == ("https://garden.example/springs.csv",)
    assert file.license is not None
    assert file.license.titles == (Text("Licensed under CC BY 4.0.", "en"),)
    assert file.rights == ()
    (service,) = map.access_service
    assert service.endpoint_url == ("https://garden.example/ows",)
    assert service.endpoint_description == map.access_url
    assert map.format is not None
    assert map.format.labels == (Text("WMS"),)


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(ValueError, match="Expected a record of FGDC, found <metadata>"):
        fgdc.normalised(xml.opened(b"<metadata/>", "a record of FGDC"))
