"""What lets us in at a source: kept sealed with the installation's key, for the source's own server alone.

It goes into the client of a run and nowhere else; people are told its form (`SourceRow.credentials`), never the secret.
"""

from typing import TYPE_CHECKING, Any

import msgspec

from ..errors import Conflict, Invalid
from ..settings import Settings
from ..store import credentials as stored
from ..store.database import Transaction
from ..store.rows import SourceRow
from . import tokens

if TYPE_CHECKING:  # loaded where something is fetched
    from harvesters.http import Credentials

_PURPOSE = "credentials of a source"


class _Kept(msgspec.Struct, frozen=True):
    """What is sealed: the secret with the address that it is for, so that neither can be exchanged."""

    address: str
    said: dict[str, Any]


def of_form(said: dict[str, Any], url: str) -> "Credentials":
    """What an operator or producer says lets us in at an address. Raises `Invalid`, in words without the secret."""
    from harvesters.http.credentials import parse  # noqa: PLC0415 (loaded where it is needed)

    try:
        return parse(said, url)
    except ValueError as error:
        raise Invalid(f"The credentials cannot be used: {error}", "credentials") from error


def keep(tx: Transaction, settings: Settings, source_id: str, url: str, said: dict[str, Any]) -> None:
    """Keeps what lets us in at a source in place of what did. Raises `Invalid`."""
    from harvesters.http.credentials import shown  # noqa: PLC0415 (as above)

    from .sealed import seal  # noqa: PLC0415 (as above)

    of_form(said, url)
    text = msgspec.json.encode(_Kept(url, said))
    stored.put(tx, source_id, shown(said), seal(text, tokens.secret(settings), _PURPOSE))


def of(tx: Transaction, settings: Settings, source: SourceRow) -> "Credentials | None":
    """What lets us in at a source; None when nothing is kept. Raises `Conflict` when the key is another one."""
    from .sealed import NotOurs, unseal  # noqa: PLC0415 (as above)

    if (sealed := stored.get(tx, source.id)) is None:
        return None
    try:
        kept = msgspec.json.decode(unseal(sealed, tokens.secret(settings), _PURPOSE), type=_Kept)
    except NotOurs as error:
        raise Conflict(
            f"The credentials of source {source.name!r} were kept with another key (DATASTORE_SECRET_KEY, or "
            f"secret.key in the data folder). Give them again: datastore source edit {source.name} --credentials …"
        ) from error
    return of_form(kept.said, kept.address)


def same_server(one: str, other: str) -> bool:
    """True for two addresses of one server (scheme, host and port): what lets us in at the one may go to the other."""
    from harvesters.http.addresses import origin  # noqa: PLC0415 (as above)

    return origin(one) == origin(other)
