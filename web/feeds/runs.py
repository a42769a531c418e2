"""The runs of a source as an Atom feed (RFC 4287): whoever looks after it hears how each one went."""

from flask import g
from flask.typing import ResponseReturnValue

from ..current import absolute, catalogue
from ..http.caching import cached
from ..xml.rendered import rendered
from .atom import stamp
from .formats import ATOM
from .search import asked_language

RUNS = 30


def sources() -> object:
    """What the feed depends on beside the catalogue: how far the runs are."""
    return catalogue().sources.all()


@cached(also=sources)
def of_source(name: str) -> ResponseReturnValue:
    """The last runs that ended, newest first, in the language of `lang`."""
    g.lang = asked_language()
    source = catalogue().sources.named(name)
    ended = [run for run in catalogue().runs.of_source(name, RUNS) if run.ended]
    return rendered(
        "feeds/runs.atom.xml",
        ATOM.media_type,
        title=source.title or source.name,
        id=absolute(f"/source/{name}/runs.atom"),
        page=absolute(f"/{g.lang}/source/{name}"),
        updated=stamp((ended[0].ended if ended else None) or source.created),
        runs=[(run, stamp(run.ended or run.queued), run.error) for run in ended],
    )
