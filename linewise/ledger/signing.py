"""A person's own key (Ed25519), kept in a file by its holder, and what a signature of it stands under."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from linewise.core.errors import Conflict, UsageError
from linewise.ledger import keys

__all__ = ["PersonKey", "canonical", "is_signed", "key_id_of", "make_key_file", "read_key_file"]


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A private key in the hand of its holder, and the public half by which the ledger knows the holder."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """The public key, 64 hexadecimal digits."""
        return self.private.public_key().public_bytes_raw().hex()

    @property
    def key_id(self) -> str:
        """The short name of the key."""
        return key_id_of(self.public)

    def sign(self, content: Mapping[str, Any]) -> str:
        """A signature over the canonical form of the content, in hexadecimal digits."""
        return self.private.sign(canonical(content)).hex()


def canonical(content: Mapping[str, Any]) -> bytes:
    """One spelling of a JSON document: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def key_id_of(public_key: str) -> str:
    """The first half of the SHA-256 of a public key, as hexadecimal digits."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:32]


def make_key_file(path: Path) -> PersonKey:
    """Make a key in a new file that only its owner may read.

    Raises Conflict where the file is there: a key is never written over.
    """
    key = PersonKey(Ed25519PrivateKey.generate())
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as err:
        raise Conflict(f"The file {path} is there already.", "A new file was expected: no key is lost.") from err
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    return key


def read_key_file(path: Path) -> PersonKey:
    """The key in a file; raises UsageError where there is none that can be read."""
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as err:
        raise UsageError(
            f"{path} holds no key that can be read.",
            "A file made by linewise release key was expected.",
            "Run: linewise release key NAME --role ROLE --out FILE",
        ) from err
    if not isinstance(private, Ed25519PrivateKey):
        raise UsageError(f"{path} holds a key of another kind.", "An Ed25519 key was expected.")
    return PersonKey(private)


def is_signed(public_key: str, content: Mapping[str, Any], signature: str) -> bool:
    """Whether the holder of that key signed that content; a signature that cannot be read is none."""
    return _verified(public_key, canonical(content), signature)


@lru_cache(maxsize=4096)
def _verified(public_key: str, message: bytes, signature: str) -> bool:
    # The answer depends on nothing else, and a service asks it at every decision.
    try:
        return keys.is_signed(bytes.fromhex(public_key), message, bytes.fromhex(signature))
    except ValueError:
        return False
