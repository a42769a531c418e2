"""What holds for every kind of source, played over the answers recorded in `tests/data/<kind>/`."""

import json
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import accumulate
from typing import Any
from urllib.parse import urlsplit

import loopback
import msgspec
import pytest
from loopback import Answer, Request, Server
from oddities import places_in, with_odd
from recordings import RECORDINGS, Recording

from dcat.messages import RULES
from dcat.model import Entry, properties, structs
from harvesters import HARVESTERS, LINGUA_FRANCA, PUSH, news, reader_of
from harvesters.base import (
    Crawl,
    Fetched,
    Harvester,
    HarvestError,
    RawRecord,
    SkipRecord,
    Source,
    StillThere,
)
from harvesters.http import Client, OneAnswer, Pace, Response
from harvesters.http.credentials import HIDDEN, parse

READ = [kind for kind in HARVESTERS if kind != PUSH]
"""Kinds whose sources are read."""
GOES_ON = frozenset({"bookmark", "newest", "week"})
"""What a kind notes that asks for what came since, once a run was complete."""
ASKED_ON_CONDITION = frozenset({"data-json", "dcat", "sdmx", "stac", "table", "dkan-packages"})
"""Kinds, or recordings, whose documents or pages are asked for with the ETag of the last time."""
UNNAMED = ("translations", "datasetVersion")
"""What a table does not name: what a harvester puts beside a record (the same fields in other languages), and what it
evens out before it is read (lists of names and values)."""


def fetch(
    kind: str, server: Server, path: str, config: dict[str, Any], crawl: Crawl, **how: Any
) -> tuple[list[Fetched], Source]:
    source = Source(id="s", name="s", title="S", url=server.url(path), kind=kind, config=config)
    with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0, read_timeout=5, **how) as client:
        return list(HARVESTERS[kind].fetch(source, client, crawl)), source


def play(recording: Recording) -> tuple[list[RawRecord], Crawl, Source]:
    script, crawl = recording.script, Crawl()
    with loopback.running(recording.server()) as server:
        fetched, source = fetch(recording.kind, server, script["url"], script["config"], crawl)
    return [raw for raw in fetched if isinstance(raw, RawRecord)], crawl, source


def title_of(harvester: Harvester, raw: RawRecord, source: Source) -> list[str]:
    """The titles of a record, or why it has none."""
    try:
        normalised = harvester.normalise(raw, source)
    except SkipRecord:
        return ["SKIPPED"]
    assert all(found.rule in RULES for found in normalised.findings)
    return [text.value for text in normalised.entry.title]


@pytest.mark.parametrize("kind", READ)
def test_every_kind_has_a_recording_and_says_what_it_is(kind: str) -> None:
    harvester = HARVESTERS[kind]
    assert harvester.kind == kind
    assert harvester.title
    assert harvester.reading
    assert harvester.record_types
    for option in harvester.all_options:
        assert option.help
        assert option.problem(option.default) == ""
    names = [option.name for option in harvester.all_options]
    assert len(names) == len(set(names))
    assert [recording for recording in RECORDINGS if recording.kind == kind]


