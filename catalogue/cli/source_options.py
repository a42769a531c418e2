"""What several commands about sources are told the same way: kind, options, what lets us in."""

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import Invalid
from ..service import Catalogue
from ..settings import variable
from .terminal import STDIN, tidy

if TYPE_CHECKING:  # loaded where it is used
    from ..checking.finding_out import Proposal


kind_option = click.option(
    "--kind", default="", metavar="KIND", help="What answers there: see `source kinds`. Found out when not given."
)
credentials_option = click.option(
    "--credentials",
    metavar="JSON",
    help="What lets us in, as JSON; better @FILE, - (standard input) or env:VARIABLE, which no history keeps.",
)
config_option = click.option("--config", default="{}", metavar="JSON", help="Options of the kind, as a JSON object.")


def parsed(config: str) -> dict[str, Any]:
    """The options of a kind. Raises `Invalid` with where the JSON goes wrong."""
    try:
        value = json.loads(config)
    except json.JSONDecodeError as error:
        raise Invalid(f"--config is not JSON: {error}.", "config") from error
    if not isinstance(value, dict):
        raise Invalid("--config must be a JSON object, such as '{\"rows\": 100}'.", "config")
    return value


def check_named(
    catalogue: Catalogue, kind: str, url: str, options: dict[str, Any], secret: dict[str, Any] | None
) -> None:
    """Raises `Invalid` when options name what the source does not have."""
    from ..checking.finding_out import check_options  # noqa: PLC0415 (loaded where it is used)

    check_options(catalogue.settings, catalogue.harvesters, kind, url, config=options, credentials=secret)


def looked_up(catalogue: Catalogue, url: str, secret: dict[str, Any] | None) -> "Proposal":
    """The source that an address belongs to, told before anything is done with it."""
    from ..checking.finding_out import find_out  # noqa: PLC0415 (every kind is loaded for it)

    found = find_out(url, catalogue.settings, catalogue.harvesters, secret)
    command = f"datastore source add {shlex.quote(found.url)} --kind {found.kind}"
    command += f" --config {shlex.quote(json.dumps(found.config))}" if found.config else ""
    click.echo(f"{tidy(found.why)}\n  {tidy(command)}", err=True)
    return found


def secret_of(credentials: str | None) -> dict[str, Any] | None:
    """What lets us in at a source, from where `--credentials` says it is. Raises `Invalid` without repeating it."""
    if credentials is None:
        return None
    from harvesters.http.credentials import FORMS  # noqa: PLC0415 (loaded where it is needed)

    try:
        value = json.loads(_read(credentials))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Invalid(
            f"--credentials must be {FORMS}; or @FILE, - (standard input) or env:VARIABLE that hold one of these.",
            "credentials",
        )
    return value


def _read(credentials: str) -> str:
    if credentials == STDIN:
        return sys.stdin.read()
    if credentials.startswith("env:"):
        return variable(credentials.removeprefix("env:"))
    if not credentials.startswith("@"):
        return credentials
    try:
        return Path(credentials.removeprefix("@")).read_text("utf-8")
    except OSError as error:
        raise Invalid(f"--credentials: {credentials!r} cannot be read: {error.strerror}.", "credentials") from error
