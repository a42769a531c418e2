"""Our package names exist elsewhere for other things: every start makes sure that they are ours here."""

from collections.abc import Mapping, Sequence
from importlib.metadata import packages_distributions

from .errors import DatastoreError

DISTRIBUTION = "datastore-portal"
PACKAGES = ("catalogue", "dcat", "harvesters", "web")
"""Our packages. All four names exist elsewhere for other things, so only an environment of our own is safe."""


def refuse_foreign_packages(owners: Mapping[str, Sequence[str]] | None = None) -> None:
    """Raises `DatastoreError` with one sentence when another distribution claims one of our package names."""
    owners = packages_distributions() if owners is None else owners
    foreign = {name: sorted(set(owners.get(name, ())) - {DISTRIBUTION}) for name in PACKAGES}
    if claims := [f"{name!r} is also installed by {' and '.join(by)}" for name, by in foreign.items() if by]:
        raise DatastoreError(
            f"The package {'; '.join(claims)}. Install Datastore in an environment of its own "
            "(a container or a virtual environment)."
        )
