"""What producers do, signed in with a key: the door, what is theirs, and what each button does."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pages
import pytest
from factory import Feed, Memory, open_catalogue, record, texts
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue import clock
from catalogue.checking.finding_out import Proposal
from catalogue.errors import Unreadable
from catalogue.service import Catalogue
from catalogue.work.rehearsing import Rehearsing
from catalogue.work.worker import Worker
from dcat.model import Dataset
from web.app import create_app
from web.http.allowances import WRONG_KEYS
from web.producers import registering
from web.producers.door import COOKIE

URL = "https://agency.example/feed"


class Stage(NamedTuple):
    """A portal with two publishers, of whom one has a source."""

    catalogue: Catalogue
    memory: Memory
    client: FlaskClient
    key: str
    source: str

    def feed(self, *numbers: int) -> None:
        """What the source lists from now on."""
        entries = [record(f"r{one}", Dataset(title=texts(fr=f"Jeu {one}"))) for one in numbers]
        self.memory.feeds[URL] = Feed(entries)

    def hold(self) -> int:
        """A run that holds thirty removals; its number."""
        self.feed(*range(10))
        run = self.catalogue.runs.harvest(self.source)
        assert (run.state, run.held) == ("held", 30)
        return run.id

    def sign_in(self, key: str = "") -> TestResponse:
        """The answer to a key."""
        return self.client.post("/en/producers", data={"key": key or self.key})

    def send(self, path: str, do: str, **fields: str) -> TestResponse:
        """The answer to a form of a page, with what proves that it is ours."""
        page = pages.read(self.client, path)
        (token, *_) = [one.get("value", "") for one in page.iter("input") if one.get("name") == "form"]
        return self.client.post(path, data={"form": token, "do": do, **fields})


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A source of forty entries, read once."""
    catalogue, memory = open_catalogue(tmp_path / "var")
    source = catalogue.sources.add(URL, "memory", title="Agence", publisher="Ville").name
    key, _row = catalogue.keys.create("Ville")
    stage = Stage(catalogue, memory, create_app(catalogue.settings, catalogue).test_client(), key, source)
    stage.feed(*range(40))
    catalogue.runs.harvest(source)
    yield stage
    catalogue.close()


def said(answer: TestResponse) -> str:
    """The words of a page."""
    return pages.words(pages.one(pages.tree(answer), "body/main"))


# --- the door --------------------------------------------------------------------------------------------------------


