"""N-Triples: the form in which records are kept, compared and joined into feeds."""

import re
from collections.abc import Iterable
from functools import lru_cache

from .formats import clean_text
from .graph import Literal, Term, Triple
from .terms import is_iri, is_language

_LABEL = re.compile(r"[A-Za-z0-9_]+", re.ASCII)


@lru_cache(maxsize=8_192)
def node_token(text: str) -> str:
    """An IRI or blank node as it stands in N-Triples; raises `ValueError` for a text that is neither."""
    if text.startswith("_:") and _LABEL.fullmatch(text, 2):
        return text
    if not is_iri(text):
        raise ValueError(f"{text[:200]!r} is no IRI and cannot be written as one.")
    return f"<{_on_one_line(text)}>"


def token(term: Term) -> str:
    """Any term as it stands in N-Triples."""
    return literal_token(term) if isinstance(term, Literal) else node_token(term)


def literal_token(literal: Literal) -> str:
    """A literal as it stands in N-Triples, without characters that no format can hold; raises `ValueError` for a
    language or datatype that is none."""
    text = literal.value
    if text.isprintable():  # as most are, and so without ends of lines and what no format can hold
        return f'"{_escaped(text)}"{_mark(literal.lang, literal.datatype)}'
    return _on_one_line(_quoted(clean_text(text), literal))


def exact_token(term: Term) -> str:
    """Any term of a graph with all its characters, also those that `token` leaves out or escapes: for digests."""
    return _quoted(term.value, term) if isinstance(term, Literal) else f"<{term}>"


def _quoted(text: str, literal: Literal) -> str:
    """A text with the language or datatype of a literal."""
    text = _escaped(text).replace("\n", "\\n").replace("\r", "\\r")
    return f'"{text}"{_mark(literal.lang, literal.datatype)}'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


@lru_cache(maxsize=1_024)
def _mark(language: str, datatype: str) -> str:
    """What follows a text in its quotes."""
    if not language:
        return f"^^{node_token(datatype)}" if datatype else ""
    if not is_language(language):
        raise ValueError(f"{language[:40]!r} is no language tag.")
    return f"@{language}"


def lines(subject: str, statements: Iterable[tuple[str, Term]]) -> list[str]:
    """One line for each predicate and object of a subject; raises `ValueError` for a term that is none."""
    start = node_token(subject)
    return [f"{start} {node_token(predicate)} {token(object)} .\n" for predicate, object in statements]


def ntriples(triples: Iterable[Triple]) -> str:
    """One line a triple, in the order given. Raises `ValueError` for a term that is none."""
    return "".join([f"{node_token(s)} {node_token(p)} {token(o)} .\n" for s, p, o in triples])


def joined(lines: Iterable[str]) -> str:
    """Lines that are not made of tokens as one text, without characters that no format can hold."""
    return _on_one_line(clean_text("".join(lines)))


def _on_one_line(text: str) -> str:
    """Three characters that Python takes for the end of a line are escaped, so that `str.splitlines` gives the lines
    of a text back."""
    if not text.isascii():
        for character, escape in _LINE_ENDS:
            text = text.replace(character, escape)
    return text


_LINE_ENDS = (("\x85", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
