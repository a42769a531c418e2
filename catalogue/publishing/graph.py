"""One graph while it is joined: what was said of each node so far, so that none is described twice."""

from collections.abc import Iterable, Iterator
from sys import intern

from dcat.namespaces import RDF_TYPE, expand

from ..store.rows import Piece
from .names_met import NamesMet


class Graph:
    """What was said so far."""

    def __init__(self) -> None:
        self.entries = NamesMet()
        """IRIs of the entries."""
        self._described = NamesMet()
        """Subjects that are entries, or own nodes of entries that others could describe too."""
        self._nodes: dict[str, dict[str, int]] = {}
        """What was said of shared nodes: by subject the properties (and classes), each with the node that said it."""
        self._unread: dict[str, tuple[int, str]] = {}
        """The same of those of which one text alone spoke: it is read when another one does, which is seldom."""
        self._count = 0

    def describe(self, lines: str) -> None:
        """Takes lines of nodes for said, whole, before anything else is."""
        self._count += 1
        for subject, what in said_of(lines):
            self._nodes.setdefault(subject, {})[what] = self._count

    def own(self, piece: Piece) -> str:
        """The lines of an entry, without what was said before of its nodes."""
        text = piece.own
        if piece.pending and any(one.property == "serves_dataset" for one in piece.references):
            text += piece.pending
        subjects = {f"<{iri}>" for iri in (piece.iri, *piece.named)}
        described = {subject for subject in subjects if self._described.meet(subject)}
        if described or any(subject in self._nodes or subject in self._unread for subject in subjects):
            text = "".join(line for line in _split(text) if self._is_new(line, subjects, described))
        self.entries.meet(piece.iri)
        return text

    def _is_new(self, line: str, subjects: set[str], described: set[str]) -> bool:
        subject, what = _cut(line)
        if subject not in subjects or what.startswith(_FREE):
            return True
        return subject not in described and what not in self._said(subject)

    def shared(self, nodes: Iterable[str]) -> Iterator[str]:
        """The lines of nodes: for each property of a subject, those of the first node that has it."""
        for text in nodes:
            self._count += 1
            subject = text.partition(" ")[0]
            is_met = subject in self._nodes or subject in self._unread or subject in self._described
            if is_met or not _is_of_one(text, subject):
                yield "".join(line for line in _split(text) if self._is_first(line))
            else:
                self._unread[subject] = self._count, text
                yield text

    def _is_first(self, line: str) -> bool:
        subject, what = _cut(line)
        if subject in self._described and not what.startswith(_TYPE if subject[1:-1] in self.entries else _FREE):
            return False
        return self._said(subject).setdefault(what, self._count) == self._count

    def _said(self, subject: str) -> dict[str, int]:
        if subject in self._unread:
            number, text = self._unread.pop(subject)
            self._nodes[subject] = {_cut(line)[1]: number for line in _split(text)}
        return self._nodes.setdefault(subject, {})


def said_of(lines: str) -> set[tuple[str, str]]:
    """Of which nodes lines say something, and what: the property, without its values where one text gives them all."""
    return set(map(_cut, _split(lines)))


_TYPE = f"<{RDF_TYPE}>"
_FREE = (_TYPE, f"<{expand('dcatap:applicableLegislation')}>")
"""Properties of which everybody's values are true together. Under which law an entry is, it says itself: whoever calls
a service high-value says more of it than that one line."""


def _is_of_one(text: str, subject: str) -> bool:
    """True when each line of a text is about that subject."""
    return text.count(f"\n{subject} ") + 1 == text.count("\n")


def _split(text: str) -> Iterator[str]:
    """The lines of a text, ends included; not `splitlines`, which knows other ends as well."""
    return (f"{line}\n" for line in text.split("\n")[:-1])


def _cut(line: str) -> tuple[str, str]:
    """Subject and property of a line; with the object where values of several count."""
    subject, rest = line.split(" ", 1)
    return subject, intern(rest if rest.startswith(_FREE) else rest[: rest.index(" ")])
