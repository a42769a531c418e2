"""What an operator decides on runs and records, through the command."""

from pathlib import Path

from commands import invoke, last_json
from loopback import Answer, pages, running

PREFIXES = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
RECORD = '<http://a.example/{0}> a dcat:Dataset ; dct:title "Jeu {0}"@fr ; dct:description "Un jeu."@fr .\n'


def feed(first: int, last: int = 12) -> dict[str, Answer]:
    """A feed of so many datasets."""
    said = "".join(RECORD.format(number) for number in range(first, last))
    return {"/feed.ttl": Answer(f"{PREFIXES}{said}".encode(), "text/turtle")}


def test_a_run_that_is_held_says_how_many_why_and_what_to_do(tmp_path: Path) -> None:
    answers = feed(0)
    with running(pages(answers)) as server:
        invoke(tmp_path, "init")
        invoke(tmp_path, "source", "add", server.url("/feed.ttl"), "--kind", "dcat", "--title", "Commune A")
        invoke(tmp_path, "harvest", "commune-a")
        answers.update(feed(6))
        out, _ = invoke(tmp_path, "harvest", "commune-a", expect=1)
    assert out.startswith("commune-a: held, 6 seen, 6 same, 6 held.")
    assert "6 removals are held: 6 of 12 records are missing at once." in out
    assert "datastore source removals commune-a --approve 2." in out
    shown, _ = invoke(tmp_path, "source", "show", "commune-a")
    assert "6 removals are held: 6 of 12 records are missing at once." in shown
    assert last_json(invoke(tmp_path, "source", "show", "commune-a", "--json")[0])["held"] == 2
    assert invoke(tmp_path, "source", "removals", "commune-a", "--approve", "2")[0].startswith("Removed 6 entries;")
    assert "are held" not in invoke(tmp_path, "source", "show", "commune-a")[0]


def test_a_run_that_is_held_since_identifiers_changed_says_how_to_confirm_it(tmp_path: Path) -> None:
    answers = feed(0)
    with running(pages(answers)) as server:
        invoke(tmp_path, "init")
        invoke(tmp_path, "source", "add", server.url("/feed.ttl"), "--kind", "dcat", "--title", "Commune A")
        invoke(tmp_path, "harvest", "commune-a")
        whole = answers["/feed.ttl"].body.replace(b"http://a.example/", b"http://b.example/")
        answers["/feed.ttl"] = Answer(whole, "text/turtle")
        out, _ = invoke(tmp_path, "harvest", "commune-a", expect=1)
    assert "12 of them seem to have another identifier now: datastore source moved commune-a shows which" in out
    proposed, _ = invoke(tmp_path, "source", "moved", "commune-a")
    assert "http://a.example/3" in proposed
    assert "http://b.example/3" in proposed
    assert invoke(tmp_path, "source", "moved", "commune-a", "--all")[0].count("leads to") == 12


def test_an_entry_is_withdrawn_and_put_back(tmp_path: Path) -> None:
    with running(pages(feed(0, 2))) as server:
        invoke(tmp_path, "init")
        invoke(tmp_path, "source", "add", server.url("/feed.ttl"), "--kind", "dcat", "--title", "Commune A")
        invoke(tmp_path, "harvest", "commune-a")
        out, _ = invoke(tmp_path, "withdraw", "jeu-1")
        assert "no harvest publishes it again" in out
        assert "1 same, 1 skipped." in invoke(tmp_path, "harvest", "commune-a")[0]
        assert "until it is put back" in invoke(tmp_path, "show", "jeu-1", expect=1)[1]
        assert "no published record" in invoke(tmp_path, "withdraw", "jeu-1", expect=1)[1]
        assert "datastore harvest commune-a" in invoke(tmp_path, "put-back", "jeu-1")[0]
        assert "1 restored." in invoke(tmp_path, "harvest", "commune-a")[0]
    assert "There is no dataset" in invoke(tmp_path, "put-back", "nobody", expect=1)[1]


def test_a_field_is_corrected_by_hand(tmp_path: Path) -> None:
    with running(pages(feed(0, 2))) as server:
        invoke(tmp_path, "init")
        invoke(tmp_path, "source", "add", server.url("/feed.ttl"), "--kind", "dcat", "--title", "Commune A")
        invoke(tmp_path, "harvest", "commune-a")
        out, _ = invoke(tmp_path, "correct", "jeu-1", "title[fr]", "Arbres")
        assert "jeu-1: title[fr] is corrected." in out
        assert "Jeu 1@fr → Arbres@fr" in out
        invoke(tmp_path, "harvest", "commune-a", "--full")
    assert invoke(tmp_path, "show", "jeu-1")[0].startswith("Arbres (fr)")
    assert "'abcdef'" in invoke(tmp_path, "correct", "jeu-1", "abcdef", "x", expect=2)[1]
    assert "what its source says" in invoke(tmp_path, "correct", "jeu-1", "title[fr]")[0]
    assert invoke(tmp_path, "show", "jeu-1")[0].startswith("Jeu 1 (fr)")


def test_what_does_not_wait_cannot_be_cancelled(tmp_path: Path) -> None:
    invoke(tmp_path, "init")
    invoke(tmp_path, "source", "add", "https://a.example/feed.ttl", "--kind", "dcat", "--title", "Commune A")
    assert "No run of 'commune-a' waits" in invoke(tmp_path, "source", "cancel", "commune-a", expect=1)[1]
