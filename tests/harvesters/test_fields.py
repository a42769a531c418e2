"""The tolerant field reader: lists, texts by language and objects, however a portal writes them."""

import pytest

from dcat.model import Text
from harvesters.fields import Fields


def test_texts_are_read_from_every_form() -> None:
    told = Fields({"title": {"fr": "Bancs", "nl-BE": ["Banken"]}, "note_fr": "Oui", "note": "Yes", "empty": " "})
    assert told.texts("title") == (Text("Bancs", "fr"), Text("Banken", "nl-be"))
    assert told.texts("note") == (Text("Oui", "fr"), Text("Yes"))
    assert told.texts("empty", "absent") == ()


def test_words_are_read_from_a_list_a_text_and_json_in_a_text() -> None:
    told = Fields({"a": ["x", "x", 3, None], "b": "x", "c": '["x", "y"]', "d": {"no": "words"}})
    assert [told.words(name) for name in "abcd"] == [["x", "3"], ["x"], ["x", "y"], []]


def test_one_value_may_be_a_list_of_it_or_a_text_of_json_ld() -> None:
    told = Fields({"a": ["x"], "b": {"@type": "xsd:date", "@value": "2020"}, "c": ["x", "y"], "d": {"value": "x"}})
    assert [told.text(name) for name in "abcd"] == ["x", "2020", "", ""]
    assert told.unread() == {"c": 1, "d": 1}


def test_what_nobody_read_is_named_with_its_place() -> None:
    told = Fields({"id": 1, "meta": {"a": 1, "b": 2}, "list": [{"c": 1}, {"c": 2}], "none": None})
    told.text("id")
    told.objects("meta")[0].text("a")
    told.objects("list")
    assert told.unread() == {"meta.b": 1, "list.c": 2}


@pytest.mark.parametrize("pairs", [{"k": "v"}, [{"key": "k", "value": "v"}], '[{"key": "k", "value": "v"}]'], ids=str)
def test_pairs_are_fields_only_where_the_kind_says_so(pairs: object) -> None:
    assert Fields({"extras": pairs}, pairs="extras").text("k") == "v"
    assert Fields({"part": {"extras": pairs}}, pairs="extras").objects("part")[0].text("k") == "v"
    other = Fields({"extras": pairs})
    assert other.text("k") == ""
    assert other.unread() == {"extras": 1}
