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
        {"deadline": 600, "pace": 5},
        {"defaults": {"publisher": "Ville", "contact": "opendata@ville.example", "licence": "CC0", "theme": "ENVI"}},
        {
            "overrides": {
                "keywords": {"fr": ["arbres"], "nl": "bomen"},
                "language": ["fr", "NLD"],
                "frequency": "annuel",
            }
        },
        {
            "include": {"publisher": ["Ville*"], "theme": "Environment"},
            "exclude": {"title": "test", "keyword": ["a", "b"]},
        },
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
        ({"lizenz": "x"}, "'lizenz' is unknown for kind 'dcat'; near it: 'license'. Its options: deadline, defaults,"),
        ({"api_key": "abc"}, "What lets us in is given as credentials (--credentials)"),
        ({"place": "Ixele"}, "near it: '21009' (Ixelles)"),
        ({"license": "CC-BY-40"}, "near it: 'CC_BY_4_0'"),
        ({"language": "frensh"}, "near it: 'FRA'"),
        ({"deadline": 1}, "is not between 5 and 3600"),
        ({"pace": 0}, "is not between 1 and 300"),
        ({"defaults": {"licence": "abcdef"}}, "says license 'abcdef', which is no licence that we know"),
        ({"defaults": {"theme": ["ENVY"]}}, "near it: 'ENVI'"),
        ({"overrides": {"frequency": "montly"}}, "near it: 'MONTHLY'"),
        ({"overrides": {"language": ["klingon"]}}, "which is no language that we know"),
        ({"defaults": {"contact": "the desk"}}, "neither a mail address nor an address of the web"),
        ({"defaults": {"publisher": "https://ville.example/"}}, "write its name"),
        ({"defaults": {"keyword": {"french": ["arbres"]}}}, "is no language"),
        ({"defaults": {"keyword": [1]}}, "is no text"),
        ({"defaults": {"colour": "red"}}, "which is none of publisher, contact"),
        ({"defaults": ["CC0"]}, "must be dict"),
        ({"include": {"titel": ["x"]}}, "near it: 'title'"),
        ({"include": {"title": []}}, "no text and no list of texts"),
        ({"exclude": {"theme": ["ENVY"]}}, "near it: 'ENVI'"),
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
