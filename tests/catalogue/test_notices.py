"""Being told: what happened is told once to those who want to hear it, by a real mail server and a real receiver, and
nothing that goes wrong there holds up anything else."""

import hashlib
import hmac
import json
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mailbox import Mailbox, mailbox
from pathlib import Path
from typing import Any

import msgspec
import pytest
from commands import invoke, started
from factory import MEDIA_TYPE, Feed, Memory, file, open_catalogue, record, texts
from structlog.testing import capture_logs

from catalogue import clock
from catalogue.errors import Conflict, Invalid, NotFound
from catalogue.notices import events, hook, mail, notices, words
from catalogue.notices.undelivered import Undelivered
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.stopping import Stop
from catalogue.store import addresses
from catalogue.store import notices as stored
from catalogue.store.addresses import BROKEN, WORKS
from catalogue.store.leases import LostLease
from catalogue.store.rows import DeliveryRow
from catalogue.work.asking import Gathering
from catalogue.work.telling import Telling
from catalogue.work.worker import Worker
from dcat.model import Dataset
from harvesters.base import RawRecord
from harvesters.errors import Stopped

URL = "https://agency.example/feed"
LOOPBACK = ("127.0.0.0/8",)
CERTIFICATE = Path(__file__).parents[1] / "data" / "tls" / "agency.pem"

Move = Callable[[timedelta], datetime]


