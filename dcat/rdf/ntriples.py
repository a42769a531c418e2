"""N-Triples: the form in which records are kept, compared and joined into feeds."""

import re
from collections.abc import Iterable
from functools import lru_cache

from .formats import clean_text
from .graph import Literal, Term, Triple
from .terms import is_iri, is_language

_LABEL = re.compile(r"[A-Za-z0-9_]+", re.ASCII)


@lru_cache(maxsize=32_768)
def node_token(text: str) -> str:
    """An IRI or blank node as it stands in N-Triples; raises `ValueError` for a text that is neither."""
    if text.startswith("_:") and _LABEL.fullmatch(text, 2):
        return text
    if not is_iri(text):
        raise ValueError(f"{text[:200]!r} is no IRI and cannot be written as one.")
    return f"<{text}>"


def token(term: Term) -> str:
    """Any term as it stands in N-Triples."""
    return _literal(term) if isinstance(term, Literal) else node_token(term)


def _literal(literal: Literal) -> str:
    text = literal.value
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    text = text.replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    if literal.lang:
        if not is_language(literal.lang):
            raise ValueError(f"{literal.lang[:40]!r} is no language tag.")
        return f'"{text}"@{literal.lang}'
    return f'"{text}"^^{node_token(literal.datatype)}' if literal.datatype else f'"{text}"'


def ntriples(triples: Iterable[Triple]) -> str:
    """One line a triple, in the order given. Raises `ValueError` for a term that is none.

    Characters that no format can hold are left out.
    """
    lines = [f"{node_token(s)} {node_token(p)} {token(o)} .\n" for s, p, o in triples]
    return clean_text("".join(lines))
