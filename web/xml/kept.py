"""Records as they were written, found by all that they were made of: who asks for the same again waits for no writing.

What a record is made of is its key, so one that changed in any way is another one, and nothing is ever out of date.
"""

import hashlib
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable
from typing import cast

import msgspec
from flask import Flask, current_app

MOST = 24 * 1024 * 1024
"""Bytes of one process, packed: some 5,000 records. Those that were not asked for longest go first."""
LEVEL = 1
"""How hard they are packed: a fifth of their size in a fraction of the time of writing them."""
_NAME = "kept-records"


class Kept:
    """Records by their keys, in the memory of this process."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._bytes = most, 0
        self._records: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes, write: Callable[[], bytes]) -> bytes:
        """The record of that key, written when it is not there."""
        with self._lock:
            packed = self._records.get(key)
            if packed is not None:
                self._records.move_to_end(key)
        if packed is not None:
            return zlib.decompress(packed)
        body = write()
        self._keep(key, zlib.compress(body, LEVEL))
        return body

    def _keep(self, key: bytes, packed: bytes) -> None:
        with self._lock:
            if key not in self._records:
                self._records[key], self._bytes = packed, self._bytes + len(packed)
            while self._bytes > self._most:
                _, gone = self._records.popitem(last=False)
                self._bytes -= len(gone)


def register(app: Flask) -> None:
    """Each application keeps its own: what it is called is in its records."""
    app.extensions[_NAME] = Kept()


def kept(write: Callable[[], bytes], *made_of: object) -> bytes:
    """A record that is made of these things and of the settings."""
    key = hashlib.blake2b(msgspec.msgpack.encode(made_of), digest_size=16).digest()
    return cast("Kept", current_app.extensions[_NAME]).get(key, write)
