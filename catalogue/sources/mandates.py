"""For whom a key may send records, as it was made: for its publisher, and for others who were named."""

from collections.abc import Iterable

from ..errors import Invalid
from ..ingest.mandate import Mandate
from ..settings import Settings
from ..store.database import Transaction
from ..store.rows import TokenRow
from . import registration

MOST = 100
"""Publishers of a key besides its own."""


def named(tx: Transaction, names: Iterable[str], languages: tuple[str, ...]) -> tuple[str, ...]:
    """Publishers as they are kept: an IRI as it is, a name as the slug of its publisher. Raises `Invalid`."""
    wanted = [name.strip() for name in names]
    if len(wanted) > MOST:
        raise Invalid(f"A key may name {MOST} publishers.", "also")
    if broken := [name for name in wanted if not name or ("://" in name and len(name.split()) > 1)]:
        raise Invalid(f"{broken[0]!r} is neither the name nor the address of a publisher.", "also")
    found = (name if "://" in name else registration.register_publisher(tx, name, languages) for name in wanted)
    return tuple(dict.fromkeys(found))


def check(tx: Transaction, mandate: Mandate | None, field: str, value: str) -> None:
    """Raises `Invalid` for a correction that puts another's name to a record, where that is refused."""
    if mandate is None or not mandate.refuses or field != "publisher" or value in mandate.iris:
        return
    if registration.register_publisher(tx, value, mandate.languages) not in mandate.slugs:
        raise Invalid(f"This key was not made for the publisher {value!r}.", "publisher")


def of(key: TokenRow, settings: Settings) -> Mandate:
    """For whom a key may send records."""
    iris = {name for name in key.publishers if "://" in name}
    return Mandate(
        slugs=frozenset({key.publisher, *key.publishers} - iris),
        iris=frozenset(iris),
        refuses=settings.publishers_of_others == "refuse",
        languages=settings.languages,
    )
