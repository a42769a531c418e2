"""What producers do with their own sources and keys, signed in with a key. Only here is a cookie set, for here alone.

No page has logic of its own: what it does, the API and the command line can do too."""

from collections.abc import Callable
from typing import Any

from flask import Flask, g
from flask.typing import ResponseReturnValue

from ..current import catalogue
from ..pages import in_languages
from . import changing, keys, overview, questions, registering, reuses, runs, sources, trial, waiting, withdrawn
from .door import OPERATORS, PRODUCERS, Act, Show, guarded

Part = tuple[str, str, Show, Act | None]

PARTS: tuple[Part, ...] = (
    ("", "start", overview.show, None),
    ("/new", "new", registering.show, registering.act),
    ("/keys", "keys", keys.show, keys.act),
    ("/questions", "questions", questions.show, questions.act),
    ("/reuses", "reuses", reuses.show, reuses.act),
    ("/source/<name>", "source", sources.show, sources.act),
    ("/source/<name>/change", "change", changing.show, changing.act),
    ("/source/<name>/trial", "trial", trial.show, trial.act),
    ("/source/<name>/withdrawn", "withdrawn", withdrawn.show, withdrawn.act),
    ("/source/<name>/run/<int(max=999999999):number>", "run", runs.show, runs.act),
)
"""Address below `/{lang}/producers`, name, what is shown, and what is done with what its forms send."""
FOR_OPERATORS: tuple[Part, ...] = (
    ("/waiting", "waiting", waiting.show, waiting.act),
    ("/all-reuses", "all_reuses", reuses.show_all, reuses.act_on_all),
    ("/all-questions", "all_questions", questions.show_all, questions.act),
)
"""The same for who runs the catalogue."""


def register(app: Flask) -> None:
    """Adds the part of the producers."""
    part = in_languages("producers", app.extensions["settings"].languages)
    every = [(PRODUCERS, *one) for one in PARTS] + [(OPERATORS, *one) for one in FOR_OPERATORS]
    for scope, path, name, show, act in every:
        view: Callable[..., ResponseReturnValue] = guarded(show, act, scope)
        part.add_url_rule(f"/producers{path}", name, view, methods=["GET", "POST"])
    part.context_processor(context)
    app.register_blueprint(part)


def context() -> dict[str, Any]:
    """What the pages of who is signed in show all of them."""
    return {
        "producer": g.get("key"),
        "problem": g.get("problem"),
        "form_token": lambda: catalogue().sessions.form_token(g.session),
    }
