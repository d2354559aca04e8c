"""What rules may name of candidates: of their customers, of the catalogue, and of each one alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from numpy.typing import NDArray

from linewise.decisioning.types import Customers, Rows

__all__ = ["Columns", "Described", "Known", "Named"]

Columns = Mapping[str, NDArray[Any]]
"""Columns by name: of a customer (n_customers,), of a candidate to be broadcast to (n_customers, n_candidates)."""


class Named(Protocol):
    """Columns that are found by name."""

    def get(self, name: str, /) -> NDArray[Any] | None:
        """The column of that name, None where nobody knows it."""


Reader = Callable[["Known"], Any]


class Known:
    """What is known of customers by name, each (n_customers,): what is told of them goes before their features."""

    __slots__ = ("_read", "customers", "told")

    def __init__(self, customers: Customers, told: Columns) -> None:
        self.customers, self.told = customers, told
        self._read: tuple[Reader | None, Any] = (None, None)

    def __len__(self) -> int:
        return len(self.customers)

    def __iter__(self) -> Iterator[str]:
        yield from self.told
        yield from (name for name in self.customers.feature_names if name not in self.told)

    def __contains__(self, name: str) -> bool:
        return name in self.told or self.customers.has_feature(name)

    def get(self, name: str) -> NDArray[Any] | None:
        """The column of that name, None where nobody knows it."""
        told = self.told.get(name)
        return self.customers.feature(name) if told is None and self.customers.has_feature(name) else told

    def only(self, rows: Rows) -> "Known":
        """The same of some of the customers."""
        return Known(self.customers.only(rows), {name: values[rows] for name, values in self.told.items()})

    def read_by(self, reader: Reader) -> Any:
        """What a reader makes of it, made once: the rules of every kind of candidate read the same."""
        if self._read[0] is not reader:
            self._read = (reader, reader(self))
        return self._read[1]


@dataclass(frozen=True, slots=True)
class Described:
    """What rules may name of candidates.

    own: of this decision alone, which goes before what is known of the customer; fixed: what the policy says of
    them whoever the customer is, which goes behind it, and is the same object at every decision.
    """

    known: Known
    own: Columns = field(default_factory=dict)
    fixed: Columns = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.known)

    def __iter__(self) -> Iterator[str]:
        return iter({*self.own, *self.known, *self.fixed})

    def get(self, name: str) -> NDArray[Any] | None:
        """The column of that name, None where nobody knows it."""
        for columns in (self.own, self.known, self.fixed):
            if (found := columns.get(name)) is not None:
                return found
        return None

    def of_candidates(self, own: Columns, fixed: Columns) -> "Described":
        """The same with columns of candidates, unless it is told of the customer what they are."""
        unknown = {name: values for name, values in own.items() if name not in self.known}
        return Described(self.known, {**self.own, **unknown}, fixed)

    def only(self, rows: Rows) -> "Described":
        """The same of some of the customers, where no candidates are described yet; all of them are the same object."""
        if isinstance(rows, slice) and rows == slice(None):
            return self
        return Described(self.known.only(rows), {name: values[rows] for name, values in self.own.items()}, self.fixed)
