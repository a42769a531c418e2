"""Following a dataset or a search by mail, from the form to the last letter, through a real mail server."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from mailbox import Mailbox, mailbox
from pathlib import Path

import msgspec
import pages
import pytest
from browsing import NARROW, served
from factory import Feed, Memory, concept, open_catalogue, record, texts
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from services import free_port

from catalogue import clock
from catalogue.notices import mail
from catalogue.search.base import SearchUnavailable
from catalogue.service import Catalogue
from catalogue.store import history
from catalogue.work.telling import Writing
from catalogue.work.worker import Worker
from dcat import vocab
from dcat.model import Dataset, Date
from web.app import create_app

URL, ANNA = "https://a.example/", "anna@home.example"
FORM = "/fr/dataset/bancs/follow"
LIST = "/fr/search/follow?theme=ENVI"


class Portal:
    """A portal with a mail server, a source and a clock."""

    def __init__(self, catalogue: Catalogue, memory: Memory, box: Mailbox) -> None:
        self.catalogue, self.memory, self.box = catalogue, memory, box
        self.client: FlaskClient = create_app(catalogue.settings, catalogue).test_client()
        self.moment = datetime(2026, 6, 1, 12, tzinfo=UTC)
        self.entry = Dataset(title=texts(fr="Bancs", nl="Banken"), description=texts(fr="Les bancs."))

    def read(self, *others: str, **changed: object) -> None:
        """The source says something else, and is read; `others`: what it has beside."""
        self.entry = msgspec.structs.replace(self.entry, **changed)
        beside = [record(one, msgspec.structs.replace(self.entry, title=texts(fr=one))) for one in others]
        self.memory.feeds[URL] = Feed([record("bancs", self.entry), *beside])
        self.catalogue.runs.harvest("agency")
        self.catalogue.index.catch_up()

    def work(self, later: timedelta = timedelta()) -> None:
        """Time passes, and the worker writes what there is to write."""
        self.moment += later
        Worker(self.catalogue, chores=(Writing,)).once()

    def ask(self, address: str = ANNA, form: str = FORM) -> str:
        """What the form answers."""
        answer = self.client.post(form, data={"address": address})
        return pages.words(pages.one(pages.tree(answer), "body/main"))

    def text(self, number: int = -1) -> str:
        """The words of a letter, with plain blanks and ends of lines."""
        said = str(self.box.letters[number].get_content())
        return said.replace("\N{NO-BREAK SPACE}", " ").replace("\r\n", "\n")

    def subject(self, number: int = -1) -> str:
        """What a letter is about, with plain blanks."""
        return str(self.box.letters[number]["Subject"]).replace("\N{NO-BREAK SPACE}", " ")

    def link(self, what: str, number: int = -1) -> str:
        """The path of a link in a letter."""
        found = re.search(rf"https://data\.example\.brussels(/\w\w/follow/\d+/{what}/\w+)", self.text(number))
        assert found
        return found[1]

    def follow(self, form: str = FORM) -> None:
        """Anna asks, and confirms."""
        self.ask(form=form)
        self.work()
        assert self.client.post(self.link("confirm")).status_code == 200


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    with mailbox() as box:
        catalogue, memory = open_catalogue(tmp_path / "var", mail_url=box.url, mail_from="opendata@example.brussels")
        catalogue.sources.add(URL, "memory", title="Agency")
        made = Portal(catalogue, memory, box)
        monkeypatch.setattr(clock, "now", lambda: made.moment)
        made.read(theme=(concept(vocab.THEMES, "ENVI"),))
        yield made
        catalogue.close()


def kept(portal: Portal) -> bool:
    """True while anything of Anna is in the database."""
    file = portal.catalogue.settings.data_dir / "catalogue.sqlite"
    with portal.catalogue._database.read() as tx:
        found = tx.exec_driver_sql("SELECT count(*) FROM follows WHERE address = ?", (ANNA,)).scalar_one()
    assert file.exists()
    return bool(found)


def test_nothing_is_sent_before_the_owner_of_the_address_says_yes(portal: Portal) -> None:
    assert "Regardez votre boîte de réception" in portal.ask()
    portal.work()
    (letter,) = portal.box.letters
    assert (letter["To"], portal.subject()) == (ANNA, "[Datastore] Voulez-vous suivre « Bancs » ?")
    portal.read(title=texts(fr="Chaises"))
    portal.work(timedelta(hours=30))
    assert len(portal.box.letters) == 1
    assert kept(portal)


def test_who_does_not_answer_is_forgotten(portal: Portal) -> None:
    portal.ask()
    portal.work()
    portal.work(timedelta(days=3))
    assert not kept(portal)
    assert portal.client.post(portal.link("confirm")).status_code == 403


def test_opening_a_link_does_nothing(portal: Portal) -> None:
    portal.ask()
    portal.work()
    answer = portal.client.get(portal.link("confirm"))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Oui, écrivez-moi" in pages.words(pages.one(pages.tree(answer), "body/main"))
    portal.read(title=texts(fr="Chaises"))
    portal.work(timedelta(hours=2))
    assert len(portal.box.letters) == 1


def test_changes_are_told_once_a_day_at_most(portal: Portal) -> None:
    portal.follow()
    portal.read(title=texts(fr="Chaises", nl="Stoelen"))
    portal.work(timedelta(hours=2))
    assert portal.subject() == "[Datastore] « Chaises » a changé"
    assert "- Titre (FR): Bancs → Chaises" in portal.text()
    assert "https://data.example.brussels/fr/dataset/bancs/changes" in portal.text()
    portal.read(title=texts(fr="Tables"))
    portal.work(timedelta(hours=2))
    assert len(portal.box.letters) == 2
    portal.work(timedelta(hours=23))
    assert len(portal.box.letters) == 3
    portal.work(timedelta(days=2))
    assert len(portal.box.letters) == 3


def test_letters_are_in_the_language_of_the_page(portal: Portal) -> None:
    portal.follow(FORM.replace("/fr/", "/nl/"))
    portal.read(title=texts(nl="Stoelen"))
    portal.work(timedelta(hours=2))
    assert portal.subject() == "[Datastore] “Stoelen” is gewijzigd"
    assert portal.box.letters[-1]["Content-Language"] == "nl"


def test_what_is_late_is_told_once(portal: Portal) -> None:
    portal.read(frequency=concept(vocab.FREQUENCIES, "MONTHLY"), modified=Date("2026-05-20"))
    portal.follow()
    portal.work(timedelta(days=20))
    assert len(portal.box.letters) == 1
    portal.work(timedelta(days=20))
    assert portal.subject() == "[Datastore] « Bancs » est en retard"
    portal.work(timedelta(days=20))
    assert len(portal.box.letters) == 2


def test_what_is_removed_is_told_and_the_address_forgotten(portal: Portal) -> None:
    portal.follow()
    portal.catalogue.records.withdraw("agency", "bancs")
    portal.work(timedelta(hours=2))
    assert portal.subject() == "[Datastore] « Bancs » a été retiré"
    assert not kept(portal)


def test_what_is_new_changes_is_late_and_is_removed_in_a_search_is_told(portal: Portal) -> None:
    portal.read("arbres", frequency=concept(vocab.FREQUENCIES, "MONTHLY"), modified=Date("2026-05-28"))
    portal.follow(LIST)
    portal.work(timedelta(hours=2))
    assert len(portal.box.letters) == 1
    assert "quand quelque chose dans « Environnement » est nouveau" in portal.text()
    portal.catalogue.records.withdraw("agency", "arbres")
    portal.read("fontaines", title=texts(fr="Chaises"))
    portal.work(timedelta(hours=2))
    assert portal.subject() == "[Datastore] Du nouveau dans « Environnement »"
    site = "https://data.example.brussels/fr"
    for told in (
        f"- Nouveau : fontaines\n  {site}/dataset/fontaines",
        f"- A changé : Chaises\n  {site}/dataset/bancs",
        f"- Retiré : arbres\n  {site}/dataset/arbres",
        f"{site}/search?theme=ENVI",
    ):
        assert told in portal.text()
    portal.work(timedelta(days=2))
    assert len(portal.box.letters) == 2
    portal.moment += timedelta(days=40)
    portal.catalogue.index.catch_up()
    portal.work()
    assert told_of(portal) == {"- En retard : Chaises", "- En retard : fontaines"}


def told_of(portal: Portal) -> set[str]:
    """The lines of the last letter."""
    return {line for line in portal.text().splitlines() if line.startswith("- ")}


def test_what_changed_is_asked_once_for_all_who_are_looked_at_together(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, touched = [], history.touched
    monkeypatch.setattr(history, "touched", lambda tx, *span: asked.append(span) or touched(tx, *span))
    for number in range(5):
        portal.ask(f"anna{number}@home.example", LIST)
        portal.work()
        assert portal.client.post(portal.link("confirm")).status_code == 200
    portal.work(timedelta(hours=25))  # each was confirmed at a moment of its own
    portal.read("bancs-de-pierre")
    asked.clear()
    portal.box.letters.clear()
    portal.work(timedelta(hours=25))
    assert (len(portal.box.letters), len(asked)) == (5, 1)


def test_an_address_gets_one_letter_a_day_about_all_that_it_follows(portal: Portal) -> None:
    portal.follow()
    portal.follow(LIST)
    portal.read("fontaines", title=texts(fr="Chaises", nl="Banken"))
    portal.work(timedelta(hours=2))
    assert len(portal.box.letters) == 3
    assert portal.subject() == "[Datastore] Du nouveau dans 2 choses que vous suivez"
    assert told_of(portal) == {"- Titre (FR): Bancs → Chaises", "- Nouveau : fontaines", "- A changé : Chaises"}
    portal.follow("/fr/search/follow?q=fontaines")
    portal.read("fontaines", "fontaines bis")
    portal.work(timedelta(hours=2))
    assert len(portal.box.letters) == 4  # the one that asks; the others rest
    portal.work(timedelta(days=1))
    assert portal.subject() == "[Datastore] Du nouveau dans 2 choses que vous suivez"
    assert told_of(portal) == {"- Nouveau : fontaines bis"}
    answer = portal.client.post(portal.link("all"))
    assert "votre adresse est oubliée" in answer.text
    assert not kept(portal)


def test_each_of_what_a_letter_tells_can_be_ended_by_itself(portal: Portal) -> None:
    portal.follow()
    portal.follow(LIST)
    portal.read(title=texts(fr="Chaises"))
    portal.work(timedelta(hours=2))
    portal.client.post(portal.link("end"))
    assert kept(portal)
    portal.catalogue.records.withdraw("agency", "bancs")
    portal.work(timedelta(days=2))
    assert portal.subject() == "[Datastore] Du nouveau dans « Environnement »"
    assert told_of(portal) == {"- Retiré : Chaises"}


def test_nobody_has_us_send_links_to_the_mailbox_of_another(portal: Portal) -> None:
    portal.ask(form="/fr/search/follow?q=BUY+http://evil.example/x+now&keyword=www.evil.example")
    portal.work()
    said = f"{portal.subject()}\n{portal.text()}"
    assert "BUY http evil example x now" in said
    assert "evil.example" not in said


def test_a_search_that_finds_too_much_is_not_followed_by_mail(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.follow.MOST", 0)
    assert "trop pour des messages" in portal.ask(form=LIST)
    assert not kept(portal)
    assert portal.client.post("/fr/search/follow?theme=NOTHING", data={"address": ANNA}).status_code == 400


def test_nothing_is_taken_for_removed_while_the_index_does_not_answer(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.follow(LIST)
    with monkeypatch.context() as patch:
        patch.setattr(portal.catalogue.index, "search", away)
        portal.work(timedelta(days=1))
    portal.read("fontaines")
    portal.work(timedelta(days=1))
    assert told_of(portal) == {"- Nouveau : fontaines"}


def away(_query: object) -> None:
    raise SearchUnavailable("The index does not answer.")


def test_pages_of_lists_offer_it(portal: Portal) -> None:
    for page in ("/fr/search?theme=ENVI", "/fr/theme/ENVI"):
        assert "/fr/search/follow?theme=ENVI" in portal.client.get(page).text
    assert "/fr/search/follow?area=21001" in portal.client.get("/fr/commune/anderlecht").text


def test_one_click_ends_it_as_mail_programs_do(portal: Portal) -> None:
    portal.follow()
    portal.read(title=texts(fr="Chaises"))
    portal.work(timedelta(hours=2))
    letter = portal.box.letters[-1]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"] == f"<https://data.example.brussels{portal.link('end')}>"
    answer = portal.client.post(portal.link("end"), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not kept(portal)
    portal.read(title=texts(fr="Tables"))
    portal.work(timedelta(days=2))
    assert len(portal.box.letters) == 2


def test_a_link_of_somebody_else_is_none(portal: Portal) -> None:
    portal.ask()
    portal.work()
    confirm = portal.link("confirm")
    assert portal.client.post(confirm.replace("/confirm/", "/end/")).status_code == 403
    assert portal.client.get(confirm.rpartition("/")[0] + "/" + "0" * 40).status_code == 403
    assert kept(portal)


def test_nobody_fills_the_mailbox_of_another(portal: Portal) -> None:
    said = {portal.ask() for _ in range(4)}
    portal.work()
    assert len(said) == 1
    assert len(portal.box.letters) == 1


def test_an_address_that_is_none_is_told(portal: Portal) -> None:
    for wrong in ("anna", "", "a@b\r\nBcc: c@d.example", "ä@home.example", "a" * 300 + "@home.example"):
        assert "Ce n’est pas une adresse e-mail." in portal.ask(wrong)
    assert portal.client.post(FORM, data={"address": "x"}).status_code == 400


def test_an_address_that_the_server_refuses_is_forgotten(portal: Portal) -> None:
    portal.box.to_recipient = "550 no such user"
    portal.ask()
    portal.work()
    assert not kept(portal)


def test_a_server_that_is_away_is_tried_again(portal: Portal) -> None:
    portal.box.to_data = "451 later"
    portal.ask()
    portal.work()
    portal.box.to_data = "250 OK"
    portal.work(timedelta(minutes=6))
    assert len(portal.box.letters) == 1


def test_nobody_is_forgotten_because_the_mail_server_is_away(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    portal.follow()
    portal.read(title=texts(fr="Chaises"))
    with monkeypatch.context() as patch:
        nowhere = mail.Server("127.0.0.1", free_port(), is_wrapped=False, user="", password="")
        patch.setattr(mail, "server_of", lambda _settings: nowhere)
        for _ in range(12):
            portal.work(timedelta(hours=8))
    assert len(portal.box.letters) == 1
    portal.work(timedelta(hours=8))
    assert portal.subject() == "[Datastore] « Chaises » a changé"


def test_where_no_mail_can_be_sent_nobody_is_offered_it(
    empty_catalogue: tuple[Catalogue, Memory],
) -> None:
    catalogue, memory = empty_catalogue
    catalogue.sources.add(URL, "memory", title="Agency")
    memory.feeds[URL] = Feed([record("bancs", Dataset(title=texts(fr="Bancs")))])
    catalogue.runs.harvest("agency")
    client = create_app(catalogue.settings, catalogue).test_client()
    assert client.get(FORM).status_code == 404
    assert client.post(FORM, data={"address": ANNA}).status_code == 404
    assert FORM not in client.get("/fr/dataset/bancs").text
    assert Writing(catalogue).due(clock.now()) is None


def test_a_journey_in_a_browser_without_scripts(portal: Portal, browser: Browser) -> None:
    with served(portal.client.application) as site:
        context = browser.new_context(viewport=NARROW, java_script_enabled=False)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(f"{site}/fr/dataset/bancs")
        page.get_by_role("link", name="Suivre par e-mail").click()
        page.get_by_label("Votre adresse e-mail").fill(ANNA)
        page.get_by_role("button", name="Suivre").click()
        assert "Regardez votre boîte de réception" in page.get_by_role("status").inner_text()
        for what, button, done in (
            ("confirm", "Oui, écrivez-moi", "nous vous écrirons en cas de changement"),
            ("end", "Ne plus m’écrire à ce sujet", "nous n’écrivons plus"),
        ):
            portal.read(title=texts(fr=f"Bancs {what}"))
            portal.work(timedelta(hours=30))
            page.goto(site + portal.link(what))
            page.get_by_role("button", name=button).click()
            assert done in page.get_by_role("status").inner_text()
        assert not kept(portal)
        context.close()
