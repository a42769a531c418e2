"""Producers' keys: `odc_`, 30 random letters and digits, 6 of a checksum, so that secret scanners know one at sight.

The store keeps a keyed BLAKE2b-256 hash: random keys of 150 bits need no slow hash (robustness 2.5, A5).
"""

import hmac
import secrets
import string
import zlib
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from .. import clock, disk
from ..errors import Forbidden, Invalid, Unavailable
from ..settings import SHORTEST_KEY, Settings
from ..store import tokens
from ..store.database import Transaction
from ..store.rows import TokenRow
from ..whole_file import OWNER, appearing

PREFIX = "odc_"
SCOPES = ("harvest", "push", "operator")
LONGEST_DAYS = 366
SHOWN = len(PREFIX) + 6
"""Characters of a key that are kept to recognise it by."""

_ALPHABET = string.digits + string.ascii_letters
_RANDOM, _CHECKSUM = 30, 6
_NAME = "The key of this installation"


def secret(settings: Settings) -> bytes:
    """What the hashes are keyed with: the setting, else made once and kept in the data folder for this user only.
    Raises `Unavailable`."""
    if settings.secret_key:
        return settings.secret_key.encode()
    file = secret_file(settings)
    try:
        if not file.exists():
            _make_secret(file)
        key = file.read_bytes()
    except OSError as error:
        raise Unavailable(disk.sentence(OSError(error.errno, error.strerror), _NAME), str(file)) from error
    if len(key) < SHORTEST_KEY:  # with an empty one anybody could make hashes
        advice = "Bring it back from a backup; without it, delete the file, and every key of a producer ends"
        raise Unavailable(f"{_NAME} is cut off. {advice}.", str(file))
    return key


def secret_file(settings: Settings) -> Path:
    """Where it is kept when no setting says it."""
    return settings.data_dir / "secret.key"


def _make_secret(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with appearing(file, OWNER, is_once=True) as out:
        out.write(secrets.token_hex(32).encode())


def make() -> str:
    """A new key."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return PREFIX + body + checksum(body)


def checksum(body: str) -> str:
    """CRC-32 of the random part in base 62."""
    number, text = zlib.crc32(body.encode()), ""
    for _ in range(_CHECKSUM):
        number, digit = divmod(number, len(_ALPHABET))
        text = _ALPHABET[digit] + text
    return text


def is_well_formed(key: str) -> bool:
    """True when the checksum fits: anything else was never one of our keys."""
    body, check = key[len(PREFIX) : len(PREFIX) + _RANDOM], key[len(PREFIX) + _RANDOM :]
    return key.isascii() and key.startswith(PREFIX) and len(body) == _RANDOM and check == checksum(body)


def create(
    tx: Transaction,
    key: bytes,
    publisher: str,
    scopes: tuple[str, ...],
    days: int,
    *,
    publishers: tuple[str, ...] = (),
) -> tuple[str, TokenRow]:
    """A new key and what is kept of it; `publishers` are those besides its own whose records it may send.

    Raises `Invalid` for nobody, an unknown scope or an expiry beyond a year.
    """
    if not publisher:
        raise Invalid("A token needs the publisher that it is for.", "publisher")
    if unknown := [scope for scope in scopes if scope not in SCOPES]:
        raise Invalid(f"Scope {unknown[0]!r} is not one of {', '.join(SCOPES)}.", "scopes")
    if not scopes:
        raise Invalid(f"A token needs at least one scope of {', '.join(SCOPES)}.", "scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"A token lives between 1 day and {LONGEST_DAYS} days, not {days}.", "days")
    token, now = make(), clock.now()
    row = TokenRow(
        id=0,
        prefix=token[:SHOWN],
        publisher=publisher,
        scopes=scopes,
        created=now,
        expires=now + timedelta(days=days),
        publishers=publishers,
    )
    return token, tokens.add(tx, row, hashed(key, token))


def hashed(key: bytes, token: str) -> bytes:
    """What the store keeps of a key."""
    return blake2b(token.encode(), key=key[:64], digest_size=32).digest()


def check(tx: Transaction, key: bytes, token: str) -> TokenRow:
    """What a key allows. Raises `Forbidden`, in the same words, for an unknown, expired or revoked one."""
    if is_well_formed(token):
        wanted, now = hashed(key, token), clock.now()
        for hash, row in tokens.by_prefix(tx, token[:SHOWN]):
            if hmac.compare_digest(hash, wanted) and row.revoked is None and now < row.expires:
                return row
    raise Forbidden("This token is not known here, or it has expired or was revoked.")


def is_worth_noting(row: TokenRow, now: datetime) -> bool:
    """True when a use now should be written down: once a minute is often enough."""
    return row.last_used is None or now - row.last_used > timedelta(minutes=1)
