"""A frame of any length decided a part at a time, so that memory does not grow with it."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

from linewise.decisioning.decide import DecisionPolicy, decide
from linewise.decisioning.prices import Prices
from linewise.decisioning.scorers import Scorers
from linewise.decisioning.types import Context, Customers, Decisions, State

__all__ = ["AT_ONCE", "decided_in_chunks", "some_rows"]

AT_ONCE = 5_000
"""Customers of a chunk: enough that what numpy asks for each operation does not count, and some 100 MB at most."""

Struct = TypeVar("Struct", Customers, State)


def some_rows(struct: Struct, rows: slice) -> Struct:
    """The same of some customers: every array has a row a customer."""

    def part(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return value[rows]
        return {name: column[rows] for name, column in value.items()} if isinstance(value, Mapping) else value

    return type(struct)(**{field.name: part(getattr(struct, field.name)) for field in fields(struct)})


def decided_in_chunks(
    customers: Customers,
    state: State,
    context: Context,
    policy: DecisionPolicy,
    scorers: Scorers,
    prices: Prices,
    seed: int,
    at_once: int = AT_ONCE,
) -> Iterator[Decisions]:
    """`decide` over a frame, one chunk after the other; what a customer gets does not depend on the chunk."""
    for start in range(0, len(customers), at_once):
        rows = slice(start, start + at_once)
        yield decide(some_rows(customers, rows), some_rows(state, rows), context, policy, scorers, prices, seed)
