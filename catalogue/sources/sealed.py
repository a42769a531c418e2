"""What is kept so that only this installation can read it: sealed with its key, authenticated encryption (Fernet).

https://cryptography.io/en/latest/fernet/
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class NotOurs(Exception):
    """It was sealed with another key, or changed since."""


def seal(text: bytes, key: bytes, purpose: str) -> bytes:
    """The text as it may lie in a database or a backup. What is sealed for one purpose opens for no other."""
    return _fernet(key, purpose).encrypt(text)


def unseal(sealed: bytes, key: bytes, purpose: str) -> bytes:
    """The text again; raises `NotOurs`."""
    try:
        return _fernet(key, purpose).decrypt(sealed)
    except InvalidToken as error:
        raise NotOurs from error


def _fernet(key: bytes, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)
    return Fernet(urlsafe_b64encode(derived))
