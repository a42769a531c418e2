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
            assert set(re.findall(r"{(\w+)}", text)) <= {"Field", "field", "value"}


OWN_TABLES = ("field", "indicator")
"""Tables whose words are ours; those of vocabularies are as their publishers write them."""
FORMS = {"fr": 2, "nl": 2, "de": 3, "en": 0}
"""Forms in braces that a sentence of each language has: those that agree with its subject."""


def ours() -> list[tuple[str, str]]:
    """(language, text) of everything that tables of ours say."""
    sentences = [pair for rule in RULES.values() for text in (rule.message, rule.fix) for pair in text.items()]
    columns = [
        (name.removeprefix("hint_").removesuffix("_the"), value)
        for table_name in OWN_TABLES
        for row in table(table_name)
        for name, value in row.items()
    ]
    return [*sentences, *((lang, text) for lang, text in columns if lang in OUR_LANGUAGES)]


@pytest.mark.parametrize("lang", OUR_LANGUAGES)
def test_the_typography_of_our_tables_is_that_of_their_language(lang: str) -> None:
    texts = [text for of, text in ours() if of == lang]
    assert len(texts) > 300
    for text in texts:
        assert not re.search(r"\w'\w", text), text
        if lang == "fr":
            assert not re.search(r"(?<![\N{NO-BREAK SPACE}])[?;»](?!\w)|[^\N{NO-BREAK SPACE}\d]:(?!\w|//)", text), text
            assert not re.search(r"«(?!\N{NO-BREAK SPACE})|“", text), text
        if lang == "de":
            assert not re.search("“[^“„]*”", text), text


@pytest.mark.parametrize("key", sorted(set(RULES) - {"property-renamed"}))
def test_no_sentence_begins_with_a_bare_name(key: str) -> None:
    for text in RULES[key].message.values():  # `{Field}` has its article; the name of a property has none
        assert not re.match(r"{field} \w", text), text


@pytest.mark.parametrize("key", sorted(RULES))
def test_no_sentence_is_glued_to_a_bare_name(key: str) -> None:
    glued = re.compile(r"[:(]\s?{field}|, {field},")
    assert [text for text in RULES[key].message.values() if glued.search(text)] == []


@pytest.mark.parametrize("key", sorted(RULES))
def test_forms_in_braces_are_as_many_as_the_language_has(key: str) -> None:
    for lang, text in RULES[key].message.items():
        for forms in re.findall(r"{([^{}]*\|[^{}]*)}", text):
            assert forms.count("|") + 1 == FORMS[lang], text
            assert "{Field}" in text


@pytest.mark.parametrize(
    ("field", "rule", "lang", "said"),
    [
        ("dct:modified", "date-invalid", "fr", "La date de modification n’est pas une date\xa0: «\xa0x\xa0»."),
        ("dct:title", "language-missing", "fr", "Le titre n’indique pas sa langue\xa0: «\xa0x\xa0»."),
        ("dcat:accessURL", "iri-invalid", "nl", "Het toegangsadres is geen geldig adres: ‘x’."),
        ("dcat:accessURL", "iri-rewritten", "fr", "Nous l’avons réparée."),
        ("dct:temporal", "text-placeholder", "de", "Der abgedeckte Zeitraum sagt nichts aus: „x“. Wir haben ihn nicht"),
        (
            "dct:accessRights",
            "value-repeated",
            "fr",
            "Le champ «\xa0droits d’accès\xa0» ne peut être donné qu’une fois.",
        ),
        ("extras/own", "date-invalid", "en", "The field “extras/own” is not a date: “x”."),
        ("dcat:distribution[2]/dct:format", "text-placeholder", "nl", "Het formaat (bestand 2) zegt niets"),
    ],
)
def test_a_sentence_has_its_article_and_agrees(field: str, rule: str, lang: str, said: str) -> None:
    assert said in explain(Finding(rule, field=field, value="x"), lang).message


ARTICLES = {"fr": ("le ", "la ", "l’"), "nl": ("de ", "het "), "de": ("der ", "die ", "das ")}


def test_every_field_has_its_articles() -> None:
    for row in table("field"):
        for lang, articles in {
            "fr": ("le ", "la ", "l’"),
            "nl": ("de ", "het "),
            "de": ("der ", "die ", "das "),
        }.items():
            assert not row[f"{lang}_the"] or row[f"{lang}_the"].startswith(articles), row
        assert row["fr_gender"] == {"le": "m", "la": "f", "": ""}.get(row["fr_the"].partition(" ")[0], row["fr_gender"])


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
    assert said.message == "De publicatiedatum (bestand 2) is geen datum: ‘19/2026’."
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
    assert explain(Finding("date-invalid", field="dct:issued", value="x"), "en").message.startswith(
        "The publication date"
    )


def test_a_field_of_whichever_file_does_not_read_as_that_of_the_dataset() -> None:
    assert field_name("dcat:distribution/dct:description", "fr") == "description (fichier)"
    assert field_name("dcat:distribution[2]/dct:description", "fr") == "description (fichier 2)"
    assert field_name("dct:description", "fr") == "description"
    assert field_name("dcat:distribution", "en") == field_name("dcat:distribution[3]", "en")


def test_a_value_that_no_page_may_hold_is_quoted_without_it() -> None:
    said = explain(Finding("email-invalid", value="a\x85b\uffff\x1b[31m"), "en").message
    assert "a\ufffdb\ufffd\ufffd[31m" in said
