"""Customers as the record knows them: a random reference and a secret each, found by a keyed name."""

import os
import time
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import BindParameter, Connection, Dialect, Select, bindparam, insert, select

from linewise.ledger.decision_tables import record_customers
from linewise.ledger.keys import KeyStore
from linewise.ledger.payload import PayloadKeys
from linewise.ledger.prepared import Prepared

__all__ = ["SECRET_BYTES", "CustomerKey", "Customers"]

SECRET_BYTES = 32
LOOKUP_CHUNK = 500  # SQLite bounds the number of values in one statement
MOST_KEPT = 10_000
KEPT_SECONDS = 300.0
"""Another process that erases a customer cannot make this one forget: it does so by itself, after so long."""


class CustomerKey(NamedTuple):
    """What stands for a customer in the chain, and the keys of the customer's payloads."""

    customer_ref: str
    payload: PayloadKeys


class Customers:
    """References and keys; the table is always asked, only what a wrapped secret unwraps to is remembered."""

    def __init__(self, keys: KeyStore, dialect: Dialect) -> None:
        self._keys = keys
        self._make = Prepared(insert(record_customers), dialect)
        self._choose = cache(lambda count: Prepared(_chosen(count), dialect))
        self.forget()

    def find(self, connection: Connection, customer_ids: Iterable[str]) -> dict[str, CustomerKey]:
        """Of these customers those that have a key, by customer_id."""
        return self._find(connection, {self._keys.lookup(one): one for one in customer_ids})

    def _find(self, connection: Connection, lookups: Mapping[str, str]) -> dict[str, CustomerKey]:
        wanted = list(lookups)
        found: dict[str, CustomerKey] = {}
        for start in range(0, len(wanted), LOOKUP_CHUNK):
            chunk = {str(place): one for place, one in enumerate(wanted[start : start + LOOKUP_CHUNK])}
            for lookup, customer_ref, wrapped in self._choose(len(chunk)).read(connection, chunk):
                found[lookups[lookup]] = CustomerKey(customer_ref, self.unwrap(wrapped))
        return found

    def find_or_make(self, connection: Connection, customer_ids: Iterable[str]) -> Mapping[str, CustomerKey]:
        """The keys of all these customers; who has none yet gets one in this transaction."""
        lookups = {self._keys.lookup(one): one for one in dict.fromkeys(customer_ids)}
        keys, rows = self._find(connection, lookups), []
        for lookup, one in lookups.items():
            if one not in keys:
                secret = os.urandom(SECRET_BYTES)
                keys[one] = made = CustomerKey(uuid4().hex, PayloadKeys.of(secret))
                wrapped = self._keys.wrap(secret)
                rows.append({"customer_ref": made.customer_ref, "lookup": lookup, "wrapped_secret": wrapped})
        if rows:
            self._make.write(connection, rows)
        return keys

    def unwrap(self, wrapped: bytes) -> PayloadKeys:
        """The keys behind a wrapped secret; remembered for a while, for a key service is asked over the network."""
        if time.monotonic() > self._kept_until:
            self.forget()
        keys = self._unwrapped.get(wrapped)
        if keys is None:
            keys = PayloadKeys.of(self._keys.unwrap(wrapped))
            if len(self._unwrapped) >= MOST_KEPT:
                self.forget()
            self._unwrapped[wrapped] = keys
        return keys

    def forget(self) -> None:
        """Remember no key any more: one of them was destroyed, or has been remembered long enough."""
        self._unwrapped: dict[bytes, PayloadKeys] = {}
        self._kept_until = time.monotonic() + KEPT_SECONDS


def _chosen(count: int) -> Select[tuple[str, str, bytes]]:
    """So many customers by their lookups, whose values are named by their places."""
    table = record_customers.c
    wanted: list[BindParameter[str]] = [bindparam(str(place)) for place in range(count)]
    return select(table.lookup, table.customer_ref, table.wrapped_secret).where(table.lookup.in_(wanted))
