"""Texts among what repositories hold: reports, articles, theses. They become publications."""

from collections.abc import Iterable

from dcat.model import Dataset, Iri, Publication

TEXTS = frozenset(
    {
        *("article", "book", "bookchapter", "conferenceobject", "conferencepaper", "conferenceproceeding", "report"),
        *("journalarticle", "lecture", "preprint", "review", "scholarlyarticle", "text", "thesis", "workingpaper"),
        *("bachelorthesis", "masterthesis", "doctoralthesis", "dissertation", "reportpart", "technicalreport"),
        *("c_18cf", "c_18gh", "c_18ws", "c_2df8fbb1", "c_2f33", "c_3248", "c_46ec", "c_5794", "c_6501", "c_7a1f"),
        *("c_8042", "c_816b", "c_93fc", "c_bdcc", "c_db06", "c_dcae04bc"),
    }
)
"""Types of Dublin Core, of COAR (also by the codes of its addresses), OpenAIRE (https://guidelines.openaire.eu), of
DataCite and of schema.org, in small letters without blanks."""

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