pytestmark = pytest.mark.usefixtures("no_source_is_small")
"""What is asked of a large portal is held here, although what we recorded is small."""


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_recorded_source_gives_the_records_it_should(recording: Recording) -> None:
    raws, crawl, source = play(recording)
    expected = recording.script["records"]
    assert sorted(raw.identifier for raw in raws) == sorted(expected)
    for raw in raws:
        assert expected[raw.identifier] in title_of(HARVESTERS[recording.kind], raw, source)
    assert crawl.incomplete == []
    assert crawl.declared_total in {None, len(raws)}
    assert crawl.pages >= 1


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_recorded_source_is_remarked_on_as_it_should(recording: Recording) -> None:
    _, crawl, _ = play(recording)
    rules = sorted({found.rule for found in crawl.findings} - {"paging-rewritten"})
    assert rules == recording.script.get("findings", [])
    assert all(found.rule in RULES for found in crawl.findings)


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_record_is_told_by_its_source_alone(recording: Recording) -> None:
    raws, _, source = play(recording)
    assert len({raw.identifier for raw in raws}) == len(raws)
    for raw in raws:
        assert raw.identifier == raw.identifier.strip() != ""
        assert raw.body
        assert raw.media_type in HARVESTERS[recording.kind].record_types
        assert urlsplit(raw.address).netloc == urlsplit(source.url).netloc


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_fetching_twice_gives_the_same_bytes(recording: Recording) -> None:
    first, again = play(recording)[0], play(recording)[0]
    assert [(raw.identifier, raw.body) for raw in first] == [(raw.identifier, raw.body) for raw in again]


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_record_that_is_held_is_not_fetched_again(recording: Recording) -> None:
    """What a kind gives a version to, it need not fetch under the same one; nothing else is said to be unchanged."""
    script, crawl = recording.script, Crawl()
    with loopback.running(recording.server()) as server:
        first, _ = fetch(recording.kind, server, script["url"], script["config"], crawl)
        if not GOES_ON.isdisjoint(crawl.validators):
            pytest.skip("this source is taken up where it was left, or read whole")
        asked = len(server.requests)
        versions = {raw.identifier: raw.version for raw in first if isinstance(raw, RawRecord) and raw.version}
        again, _ = fetch(recording.kind, server, script["url"], script["config"], Crawl(versions=versions))
    assert [each.identifier for each in again] == [each.identifier for each in first]
    assert {each.identifier for each in again if isinstance(each, StillThere)} == versions.keys()
    assert len(server.requests) - asked < asked if versions else len(server.requests) == 2 * asked


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_source_in_which_nothing_changed_costs_a_request_or_two(recording: Recording) -> None:
    """A kind that can tell so without reading everything says so; in a full run it reads everything."""
    script, first = recording.script, Crawl()
    with loopback.running(recording.server()) as server:
        before, _ = fetch(recording.kind, server, script["url"], script["config"], first)
        if first.validators.keys() <= {"week", "prefix", "day"}:
            pytest.skip("this source can only be read whole")
        asked, second, full = len(server.requests), Crawl(known=first.validators), Crawl()
        assert fetch(recording.kind, server, script["url"], script["config"], second)[0] == []
        assert len(server.requests) - asked <= 2
        again, _ = fetch(recording.kind, server, script["url"], script["config"], full)
    assert (second.unchanged, second.incomplete) == (True, [])
    assert (full.unchanged, len(again)) == (False, len(before))


