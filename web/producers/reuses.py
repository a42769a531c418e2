"""Articles and apps that were made with a publisher's data: naming them, and for who runs the catalogue letting them
through."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from catalogue.errors import Invalid
from catalogue.publishing.reuses import LONGEST, NewReuse
from catalogue.store.reuses import KINDS, SHOWN, WAITING

from ..api.reuses import live, own_reuse
from ..current import catalogue
from ..wording import labels
from ..wording.words import language
from .door import DO, OPERATORS, asked, check_scope, here, producer

LISTED = 20
"""Of a page, those that were named last."""
FIELDS = ("dataset", "kind", "title", "url", "language")


def show() -> ResponseReturnValue:
    """The form, and what was named."""
    return render_template("producers/reuses.html", **listed(producer().publisher), is_operator=False)


def show_all() -> ResponseReturnValue:
    """The same for who runs the catalogue, with what waits."""
    check_scope(OPERATORS)
    return render_template("producers/reuses.html", **listed(""), is_operator=True)


def act() -> ResponseReturnValue:
    """Names one, or takes one away."""
    if asked() == "add":
        add(producer().publisher)
    elif asked() == "remove":
        catalogue().reuses.remove(own_reuse(producer(), request.form.get("id", "")).id)
    else:
        raise Invalid("Name something, or take it away.", DO)
    return here()


def act_on_all() -> ResponseReturnValue:
    """The same for who runs the catalogue, and letting one through."""
    check_scope(OPERATORS)
    if asked() == "add":
        add("")
        return here()
    row = own_reuse(producer(), request.form.get("id", ""))
    if asked() == "approve":
        catalogue().reuses.approve(row.id)
    elif asked() == "remove":
        catalogue().reuses.remove(row.id)
    else:
        raise Invalid("Let it through, name something, or take it away.", DO)
    return here()


def add(publisher: str) -> None:
    """Names what the form holds."""
    given = {field: request.form.get(field, "")[:3000].strip() for field in FIELDS}
    dataset = given["dataset"].rstrip("/").rpartition("/")[2]
    new = NewReuse(given["kind"], given["title"], given["url"], given["language"])
    catalogue().reuses.add(live(dataset), new, publisher)


def listed(publisher: str) -> dict[str, object]:
    """What the page shows."""
    _count, waiting = catalogue().reuses.listed(state=WAITING, publisher=publisher, limit=LISTED)
    total, shown = catalogue().reuses.listed(state=SHOWN, publisher=publisher, limit=LISTED)
    return {
        "waiting": waiting,
        "shown": shown,
        "more": total - len(shown),
        "kinds": [(kind, labels.reuse(kind)) for kind in KINDS],
        "given": {field: request.form.get(field, "") for field in FIELDS} | {"language": language()},
        "longest": LONGEST,
    }
