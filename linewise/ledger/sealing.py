"""A text sealed under a key of its own, which the key store wraps: for what must be read again, once, by few."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linewise.ledger.keys import KeyStore

__all__ = ["opened", "sealed"]

NONCE_BYTES = 12


def sealed(keys: KeyStore, content: bytes, bound: bytes) -> tuple[bytes, bytes]:
    """The wrapped key and the sealed content (AES-256-GCM); bound: what it belongs to, without which it never opens.

    A key of its own under the record's, for a key service wraps keys and no texts.
    """
    key, nonce = AESGCM.generate_key(bit_length=256), os.urandom(NONCE_BYTES)
    return keys.wrap(key), nonce + AESGCM(key).encrypt(nonce, content, bound)


def opened(keys: KeyStore, wrapped_key: bytes, content: bytes, bound: bytes) -> bytes:
    """What was sealed; raises KeysMissing where another master key wrapped it."""
    return AESGCM(keys.unwrap(wrapped_key)).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], bound)
