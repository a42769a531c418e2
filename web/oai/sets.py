"""Sets: a publisher, a theme or a source, each as `kind.name`.

Entries leave a theme or a publisher without being told so in its set; a source never loses one but by its removal.
"""

from collections.abc import Iterator

from catalogue.publishing.headers import Range
from catalogue.store.rows import Header
from dcat import vocab
from dcat.model import Texts
from dcat.our_languages import best_along

from ..current import catalogue, settings
from .refusal import Refusal


def every() -> Iterator[tuple[str, str]]:
    """All sets with what each is called."""
    language = settings().languages[0]
    for publisher in catalogue().publishers.all():
        yield f"publisher.{publisher.name}", _plain(publisher.title) or publisher.name
    for theme in vocab.THEMES.terms:
        yield f"theme.{theme.code}", vocab.label(theme, language)
    for source in catalogue().sources.all():
        yield f"source.{source.name}", source.title


def of(header: Header) -> Iterator[str]:
    """The sets that an entry is in."""
    if header.publisher:
        yield f"publisher.{header.publisher}"
    codes = (vocab.THEMES.by_iri[iri].code for iri in header.themes if iri in vocab.THEMES.by_iri)
    yield from (f"theme.{code}" for code in dict.fromkeys(codes))
    yield f"source.{header.source}"


def within(name: str, chosen: Range) -> tuple[Range, str]:
    """The range narrowed to a set, and the IRI of its theme when it is one. Raises `Refusal`."""
    kind, _, value = name.partition(".")
    if kind == "publisher" and value:
        return chosen._replace(publisher=value), ""
    if kind == "source" and value:
        return chosen._replace(source=value), ""
    if kind == "theme" and value in vocab.THEMES.by_code:
        return chosen, vocab.THEMES.by_code[value].iri
    raise Refusal("noRecordsMatch", f"There is no set {name[:100]!r}. ListSets tells which there are.")


def _plain(texts: Texts) -> str:
    best = best_along(settings().languages, texts)
    return best.value if best else ""
