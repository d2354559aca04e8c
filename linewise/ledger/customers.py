"""Customers as the record knows them: a random reference and a secret each, found by a keyed name."""

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from linewise.ledger.decision_tables import record_customers
from linewise.ledger.keys import KeyStore

__all__ = ["SECRET_BYTES", "CustomerKey", "Customers"]

SECRET_BYTES = 32
LOOKUP_CHUNK = 500  # SQLite bounds the number of values in one statement
MOST_KEPT = 10_000


class CustomerKey(NamedTuple):
    """What stands for a customer in the chain, and the secret from which the customer's keys are made."""

    customer_ref: str
    secret: bytes


class Customers:
    """References and secrets; the table is always asked, only the unwrapping of a secret is remembered."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys
        self._unwrapped: dict[bytes, bytes] = {}

    def find(self, connection: Connection, customer_ids: Iterable[str]) -> dict[str, CustomerKey]:
        """Of these customers those that have a key, by customer_id."""
        lookups = {self._keys.lookup(one): one for one in customer_ids}
        wanted = list(lookups)
        found: dict[str, CustomerKey] = {}
        for start in range(0, len(wanted), LOOKUP_CHUNK):
            chosen = record_customers.c.lookup.in_(wanted[start : start + LOOKUP_CHUNK])
            for row in connection.execute(select(record_customers).where(chosen)):
                found[lookups[row.lookup]] = CustomerKey(row.customer_ref, self.unwrap(row.wrapped_secret))
        return found

    def find_or_make(self, connection: Connection, customer_ids: Iterable[str]) -> Mapping[str, CustomerKey]:
        """The keys of all these customers; who has none yet gets one in this transaction."""
        wanted = list(dict.fromkeys(customer_ids))
        found = self.find(connection, wanted)
        made = {one: CustomerKey(uuid4().hex, os.urandom(SECRET_BYTES)) for one in wanted if one not in found}
        if made:
            rows = [
                {
                    "customer_ref": key.customer_ref,
                    "lookup": self._keys.lookup(one),
                    "wrapped_secret": self._keys.wrap(key.secret),
                }
                for one, key in made.items()
            ]
            connection.execute(insert(record_customers), rows)
        return found | made

    def unwrap(self, wrapped: bytes) -> bytes:
        """The secret behind a wrapped one; remembered, for a key service is asked over the network."""
        secret = self._unwrapped.get(wrapped)
        if secret is None:
            secret = self._keys.unwrap(wrapped)
            if len(self._unwrapped) >= MOST_KEPT:
                self._unwrapped.clear()
            self._unwrapped[wrapped] = secret
        return secret

    def forget(self) -> None:
        """Remember no secret any more: one of them was destroyed."""
        self._unwrapped.clear()
