"""The quality of a description in RDF: metrics that others know, remarks in four languages, nothing that is guessed."""

from dcat.dqv import MOST_ANNOTATIONS, PIVEAU, annotations, measurements
from dcat.findings import Finding, finding
from dcat.messages import RULES
from dcat.model import CatalogRecord, Dataset, Distribution, Iri, Text
from dcat.namespaces import expand
from dcat.our_languages import OUR_LANGUAGES
from dcat.quality import Score, score
from dcat.rdf import is_iri, ntriples, parse
from dcat.read import read
from dcat.write import own_and_shared, write

ON = Iri("https://example.org/d")
RECORD = "https://data.example.org/id/record/x"
SITE = "https://data.example.org"
EMPTY = Dataset(iri=ON, title=(Text("Air", "fr"),))
FILE = Distribution(iri=Iri("https://example.org/d#1"), access_url=(Iri("https://example.org/f"),))


def values(found: Score) -> dict[str, int]:
    return {str(one.metric.iri): int(one.value or -1) for one in measurements(found, ON, RECORD, SITE) if one.metric}


def test_what_was_measured_whole_is_a_value_of_the_metrics_of_data_europa_eu() -> None:
    found = values(score(EMPTY))
    assert set(found) == {
        f"{PIVEAU}{name}"
        for name in (
            *("scoring", "findabilityScoring", "accessibilityScoring", "interoperabilityScoring"),
            *("reusabilityScoring", "contextualityScoring"),
        )
    }
    assert sum(found.values()) == 2 * found[f"{PIVEAU}scoring"], "all is the sum of the five"


def test_what_was_measured_in_part_is_a_value_of_our_own_metrics() -> None:
    found = values(score(Dataset(iri=ON, title=EMPTY.title, distribution=(FILE,))))
    assert f"{SITE}/id/metric/score" in found
    assert f"{SITE}/id/metric/accessibility" in found
    assert f"{PIVEAU}scoring" not in found
    assert f"{PIVEAU}findabilityScoring" in found


def test_with_a_link_checker_everything_is_a_value_of_the_european_metrics() -> None:
    found = values(score(Dataset(iri=ON, title=EMPTY.title, distribution=(FILE,)), lambda _: True))
    assert all(metric.startswith(PIVEAU) for metric in found)
    assert found[f"{PIVEAU}accessibilityScoring"] == 50


def test_every_metric_is_described_in_four_languages() -> None:
    for reachable in (lambda _: None, lambda _: False):
        of_file = score(Dataset(iri=ON, title=EMPTY.title, distribution=(FILE,)), reachable)
        for one in measurements(of_file, ON, RECORD, SITE):
            assert one.metric
            assert {text.lang for text in one.metric.labels} == set(OUR_LANGUAGES)
            is_ours = str(one.metric.iri).startswith(SITE)
            assert {text.lang for text in one.metric.definition} == (set(OUR_LANGUAGES) if is_ours else set())


def test_a_remark_says_what_where_how_bad_and_which_value() -> None:
    (one,) = annotations([finding("date-invalid", "d", "dct:issued", "soon")], ON, RECORD, SITE)
    assert one.body
    assert one.body.iri == f"{SITE}/id/remark/date-invalid/dct:issued"
    assert {text.lang for text in one.body.messages} == set(OUR_LANGUAGES)
    assert "soon" not in str(one.body), "what is said of many records is the same for all of them"
    assert (one.body.severity, one.body.path) == (expand("sh:Violation"), expand("dct:issued"))
    assert one.value == (Text("soon"),)


def test_the_worst_come_first_each_cause_once_and_not_too_many() -> None:
    found = [finding("recommended-missing", "d", f"dcat:distribution[{n}]/dct:format") for n in range(1, 9)]
    found += [finding("recommended-missing", "d", f"dct:x{n}") for n in range(20)]
    found += [finding("text-markup", "d", "dct:title"), finding("required-missing", "d", "dct:description")]
    said = annotations(found, ON, RECORD, SITE)
    assert len(said) == MOST_ANNOTATIONS
    assert [str(one.body and one.body.severity).rpartition("#")[2] for one in said] == ["Violation", *["Warning"] * 4]
    assert len({one.body for one in said}) == len(said)


def test_what_was_only_repaired_is_no_remark() -> None:
    assert annotations([finding("text-markup", "d", "dct:title")], ON, RECORD, SITE) == ()


def test_every_kind_of_remark_has_a_valid_address_whatever_the_field_is_called() -> None:
    for rule in RULES:
        for field in ("", "dct:title", "dcat:distribution[2]/dct:format", "extras <b> é/%", "a:b:c"):
            for one in annotations([Finding(rule, "", field, "v")], ON, RECORD, SITE):
                assert one.body
                assert is_iri(str(one.body.iri))


def test_a_record_with_its_quality_comes_back_the_same() -> None:
    of_file = score(Dataset(iri=ON, title=EMPTY.title, distribution=(FILE,)))
    record = CatalogRecord(
        iri=Iri(RECORD),
        primary_topic=ON,
        measurements=measurements(of_file, ON, RECORD, SITE),
        annotations=annotations([finding("date-invalid", "d", "dct:issued", "soon")], ON, RECORD, SITE),
    )
    (again,) = read(parse(ntriples(write(record)).encode(), "nt")).records
    assert again == record
    own, shared = own_and_shared(record)
    assert "message" not in own, "what many records share is told once"
    assert f"<{SITE}/id/remark/date-invalid/dct:issued>" in shared
