"""Records as they were written, found by all that they were made of: who asks for the same again waits for no writing.

What a record is made of is its key, so one that changed in any way is another one, and nothing is ever out of date.
"""

import hashlib
from collections.abc import Callable
from typing import cast

import msgspec
from flask import Flask, current_app

from .codings import restored, squeezed
from .kept import Kept

MOST = 24 * 1024 * 1024
"""Bytes of one process, packed: some 5,000 records."""
_NAME = "kept-records"


def register(app: Flask) -> None:
    """Each application keeps its own: what it is called is in its records."""
    app.extensions[_NAME] = Kept[bytes](MOST)


def kept(write: Callable[[], bytes], *made_of: object) -> bytes:
    """A record that is made of these things and of the settings, written when it is not kept."""
    body = found(*made_of)
    if body is None:
        body = write()
        packed = squeezed(body)
        _records().keep(_key(made_of), packed, len(packed))
    return body


def found(*made_of: object) -> bytes | None:
    """The same when it is kept: for who knows what a record is made of before he has read it."""
    packed = _records().get(_key(made_of))
    return None if packed is None else restored(packed)


def _records() -> Kept[bytes]:
    return cast("Kept[bytes]", current_app.extensions[_NAME])


def _key(made_of: tuple[object, ...]) -> bytes:
    return hashlib.blake2b(msgspec.msgpack.encode(made_of), digest_size=16).digest()
