"""`datastore backup` and `datastore restore`: everything that cannot be rebuilt, in one file."""

from pathlib import Path

import click

from ..backups.archive import Manifest
from .terminal import opened, tidy

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
HELD = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.command()
@FILE
@click.option("--without-key", is_flag=True, help="Leave out the key of the data folder; keep it elsewhere.")
def backup(file: Path, without_key: bool) -> None:
    """Save everything that cannot be rebuilt into FILE, while the portal goes on.

    One moment of the database, whatever is written meanwhile, with the key of the data folder, without which every
    producer's key ends. FILE appears when it is whole and can be read by its owner only.
    """
    with opened(is_any_version=True) as catalogue:
        manifest = catalogue.backups.save(file, with_key=not without_key)
        has_own_key = bool(catalogue.settings.secret_key)
    click.echo(f"Saved {told(manifest)} into {file}, {file.stat().st_size:,} bytes.", err=True)
    if without_key or has_own_key:
        where = "secret.key in the data folder" if without_key and not has_own_key else "DATASTORE_SECRET_KEY"
        click.echo(f"Keep {where} as well: it is not in the file, and without it every key ends.", err=True)
    else:
        click.echo("It holds the key of this installation: keep it where only operators read.", err=True)


@click.command()
@HELD
@click.option("--replace", is_flag=True, help="Lose what the database holds now.")
@click.option("--check", "only_check", is_flag=True, help="Only read FILE and say whether it is whole.")
def restore(file: Path, replace: bool, only_check: bool) -> None:
    """Restore FILE into an empty database, all of it or nothing, and build the index.

    The database may be of the other kind than the one that was saved. A file of an older version is brought up to date;
    one of a newer version is refused. Whoever was erased since it was saved is erased from it.
    """
    with opened(is_any_version=True) as catalogue:
        if only_check:
            return click.echo(f"{file} is whole: {told(catalogue.backups.check(file))}.")
        manifest = catalogue.backups.restore(file, replace=replace)
        click.echo(f"Restored {told(manifest)}.", err=True)
        for warning in warnings(manifest, catalogue.settings.site_url, is_key=catalogue.backups.is_key_of(manifest)):
            click.echo(warning, err=True)
        catalogue.erasing.again()
        return click.echo(f"The index holds {catalogue.index.rebuild()} documents.", err=True)


def told(manifest: Manifest) -> str:
    """What is in a backup, in a few words."""
    sources, entries = (manifest.tables[name].rows for name in ("sources", "entries"))
    number = f"{sources} source{'s' * (sources != 1)} and {entries} entr{'y' if entries == 1 else 'ies'}"
    return f"{number} as of {tidy(manifest.made)} UTC"


def warnings(manifest: Manifest, site_url: str, *, is_key: bool) -> list[str]:
    """What is different here."""
    said = []
    if not is_key:
        said.append("The key of this installation is another one: every producer needs a new key.")
    if manifest.site_url != site_url:
        said.append(
            f"It was saved at {manifest.site_url}; DATASTORE_SITE_URL says {site_url}. "
            f"If the portal has moved for good: datastore rebase {manifest.site_url} {site_url}"
        )
    return said
