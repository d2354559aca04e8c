"""The keys of the record behind one small interface: a file in the embedded profile, a key service in production."""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import uuid4

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linewise.core.errors import KeysMissing

__all__ = ["FileKeys", "KeyStore", "is_signed"]

NONCE_BYTES = 12


class KeyStore(Protocol):
    """What the record asks of whoever holds the master key; the master key itself never leaves it."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes with which anybody checks a signature of this store (Ed25519)."""

    def wrap(self, secret: bytes) -> bytes:
        """The secret of a customer, encrypted under the master key."""

    def unwrap(self, wrapped: bytes) -> bytes:
        """The secret again; raises KeysMissing where another master key wrapped it."""

    def sign(self, message: bytes) -> bytes:
        """A signature of the message (Ed25519)."""

    def lookup(self, customer_id: str) -> str:
        """A keyed name of the customer, always the same, from which nobody without the key finds the customer."""


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of that key signed the message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class _Keys(NamedTuple):
    wrapping: bytes
    lookup: bytes
    signing: bytes


class FileKeys:
    """Three keys in one file that only its owner may read, made at the first use.

    `may_make` is asked before a file is made: keys made anew beside an old record could open nothing of it.
    """

    def __init__(self, path: Path, may_make: Callable[[], bool] = lambda: True) -> None:
        self.path, self._may_make = path, may_make

    @cached_property
    def _keys(self) -> _Keys:
        if not self.path.exists():
            if not self._may_make():
                raise KeysMissing(str(self.path))
            _make(self.path)
        try:
            given = json.loads(self.path.read_text(encoding="ascii"))
            return _Keys(*(base64.b64decode(given[name], validate=True) for name in _Keys._fields))
        except (ValueError, KeyError, TypeError) as err:
            raise KeysMissing(str(self.path), "cannot be read") from err

    @cached_property
    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._keys.signing)

    @property
    def public_key(self) -> bytes:
        """The 32 bytes with which anybody checks a signature of this store."""
        return self._signer.public_key().public_bytes_raw()

    def wrap(self, secret: bytes) -> bytes:
        """The secret under the master key, behind its nonce."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._keys.wrapping).encrypt(nonce, secret, None)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The secret again; raises KeysMissing where another master key wrapped it."""
        try:
            return AESGCM(self._keys.wrapping).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], None)
        except InvalidTag as err:
            raise KeysMissing(str(self.path), "is not the one that this record was written with") from err

    def sign(self, message: bytes) -> bytes:
        """A signature of the message."""
        return self._signer.sign(message)

    def lookup(self, customer_id: str) -> str:
        """HMAC-SHA256 of the customer's id, in hexadecimal digits."""
        return hmac.digest(self._keys.lookup, customer_id.encode(), hashlib.sha256).hex()


def _make(path: Path) -> None:
    """Draw the keys; of two processes that do it at once, the first one's count."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    drawn = {name: base64.b64encode(os.urandom(32)).decode("ascii") for name in _Keys._fields}
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        json.dump(drawn, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