class Receiver(ThreadingHTTPServer):
    """A program that is told, and answers as it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[Callable[[BaseHTTPRequestHandler], None]] = []
        """What it does with the next requests; after that it says 204."""
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hook"

    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


class Answering(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        (self.server.answers.pop(0) if self.server.answers else status(204))(self)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def status(code: int, **fields: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        for name, value in fields.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()

    return answer


def drip(request: BaseHTTPRequestHandler) -> None:
    """One byte now and then, and never an end."""
    with suppress(OSError):  # the other side had enough
        for _ in range(200):
            request.wfile.write(b"H")
            request.wfile.flush()
            time.sleep(0.05)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as server:
        yield server


@pytest.fixture
def pair(database_url: str, tmp_path: Path, box: Mailbox, move_clock: Move) -> Iterator[tuple[Catalogue, Memory]]:
    """A catalogue that can send mail, with a source of the town."""
    catalogue, memory = open_catalogue(
        tmp_path / "var",
        database_url=database_url,
        mail_url=box.url,
        mail_from="opendata@example.brussels",
        fetch_allow=LOOPBACK,
        title="Open data",
        contact="help@example.brussels",
    )
    memory.feeds[URL] = feed(12)
    catalogue.sources.add(URL, "memory", title="Agency", publisher="Town", schedule="0 3 * * *")
    yield catalogue, memory
    catalogue.close()


def feed(count: int, bad: int = 0) -> Feed:
    good = [
        record(f"r{n}", Dataset(title=texts(fr=f"Jeu {n}"), description=texts(fr=f"Les {n}."))) for n in range(count)
    ]
    return Feed(good + [RawRecord(identifier=f"bad{n}", body=b"fault", media_type=MEDIA_TYPE) for n in range(bad)])


def harvest(catalogue: Catalogue, memory: Memory, said: Feed | None) -> int:
    """One run; None for a source that does not answer."""
    memory.feeds.pop(URL, None)
    if said is not None:
        memory.feeds[URL] = said
    return catalogue.runs.harvest("agency", full=True).id


def subjects(box: Mailbox) -> list[str]:
    return [letter["Subject"].removeprefix("[Open data] ") for letter in box.letters]


# --- what is told, to whom -------------------------------------------------------------------------------------------


@pytest.mark.against("F-01")
def test_a_source_that_fails_three_times_is_told_once_and_so_is_that_it_works_again(
    catalogue: Catalogue, memory: Memory, box: Mailbox
) -> None:
    catalogue.subscriptions.add("anna@town.example", publisher="Town", language="en")
    harvest(catalogue, memory, feed(12))
    for _ in range(2):
        harvest(catalogue, memory, None)
        catalogue.notices.tell()
    assert subjects(box) == []
    third = harvest(catalogue, memory, None)
    harvest(catalogue, memory, None)
    harvest(catalogue, memory, None)
    assert catalogue.notices.tell() == 1
    assert catalogue.notices.tell() == 0
    assert subjects(box) == ["Agency: reading failed 3 times in a row"]
    (letter,) = box.letters
    text = letter.get_content()
    assert "The source answers 404 Not Found." in text
    assert "What was published before stays." in text
    assert "What to do: Check that the address answers" in text
    assert f"https://data.example.brussels/en/source/agency/run/{third}" in text
    assert (letter["To"], letter["From"]) == ("anna@town.example", "Open data <opendata@example.brussels>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    harvest(catalogue, memory, feed(12))
    catalogue.notices.tell()
    assert subjects(box)[1:] == ["Agency: reading works again"]


def test_removals_that_are_held_are_told_once(catalogue: Catalogue, memory: Memory, box: Mailbox) -> None:
    catalogue.subscriptions.add("anna@town.example", publisher="Town", language="fr")
    harvest(catalogue, memory, feed(12))
    for _ in range(2):
        harvest(catalogue, memory, feed(6))
        catalogue.notices.tell()
    assert subjects(box) == ["Agency\N{NO-BREAK SPACE}: 6 suppressions attendent une décision"]
    assert "n’énumère plus 6 de ses 12 fiches publiées" in box.letters[0].get_content()


def test_a_share_of_refused_records_that_rises_is_told(catalogue: Catalogue, memory: Memory, box: Mailbox) -> None:
    catalogue.subscriptions.add("anna@town.example", publisher="Town", language="de")
    for bad in (1, 7, 8, 1):
        harvest(catalogue, memory, feed(12, bad=bad))
        catalogue.notices.tell()
    assert subjects(box) == ["Agency: 7 von 19 Einträgen wurden nicht übernommen"]
    assert "beim vorigen Mal waren es 1 von 13" in box.letters[0].get_content()


def test_a_source_without_news_for_long_is_told_once(
    catalogue: Catalogue, memory: Memory, box: Mailbox, move_clock: Move
) -> None:
    catalogue.subscriptions.add("anna@town.example", publisher="Town", language="nl")
    harvest(catalogue, memory, feed(12))
    for days in (89, 1, 30):
        move_clock(timedelta(days=days))
        harvest(catalogue, memory, feed(12))
        catalogue.notices.tell()
    assert subjects(box) == ["Agency: niets nieuws sinds 2026-06-01"]
    assert "(90 dagen)" in box.letters[0].get_content()


def test_a_source_that_is_read_once_a_year_is_not_silent_so_soon(catalogue: Catalogue) -> None:
    source = catalogue.sources.named("agency")
    run = catalogue.runs.harvest("agency")
    yearly = msgspec.structs.replace(source, schedule="0 3 1 1 *", last_run=run)
    now = run.ended
    assert now
    assert events.silence(yearly, now - timedelta(days=4000), now) is None
    assert events.silence(yearly, now - timedelta(days=4500), now)
    paused = msgspec.structs.replace(yearly, active=False)
    assert events.silence(paused, now - timedelta(days=4500), now) is None


@pytest.mark.parametrize(
    ("wanted", "told"),
    [("always", ["finished", "failed", "failed", "failed", "failing"]), ("on_error", ["failing"]), ("never", [])],
)
def test_everybody_hears_what_they_want_to(
    wanted: str, told: list[str], catalogue: Catalogue, memory: Memory, receiver: Receiver
) -> None:
    catalogue.subscriptions.add(receiver.url, publisher="Town", wanted=wanted)
    for said in (feed(12), None, None, None):
        harvest(catalogue, memory, said)
        catalogue.notices.tell()
    assert sorted(one["event"] for one in receiver.told()) == sorted(told)


def test_of_another_publishers_sources_nobody_hears_but_operators(
    catalogue: Catalogue, memory: Memory, box: Mailbox
) -> None:
    catalogue.subscriptions.add("other@city.example", publisher="City", wanted="always")
    catalogue.subscriptions.add("operator@region.example", wanted="always")
    harvest(catalogue, memory, feed(12))
    catalogue.notices.tell()
    assert box.recipients == ["operator@region.example"]


def test_what_happened_before_anybody_looked_is_no_news(
    catalogue: Catalogue, memory: Memory, receiver: Receiver
) -> None:
    for said in (feed(12), None, feed(12)):
        last = harvest(catalogue, memory, said)
    catalogue.subscriptions.add(receiver.url, wanted="always")
    catalogue.notices.tell()
    assert [one["run"] for one in receiver.told()] == [last]


def test_why_a_source_failed_is_told_in_the_language_of_the_reader() -> None:
    facts = {"source": "Agency", "url": URL, "error_code": "HTTP_STATUS", "error": f"{URL} answered 404 Not Found."}
    told = words.said("failed", facts, "nl").happened
    assert "Er staat niets op het adres van de bron" in told
    assert told.endswith(f"In detail (in het Engels): {URL} answered 404 Not Found.")
    assert "La raison\N{NO-BREAK SPACE}: – En détail" in words.said("failed", facts | {"error_code": ""}, "fr").happened


def test_addresses_that_stopped_working_are_told_once_a_week(
    catalogue: Catalogue, memory: Memory, receiver: Receiver, move_clock: Move
) -> None:
    made = [(f"r{number}", f"https://files.example/{number}.csv") for number in range(20)]
    memory.feeds[URL] = Feed(
        [record(id, Dataset(title=texts(fr=id), distribution=(file(url, "CSV"),))) for id, url in made]
    )
    catalogue.runs.harvest("agency")
    Gathering(catalogue).work(lambda _: None, Stop())
    catalogue.subscriptions.add(receiver.url)
    stand(catalogue, made[:4], BROKEN)
    stand(catalogue, made[4:], WORKS)
    catalogue.notices.tell()
    assert receiver.told() == []
    move_clock(timedelta(days=1))
    stand(catalogue, made[4:6], BROKEN)
    catalogue.notices.tell()
    move_clock(timedelta(days=1))
    catalogue.notices.tell()
    (told,) = receiver.told()
    assert told["event"] == "broken-links"
    assert {name: told["facts"][name] for name in ("known", "broken", "fresh")} == {
        "known": 20,
        "broken": 6,
        "fresh": 6,
    }
    move_clock(timedelta(days=30))
    catalogue.notices.tell()
    assert [one["event"] for one in receiver.told()] == ["broken-links"]


def stand(catalogue: Catalogue, made: list[tuple[str, str]], state: str) -> None:
    """These addresses came into that state now."""
    with catalogue._database.write() as tx:
        for _id, url in made:
            row = addresses.AddressRow(url=url, host="files.example", state=state, since=clock.now())
            addresses.save(tx, row, clock.now() + timedelta(days=90))


def test_operators_hear_what_waits_and_producers_what_was_decided(
    catalogue: Catalogue, memory: Memory, receiver: Receiver
) -> None:
    operators, _ = catalogue.subscriptions.add(receiver.url)
    producers, _ = catalogue.subscriptions.add(receiver.url, publisher="Town")
    settings = replace(catalogue.settings, source_approval=True)
    with closing(Catalogue(settings, catalogue.harvesters)) as asking:
        asking.sources.add(f"{URL}/2", "memory", title="Town data", publisher="Town", by_producer=True)
    catalogue.notices.tell()
    catalogue.sources.decline("town-data", "Not ours.")
    assert catalogue.notices.due(clock.now())
    catalogue.notices.tell()
    catalogue.sources.approve("town-data")
    catalogue.sources.approve("town-data")
    catalogue.notices.tell()
    catalogue.notices.tell()
    told = receiver.told()
    assert [one["event"] for one in told] == ["waiting", "declined", "approved"]
    assert [len(catalogue.subscriptions.deliveries(one.id)) for one in (operators, producers)] == [1, 2]
    assert told[0]["url"].endswith("/fr/producers/waiting")
    assert told[1]["url"].endswith("/fr/producers/source/town-data")
    assert "Not ours." in told[1]["message"]["happened"]["nl"]


# --- by mail ---------------------------------------------------------------------------------------------------------


def test_every_event_has_its_words_in_four_languages() -> None:
    facts = {"source": "Agency", "url": URL, "since": "2026", "days": 90, "times": 3, "error": "x", "published": 12}
    facts |= {"publisher": "town", "reason": "No.", "known": 9, "broken": 6, "fresh": 5}
    facts |= dict.fromkeys(("seen", "new", "changed", "same", "removed", "held", "refused", "before", "seen_before"), 1)
    for event in (*events.EVENTS, "trial"):
        told = words.in_all_languages(event, facts)
        for part, by_language in told.items():
            assert set(by_language) == {"fr", "nl", "de", "en"}
            assert all(by_language.values()), (event, part)
            if part != "todo" or event not in {"failed", "recovered", "trial", "finished"}:
                assert len(set(by_language.values())) == 4


def test_no_title_of_a_source_adds_a_field_to_a_letter(catalogue: Catalogue, memory: Memory, box: Mailbox) -> None:
    facts = {
        "source": "Agency\r\nBcc: everybody@town.example\r\n\r\nBody",
        "times": 3,
        "url": URL,
        "since": "",
        "error": "e" * 5000,
    }
    said = words.said("failing", facts, "en")
    settings = catalogue.settings
    letter = mail.letter(settings, "anna@town.example", said, language="en", link="https://x.example/", number="n-1")
    assert mail.send(settings, letter, Stop()) == "The mail server took it."
    (got,) = box.letters
    assert got["Bcc"] is None
    assert box.recipients == ["anna@town.example"]
    assert len(got.get_content()) < 2000


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """`agency.example` is this machine."""
    resolve = socket.getaddrinfo

    def here(host: Any, *rest: Any, **more: Any) -> Any:
        return resolve("127.0.0.1" if host in {"agency.example", "other.example"} else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", here)


def own_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def send_through(url: str) -> str:
    settings = Settings(mail_url=url, mail_from="opendata@example.brussels")
    said = words.said("trial", {}, "fr")
    letter = mail.letter(settings, "anna@town.example", said, language="fr", link="https://x.example/", number="n-1")
    return mail.send(settings, letter, Stop())


@pytest.mark.against("TC-14")
@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
@pytest.mark.usefixtures("at_home")
def test_mail_goes_over_tls_to_the_server_that_the_certificate_names_only(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {} if scheme == "smtps" else {"tls_context": own_tls(), "require_starttls": True}
    with mailbox(own_tls() if scheme == "smtps" else None, **options) as box:
        where = f"{scheme}://anna:hush%3Ahush@agency.example:{box.port}"
        with pytest.raises(mail.Undelivered, match=r"(?i)certificate"):
            send_through(where)  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        with pytest.raises(mail.Undelivered, match=r"(?i)hostname mismatch"):
            send_through(where.replace("agency", "other"))
        assert box.letters == []
        assert send_through(where) == "The mail server took it."
        assert box.logins == [(b"anna", b"hush:hush")]


@pytest.mark.usefixtures("at_home")
def test_nothing_goes_in_the_clear_to_another_machine(box: Mailbox) -> None:
    with pytest.raises(mail.Undelivered, match="STARTTLS"):
        send_through(f"smtp://anna:hush%3Ahush@agency.example:{box.port}")
    assert (box.letters, box.logins) == ([], [])


def test_a_wrong_password_waits_for_a_right_one(box: Mailbox) -> None:
    with pytest.raises(mail.Undelivered, match="535") as caught:
        send_through(box.url.replace("://", "://anna:wrong@"))
    assert caught.value.is_of_all
    assert not caught.value.is_final
    assert "wrong" not in str(caught.value)


@contextmanager
def talking(say: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that talks to whoever comes, as it likes."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # the other side had enough
                say(self.request)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def drip_mail(sock: socket.socket) -> None:
    for _ in range(200):
        sock.sendall(b"2")
        time.sleep(0.05)


@pytest.mark.parametrize("say", [drip_mail, lambda sock: sock.sendall(b"GET / HTTP/1.1\r\n\r\n"), socket.socket.close])
def test_a_bad_mail_server_costs_a_moment_and_nothing_else(
    say: Callable[[socket.socket], None], catalogue: Catalogue, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "ALL", 1.0)
    bob = catalogue.subscriptions.add("bob@town.example", wanted="always")[0]
    catalogue.subscriptions.add("anna@town.example", publisher="Town", wanted="always")
    with talking(say) as url:
        catalogue.notices._settings = replace(catalogue.settings, mail_url=url)
        begun = time.monotonic()
        run = harvest(catalogue, memory, feed(12))
        Worker(catalogue).once()
        assert time.monotonic() - begun < 60
    assert catalogue.runs.numbered(run).state.startswith("done")
    (log,) = catalogue.subscriptions.deliveries(bob.id)
    assert (log.state, log.attempts) == ("waiting", 1)
    assert "mail server" in log.answer
    assert catalogue.notices.due(log.tried) is None  # what would go the same way waits as well
    assert Telling(catalogue).due(log.due)


@pytest.mark.parametrize(("is_told_to_stop", "told"), [(True, Stopped), (False, Undelivered)])
def test_a_letter_that_we_broke_off_says_nothing_of_its_mailbox(
    catalogue: Catalogue, is_told_to_stop: bool, told: type[BaseException]
) -> None:
    """Whoever writes it: notices, followers, questions."""
    stop = Stop()

    def hang_up(sock: socket.socket) -> None:
        sock.sendall(b"220 mail.example\r\n")
        sock.recv(1_000)
        if is_told_to_stop:
            stop.ask()

    with talking(hang_up) as url:
        settings = replace(catalogue.settings, mail_url=url)
        letter = mail.written(settings, "bob@town.example", ("Late", "It is late."), language="en", number="1")
        with pytest.raises(told):
            mail.send(settings, letter, stop)


def test_a_mail_that_is_broken_off_because_the_worker_ends_is_held_against_nobody(
    catalogue: Catalogue, memory: Memory
) -> None:
    for name in ("anna", "bob"):
        catalogue.subscriptions.add(f"{name}@town.example", wanted="always")
    worker = Worker(catalogue, chores=(Telling,))

    def hang(sock: socket.socket) -> None:
        sock.sendall(b"220 mail.example\r\n")
        sock.recv(1_000)  # EHLO: now it is waited for an answer
        worker.stop.ask()
        sock.recv(1_000)  # until the worker hangs up

    with talking(hang) as url:
        catalogue.notices._settings = replace(catalogue.settings, mail_url=url)
        harvest(catalogue, memory, feed(12))
        with capture_logs() as logged:
            worker.once()
    assert [entry for entry in logged if entry["log_level"] in {"warning", "error"}] == []
    tried = [log for row in catalogue.subscriptions.all() for log in catalogue.subscriptions.deliveries(row.id)]
    assert sorted((log.state, log.answer, log.attempts) for log in tried) == [("waiting", "", 0), ("waiting", "", 1)]
    assert Telling(catalogue).take(clock.now())


def test_a_mailbox_that_does_not_exist_is_given_up_and_the_others_are_told(
    catalogue: Catalogue, memory: Memory, box: Mailbox
) -> None:
    box.to_recipient = "550 No such mailbox"
    gone = catalogue.subscriptions.add("gone@town.example", wanted="always")[0]
    harvest(catalogue, memory, feed(12))
    catalogue.notices.tell()
    (log,) = catalogue.subscriptions.deliveries(gone.id)
    assert (log.state, log.due, log.answer) == ("given-up", None, "The mail server answered 550 No such mailbox")


def test_a_server_that_is_busy_is_asked_again(
    catalogue: Catalogue, memory: Memory, box: Mailbox, move_clock: Move
) -> None:
    box.to_data = "451 Try again later"
    anna = catalogue.subscriptions.add("anna@town.example", wanted="always")[0]
    harvest(catalogue, memory, feed(12))
    assert catalogue.notices.tell() == 0
    box.to_data = "250 OK"
    assert catalogue.notices.tell() == 0
    move_clock(timedelta(minutes=1))
    assert catalogue.notices.tell() == 1
    (log,) = catalogue.subscriptions.deliveries(anna.id)
    assert (log.state, log.attempts) == ("sent", 2)
    assert len(box.letters) == 1


# --- to programs -----------------------------------------------------------------------------------------------------


def test_a_program_can_tell_that_it_is_us(catalogue: Catalogue, memory: Memory, receiver: Receiver) -> None:
    row, secret = catalogue.subscriptions.add(receiver.url, publisher="Town", wanted="always")
    run = harvest(catalogue, memory, feed(12))
    catalogue.notices.tell()
    ((fields, body),) = receiver.got
    expected = hmac.new(secret.encode(), fields["x-datastore-timestamp"].encode() + b"." + body, hashlib.sha256)
    assert fields["x-datastore-signature"] == f"sha256={expected.hexdigest()}"
    assert fields["content-type"] == "application/json"
    told = json.loads(body)
    assert fields["x-datastore-event"] == told["event"] == "finished"
    assert fields["x-datastore-delivery"] == told["id"]
    assert (told["source"], told["run"], told["facts"]["new"]) == ("agency", run, 12)
    assert set(told["message"]["happened"]) == {"fr", "nl", "de", "en"}
    assert told["url"] == f"https://data.example.brussels/fr/source/agency/run/{run}"
    assert secret not in body.decode()
    assert "secret" not in repr(row)


def test_a_receiver_that_fails_drips_and_returns_gets_each_notice_once(
    catalogue: Catalogue, memory: Memory, receiver: Receiver, move_clock: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hook, "SECONDS", 5.0)
    receiver.answers = [status(500), drip, status(302, Location="/elsewhere"), status(204)]
    row, _ = catalogue.subscriptions.add(receiver.url, publisher="Town", wanted="always")
    harvest(catalogue, memory, feed(12))
    log: list[DeliveryRow] = []
    for wait in (0, 1, 5, 30, 120):
        move_clock(timedelta(minutes=wait))
        catalogue.notices.tell()
        log += catalogue.subscriptions.deliveries(row.id)
    assert [one.state for one in log] == ["waiting", "waiting", "waiting", "sent", "sent"]
    assert [one.attempts for one in log] == [1, 2, 3, 4, 4]
    assert "answered 500" in log[0].answer
    assert "not complete after" in log[1].answer
    assert "answered 302" in log[2].answer
    assert len({told["id"] for told in receiver.told()}) == 1
    assert len(receiver.got) == 4


def test_what_never_answers_is_given_up_after_a_while(
    catalogue: Catalogue, memory: Memory, receiver: Receiver, move_clock: Move
) -> None:
    row, _ = catalogue.subscriptions.add(receiver.url, wanted="always")
    receiver.answers = [status(500)] * 50
    harvest(catalogue, memory, feed(12))
    for _ in range(10):
        catalogue.notices.tell()
        move_clock(timedelta(days=1))
    (log,) = catalogue.subscriptions.deliveries(row.id)
    assert (log.state, log.attempts, log.due) == ("given-up", len(notices.WAITS) + 1, None)


def test_a_receiver_that_is_gone_or_asks_for_time_is_believed(
    catalogue: Catalogue, memory: Memory, receiver: Receiver, move_clock: Move
) -> None:
    row, _ = catalogue.subscriptions.add(receiver.url, wanted="always")
    receiver.answers = [status(503, Retry_After="7200"), status(410)]
    harvest(catalogue, memory, feed(12))
    catalogue.notices.tell()
    (log,) = catalogue.subscriptions.deliveries(row.id)
    assert log.due
    assert log.tried
    assert log.due - log.tried == timedelta(hours=2)
    move_clock(timedelta(hours=2))
    catalogue.notices.tell()
    assert catalogue.subscriptions.deliveries(row.id)[0].state == "given-up"


@pytest.mark.against("TC-03")
@pytest.mark.parametrize(
    "where", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/", "http://169.254.169.254/"]
)
def test_no_address_of_our_network_is_told_anything(
    where: str, tmp_path: Path, receiver: Receiver, box: Mailbox
) -> None:
    catalogue, _ = open_catalogue(tmp_path / "strict")
    row, _ = catalogue.subscriptions.add(where.format(port=receiver.server_address[1]))
    assert catalogue.notices.trial(row.id).state == "given-up"
    assert receiver.got == []
    catalogue.close()


# --- once, whatever happens ------------------------------------------------------------------------------------------


def test_a_worker_that_dies_between_looking_and_telling_loses_and_doubles_nothing(
    catalogue: Catalogue, memory: Memory, box: Mailbox, move_clock: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.subscriptions.add("anna@town.example", wanted="always")
    harvest(catalogue, memory, feed(12))
    with monkeypatch.context() as patch:
        patch.setattr(mail, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            catalogue.notices.tell()
    assert box.letters == []
    assert catalogue.notices.tell() == 0  # whoever was at it may still be
    move_clock(timedelta(minutes=1))
    assert catalogue.notices.tell() == 1
    assert len(box.letters) == 1


def killed(*_: object) -> str:
    raise KeyboardInterrupt


def test_a_try_whose_end_nobody_saw_is_made_again_under_the_same_number(
    catalogue: Catalogue, memory: Memory, box: Mailbox, move_clock: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.subscriptions.add("anna@town.example", wanted="always")
    harvest(catalogue, memory, feed(12))
    send = mail.send

    def sent_and_killed(*arguments: Any) -> str:
        send(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mail, "send", sent_and_killed)
        with pytest.raises(KeyboardInterrupt):
            catalogue.notices.tell()
    move_clock(timedelta(minutes=1))
    assert catalogue.notices.tell() == 1
    assert len({letter["Message-ID"] for letter in box.letters}) == 1


def test_one_notice_that_cannot_be_said_keeps_no_other_back(
    catalogue: Catalogue, memory: Memory, box: Mailbox, move_clock: Move
) -> None:
    broken = catalogue.subscriptions.add("anna@town.example", wanted="always")[0]
    catalogue.subscriptions.add("bob@town.example", wanted="always", language="nl")
    harvest(catalogue, memory, feed(12))
    with catalogue._database.write() as tx:
        stored.change(tx, broken.id, language="xx")  # as nobody can set it
    assert catalogue.notices.tell() == 1
    assert box.recipients == ["bob@town.example"]
    (log,) = catalogue.subscriptions.deliveries(broken.id)
    assert (log.state, log.answer) == ("waiting", "It could not be said, by a fault of ours, which has been logged.")


def test_a_worker_that_froze_tells_nothing_any_more(catalogue: Catalogue, memory: Memory, box: Mailbox) -> None:
    catalogue.subscriptions.add("anna@town.example", wanted="always")
    harvest(catalogue, memory, feed(12))

    def lost(_: object) -> None:
        raise LostLease

    with pytest.raises(LostLease):
        catalogue.notices.tell(lost)
    assert box.letters == []
    assert catalogue.notices.tell() == 1


def test_told_to_stop_the_rest_waits(catalogue: Catalogue, memory: Memory, box: Mailbox) -> None:
    for name in ("anna", "bob"):
        catalogue.subscriptions.add(f"{name}@town.example", wanted="always")
    harvest(catalogue, memory, feed(12))
    stop = Stop()
    stop.ask()
    assert catalogue.notices.tell(None, stop) == 0
    assert catalogue.notices.tell() == 2


def test_what_was_told_long_ago_is_forgotten(
    catalogue: Catalogue, memory: Memory, box: Mailbox, move_clock: Move
) -> None:
    anna = catalogue.subscriptions.add("anna@town.example", wanted="always")[0]
    harvest(catalogue, memory, feed(12))
    catalogue.notices.tell()
    move_clock(timedelta(days=91))
    harvest(catalogue, memory, feed(12))
    catalogue.notices.tell()
    catalogue.tidying.all()
    assert {one.at.month for one in catalogue.subscriptions.deliveries(anna.id)} == {8}


# --- subscribing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "more", "field"),
    [
        ("no mailbox", {}, "url"),
        ("anna@", {}, "url"),
        ("jürgen@town.example", {}, "url"),
        ("anna@town.example\r\nBcc: all@town.example", {}, "url"),
        ("https://user:password@town.example/", {}, "url"),
        ("ftp://town.example/", {}, "url"),
        ("anna@town.example", {"wanted": "sometimes"}, "wanted"),
        ("anna@town.example", {"language": "it"}, "language"),
    ],
)
def test_what_cannot_be_subscribed(catalogue: Catalogue, address: str, more: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        catalogue.subscriptions.add(address, **more)
    assert caught.value.field == field
    assert catalogue.subscriptions.all() == []


def test_subscribing_changing_and_ending(catalogue: Catalogue, memory: Memory, box: Mailbox) -> None:
    row, secret = catalogue.subscriptions.add(" mailto:anna@town.example ", publisher="Town")
    assert (row.address, row.publisher, row.wanted, row.language, secret) == (
        "mailto:anna@town.example", "town", "on_error", "fr", ""
    )  # fmt: skip
    with pytest.raises(Conflict):
        catalogue.subscriptions.add("anna@town.example", publisher="Town")
    assert catalogue.subscriptions.change(row.id, wanted="never", language="nl").wanted == "never"
    harvest(catalogue, memory, feed(12))
    assert catalogue.notices.tell() == 0
    assert catalogue.notices.trial(row.id).state == "sent"
    assert subjects(box) == ["Dit is een test"]
    with pytest.raises(Conflict, match="a moment ago"):
        catalogue.notices.trial(row.id)
    catalogue.subscriptions.remove(row.id)
    for ask in (catalogue.subscriptions.one, catalogue.subscriptions.remove, catalogue.notices.trial):
        with pytest.raises(NotFound):
            ask(row.id)
    what = [line.what for line in catalogue.audit.all() if line.what.startswith("notices")]
    assert what == ["notices.remove", "notices.change", "notices.add"]


def test_what_in_an_address_lets_people_in_is_in_no_audit_and_no_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue, _ = open_catalogue(tmp_path / "var")
    row, _ = catalogue.subscriptions.add("http://127.0.0.1:9/services/hush-hush?key=hush-hush")
    assert catalogue.notices.trial(row.id).state == "given-up"
    catalogue.subscriptions.change(row.id, wanted="never")
    catalogue.subscriptions.remove(row.id)
    told = repr(list(catalogue.audit.all())) + "".join(capsys.readouterr())
    assert "http://127.0.0.1:9/…" in told
    assert "hush-hush" not in told
    catalogue.close()


def test_a_publisher_has_so_many_and_no_more(catalogue: Catalogue) -> None:
    for n in range(20):
        catalogue.subscriptions.add(f"a{n}@town.example", publisher="Town")
    with pytest.raises(Conflict, match="20"):
        catalogue.subscriptions.add("more@town.example", publisher="Town")


@pytest.mark.parametrize(
    "settings", [{"mail_url": ""}, {"mail_url": "pigeon://x"}, {"mail_url": "smtp://"}, {"mail_from": "nobody"}]
)
def test_without_a_way_to_send_no_mailbox_is_taken(tmp_path: Path, settings: dict[str, str]) -> None:
    usable = {"mail_url": "smtp://127.0.0.1", "mail_from": "opendata@example.brussels"}
    catalogue, _ = open_catalogue(tmp_path / "var", **(usable | settings))
    with pytest.raises(Invalid, match=r"mail"):
        catalogue.subscriptions.add("anna@town.example")
    catalogue.close()


# --- by command ------------------------------------------------------------------------------------------------------


def test_by_command(tmp_path: Path, box: Mailbox, receiver: Receiver) -> None:
    mailing = {"MAIL_URL": box.url, "MAIL_FROM": "opendata@example.brussels"}
    invoke(tmp_path, "init")
    out, said = invoke(tmp_path, "notices", "add", receiver.url, "--publisher", "Town", "--when", "always")
    assert out.startswith("odh_")
    assert "town" in said
    invoke(tmp_path, "notices", "add", "anna@town.example", "--language", "nl", **mailing)
    out, _ = invoke(tmp_path, "notices", "list")
    assert [line.split()[0] for line in out.splitlines()] == ["id", "1", "2"]
    assert "odh_" not in out
    assert "mailto:anna@town.example" in out
    out, _ = invoke(tmp_path, "notices", "try", "2", **mailing)
    assert out == "The mail server took it.\n"
    assert "Dit is een test" in box.letters[0]["Subject"]
    receiver.answers = [status(500)]
    _, said = invoke(tmp_path, "notices", "try", "1", expect=1)
    assert "The receiver answered 500." in said
    out, _ = invoke(tmp_path, "notices", "log", "1")
    assert "given-up" in out
    invoke(tmp_path, "notices", "change", "2", "--when", "never", "--language", "de")
    _, two = json.loads(invoke(tmp_path, "notices", "list", "--json")[0])
    assert (two["wanted"], two["language"]) == ("never", "de")
    invoke(tmp_path, "notices", "remove", "1")
    assert "subscription 1" in invoke(tmp_path, "notices", "remove", "1", expect=1)[1]
    assert "no mail server" in invoke(tmp_path, "notices", "add", "bob@town.example", expect=2)[1]


def test_the_worker_tells(tmp_path: Path, receiver: Receiver) -> None:
    """From begin to end: a source that does not answer, a worker, a message."""
    invoke(tmp_path, "init")
    invoke(tmp_path, "source", "add", "http://127.0.0.1:9/feed.ttl", "--kind", "dcat", "--title", "Agency")
    invoke(tmp_path, "notices", "add", receiver.url)
    for _ in range(3):
        invoke(tmp_path, "harvest", "agency", expect=1)
    invoke(tmp_path, "worker", "--once")
    assert [(told["event"], told["facts"]["times"]) for told in receiver.told()] == [("failing", 3)]


def test_a_worker_that_is_killed_in_the_middle_doubles_nothing(tmp_path: Path, receiver: Receiver) -> None:
    invoke(tmp_path, "init")
    invoke(tmp_path, "source", "add", "http://127.0.0.1:9/feed.ttl", "--kind", "dcat", "--title", "Agency")
    for n in range(6):
        invoke(tmp_path, "notices", "add", f"{receiver.url}/{n}", "--when", "always")
    invoke(tmp_path, "harvest", "agency", expect=1)
    receiver.answers = [status(204), status(204), drip]
    with started(tmp_path, "worker") as worker:
        deadline = time.monotonic() + 30
        while len(receiver.got) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        worker.popen.kill()
        worker.popen.wait(20)
    invoke(tmp_path, "worker", "--once")
    told = [one["id"] for one in receiver.told()]
    assert len(told) == len(set(told)) == 6
    logs = [json.loads(invoke(tmp_path, "notices", "log", str(n), "--json")[0]) for n in range(1, 7)]
    assert sorted((log["state"], log["attempts"]) for (log,) in logs) == [("sent", 1)] * 5 + [("waiting", 1)]