@pytest.mark.parametrize("recording", [one for one in RECORDINGS if one.kind != "schema-org"], ids=str)
def test_dates_of_a_small_source_are_not_believed(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read whole, so that what changed behind its date is seen. (Site maps tell the date of every page.)"""
    monkeypatch.setattr(news, "SMALL", 100)
    _, crawl, _ = play(recording)
    assert {"state", "newest"}.isdisjoint(crawl.validators)


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_server_that_tells_what_did_not_change_hides_nothing(recording: Recording) -> None:
    """Its answers have an ETag, and are not sent to whoever has them (304)."""
    script, first = recording.script, Crawl()
    spared: list[str] = []
    with loopback.running(recording.server(spared=spared)) as server:
        before, _ = fetch(recording.kind, server, script["url"], script["config"], first)
        assert spared == []
        versions = {raw.identifier: raw.version for raw in before if isinstance(raw, RawRecord) and raw.version}
        second = Crawl(known=first.validators, versions=versions)
        again, _ = fetch(recording.kind, server, script["url"], script["config"], second)
    assert second.incomplete == []
    assert second.unchanged or {one.identifier for one in again} == {one.identifier for one in before}
    assert spared or {recording.kind, str(recording)}.isdisjoint(ASKED_ON_CONDITION)


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_cut_answer_never_passes_for_all_there_is(recording: Recording) -> None:
    script = recording.script
    for number in range(len(script["answers"])):

        def cut(answer: dict[str, Any], whole: Answer, bad: dict[str, Any] = script["answers"][number]) -> Answer:
            return replace(whole, body=whole.body[: len(whole.body) // 2]) if answer == bad else whole

        crawl = Crawl()
        with loopback.running(recording.server(cut)) as server, suppress(HarvestError):
            fetched, _ = fetch(recording.kind, server, script["url"], script["config"], crawl)
            proven = not crawl.incomplete and crawl.declared_total in {None, len(fetched)}
            assert not proven or len(fetched) == len(script["records"])


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_run_ends_at_its_deadline(recording: Recording) -> None:
    script = recording.script
    with loopback.running(recording.server()) as server, pytest.raises(HarvestError) as caught:
        fetch(recording.kind, server, script["url"], script["config"], Crawl(), deadline=0)
    assert caught.value.code == "DEADLINE"


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_source_is_recognised_by_its_own_kind_alone(recording: Recording) -> None:
    """From the address that a person copies, which is cut to that of the source."""
    with (
        loopback.running(recording.server()) as server,
        Client(allow=loopback.LOOPBACK, pace=Pace(0), tries=1) as client,
    ):
        copied = server.url(recording.script["url"])
        sites = {kind: harvester.site(copied) for kind, harvester in HARVESTERS.items()}
        found = [kind for kind, site in sites.items() if HARVESTERS[kind].answers(site, client)]
    assert all(HARVESTERS[kind].site(site) == site for kind, site in sites.items())
    own = type(HARVESTERS[recording.kind]).answers is not Harvester.answers
    assert found == ([recording.kind] if own else [])


# --- what is mapped ---------------------------------------------------------------------------------------------------

MAPPED = [one for one in RECORDINGS if HARVESTERS[one.kind].mapping and "another_form" not in one.script]
"""Recordings in the form of which the table of their kind tells."""
PROPERTIES = {field.property.curie for struct in structs() for field in properties(struct)}


def leaves(value: Any, place: str = "") -> Iterator[str]:
    """The names of the fields of an object, those of objects in it after theirs and a point."""
    for name, inner in value.items() if isinstance(value, Mapping) else ():
        parts = [one for one in (inner if isinstance(inner, list) else [inner]) if isinstance(one, Mapping)]
        yield f"{place}{name}"
        for part in parts:
            yield from leaves(part, f"{place}{name}.")


@pytest.mark.parametrize("kind", sorted({recording.kind for recording in MAPPED}))
def test_the_table_of_a_kind_names_each_field_once_and_properties_of_the_model(kind: str) -> None:
    harvester = HARVESTERS[kind]
    named = [one.field for one in harvester.mapping] + list(harvester.left_out)
    assert sorted(named) == sorted(set(named))
    assert {property for one in harvester.mapping for property in one.becomes.split(", ")} <= PROPERTIES


@pytest.mark.parametrize("recording", MAPPED, ids=str)
def test_the_table_of_a_kind_names_every_field_that_its_recordings_show(recording: Recording) -> None:
    """A field within one that is mapped, or left out, as a whole need not be named."""
    harvester = HARVESTERS[recording.kind]
    named = {one.field for one in harvester.mapping} | harvester.left_out.keys()
    for raw in play(recording)[0]:
        shown = {name for name in leaves(json.loads(raw.body)) if not name.startswith(UNNAMED)}
        unknown = {name for name in shown if not named & set(accumulate(name.split("."), "{}.{}".format))}
        assert {name for name in unknown if not any(one.startswith(f"{name}.") for one in named)} == set()


IN_FORMATS = [kind for kind in READ if HARVESTERS[kind].formats]


@pytest.mark.parametrize("kind", IN_FORMATS)
def test_the_tables_of_formats_name_properties_of_the_model(kind: str) -> None:
    for table in HARVESTERS[kind].formats.values():
        named = {property for one in table for property in one.becomes.split(", ")}
        assert {name.rpartition("/")[2] for name in named} <= {*PROPERTIES, ""}
        assert len({one.field for one in table}) == len(table)


@pytest.mark.parametrize("recording", [each for each in RECORDINGS if each.kind in IN_FORMATS], ids=str)
def test_the_tables_of_formats_name_every_property_that_recordings_give(recording: Recording) -> None:
    """Kinds that read the same format have its table once."""
    xml = {"csw", "oai-pmh", "waf"}
    kinds = (*xml, "dcat") if recording.kind in xml else (recording.kind,)
    tables = (table for kind in kinds for table in HARVESTERS[kind].formats.values())
    named = {name.rpartition("/")[2] for table in tables for one in table for name in one.becomes.split(", ")}
    raws, _, source = play(recording)
    for raw in raws:
        with suppress(SkipRecord):
            assert given(HARVESTERS[recording.kind].normalise(raw, source).entry) <= named


def given(entry: Entry) -> set[str]:
    """The properties that an entry has a value of."""
    return {field.property.curie for field in properties(type(entry)) if getattr(entry, field.name)}


@pytest.mark.parametrize("recording", MAPPED, ids=str)
def test_every_field_that_its_recordings_show_is_read(recording: Recording) -> None:
    raws, _, source = play(recording)
    for raw in raws:
        if title_of(HARVESTERS[recording.kind], raw, source) != ["SKIPPED"]:
            assert HARVESTERS[recording.kind].normalise(raw, source).unread == {}


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_what_lets_us_in_stays_in_no_record_and_no_remark(recording: Recording) -> None:
    """Every kind fetches through the client alone, which adds credentials where requests are sent."""
    script, crawl, secret = recording.script, Crawl(), "s3cret-Key-42"

    def guarded(server: Server, request: Request, sock: socket.socket) -> bool:
        if request.headers.get("x-key") != secret or request.query.get("apikey") != secret:
            sock.sendall(Answer(b"who are you", status=401).encode())
            return True
        target = re.sub(r"[?&]apikey=[^&]*", "", request.target)
        return inside.behave(server, Request(request.method, target, request.headers), sock)

    inside = recording.server()
    with inside, loopback.running(Server(guarded)) as server:
        credentials = parse({"header": {"X-Key": secret}, "query": {"apikey": secret}}, server.url())
        fetched, _ = fetch(recording.kind, server, script["url"], script["config"], crawl, credentials=credentials)
    assert sorted(each.identifier for each in fetched) == sorted(script["records"])
    said = f"{fetched} {crawl}"
    assert secret not in said
    assert HIDDEN not in said


@pytest.mark.parametrize("recording", [each for each in RECORDINGS if HARVESTERS[each.kind].documents], ids=str)
def test_a_kind_reads_its_documents_without_their_source(recording: Recording) -> None:
    """The answers of a kind's own source, as somebody saved them."""
    found: set[str] = set()
    source = Source(id="s", name="s", title="S", url="sent", kind=recording.kind)
    for answer in recording.script["answers"]:
        body = (recording.folder / answer["file"]).read_bytes()
        document = Response("sent", 200, {"Content-Type": answer["type"]}, body, True)
        if reader_of(document).kind != recording.kind:
            continue
        with OneAnswer(document) as client, suppress(HarvestError):  # one page of several
            for raw in HARVESTERS[recording.kind].records_of(client, source, Crawl()):
                assert isinstance(raw, RawRecord)
                assert raw.media_type in HARVESTERS[recording.kind].record_types
                found.add(raw.identifier)
    assert found
    assert found <= recording.script["records"].keys()


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_record_may_be_sent_as_it_was_fetched(recording: Recording) -> None:
    harvester = HARVESTERS[recording.kind]
    raws, _, source = play(recording)
    for raw in raws:
        sent = harvester.record(raw.identifier, raw.body, raw.media_type)
        assert sent is not None
        assert title_of(harvester, sent, source) == title_of(harvester, raw, source)
    if recording.kind != LINGUA_FRANCA:
        assert harvester.record("x", b"<> a <x> .", "text/turtle") is None


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_normalising_is_pure(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    raws, _, source = play(recording)
    harvester = HARVESTERS[recording.kind]

    def forbidden(*args: object, **options: object) -> None:
        raise AssertionError("normalising went to the network")

    monkeypatch.setattr("socket.socket.connect", forbidden)
    for raw in raws:
        if title_of(harvester, raw, source) != ["SKIPPED"]:
            assert harvester.normalise(raw, source) == harvester.normalise(raw, source)


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\0", b"<", b"not at all", b'{"a": 1}'])
def test_a_record_that_cannot_be_read_is_refused_with_a_sentence(kind: str, body: bytes) -> None:
    source = Source(id="s", name="s", title="S", url="https://agency.example/", kind=kind)
    raw = RawRecord(identifier="x", body=body, media_type="application/octet-stream")
    try:
        normalised = HARVESTERS[kind].normalise(raw, source)
    except ValueError as error:
        assert str(error)  # noqa: PT017 (what some kinds refuse, others read)
    else:
        assert normalised.entry.title == ()


ODD: tuple[Any, ...] = (5, [], {"a": 1}, [[1], {}])
"""What may stand where something else is expected."""


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_whatever_stands_in_a_record_is_read_or_refused(recording: Recording) -> None:
    raws, _, source = play(recording)
    for raw in [raw for raw in raws if raw.media_type == "application/json"][:2]:
        for place in places_in(json.loads(raw.body)):
            for odd in ODD:
                changed = msgspec.structs.replace(raw, body=with_odd(raw.body, place, odd))
                with suppress(SkipRecord, ValueError):
                    HARVESTERS[recording.kind].normalise(changed, source)


BROKEN = {
    "a page with 200": (Answer(loopback.PAGE, "application/json"), {"NOT_A_FEED"}),
    "nothing": (Answer(b"", "application/json"), {"NOT_A_FEED"}),
    "an error with 200": (Answer(b'{"success": false, "error": {}}', "application/json"), {"NOT_A_FEED", "API_ERROR"}),
    "forbidden": (Answer(b"no", "text/plain", 403), {"HTTP_STATUS"}),
    "not found": (Answer(b"no", "text/plain", 404), {"HTTP_STATUS"}),
    "broken": (Answer(b"no", "text/plain", 500), {"HTTP_STATUS"}),
    "busy": (Answer(b"no", "text/plain", 429, {"Retry-After": "300"}), {"RETRY_LATER"}),
    "moved inside": (Answer(b"", "", 302, {"Location": "http://10.0.0.1/"}), {"ADDRESS_NOT_ALLOWED"}),
    "an archive": (Answer(b"PK\3\4\0\0\0\0", "application/zip"), {"NOT_A_FEED"}),
}


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("kind", READ)
def test_a_failure_is_never_an_empty_list(kind: str, broken: str) -> None:
    answer, codes = BROKEN[broken]
    with loopback.running(loopback.always(answer)) as server, pytest.raises(HarvestError) as caught:
        fetch(kind, server, "/", {}, Crawl())
    assert caught.value.code in codes
    assert caught.value.where.startswith("http")
    assert str(caught.value).endswith(".")
