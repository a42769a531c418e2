"""Producers' keys: shown once, kept as a hash, ended at once."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from factory import open_catalogue
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import Forbidden, Invalid, NotFound, SettingsError, Unavailable, for_operators
from catalogue.service import Catalogue
from catalogue.settings import Settings, check
from catalogue.sources import tokens


def everything(catalogue: Catalogue) -> str:
    """Every row of the table of tokens."""
    with catalogue._database.read() as tx:
        return repr(tx.exec_driver_sql("SELECT * FROM tokens").all())


def test_a_key_works_and_is_kept_nowhere(catalogue: Catalogue) -> None:
    key, row = catalogue.keys.create("Ixelles")
    assert key.startswith("odc_")
    assert (row.publisher, row.scopes, row.prefix) == ("ixelles", ("harvest", "push"), key[:10])
    assert catalogue.keys.authenticate(key).id == row.id
    assert key not in everything(catalogue)
    assert key[10:] not in everything(catalogue)
    assert key not in repr(catalogue.keys.all())


def test_a_key_notes_when_it_was_used_but_not_every_time(
    catalogue: Catalogue, move_clock: Callable[[timedelta], datetime]
) -> None:
    key, row = catalogue.keys.create("Ixelles")
    assert row.last_used is None
    catalogue.keys.authenticate(key)
    first = catalogue.keys.all()[0].last_used
    move_clock(timedelta(seconds=20))
    catalogue.keys.authenticate(key)
    assert catalogue.keys.all()[0].last_used == first
    later = move_clock(timedelta(minutes=5))
    catalogue.keys.authenticate(key)
    assert catalogue.keys.all()[0].last_used == later


def test_unknown_expired_and_revoked_keys_are_refused_alike(
    catalogue: Catalogue, move_clock: Callable[[timedelta], datetime]
) -> None:
    expired, _ = catalogue.keys.create("Ixelles", days=1)
    revoked, row = catalogue.keys.create("Ixelles", days=300)
    good, _ = catalogue.keys.create("Ixelles", days=300)
    move_clock(timedelta(days=1))
    first = catalogue.keys.revoke(row.id)
    assert catalogue.keys.revoke(row.id).revoked == first.revoked
    said = set()
    for key in (
        expired,
        revoked,
        tokens.make(),
        good[:-1],
        good.swapcase(),
        "",
        "odc_",
        "odc_é" + "x" * 40,
        "x" * 5000,
    ):
        with pytest.raises(Forbidden) as error:
            catalogue.keys.authenticate(key)
        said.add(str(error.value))
    assert len(said) == 1
    assert catalogue.keys.authenticate(good).id == 3


@pytest.mark.parametrize(("scopes", "days"), [(("admin",), 30), ((), 30), (("push",), 0), (("push",), 400)])
def test_a_key_has_known_scopes_and_lives_at_most_a_year(
    catalogue: Catalogue, scopes: tuple[str, ...], days: int
) -> None:
    with pytest.raises(Invalid):
        catalogue.keys.create("Ixelles", scopes, days)
    assert catalogue.keys.all() == []


@pytest.mark.parametrize("name", ["", "   ", "!!"])
def test_no_key_is_made_for_nobody(catalogue: Catalogue, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        catalogue.keys.create(name)
    assert caught.value.field == "publisher"
    assert catalogue.keys.all() == []


def test_revoking_what_is_not_there_is_not_found(catalogue: Catalogue) -> None:
    with pytest.raises(NotFound):
        catalogue.keys.revoke(7)


@pytest.mark.against("F-45")
def test_keys_of_another_secret_do_not_work(tmp_path: Path) -> None:
    ours, _ = open_catalogue(tmp_path / "var")
    key, _ = ours.keys.create("Ixelles")
    ours.close()
    theirs, _ = open_catalogue(tmp_path / "var", secret_key="another secret of good length")
    with pytest.raises(Forbidden):
        theirs.keys.authenticate(key)
    theirs.close()


def test_the_secret_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    first = tokens.secret(settings)
    assert len(first) >= 32
    assert tokens.secret(settings) == first
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "var").iterdir()) == ["secret.key"]


def test_the_first_of_two_processes_makes_the_secret(tmp_path: Path) -> None:
    file = tmp_path / "secret.key"
    file.write_bytes(b"made by another process meanwhile")
    tokens._make_secret(file)
    assert file.read_bytes() == b"made by another process meanwhile"


def test_what_a_killed_process_left_is_in_nobodys_way(tmp_path: Path) -> None:
    """In a container the next process has the same number."""
    (tmp_path / f"secret.{os.getpid()}").touch()
    assert len(tokens.secret(Settings(data_dir=tmp_path))) >= 32


def test_a_secret_that_is_cut_off_or_no_file_is_told(tmp_path: Path) -> None:
    """An empty one would be the key that everybody has."""
    file = tmp_path / "secret.key"
    file.touch()
    with pytest.raises(Unavailable, match=r"is cut off\. Bring it back from a backup") as caught:
        tokens.secret(Settings(data_dir=tmp_path))
    assert str(tmp_path) not in str(caught.value)
    assert str(file) in for_operators(caught.value)
    file.unlink()
    file.mkdir()
    with pytest.raises(Unavailable, match="The key of this installation cannot be read or written: "):
        tokens.secret(Settings(data_dir=tmp_path))


@pytest.mark.against("TC-13")
def test_a_short_secret_is_refused() -> None:
    with pytest.raises(SettingsError, match="16 characters"):
        check(Settings(secret_key="short"))


def test_made_keys_are_well_formed_and_differ() -> None:
    made = {tokens.make() for _ in range(100)}
    assert len(made) == 100
    assert all(tokens.is_well_formed(key) and len(key) == 40 for key in made)


@given(st.integers(4, 39), st.sampled_from("0123456789abcXYZ"))
def test_a_key_with_one_wrong_letter_is_not_well_formed(place: int, letter: str) -> None:
    key = "odc_" + "a1B2c3" * 5 + tokens.checksum("a1B2c3" * 5)
    assert tokens.is_well_formed(key)
    assert tokens.is_well_formed(key[:place] + letter + key[place + 1 :]) is (key[place] == letter)
