"""What is written to the chain: entries that wait for their place, and a call that holds all or none of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Table

from linewise.ledger.customers import CustomerKey

__all__ = ["Call", "Entry"]


class Entry(Protocol):
    """One entry of the chain, before it has a place in it."""

    @property
    def table(self) -> Table:
        """Where it is written."""

    @property
    def customer_id(self) -> str | None:
        """The customer whose key it needs, or None."""

    def sealed(self, key: CustomerKey | None) -> tuple[dict[str, Any], str]:
        """The row as the database keeps it, without its place and link, and what the link binds."""


@dataclass(slots=True)
class Call:
    """The entries of one call, what is done beside them in the same transaction, and how it ended."""

    entries: Sequence[Entry]
    beside: Callable[[Connection, Mapping[str, CustomerKey]], None] | None = None
    error: BaseException | None = None
    is_done: bool = False
