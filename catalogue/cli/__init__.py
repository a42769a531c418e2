"""The command `datastore`: its list of commands is the table of contents.

Nothing is decided here; words of the command line become calls of the catalogue and back."""

import click

from .commands import Commands, Place

COMMANDS = {
    "demo": Place("demo:demo", "Serve the portal over bundled example agencies."),
    "init": Place("upkeep:init", "Create or upgrade the database and the index."),
    "source": Place("source:source", "Harvest sources: add, change, try, list, pause, remove."),
    "harvest": Place("harvest:harvest", "Harvest the SOURCEs now and say what came of it."),
    "worker": Place("run:worker", "Do what is due, until stopped: harvest, index what changed, ask addresses, tidy."),
    "serve": Place("run:serve", "Serve the portal, with one worker beside it, until stopped."),
    "index": Place("upkeep:index", "The search index, a shadow of the database."),
    "rebase": Place("upkeep:rebase", "The public address has changed: name everything anew."),
    "redirects": Place("redirects:redirects", "Old addresses that lead to new ones."),
    "export": Place("publish:export", "Write the whole catalogue to FILE."),
    "mcp": Place("mcp:mcp", "Answer an assistant over standard input and output, read-only (model context protocol)."),
    "check": Place("publish:check", "Check a feed against the rules, without publishing it."),
    "show": Place("publish:show", "Show one entry and what was found in it."),
    "correct": Place("deciding:correct", "Correct one field of an entry by hand, until its source says the same."),
    "withdraw": Place("deciding:withdraw", "Take an entry off the catalogue, for good."),
    "put-back": Place("deciding:put_back", "Let an entry that was withdrawn come back."),
    "erase": Place("erase:erase", "Erase a person from all that is kept, for good."),
    "links": Place("links:links", "The addresses that entries lead to, and what was found there."),
    "questions": Place("questions:questions", "What readers asked about entries, and what was answered."),
    "reuses": Place("reuses:reuses", "Articles and apps that were made with data."),
    "duplicates": Place("duplicates:duplicates", "List what several sources have in common."),
    "token": Place("upkeep:token", "Producers' keys for the API."),
    "notices": Place(
        "notices:notices", "Who is told what happens to sources: people by mail, programs by a signed POST."
    ),
    "audit": Place("audit:audit", "Show who changed what, newest first."),
    "backup": Place("saving:backup", "Save everything that cannot be rebuilt into FILE, while the portal goes on."),
    "restore": Place(
        "saving:restore", "Restore FILE into an empty database, all of it or nothing, and build the index."
    ),
    "doctor": Place("upkeep:doctor", "Check that everything is there and well."),
}
"""Every command, in the order in which people need them: its name, where it stands in this
folder, and the first sentence of its help."""


@click.group(
    cls=Commands,
    places=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="datastore-portal", prog_name="datastore")
def main() -> None:
    """An open-data catalogue and portal: harvest, check, search and publish.

    Settings come from DATASTORE_* variables and from datastore.toml in this folder; see `datastore doctor`.
    """
