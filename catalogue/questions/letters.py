"""What is written about questions: to the publisher in the publisher's language, to who asked in theirs."""

import tomllib
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from dcat.model import Texts
from dcat.our_languages import best_for

from ..notices import mail
from ..notices.words import tidy
from ..settings import Settings
from ..store.codec import unpack
from ..store.questions import QuestionRow


def forwarding(settings: Settings, row: QuestionRow, box: str, link: str, language: str) -> EmailMessage:
    """The question, for whoever can answer it. No address of a reader is in it."""
    return _letter(settings, row, (box, language), "forward", (row.text, link))


def confirming(settings: Settings, row: QuestionRow, link: str) -> EmailMessage:
    """The letter that asks whether they want the answer."""
    return _letter(settings, row, (row.address, row.language), "confirm", (link,))


def replying(settings: Settings, row: QuestionRow) -> EmailMessage:
    """The answer, for who asked."""
    said = (row.answer, page(settings, row, row.language))
    return _letter(settings, row, (row.address, row.language), "reply", said)


def page(settings: Settings, row: QuestionRow, language: str) -> str:
    """The page that the question is about."""
    return f"{settings.site_url}/{language}/{row.kind}/{row.name}"


def title(row: QuestionRow, language: str) -> str:
    """What the entry is called, for a reader."""
    best = best_for(language, unpack(row.title, Texts))
    return tidy(best.value) if best else row.name


def _letter(
    settings: Settings, row: QuestionRow, to: tuple[str, str], what: str, said: tuple[str, ...]
) -> EmailMessage:
    """A letter to a mailbox in a language: what it is about, what is said, and last a link."""
    box, language = to
    names = {"entry": title(row, language), "title": settings.title, "page": page(settings, row, language)}
    subject, begin, foot = (words(f"{what}_{part}", language).format(**names) for part in ("subject", "text", "foot"))
    *told, link = said
    lead = [words(f"{what}_link", language)] if told else []
    text = "\n\n".join((begin, *told, *lead, link))
    number = f"question-{row.id}-{what}"
    return mail.written(settings, box, (subject, f"{text}\n\n-- \n{foot}\n"), language=language, number=number)


def words(what: str, language: str) -> str:
    """The words themselves."""
    return _words()[what][language]


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
