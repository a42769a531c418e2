"""`datastore questions …`: what readers asked about entries, and answering it."""

import click

from dcat.our_languages import OUR_LANGUAGES

from ..questions.questions import Answer
from ..store.questions import OPEN, STATES
from .terminal import as_json, opened, print_json, print_table, tidy

ID = click.argument("id", type=int)


@click.group()
def questions() -> None:
    """What readers asked about entries, and what was answered."""


@questions.command("list")
@click.option("--state", type=click.Choice(STATES), default=OPEN, show_default=True)
@click.option("--publisher", default="", metavar="NAME", help="Only about the data of one publisher.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True)
@as_json
def list_(state: str, publisher: str, limit: int, *, as_json: bool) -> None:
    """List questions, those that wait longest first."""
    with opened() as catalogue:
        count, rows = catalogue.questions.listed(publisher, state, limit=limit)
    if as_json:
        told = ("id", "name", "at", "language", "text", "state", "shown", "wording", "answer", "answered")
        return print_json([{field: getattr(row, field) for field in told} for row in rows])
    click.echo(f"{count} {state}")
    if rows:
        print_table(("id", "asked", "entry", "question"), [(r.id, r.at, r.name, r.text or r.wording) for r in rows])
    return None


@questions.command()
@ID
@click.argument("text")
@click.option("--public", is_flag=True, help="Show question and answer to everybody.")
@click.option("--wording", default="", metavar="TEXT", help="The question as everybody sees it.")
@click.option("--language", type=click.Choice(OUR_LANGUAGES), help="Of the answer; that of the question by itself.")
def answer(id: int, text: str, *, public: bool, wording: str, language: str | None) -> None:
    """Answer the question ID with TEXT. Who asked gets it by mail, where they wanted it."""
    with opened() as catalogue:
        row = catalogue.questions.one(id)
        said = Answer(text, language or row.language, is_shown=public, wording=wording)
        row = catalogue.questions.answer(id, said)
    seen = "everybody sees it" if row.shown else "only who asked gets it"
    click.echo(f"Question {row.id} about {tidy(row.name)} is answered: {seen}.")


@questions.command()
@ID
def close(id: int) -> None:
    """Close a question that gets no answer, such as one that is advertising."""
    with opened() as catalogue:
        row = catalogue.questions.close(id)
    click.echo(f"Question {row.id} about {tidy(row.name)} is closed.")
