"""`datastore correct`, `withdraw` and `put-back`: what people decide on one record, whatever its source says."""

import click

from .terminal import opened, print_findings

BY_HAND = "corrected-by-hand"
"""The remark about a correction."""


@click.command()
@click.argument("name")
def withdraw(name: str) -> None:
    """Take an entry off the catalogue, for good.

    NAME is its name, as in its address, or its id. It answers 410 from then on, and no harvest publishes it again,
    whatever its source lists, until `datastore put-back NAME`.
    """
    with opened() as catalogue:
        row = catalogue.records.withdraw(*catalogue.records.origin(name))
        catalogue.index.catch_up()
    click.echo(f"Withdrew {row.name}: it answers 410, and no harvest publishes it again.")
    click.echo(f"Let it come back with: datastore put-back {row.name}")


@click.command("put-back")
@click.argument("name")
def put_back(name: str) -> None:
    """Let an entry that was withdrawn come back.

    NAME is its name, as in its address, or its id. It is published again, under its old address, when its source lists
    it at the next harvest, or its producer sends it.
    """
    with opened() as catalogue:
        source, identifier = catalogue.records.origin(name)
        catalogue.records.put_back(source, identifier)
    click.echo(f"{name} comes back with the next harvest: datastore harvest {source}")


@click.command()
@click.argument("name")
@click.argument("field")
@click.argument("value", default="")
def correct(name: str, field: str, value: str) -> None:
    """Correct one field of an entry by hand, until its source says the same.

    NAME is its name, as in its address, or its id. FIELD is what people call it, with the language of a text:
    title[fr], description[nl], keyword, theme, licence, frequency, contact, publisher, issued, modified, language,
    landing page, documentation, spatial, access rights. No harvest overwrites it. Without VALUE, the correction is
    taken away.
    """
    with opened() as catalogue:
        source, identifier = catalogue.records.origin(name)
        row = catalogue.records.correct(source, identifier, {field: value})
        catalogue.index.catch_up()
    click.echo(f"{row.name}: {field} is corrected." if value else f"{row.name}: {field} is what its source says.")
    print_findings(one for one in row.findings if one.rule == BY_HAND)
