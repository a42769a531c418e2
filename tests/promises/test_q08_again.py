"""The same feed again writes nothing, and asks no more than it must."""

from collections.abc import Callable
from pathlib import Path

from factory import open_catalogue
from loopback import LOOPBACK, Answer, Request, running, site
from recordings import RECORDINGS
from sampling import sampled, share

from catalogue.store.rows import RunRow

FEED = "".join(
    f'<https://d.example/{n}> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Jeu {n}"@fr .\n'
    for n in range(200)
).encode()


def tagged(request: Request) -> Answer:
    """A feed with an entity tag."""
    is_known = request.headers.get("if-none-match") == '"1"'
    return Answer(b"" if is_known else FEED, "text/turtle", 304 if is_known else 200, {"ETag": '"1"'})


def plain(_: Request) -> Answer:
    """A feed without one."""
    return Answer(FEED, "text/turtle")


def test_nothing_is_written_and_little_asked(tmp_path: Path, note: Callable[..., None]) -> None:
    catalogue, _ = open_catalogue(tmp_path / "var", fetch_allow=LOOPBACK)
    writes, asked = [], {}
    for routes in (tagged, plain):
        with running(site(routes)) as server:
            name = catalogue.sources.add(server.url("/feed.ttl"), "dcat", title=routes.__name__).name
            assert catalogue.runs.harvest(name).new == 200
            before = len(server.requests)
            writes.append(catalogue.runs.harvest(name).writes)
            asked[routes.__name__] = len(server.requests) - before
    kinds = sampled(RECORDINGS, share(4, len(RECORDINGS)))
    for recording in kinds:
        with running(recording.server()) as server:
            url = server.url(recording.script["url"])
            name = catalogue.sources.add(url, recording.kind, config=recording.script["config"]).name
            first: RunRow = catalogue.runs.harvest(name)
            assert first.new
            writes.append(catalogue.runs.harvest(name, full=True).writes)
    assert catalogue.index.status()["waiting"] == 0
    catalogue.close()
    note(
        "Q8",
        f"feeds with and without entity tag, and {len(kinds)} of {len(RECORDINGS)} recorded portals: {sum(writes)} "
        f"writes; {asked['tagged']} request with the tag, {asked['plain']} without",
        holds=not any(writes) and max(asked.values()) == 1,
        wrong=writes,
    )
