"""Options of a source: what means nothing is refused."""

from typing import Any

import pytest

from harvesters import options
from harvesters.options import COMMON_OPTIONS, Option, problem


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"language": "fr", "license": "CC_BY_4_0", "place": "Ixelles"},
        {"language": "nl-BE"},
        {"license": "http://creativecommons.org/licenses/by/4.0/"},
        {"place": "21009"},
        {"language": "", "license": "", "place": ""},
    ],
    ids=str,
)
def test_options_that_mean_something_are_taken(config: dict[str, Any]) -> None:
    assert problem(COMMON_OPTIONS, config, "dcat") == ""


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"license": "abcdef"}, "'abcdef' is no licence that we know"),
        ({"language": "klingon"}, "'klingon' is no language that we know"),
        ({"language": "und"}, "no language"),
        ({"language": "xx"}, "no language"),
        ({"place": "Atlantis"}, "no place that we know"),
        ({"language": 5}, "must be str, not 5"),
        ({"lizenz": "x"}, "'lizenz' is unknown for kind 'dcat'. Its options: language, license, place."),
    ],
    ids=str,
)
def test_options_that_do_nothing_are_refused(config: dict[str, Any], words: str) -> None:
    said = problem(COMMON_OPTIONS, config, "dcat")
    assert words in said
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (options.between(1, 10), 10, 11),
        (options.one_of("a", "b"), "a", "c"),
        (options.matching("[a-z]+", "abc"), "xyz", "x1"),
        (options.texts, ["a"], [1]),
        (options.texts, ["a"], [" "]),
        (options.anything, "x", None),
    ],
)
def test_checks_for_options_of_kinds(check: options.Check, good: Any, bad: Any) -> None:
    option = Option("o", type(good), type(good)(), "An option.", check)
    assert option.problem(good) == ""
    assert option.problem(bad).startswith("Option 'o'")
    assert option.problem(option.default) == ""


def test_a_truth_value_is_no_number() -> None:
    assert Option("rows", int, 100, "Rows.").problem(True)
