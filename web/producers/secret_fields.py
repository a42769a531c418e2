"""What lets us in at a source, as fields of a form. What is filled in is never shown again."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, UnsetType

from catalogue.errors import Invalid

from ..wording.words import gettext as _

FORM, NAME, SECRET = "secret-form", "secret-name", "secret"
"""Names of the fields: how it is shown to the source, who or in which field, and the secret itself."""
FORGET = "none"
WITH_NAME = {"basic", "header", "query"}
"""Forms that need a name beside the secret."""


def forms(kept: str = "") -> list[tuple[str, str]]:
    """The ways to choose from; `kept`: the form of what is kept of the source already."""
    first = ("", _("As it is: %(form)s", form=kept) if kept else _("Nothing: everybody may read it"))
    forget = [(FORGET, _("Nothing any more: forget what is kept"))] if kept else []
    return [
        first,
        *forget,
        ("basic", _("A user name and a password")),
        ("bearer", _("A key (bearer token)")),
        ("ckan", _("The key of a CKAN user")),
        ("header", _("A key in a header field")),
        ("query", _("A key in the address")),
    ]


def read(given: Mapping[str, str]) -> dict[str, Any] | UnsetType | None:
    """What lets us in, as `harvesters.http.credentials` has it; None to forget it, UNSET to leave it as it is. Raises
    `Invalid` when a part is missing."""
    form, name, secret = given.get(FORM, ""), given.get(NAME, "").strip(), given.get(SECRET, "")
    if form in {"", FORGET}:
        if secret:
            raise Invalid("Say how the source is shown the key or password.", FORM)
        return None if form else UNSET
    if not secret:
        raise Invalid(
            "The key or the password is missing. For safety it is not shown again: type it once more.", SECRET
        )
    if form in WITH_NAME and not name:
        raise Invalid("The name is missing: of the user, of the header field, or of the parameter.", NAME)
    if form == "basic":
        return {form: f"{name}:{secret}"}
    return {form: {name: secret} if form in WITH_NAME else secret}
