"""The walk over the rows of each pair, nearest first, that answers every reduction at once; compiled.

Rows lie by customer and within a customer by time, so a pair's rows are a run of them read backwards. A row falls
into a cell between two window edges and into the measures of its class; what a window asks is put together from
its cells when the pair's last row is read. Sums are of integers, so their order does not matter.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "AGE_COLUMN",
    "COUNT",
    "DAY_US",
    "DISTINCT",
    "MAX",
    "MIN",
    "NONE",
    "NO_COLUMN",
    "SUM",
    "Questions",
    "Rows",
    "walk",
]

DAY_US = 86_400_000_000
NONE = np.iinfo(np.int64).min
"""Stands for a missing value; no amount reaches it."""

SUM, COUNT, MIN, MAX, DISTINCT = range(5)
NO_COLUMN, AGE_COLUMN = -1, -2


class Rows(NamedTuple):
    """Rows by customer and time.

    posted_us, recorded_us (n_rows,) microseconds since 1970; class_of (n_rows,) the row's class; values
    (n_rows, n_columns), NONE where missing, codes from 0 on where different values are counted.
    """

    posted_us: NDArray[np.int64]
    recorded_us: NDArray[np.int64]
    class_of: NDArray[np.int32]
    values: NDArray[np.int64]


class Questions(NamedTuple):
    """What is asked of the rows.

    starts (n_classes, 4): the places in `measures` where a class's sums, counts and other measures begin, and where
    they end; measures and columns (n_places,): the measures that a row of the class counts for, and their columns;
    how, codes (n_measures,): how the measure is taken, and for DISTINCT how many different values its column has;
    cell_of_age (n_edge_days + 1,): the cell of each age, the last for every greater one; measure, first_cell,
    end_cell (n_asked,): what each answer is put together from.
    """

    starts: NDArray[np.int32]
    measures: NDArray[np.int32]
    columns: NDArray[np.int32]
    how: NDArray[np.int8]
    codes: NDArray[np.int64]
    cell_of_age: NDArray[np.int32]
    measure: NDArray[np.int32]
    first_cell: NDArray[np.int32]
    end_cell: NDArray[np.int32]


@njit(nogil=True, cache=True)
def walk(rows: Any, questions: Any, first: Any, end: Any, as_of_us: Any) -> Any:
    """The answers (n_asked, n_pairs) as int64, NONE where no row counts; counts are 0 then.

    first, end (n_pairs,): the run of rows of the pair's customer.
    """
    how, codes = questions.how, questions.codes
    nothing = np.where((how == COUNT) | (how == DISTINCT), 0, NONE)
    held = np.empty((questions.cell_of_age[-1] + 1, len(how)), dtype=np.int64)
    seen_from = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(np.where(how == DISTINCT, codes, 0))))
    # The pair in which a measure last met a value: nothing to empty between pairs.
    seen_in = np.full(seen_from[-1], -1, dtype=np.int32)
    answers = np.empty((len(questions.measure), len(as_of_us)), dtype=np.int64)
    for pair in range(len(as_of_us)):
        held[:] = nothing
        _meet(rows, questions, first, end, as_of_us, pair, held, (seen_from, seen_in))
        _put_together(questions, held, nothing, pair, answers)
    return answers


@njit(nogil=True, cache=True)
def _meet(rows: Any, q: Any, first: Any, end: Any, as_of_us: Any, pair: int, held: Any, seen: Any) -> None:
    """Take the known rows of a pair into what the measures hold of each cell."""
    now, last_age = as_of_us[pair], len(q.cell_of_age) - 1
    seen_from, seen_in = seen
    for row in range(end[pair] - 1, first[pair] - 1, -1):
        if rows.posted_us[row] > now or rows.recorded_us[row] > now:
            continue
        age = (now - rows.posted_us[row]) // DAY_US
        into = held[q.cell_of_age[min(age, last_age)]]
        sums, counts, others, stop = q.starts[rows.class_of[row]]
        for place in range(sums, counts):
            m = q.measures[place]
            into[m] = _taken(SUM, into[m], rows.values[row, q.columns[place]])
        for place in range(counts, others):
            into[q.measures[place]] += 1
        for place in range(others, stop):
            m, column = q.measures[place], q.columns[place]
            value = age if column == AGE_COLUMN else rows.values[row, column]
            if q.how[m] != DISTINCT:
                into[m] = _taken(q.how[m], into[m], value)
            elif 0 <= value < q.codes[m] and seen_in[seen_from[m] + value] != pair:
                seen_in[seen_from[m] + value] = pair
                into[m] += 1


@njit(nogil=True, cache=True)
def _put_together(q: Any, held: Any, nothing: Any, pair: int, answers: Any) -> None:
    """Answer what is asked of a pair from what its cells hold."""
    for place in range(len(q.measure)):
        m = q.measure[place]
        # The counts of cells are added up.
        how = SUM if q.how[m] in (COUNT, DISTINCT) else q.how[m]
        answer = nothing[m]
        for cell in range(q.first_cell[place], q.end_cell[place]):
            answer = _taken(how, answer, held[cell, m])
        answers[place, pair] = answer


@njit(nogil=True, cache=True, inline="always")
def _taken(how: int, held: int, value: int) -> int:
    """What is held when one more value is met; a missing one changes nothing."""
    if value == NONE:
        return held
    if how == COUNT:
        return held + 1
    if held == NONE:
        return value
    if how == SUM:
        return held + value
    return min(held, value) if how == MIN else max(held, value)
