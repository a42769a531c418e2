"""The words of findings: every rule in every language, every field with a name."""

import ast
import re
from pathlib import Path

import pytest

from dcat.findings import Finding, Severity, finding
from dcat.messages import RULES, explain, field_name
from dcat.model import DataService, Dataset, DatasetSeries, Node, properties
from dcat.our_languages import OUR_LANGUAGES
from dcat.vocab import table

ROOT = Path(__file__).resolve().parents[2]
RULE = re.compile(r"[a-z]+(?:-[a-z]+)+")


def used_rules() -> set[tuple[str, str]]:
    """Every rule that the code makes findings, remarks or notes of, with the file."""
    paths = [path for folder in ("dcat", "harvesters", "catalogue", "web") for path in (ROOT / folder).rglob("*.py")]
    return {(rule, path.relative_to(ROOT).as_posix()) for path in paths for rule in rules_in(path)}


def rules_in(path: Path) -> set[str]:
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    makers = (call for call in calls if name_of(call) in {"finding", "found", "remark", "Remark", "Repair", "note"})
    constants = (node for call in makers for node in ast.walk(call) if isinstance(node, ast.Constant))
    return {node.value for node in constants if isinstance(node.value, str) and RULE.fullmatch(node.value)}


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_every_rule_in_the_code_has_its_words() -> None:
    assert [(rule, path) for rule, path in sorted(used_rules()) if rule not in RULES] == []


def test_the_search_for_rules_finds_them() -> None:
    rules = {rule for rule, _ in used_rules()}
    assert {"value-repeated", "licence-mapped", "hvd-incomplete", "iri-scheme"} <= rules


@pytest.mark.parametrize("key", sorted(RULES))
def test_a_rule_speaks_four_languages_and_says_where_it_stands(key: str) -> None:
    rule = RULES[key]
    assert isinstance(rule.severity, Severity)
    assert rule.section.strip()
    for texts in (rule.message, rule.fix):
        assert tuple(texts) == OUR_LANGUAGES
        for text in texts.values():
            assert text.endswith(".")
            assert "!" not in text
            assert set(re.findall(r"{(\w+)}", text)) <= {"field", "value"}


def said_by_sources() -> set[type[Node]]:
    """The structs of entries and of what they are made of."""
    found: set[type[Node]] = set()
    waiting: list[type[Node]] = [Dataset, DatasetSeries, DataService]
    while waiting:
        struct = waiting.pop()
        found.add(struct)
        items = [field.item for field in properties(struct)]
        waiting += [item for item in items if isinstance(item, type) and issubclass(item, Node) and item not in found]
    return found


@pytest.mark.parametrize("key", sorted(RULES))
def test_all_languages_of_a_rule_fill_in_the_same(key: str) -> None:
    for texts in (RULES[key].message, RULES[key].fix):
        assert len({tuple(sorted(re.findall(r"{(\w+)}", text))) for text in texts.values()}) == 1


def test_every_property_that_a_source_may_use_has_a_name_in_four_languages() -> None:
    names = {row["code"]: row for row in table("field")}
    structs = said_by_sources()
    wanted = {field.property.curie for struct in structs for field in properties(struct)}
    wanted |= {struct.CLASS for struct in structs}
    assert wanted <= set(names)
    assert all(names[curie][language] for curie in wanted for language in OUR_LANGUAGES)


def test_a_finding_is_explained_with_its_field_and_its_value() -> None:
    remark = finding("date-invalid", "https://a.be/d", "dcat:distribution[2]/dct:issued", "19/2026")
    said = explain(remark, "nl")
    assert said.message == "Publicatiedatum (bestand 2) is geen datum: ‘19/2026’."
    assert said.fix.startswith("Schrijf de datum")


def test_another_language_is_answered_in_english() -> None:
    assert explain(Finding("theme-missing"), "it").message == "There is no European theme."


def test_a_field_of_the_source_keeps_its_own_name() -> None:
    assert field_name("extras/theme_old", "fr") == "extras/theme_old"
    assert field_name("dct:temporal[1]/dcat:endDate", "de") == "Enddatum"
    assert field_name("dcat:distribution[3]", "en") == "file"


def test_braces_in_a_value_are_left_alone() -> None:
    assert "{field}" in explain(finding("text-placeholder", "", "dct:title", "{field} {0}"), "en").message


def test_a_sentence_begins_with_a_capital_and_a_name_of_the_standard_as_it_is_written() -> None:
    assert explain(Finding("property-renamed", field="dcat:license", value="dct:license"), "en").message.startswith(
        "dcat:"
    )
    assert explain(Finding("date-invalid", field="dct:issued", value="x"), "en").message.startswith("Publication date")


def test_a_field_of_whichever_file_does_not_read_as_that_of_the_dataset() -> None:
    assert field_name("dcat:distribution/dct:description", "fr") == "description (fichier)"
    assert field_name("dcat:distribution[2]/dct:description", "fr") == "description (fichier 2)"
    assert field_name("dct:description", "fr") == "description"
    assert field_name("dcat:distribution", "en") == field_name("dcat:distribution[3]", "en")
