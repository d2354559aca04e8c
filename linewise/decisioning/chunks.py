"""A frame of any length decided a part at a time, so that memory does not grow with it."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import fields
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from linewise.decisioning.types import Customers, Decisions, State

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
    decided: Callable[[slice], Decisions], count: int, *, at_once: int = AT_ONCE, threads: int = 1
) -> Iterator[Decisions]:
    """What `decided` says of the rows of a frame, chunk by chunk in its order.

    threads: chunks that are decided at the same time; so many wait to be taken at most.
    """
    rows = (slice(start, start + at_once) for start in range(0, count, at_once))
    if threads == 1:
        yield from map(decided, rows)
        return
    with ThreadPoolExecutor(threads) as pool:
        going: deque[Future[Decisions]] = deque(pool.submit(decided, one) for one in islice(rows, threads))
        while going:
            made = going.popleft().result()
            going.extend(pool.submit(decided, one) for one in islice(rows, 1))
            yield made
