"""A problem told by a reader, from the form to the answer on the page, through a real mail server."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from mailbox import Mailbox, mailbox
from pathlib import Path

import pages
import pytest
from commands import invoke
from factory import Feed, open_catalogue, record, texts
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue import clock
from catalogue.questions import questions as asked
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from catalogue.store import questions
from catalogue.store.database import Transaction
from catalogue.store.questions import LetterRow
from catalogue.work.telling import Forwarding
from catalogue.work.worker import Worker
from dcat.model import Agent, Contact, Dataset, Iri
from web.app import create_app

URL, ANNA, DESK, PORTAL = "https://a.example/", "anna@home.example", "donnees@ville.example", "portail@region.example"
PAGE = "/fr/dataset/bancs"
FORM = f"{PAGE}/questions"
TEXT = "Le banc de la rue Haute manque."


class Stage:
    """A portal with a mail server, two datasets and a clock."""

    def __init__(self, catalogue: Catalogue, box: Mailbox) -> None:
        self.catalogue, self.box = catalogue, box
        self.client: FlaskClient = create_app(catalogue.settings, catalogue).test_client()
        self.moment = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def form(self, path: str = FORM) -> str:
        """The code of a form that is opened now."""
        page = pages.read(self.client, path)
        return next(one.get("value", "") for one in page.iter("input") if one.get("name") == "form")

    def send(self, text: str = TEXT, path: str = FORM, *, later: int = 60, **more: str) -> TestResponse:
        """The answer to a form that was open for so many seconds."""
        given = {"form": self.form(path), "text": text, **more}
        self.moment += timedelta(seconds=later)
        return self.client.post(path, data=given)

    def work(self, later: timedelta = timedelta()) -> None:
        """Time passes, and the worker sends what there is to send."""
        self.moment += later
        Worker(self.catalogue, chores=(Forwarding,)).once()

    def tidy(self, later: timedelta) -> None:
        """Time passes, and what is old is forgotten."""
        self.moment += later
        self.catalogue.tidying.all()

    def text(self, number: int = -1) -> str:
        """The words of a letter."""
        return str(self.box.letters[number].get_content())

    def link(self, what: str, number: int = -1) -> str:
        """The path of a link in a letter."""
        found = re.search(rf"https://data\.example\.brussels(/\w\w/question/\d+/{what}/\w+)", self.text(number))
        assert found
        return found[1]

    def said(self, path: str = PAGE) -> str:
        """The words of a page."""
        return pages.words(pages.one(pages.read(self.client, path), "body/main"))


def dataset(title: str, *contacts: str) -> Dataset:
    """A dataset of the town, with mailboxes."""
    contact = (Contact(email=tuple(Iri(f"mailto:{one}") for one in contacts)),) if contacts else ()
    return Dataset(title=texts(fr=title), publisher=Agent(name=texts(fr="Ville")), contact=contact)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with mailbox() as box:
        catalogue, memory = open_catalogue(
            tmp_path / "var", mail_url=box.url, mail_from="opendata@example.brussels", contact=PORTAL
        )
        source = catalogue.sources.add(URL, "memory", title="Agency", publisher="Ville").name
        memory.feeds[URL] = Feed([record("bancs", dataset("Bancs", DESK)), record("parcs", dataset("Parcs"))])
        made = Stage(catalogue, box)
        monkeypatch.setattr(clock, "now", lambda: made.moment)
        catalogue.runs.harvest(source)
        yield made
        catalogue.close()


def kept(stage: Stage, word: str) -> bool:
    """True while a word stands in a question of the database."""
    with stage.catalogue._database.read() as tx:
        rows = tx.exec_driver_sql("SELECT text, address, wording FROM questions").all()
    return any(word in field for row in rows for field in row)


def test_the_question_goes_to_the_publisher_without_who_asked(stage: Stage) -> None:
    assert stage.said().count("Signaler un problème ou poser une question") == 1
    assert "Merci" in pages.words(pages.tree(stage.send(address=ANNA)))
    stage.work()
    to_desk = next(one for one in stage.box.letters if one["To"] == DESK)
    assert TEXT in str(to_desk.get_content())
    assert ANNA not in to_desk.as_string()
    assert "sans compte" in str(to_desk.get_content())


def test_without_a_publishers_mailbox_it_goes_to_the_portal(stage: Stage) -> None:
    stage.send(path="/nl/dataset/parcs/questions")
    stage.work()
    assert [one["To"] for one in stage.box.letters] == [PORTAL]


def test_what_the_publishers_server_refuses_goes_to_the_portal(stage: Stage) -> None:
    stage.send()
    stage.box.unknown = {DESK}
    stage.work()
    assert [one["To"] for one in stage.box.letters] == [PORTAL]


def test_a_mail_server_that_is_away_loses_nothing(stage: Stage) -> None:
    stage.send()
    stage.box.to_data = "451 later"
    for _ in range(3):
        stage.work(timedelta(hours=9))
    stage.box.to_data = "250 OK"
    stage.work(timedelta(days=2))
    assert [one["To"] for one in stage.box.letters] == [DESK]


def test_a_question_that_is_forgotten_while_its_letter_is_sent_stops_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.send()
    taken = questions.taken

    def then_forgotten(tx: Transaction, moment: datetime, again: datetime, limit: int) -> list[LetterRow]:
        letters = taken(tx, moment, again, limit)
        questions.forget(tx, stage.moment + timedelta(days=1))
        return letters

    monkeypatch.setattr(questions, "taken", then_forgotten)
    assert stage.catalogue.question_letters.send(lambda _: None, Stop()) == 0
    assert not stage.box.letters


def test_the_answer_is_shown_only_when_it_is_let_through(stage: Stage) -> None:
    stage.send()
    stage.work()
    link = stage.link("answer")
    assert "Répondre à une question" in stage.said(link)
    tag = stage.client.get(PAGE).headers["ETag"]
    stage.client.post(link, data={"do": "answer", "answer": "Corrigé demain.", "wording": TEXT})
    assert "Corrigé demain." not in stage.said()
    stage.client.post(link, data={"do": "answer", "answer": "Corrigé.", "wording": "Un banc manque.", "show": "yes"})
    said = stage.said()
    assert "Corrigé." in said
    assert "Un banc manque." in said
    assert TEXT not in said
    assert stage.client.get(PAGE).headers["ETag"] != tag
    assert "Un banc manque." in stage.said(FORM)
    stage.client.post(link, data={"do": "close"})
    assert "Un banc manque." not in stage.said()


def test_who_asked_gets_the_answer_after_they_confirmed(stage: Stage) -> None:
    stage.send(address=ANNA)
    stage.work()
    (number,) = [number for number, one in enumerate(stage.box.letters) if one["To"] == ANNA]
    confirm, answer = stage.link("confirm", number), stage.link("answer", 1 - number)
    assert "Oui, envoyez-moi la réponse" in stage.said(confirm)
    stage.client.post(answer, data={"do": "answer", "answer": "Corrigé."})
    stage.work(timedelta(minutes=1))
    assert len(stage.box.letters) == 2
    stage.client.post(confirm)
    stage.work(timedelta(minutes=1))
    assert stage.box.letters[-1]["To"] == ANNA
    assert "Corrigé." in stage.text()
    assert not kept(stage, ANNA)
    stage.client.post(answer, data={"do": "answer", "answer": "Encore."})
    stage.work(timedelta(minutes=1))
    assert len(stage.box.letters) == 3


def test_who_asked_gets_the_answer_also_when_the_data_are_gone_by_then(stage: Stage) -> None:
    stage.send(address=ANNA)
    stage.work()
    (number,) = [number for number, one in enumerate(stage.box.letters) if one["To"] == ANNA]
    stage.client.post(stage.link("confirm", number))
    stage.catalogue.records.withdraw("agency", "bancs")
    stage.client.post(stage.link("answer", 1 - number), data={"do": "answer", "answer": "Retirés : ils étaient faux."})
    stage.work(timedelta(minutes=1))
    assert stage.box.letters[-1]["To"] == ANNA
    assert "Retirés : ils étaient faux." in stage.text()
    assert not kept(stage, ANNA)


def test_an_address_that_nobody_confirms_is_forgotten(stage: Stage) -> None:
    stage.send(address=ANNA)
    stage.work()
    assert kept(stage, ANNA)
    stage.tidy(timedelta(days=4))
    assert not kept(stage, ANNA)
    assert kept(stage, TEXT)


def test_what_was_asked_is_forgotten_and_what_is_shown_stays(stage: Stage) -> None:
    stage.send()
    stage.send("Une deuxième question reste ouverte.")
    stage.catalogue.questions.answer(1, asked.Answer("Oui.", "fr", is_shown=True, wording="Un banc ?"))
    stage.tidy(timedelta(days=91))
    assert not kept(stage, TEXT)
    assert not kept(stage, "deuxième")
    assert "Un banc ?" in stage.said()


@pytest.mark.parametrize(
    ("given", "later", "said"),
    [
        ({"text": "court"}, 60, "Écrivez entre 10 et 2000 caractères"),
        ({"address": "anna@"}, 60, "Ce n’est pas une adresse"),
        ({"website": "https://spam.example/"}, 60, "Un champ caché a été rempli"),
        ({}, 1, "tape aussi vite"),
        ({"form": "1.00.00"}, 60, "Ce formulaire est trop ancien"),
        ({"form": ""}, 60, "Ce formulaire est trop ancien"),
        ({}, 25 * 3600, "Ce formulaire est trop ancien"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_with_what_was_typed(
    stage: Stage, given: dict[str, str], later: int, said: str
) -> None:
    text = given.pop("text", TEXT)
    answer = stage.send(text, later=later, **given)
    page = pages.tree(answer)
    assert answer.status_code == 400
    assert said in pages.words(page)
    assert text in pages.words(pages.one(page, ".//textarea"))
    assert stage.catalogue.questions.listed()[0] == 0


def test_who_was_too_fast_may_send_the_same_form_again(stage: Stage) -> None:
    again = pages.tree(stage.send(later=1))
    code = next(one.get("value", "") for one in again.iter("input") if one.get("name") == "form")
    stage.moment += timedelta(seconds=30)
    for _ in range(2):
        assert stage.client.post(FORM, data={"text": TEXT, "form": code}).status_code == 200
    assert stage.catalogue.questions.listed()[0] == 1


def test_nobody_fills_the_house(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "WAITING", 1)
    assert stage.send().status_code == 200
    assert "attendent une réponse" in pages.words(pages.tree(stage.send()))
    monkeypatch.setattr(asked, "WAITING", 50)
    monkeypatch.setattr(asked, "A_DAY", 1)
    assert stage.send(path="/fr/dataset/parcs/questions").status_code == 400


def test_one_visitor_asks_a_few_times_a_minute(stage: Stage) -> None:
    form = {"form": stage.form(), "text": TEXT}
    from_home = {"environ_base": {"REMOTE_ADDR": "8.8.8.8"}}
    codes = [stage.client.post(FORM, data=form, **from_home).status_code for _ in range(4)]
    assert codes[-1] == 429


@pytest.mark.parametrize("path", ["/fr/question/1/answer/00", "/fr/question/7/confirm/00"])
def test_a_link_that_is_not_ours_opens_nothing(stage: Stage, path: str) -> None:
    stage.send()
    assert stage.client.get(path).status_code == 403
    assert stage.client.post(path, data={"do": "close"}).status_code == 403


def test_without_a_mail_server_it_waits_on_the_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue, memory = open_catalogue(tmp_path / "var", contact=PORTAL)
    source = catalogue.sources.add(URL, "memory", title="Agency", publisher="Ville").name
    memory.feeds[URL] = Feed([record("bancs", dataset("Bancs", DESK))])
    stage = Stage(catalogue, Mailbox())
    monkeypatch.setattr(clock, "now", lambda: stage.moment)
    catalogue.runs.harvest(source)
    assert [one.get("type") for one in pages.read(stage.client, FORM).iter("input")].count("email") == 0
    stage.send()
    assert Forwarding(catalogue).due(stage.moment) is None
    key, _ = catalogue.keys.create("Ville")
    stage.client.post("/fr/producers", data={"key": key})
    assert "1 question d’un lecteur attend" in stage.said("/fr/producers")
    page = pages.read(stage.client, "/fr/producers/questions")
    code = next(one.get("value", "") for one in page.iter("input") if one.get("name") == "form")
    given = {"form": code, "id": "1", "do": "answer", "answer": "Oui.", "show": "yes", "wording": TEXT}
    assert stage.client.post("/fr/producers/questions", data=given).status_code == 303
    assert TEXT in stage.said()
    catalogue.close()


def test_the_api_tells_and_takes_answers_of_ones_own(stage: Stage) -> None:
    stage.send(address=ANNA)
    key, _ = stage.catalogue.keys.create("Ville")
    other, _ = stage.catalogue.keys.create("Autre")
    operator, _ = stage.catalogue.keys.create("Region", ("harvest", "operator"))

    def of(key: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {key}"}

    for one, count in ((key, 1), (other, 0), (operator, 1)):
        answer = stage.client.get("/api/1/questions/?state=open", headers=of(one))
        assert answer.get_json()["total"] == count
        assert ANNA not in answer.text
    path, body = "/api/1/questions/1/answer/", {"answer": "Oui.", "public": True}
    assert stage.client.post(path, headers=of(other), json=body).status_code == 404
    assert stage.client.post(path, headers=of(key), json={"answer": ""}).status_code == 422
    assert stage.client.post(path, headers=of(key), json=body | {"language": "it"}).status_code == 422
    told = stage.client.post(path, headers=of(key), json=body).get_json()
    assert (told["state"], told["public"], told["question"], told["answer"]) == ("answered", True, TEXT, "Oui.")
    closed = stage.client.post("/api/1/questions/1/close/", headers=of(operator)).get_json()
    assert (closed["state"], closed["public"]) == ("closed", False)
    assert [one.subject for one in stage.catalogue.audit.all() if one.what == "question.answer"] == ["1", "1"]


def test_the_command_lists_answers_and_closes(stage: Stage) -> None:
    stage.send()
    stage.send("Et la rue Basse, où sont ses bancs ?")
    folder = stage.catalogue.settings.data_dir.parent

    def said(*words: str) -> str:
        return invoke(folder, "questions", *words)[0]

    assert "2 open" in said("list")
    assert "everybody sees it" in said("answer", "1", "Corrigé.", "--public")
    assert "closed" in said("close", "2")
    assert "0 open" in said("list")
    assert "Corrigé." in stage.said()
