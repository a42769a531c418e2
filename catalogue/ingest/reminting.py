"""Everything that we named under one public address, named under another one.

What an entry and its nodes were called by us is taken away and given anew (`identity.mint`), so that an entry has the
same names as if it had come in under the new address, and the next harvest finds nothing to change. What a source
named stays.
"""

from typing import Any, NamedTuple

import msgspec

from dcat.model import KINDS, Agent, Entry

from . import identity, sameness


class Move(NamedTuple):
    """From one public address to another, both without final slash."""

    old: str
    new: str

    def of(self, text: str) -> str:
        """What begins with a name of ours begins with the new address; all else stays."""
        return self.new + text.removeprefix(self.old) if text.startswith(f"{self.old}/id/") else text

    def key(self, key: str) -> str:
        """The same of a key by which an entry is known elsewhere (`sameness`), whose addresses are written one way."""
        old, new = (sameness.strong(f"{site}/id")[0] for site in self)
        return new + key.removeprefix(old) if key.startswith(f"{old}/") else key


def entry(body: bytes, kind: str, id: str, move: Move, languages: tuple[str, ...]) -> Entry:
    """The entry of a JSON, named anew."""
    old, new = (identity.minted_iri(site, kind, id) for site in move)
    said: Entry = msgspec.convert(_nameless(msgspec.json.decode(body), f"{old}#", move), KINDS[kind], strict=False)
    return identity.mint(said, new, move.new, languages)


def agent(said: Agent, move: Move) -> Agent:
    """What a source says about a publisher, with our names for it and its parts at the new address."""
    return msgspec.convert(_moved(msgspec.to_builtins(said), move), Agent, strict=False)


def _nameless(value: Any, base: str, move: Move) -> Any:
    """The value without the names that `identity.mint` gives; other names of ours at the new address."""
    if isinstance(value, list):
        return [_nameless(item, base, move) for item in value]
    if isinstance(value, dict):
        kept = {name: item for name, item in value.items() if name != "iri" or not _is_given(value, base, move)}
        return {name: _nameless(item, base, move) for name, item in kept.items()}
    return _moved(value, move)


def _is_given(node: dict[str, Any], base: str, move: Move) -> bool:
    """True for a node that `identity.mint` named: by what it holds, or an agent by its name."""
    iri = str(node["iri"])
    return iri.startswith(base) or (iri.startswith(f"{move.old}/id/agent/") and bool(node.get("name")))


def _moved(value: Any, move: Move) -> Any:
    if isinstance(value, list):
        return [_moved(item, move) for item in value]
    if isinstance(value, dict):
        return {name: _moved(item, move) for name, item in value.items()}
    return move.of(value) if isinstance(value, str) else value
