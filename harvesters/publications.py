"""Texts among what repositories hold: reports, articles, theses. They become publications."""

from collections.abc import Iterable

from dcat.model import Dataset, Iri, Publication

TEXTS = frozenset(
    {
        *("article", "book", "bookchapter", "conferenceobject", "conferencepaper", "conferenceproceeding", "report"),
        *("journalarticle", "lecture", "preprint", "review", "scholarlyarticle", "text", "thesis", "workingpaper"),
        *("bachelorthesis", "masterthesis", "doctoralthesis", "dissertation", "reportpart", "technicalreport"),
    }
)
"""Types of Dublin Core, of COAR and OpenAIRE (https://guidelines.openaire.eu), of DataCite and of schema.org, in small
letters without blanks."""

_SHARED = tuple(name for name in Publication.__struct_fields__ if name in Dataset.__struct_fields__)


def is_text(type: str) -> bool:
    """True for a type of text, however it is written: `info:eu-repo/semantics/article`, `Journal Article`."""
    return type.rpartition("/")[2].casefold().replace(" ", "") in TEXTS


def publication(said: Dataset, uses: Iterable[Iri] = ()) -> Publication:
    """What was read as for a dataset, as a publication. `uses`: the data that it names."""
    named = tuple(dict.fromkeys(uses))
    values = {name: getattr(said, name) for name in _SHARED}
    values["relation"] = tuple(one for one in said.relation if one not in named)
    return Publication(**values, uses=named)
