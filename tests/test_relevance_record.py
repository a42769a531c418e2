"""The benchmark of ranking tells what changed since its last record."""

from pathlib import Path

import pytest

from benchmarks import relevance_record
from benchmarks.relevance_record import Line, differences, keep, last, told


def test_figures_are_told_with_their_change_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(relevance_record, "RECORD", tmp_path / "record.json")
    assert last() == {}
    before, other = Line("set", {"first": 0.5, "MRR": 0.71234}), Line("other", {"first": 1})
    keep([before, other])
    after = Line("set", {"first": 0.51, "MRR": 0.712341, "new": 2})
    assert told(after, last()).endswith("first 0.5100 (+0.0100)  MRR 0.7123 (=)  new 2.0000 (new)")
    keep([after])
    assert last()["other"] == {"first": 1}
    assert last()["set"]["first"] == 0.51


def test_what_two_engines_say_otherwise_is_told() -> None:
    one, same, another = Line("set", {"first": 0.5}), Line("set", {"first": 0.50000001}), Line("set", {"first": 0.6})
    assert not [*differences([one], [same])]
    assert [*differences([one], [another])] == ["set: {'first': 0.5} embedded, {'first': 0.6} on the server"]


def test_a_record_of_every_set_is_kept() -> None:
    sets = {name.partition(",")[0] for name in last()}
    assert sets == {"ACORDAR", "fr", "nl", "judged pairs", "Belgian-looking", "Berlin 2019-2020"}