def test_a_key_opens_a_session_whose_cookie_is_for_these_pages_alone(stage: Stage) -> None:
    answer = stage.sign_in()
    assert (answer.status_code, answer.location) == (303, "/en/producers")
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 4
    for lang, cookie in zip(("fr", "nl", "de", "en"), cookies, strict=True):
        assert {"HttpOnly", "Secure", "SameSite=Strict", f"Path=/{lang}/producers"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert stage.key not in cookie
    page = stage.client.get("/en/producers")
    assert "What to do next" in said(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Cookie" in page.vary
    assert pages.tree(page).findall("head/meta[@name='robots']")


@pytest.mark.against("TC-25")
def test_no_public_page_knows_of_cookies(stage: Stage) -> None:
    before = [stage.client.get(path) for path in ("/en/", "/en/search", f"/en/source/{stage.source}", "/en/about")]
    session = stage.sign_in().headers.getlist("Set-Cookie")[0].partition(";")[0]
    stage.client.set_cookie(COOKIE, session.partition("=")[2], path="/")
    for first in before:
        again = stage.client.get(first.request.path)
        assert again.data == first.data
        assert "Set-Cookie" not in again.headers
        assert "Cookie" not in again.vary


@pytest.mark.against("TC-06")
def test_each_sign_in_is_a_new_session_and_ends_the_one_before(stage: Stage) -> None:
    first, second = (cookie_of(stage.sign_in()) for _ in range(2))
    assert first != second
    assert stage.catalogue.sessions.key(first) is None
    assert stage.catalogue.sessions.key(second) is not None


def cookie_of(answer: TestResponse) -> str:
    """What the browser was given."""
    return answer.headers.getlist("Set-Cookie")[0].partition(";")[0].removeprefix(f"{COOKIE}=")


@pytest.mark.against("TC-06")
def test_signing_out_ends_it_on_our_side_too(stage: Stage) -> None:
    session = cookie_of(stage.sign_in())
    answer = stage.send("/en/producers/keys", "sign-out")
    assert answer.status_code == 303
    assert stage.catalogue.sessions.key(session) is None
    assert "Sign in with your key" in said(stage.client.get("/en/producers/keys"))


@pytest.mark.parametrize("how", ["hours", "revoked"])
def test_it_ends_after_eight_hours_and_with_the_key(stage: Stage, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    session = cookie_of(stage.sign_in())
    assert stage.catalogue.sessions.key(session) is not None
    if how == "hours":
        later = clock.now() + timedelta(hours=8)
        monkeypatch.setattr(clock, "now", lambda: later)
        stage.catalogue.tidying.all()
    else:
        stage.catalogue.keys.revoke(stage.catalogue.keys.all()[0].id)
    assert stage.catalogue.sessions.key(session) is None
    assert "Sign in with your key" in said(stage.client.get("/en/producers"))


def test_wrong_keys_are_refused_and_soon_not_looked_at(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now().replace(second=0)
    monkeypatch.setattr(clock, "now", lambda: now)
    stage.client.environ_base["REMOTE_ADDR"] = "8.8.8.8"
    for _ in range(WRONG_KEYS):
        answer = stage.sign_in("odc_nothing")
        assert answer.status_code == 403
        assert "This key is not known here" in said(answer)
        assert "odc_nothing" not in answer.text
    refused = stage.sign_in()
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "Too many keys" in said(refused)
    later = now + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert stage.sign_in().status_code == 303


@pytest.mark.against("TC-05")
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
def test_no_other_site_can_send_a_form(stage: Stage, headers: dict[str, str]) -> None:
    assert stage.client.post("/en/producers", data={"key": stage.key}, headers=headers).status_code == 403
    stage.sign_in()
    token = form_token(stage)
    path = f"/en/producers/source/{stage.source}"
    answer = stage.client.post(path, data={"form": token, "do": "pause"}, headers=headers)
    assert answer.status_code == 403
    assert stage.catalogue.sources.named(stage.source).active


@pytest.mark.against("TC-05")
@pytest.mark.parametrize("token", ["", "x", "é", "0011223344556677.00112233445566770011223344556677"])
def test_a_form_without_its_proof_does_nothing(stage: Stage, token: str) -> None:
    stage.sign_in()
    path = f"/en/producers/source/{stage.source}"
    assert stage.client.post(path, data={"form": token, "do": "pause"}).status_code == 403
    assert stage.catalogue.sources.named(stage.source).active


def test_the_proof_of_one_session_is_none_of_another(stage: Stage) -> None:
    stage.sign_in()
    token = form_token(stage)
    assert token != form_token(stage)  # each page has its own
    stage.sign_in()
    path = f"/en/producers/source/{stage.source}"
    assert stage.client.post(path, data={"form": token, "do": "pause"}).status_code == 403


def form_token(stage: Stage) -> str:
    """What the forms of a page carry."""
    found = re.search(r'name="form" value="([^"]+)"', stage.client.get("/en/producers").text)
    assert found
    return found[1]


def test_what_was_typed_is_kept_when_the_session_ended(stage: Stage) -> None:
    path = f"/en/producers/source/{stage.source}/change"
    typed = {"form": "old", "do": "change", "title": "Typed", "url": URL, "schedule": "0 3 * * *"}
    answer = stage.client.post(path, data=typed)
    assert "what you typed is kept" in said(answer)
    kept = {
        str(one.get("name")): one.get("value", "")
        for one in pages.tree(answer).iter("input")
        if one.get("type") == "hidden"
    }
    assert kept == {"title": "Typed", "url": URL, "schedule": "0 3 * * *"}
    again = stage.client.post(path, data={**kept, "key": stage.key})
    assert again.status_code == 200
    assert 'value="Typed"' in again.text
    assert stage.catalogue.sources.named(stage.source).title == "Agence"
    assert COOKIE in again.headers["Set-Cookie"]


def test_what_belongs_to_another_is_not_there(stage: Stage) -> None:
    key, _ = stage.catalogue.keys.create("Autre")
    run = stage.hold()
    assert stage.sign_in(key).status_code == 303
    token = form_token(stage)
    for path in ("", "/change", f"/run/{run}"):
        address = f"/en/producers/source/{stage.source}{path}"
        assert stage.client.get(address).status_code == 404
        for do in ("read", "pause", "approve", "keep", "change"):
            assert stage.client.post(address, data={"form": token, "do": do}).status_code == 404
    mine = stage.catalogue.keys.all()[0]
    for do in ("rotate", "revoke"):
        sent = {"form": token, "do": do, "id": str(mine.id)}
        assert stage.client.post("/en/producers/keys", data=sent).status_code == 404
    assert stage.catalogue.runs.held(stage.source) is not None
    assert stage.catalogue.keys.all()[0].revoked is None


def test_a_key_for_pushing_only_decides_nothing(stage: Stage) -> None:
    key, _ = stage.catalogue.keys.create("Ville", ("push",))
    stage.sign_in(key)
    assert stage.send(f"/en/producers/source/{stage.source}", "pause").status_code == 403
    assert stage.send("/en/producers/keys", "make").status_code == 403
    assert stage.catalogue.sources.named(stage.source).active


# --- what there is to do ---------------------------------------------------------------------------------------------


def test_what_readers_lose_most_by_stands_first(stage: Stage) -> None:
    stage.memory.feeds[URL].records.append(record("bad", Dataset()))
    run = stage.hold()
    stage.sign_in()
    page = pages.read(stage.client, "/en/producers")
    tasks = [pages.words(one) for one in page.findall("body/main/section/ol/li")]
    assert tasks[0].startswith("30 entries are missing in “Agence”: remove them, or keep them?")
    assert any("There is no description" in one for one in tasks[1:])
    assert f"/en/producers/source/{stage.source}/run/{run}" in pages.links(page)
    stage.memory.feeds[URL].error = OSError("down")
    stage.catalogue.runs.harvest(stage.source)
    page = pages.read(stage.client, "/en/producers")
    assert pages.words(page.findall("body/main/section/ol/li")[0]).startswith("“Agence” could not be read.")
    assert pages.counted_elements(page) <= 390


def test_a_held_run_is_decided_by_a_button(stage: Stage) -> None:
    run = stage.hold()
    public = said(stage.client.get(f"/en/source/{stage.source}/run/{run}"))
    assert "30 entries are missing at the source. They stay until the publisher decides." in public
    stage.sign_in()
    path = f"/en/producers/source/{stage.source}/run/{run}"
    assert "Remove 30 entries" in said(stage.client.get(path))
    answer = stage.send(path, "approve")
    assert (answer.status_code, answer.location) == (303, path)
    assert stage.catalogue.entries.counts().datasets == 10
    assert "Remove 30 entries" not in said(stage.client.get(path))
    token = form_token(stage)
    again = stage.client.post(path, data={"form": token, "do": "approve"})
    assert again.status_code == 422
    assert pages.tree(again).findall(".//div[@role='alert']")
    path = path.replace("/en/", "/fr/")
    assert "Rien n’a été modifié." in said(stage.client.post(path, data={"form": form_token(stage), "do": "approve"}))
    lines = [(one.who, one.what) for one in stage.catalogue.audit.all()]
    assert any(who.startswith("key odc_") and what == "removals.approve" for who, what in lines)


def test_what_is_held_can_be_kept(stage: Stage) -> None:
    run = stage.hold()
    stage.sign_in()
    stage.send(f"/en/producers/source/{stage.source}/run/{run}", "keep")
    assert stage.catalogue.entries.counts().datasets == 40
    assert stage.catalogue.runs.held(stage.source) is None


def test_a_source_is_read_paused_and_resumed(stage: Stage) -> None:
    stage.sign_in()
    path = f"/en/producers/source/{stage.source}"
    assert stage.send(path, "read").status_code == 303
    assert stage.catalogue.runs.of_source(stage.source)[0].state == "queued"
    assert stage.send(path, "pause").status_code == 303
    assert not stage.catalogue.sources.named(stage.source).active
    assert stage.send(path, "resume").status_code == 303
    assert stage.catalogue.sources.named(stage.source).active
    assert stage.send(path, "explode").status_code == 422


def test_a_source_is_changed_by_a_form(stage: Stage) -> None:
    stage.sign_in()
    path = f"/en/producers/source/{stage.source}/change"
    fields = {"title": "Neuf", "url": "https://agency.example/new", "schedule": "0 3 * * *"}
    answer = stage.send(path, "change", **fields)
    assert (answer.status_code, answer.location) == (303, f"/en/producers/source/{stage.source}")
    row = stage.catalogue.sources.named(stage.source)
    assert (row.title, row.url, row.schedule) == tuple(fields.values())
    wrong = stage.send(path, "change", **{**fields, "url": "ftp://x", "title": "Typed"})
    assert wrong.status_code == 422
    assert 'value="Typed"' in wrong.text
    assert 'value="ftp://x"' in wrong.text
    assert pages.tree(wrong).findall(".//input[@aria-invalid='true'][@id='url']")
    assert stage.catalogue.sources.named(stage.source).url == fields["url"]


def test_options_of_a_kind_are_fields(stage: Stage) -> None:
    name = stage.catalogue.sources.add("https://ckan.example", "ckan", title="CKAN", publisher="Ville").name
    stage.sign_in()
    path = f"/en/producers/source/{name}/change"
    fields = {"title": "CKAN", "url": "https://ckan.example", "schedule": "", "option-organisations": "cpas, ville"}
    assert stage.send(path, "change", **fields).status_code == 303
    assert stage.catalogue.sources.named(name).config["organisations"] == ["cpas", "ville"]
    assert 'value="cpas, ville"' in stage.client.get(path).text
    assert stage.send(path, "change", **{**fields, "option-organisations": ""}).status_code == 303
    assert "organisations" not in stage.catalogue.sources.named(name).config
    wrong = stage.send(path, "change", **{**fields, "option-rows": "many"})
    assert wrong.status_code == 422


# --- keys ------------------------------------------------------------------------------------------------------------


def shown_key(answer: TestResponse) -> str:
    """The key that a page shows."""
    (key,) = set(re.findall(r"odc_[0-9A-Za-z]{36}", answer.text))
    return key


def test_keys_are_made_replaced_and_revoked(stage: Stage) -> None:
    stage.sign_in()
    made = shown_key(stage.send("/en/producers/keys", "make"))
    row = stage.catalogue.keys.authenticate(made)
    assert (row.publisher, row.scopes) == ("ville", ("harvest", "push"))
    assert made not in stage.client.get("/en/producers/keys").text
    replaced = shown_key(stage.send("/en/producers/keys", "rotate", id=str(row.id)))
    assert stage.catalogue.keys.authenticate(replaced).publisher == "ville"
    assert "This key is not known here" in said(fresh(stage).post("/en/producers", data={"key": made}))
    number = stage.catalogue.keys.authenticate(replaced).id
    assert stage.send("/en/producers/keys", "revoke", id=str(number)).status_code == 303
    assert fresh(stage).post("/en/producers", data={"key": replaced}).status_code == 403
    assert stage.send("/en/producers/keys", "revoke", id="x").status_code == 404


def fresh(stage: Stage) -> FlaskClient:
    """Another browser."""
    return create_app(stage.catalogue.settings, stage.catalogue).test_client()


def test_who_replaces_the_own_key_stays_signed_in(stage: Stage) -> None:
    before = cookie_of(stage.sign_in())
    answer = stage.send("/en/producers/keys", "rotate", id=str(stage.catalogue.keys.all()[0].id))
    assert stage.catalogue.sessions.key(before) is None
    assert stage.catalogue.keys.authenticate(shown_key(answer)).publisher == "ville"
    assert "What to do next" in said(stage.client.get("/en/producers"))


def test_who_revokes_the_own_key_is_signed_out(stage: Stage) -> None:
    stage.sign_in()
    stage.send("/en/producers/keys", "revoke", id=str(stage.catalogue.keys.all()[0].id))
    assert "Sign in with your key" in said(stage.client.get("/en/producers"))


@pytest.mark.parametrize("lang", pages.LANGUAGES)
def test_every_page_is_valid_light_and_not_for_search_engines(stage: Stage, lang: str) -> None:
    run = stage.hold()
    source = f"/producers/source/{stage.source}"
    paths = ("/producers", "/producers/keys", source, f"{source}/change", f"{source}/run/{run}")
    for signed_in in (False, True):
        for path in paths:
            page = pages.read(stage.client, f"/{lang}{path}")
            assert pages.counted_elements(page) <= 390, path
            assert page.findall("head/meta[@name='robots']"), path
        if not signed_in:
            stage.client.post(f"/{lang}/producers", data={"key": stage.key})


# --- trying all of a source ------------------------------------------------------------------------------------------


def test_all_of_a_source_is_tried_and_nothing_is_published(stage: Stage) -> None:
    stage.sign_in()
    path = f"/en/producers/source/{stage.source}/trial"
    assert "Try all of it" in said(stage.client.get(path))
    stage.feed(*range(1, 39))
    assert stage.send(path, "try").location == path
    assert "It waits for its turn" in said(stage.client.get(path))
    Worker(stage.catalogue, chores=(Rehearsing,)).once()
    words = said(stage.client.get(path))
    assert "38 records seen: 0 new, 0 changed, 38 as before" in words
    assert "2 would wait" in words
    assert "What is no longer listed" in words
    assert "r39" in words
    assert len(stage.catalogue.runs.of_source(stage.source)) == 1


def test_a_change_is_tried_without_saving_it(stage: Stage) -> None:
    stage.sign_in()
    page = f"/en/producers/source/{stage.source}"
    stage.memory.feeds["https://agency.example/other"] = Feed([record("r1", Dataset(title=texts(fr="Autre")))])
    fields = {"title": "Agence", "schedule": "", "option-color": "red", "option-deadline": "5"}
    answer = stage.send(f"{page}/change", "try", url="https://agency.example/other", **fields)
    assert answer.location == f"{page}/trial"
    Worker(stage.catalogue, chores=(Rehearsing,)).once()
    words = said(stage.client.get(f"{page}/trial"))
    assert "Tried with Address https://agency.example/other color red" in words
    assert "This is not saved." in words
    assert "Jeu 1@frAutre@fr" in words
    source = stage.catalogue.sources.named(stage.source)
    assert (source.url, source.config) == (URL, {})


# --- approving sources -----------------------------------------------------------------------------------------------


def waiting_source(stage: Stage, number: int) -> str:
    """A source that a producer registered, which waits."""
    settings = replace(stage.catalogue.settings, source_approval=True)
    with closing(Catalogue(settings, stage.catalogue.harvesters)) as asking:
        url = f"https://new.example/{number}"
        return asking.sources.add(url, "memory", title=f"Parcs {number}", publisher="Ville", by_producer=True).name


def test_an_operator_approves_or_declines_what_waits(stage: Stage) -> None:
    first, second = waiting_source(stage, 1), waiting_source(stage, 2)
    stage.sign_in()
    assert "“Parcs 1” waits for approval." in said(stage.client.get("/en/producers"))
    assert stage.client.get("/en/producers/waiting").status_code == 403
    operator, _row = stage.catalogue.keys.create("Region", ("operator",))
    stage.sign_in(operator)
    assert "2 sources wait for your approval." in said(stage.client.get("/en/producers"))
    assert "https://new.example/1" in said(stage.client.get("/en/producers/waiting"))
    assert stage.send("/en/producers/waiting", "approve", id=first).status_code == 303
    refused = stage.send("/en/producers/waiting", "decline", id=second, reason=" ")
    assert refused.status_code == 422
    assert "Say why" in said(refused)
    stage.send("/en/producers/waiting", "decline", id=second, reason="It is not of the region.")
    assert "No source waits." in said(stage.client.get("/en/producers/waiting"))
    stage.sign_in()
    assert "It is not of the region." in said(stage.client.get(f"/en/producers/source/{second}"))
    assert "“Parcs 2” was declined" in said(stage.client.get("/en/producers"))
    assert stage.catalogue.sources.named(first).approved
    stage.send(
        f"/en/producers/source/{second}/change", "change", title="Parcs", url="https://new.example/3", schedule=""
    )
    assert [one.title for one in stage.catalogue.sources.waiting()] == ["Parcs"]


def test_a_producer_has_no_say_in_approvals(stage: Stage) -> None:
    name = waiting_source(stage, 1)
    stage.sign_in()
    page = pages.read(stage.client, "/en/producers/keys")
    (token, *_) = [one.get("value", "") for one in page.iter("input") if one.get("name") == "form"]
    answer = stage.client.post("/en/producers/waiting", data={"form": token, "do": "approve", "id": name})
    assert answer.status_code == 403
    assert not stage.catalogue.sources.named(name).approved


# --- withdrawn records -----------------------------------------------------------------------------------------------


def test_what_was_withdrawn_is_put_back_with_a_button(stage: Stage) -> None:
    stage.catalogue.records.withdraw(stage.source, "r3")
    stage.sign_in()
    path = f"/en/producers/source/{stage.source}/withdrawn"
    assert "jeu-3" in said(stage.client.get(path))
    assert stage.send(path, "put-back", id="r3").location == path
    assert "No record of this source is withdrawn." in said(stage.client.get(path))
    assert stage.catalogue.runs.harvest(stage.source).restored == 1
    assert stage.client.get(path.replace(stage.source, "nobody")).status_code == 404


# --- forms about sources ---------------------------------------------------------------------------------------------


def test_a_form_agrees_what_is_said_and_what_is_read(stage: Stage) -> None:
    stage.sign_in()
    path = f"/en/producers/source/{stage.source}/change"
    fields = {"title": "Agence", "url": URL, "schedule": ""}
    agreed = {"agreed-license": "CC_BY_4_0", "agreed-theme": "ENVI, TRAN", "agreed-keyword": "arbres@fr, park"}
    agreed |= {"agreed-publisher": "Ville", "always-publisher": "1"}
    stage.send(path, "change", **fields, **agreed, **{"include-title": "Jeu 1\r\n Jeu 2 ", "exclude-keyword": "test"})
    config = stage.catalogue.sources.named(stage.source).config
    assert config["defaults"] == {
        "license": "CC_BY_4_0",
        "theme": ["ENVI", "TRAN"],
        "keyword": {"fr": ["arbres"], "": ["park"]},
    }
    assert config["overrides"] == {"publisher": "Ville"}
    assert (config["include"], config["exclude"]) == ({"title": ["Jeu 1", "Jeu 2"]}, {"keyword": ["test"]})
    every = [one for tag in ("input", "textarea") for one in pages.read(stage.client, path).iter(tag)]
    filled = {one.get("name", ""): one for one in every}
    assert filled["agreed-keyword"].get("value") == "arbres@fr, park"
    assert filled["always-publisher"].get("checked") is not None
    assert filled["include-title"].text == "Jeu 1\nJeu 2"
    same = {name: one.get("value", "") for name, one in filled.items() if one.tag == "input" and name != "option-x"}
    same = {name: value for name, value in same.items() if not name.startswith("always-")} | {"always-publisher": "1"}
    same |= {"agreed-license": "CC_BY_4_0", "include-title": "Jeu 1\nJeu 2", "exclude-keyword": "test", "schedule": ""}
    for name in ("form", "do", "q"):
        same.pop(name, None)
    assert stage.send(path, "change", **same).status_code == 303
    assert stage.catalogue.sources.named(stage.source).config == config
    wrong = stage.send(path, "change", **fields, **{"agreed-license": "abcdef"})
    assert wrong.status_code == 422
    assert "no licence that we know" in said(wrong)
    empty = {name: "" for name in (*agreed, "include-title", "exclude-keyword") if not name.startswith("always")}
    stage.send(path, "change", **fields, **empty)
    assert stage.catalogue.sources.named(stage.source).config == {}


def test_a_secret_is_kept_forgotten_and_never_shown(stage: Stage) -> None:
    stage.sign_in()
    path = f"/en/producers/source/{stage.source}/change"
    fields = {"title": "Agence", "url": URL, "schedule": ""}
    wrong = stage.send(path, "change", **fields, **{"secret-form": "basic", "secret": "s3cret-Word"})
    assert wrong.status_code == 422
    assert "The name is missing" in said(wrong)
    assert "s3cret-Word" not in wrong.text
    stage.send(path, "change", **fields, **{"secret-form": "basic", "secret-name": "me", "secret": "s3cret-Word"})
    assert stage.catalogue.sources.named(stage.source).credentials == "basic"
    page = stage.client.get(path).text
    assert "As it is: basic" in page
    assert "s3cret-Word" not in page
    stage.send(path, "change", **fields)
    assert stage.catalogue.sources.named(stage.source).credentials == "basic"
    stage.client.delete_cookie(COOKIE, path="/en/producers")
    signed_out = stage.client.post(path, data={"form": "x", "do": "change", **fields, "secret": "s3cret-Word"})
    assert "s3cret-Word" not in signed_out.text
    stage.sign_in()
    stage.send(path, "change", **fields, **{"secret-form": "none"})
    assert stage.catalogue.sources.named(stage.source).credentials == ""


def test_a_source_is_found_out_and_registered(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.sign_in()
    found = Proposal("memory", "https://other.example/feed", {"color": "red"}, "This is a source of kind 'memory'.")
    monkeypatch.setattr(registering, "find_out", lambda *_: found)
    asked = stage.send(
        "/en/producers/new", "add", url="https://other.example/page", title="Autre", schedule="0 3 * * 1"
    )
    assert "This is a source of kind 'memory'." in said(asked)
    assert len(stage.catalogue.sources.all("ville")) == 1
    values = {one.get("name", ""): one.get("value", "") for one in pages.tree(asked).iter("input")}
    sent = {name: values[name] for name in ("url", "title", "config")}
    made = stage.send("/en/producers/new", "add", **sent, kind="memory", schedule="0 3 * * 1")
    source = stage.catalogue.sources.named("autre")
    assert made.location == "/en/producers/source/autre"
    assert (source.url, source.config, source.publisher) == ("https://other.example/feed", {"color": "red"}, "ville")
    again = stage.send("/en/producers/new", "add", **sent, kind="memory", schedule="")
    assert again.status_code == 422
    assert "registered already" in said(again)


def test_what_is_no_source_is_said_at_the_form(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object) -> None:
        raise Unreadable("It is a page for people.", "NOT_A_FEED", "url")

    stage.sign_in()
    monkeypatch.setattr(registering, "find_out", nothing)
    answer = stage.send("/en/producers/new", "add", url="https://other.example/page", title="Autre", schedule="")
    assert answer.status_code == 422
    assert "It is a page for people." in said(answer)
    assert [one.get("value") for one in pages.tree(answer).iter("input") if one.get("name") == "title"] == ["Autre"]
    french = stage.send("/fr/producers/new", "add", url="https://other.example/page", title="Autre", schedule="")
    assert "La réponse de la source n’est pas un catalogue." in said(french)
