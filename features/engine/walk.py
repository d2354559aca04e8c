"""The walk over the rows of each pair, nearest first, that answers every reduction at once; compiled.

Rows lie by customer and within a customer by time, so a pair's rows are a run of them read backwards. A row falls
into a cell between two window edges and into the measures of its class; what a window asks is put together from
its cells when the pair's last row is read. Sums are of integers, so their order does not matter.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linewise.core.compiling import compiled, inlined

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

SUM, COUNT, DISTINCT, MIN, MAX = range(5)
# Measures lie in this order: those whose cells are added up come first.
NO_COLUMN, AGE_COLUMN = -1, -2


class Rows(NamedTuple):
    """Rows by customer and time.

    posted_us, recorded_us, until_us (n_rows,) microseconds since 1970: a row is known from both the first two on, and
    up to the last (no row (0,): for ever); class_of (n_rows,) the row's class; amounts (n_amounts, n_rows), NONE
    where missing; codes (n_coded, n_rows), which tell different values apart from 0 on, -1 where missing.
    """

    posted_us: NDArray[np.int64]
    recorded_us: NDArray[np.int64]
    until_us: NDArray[np.int64]
    class_of: NDArray[np.int32]
    amounts: NDArray[np.int64]
    codes: NDArray[np.int32]


class Questions(NamedTuple):
    """What is asked of the rows.

    starts (n_classes, 4): the places in `measures` where a class's sums, counts and other measures begin, and where
    they end; measures and columns (n_places,): the measures that a row of the class counts for, and their columns;
    how, codes (n_measures,): how the measure is taken, in order, and for DISTINCT how many different values its column
    has; cell_of_age (n_edge_days + 1,): the cell of each age, the last for every greater one; measure, first_cell,
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


_BLOCK = 512
"""Pairs whose answers are written at once: so many of an answer lie side by side, and all of them in the cache."""


@compiled
def walk(rows: Any, questions: Any, runs: Any, as_of_us: Any, place: Any, answers: Any) -> None:
    """Fill in the answers (n_asked, n_pairs) as int64, NONE where no row counts; counts are 0 then.

    runs: the first row of each pair's customer and the one after the last, (n_pairs,) each; place (n_pairs,): the
    column of `answers` that is the pair's.
    """
    first, end = runs
    how, codes = questions.how, questions.codes
    nothing = np.where((how == MIN) | (how == MAX), NONE, 0)
    cells, measures = questions.cell_of_age[-1] + 1, len(how)
    sums, added = np.sum(how == SUM), np.sum(how < MIN)
    # A cell is the row after its edge's: what lies before the first edge is nothing.
    held, met = np.zeros((cells + 1, measures), dtype=np.int64), np.zeros((cells + 1, sums), dtype=np.int32)
    seen_from = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(np.where(how == DISTINCT, codes, 0))))
    # The pair in which a measure last met a value: nothing to empty between pairs.
    seen_in = np.full(seen_from[-1], -1, dtype=np.int32)
    block = np.empty((_BLOCK, len(questions.measure)), dtype=np.int64)
    for start in range(0, len(as_of_us), _BLOCK):
        stop = min(start + _BLOCK, len(as_of_us))
        for pair in range(start, stop):
            for cell in range(1, cells + 1):
                held[cell] = nothing
                met[cell] = 0
            _meet(rows, questions, first, end, as_of_us, pair, (held, met), (seen_from, seen_in))
            _add_up(held, added)
            _add_up(met, sums)
            _put_together(questions, held, met, block[pair - start])
        for at in range(len(answers)):
            for pair in range(start, stop):
                answers[at, place[pair]] = block[pair - start, at]


@compiled
def _meet(rows: Any, q: Any, first: Any, end: Any, as_of_us: Any, pair: int, cells: Any, seen: Any) -> None:
    """Take the known rows of a pair into what the measures hold of each cell."""
    now, last_age = as_of_us[pair], len(q.cell_of_age) - 1
    held, met = cells
    seen_from, seen_in = seen
    ends = len(rows.until_us) > 0
    # Unsigned, for a signed place is asked at each access whether it counts from the end.
    one = np.uint64(1)
    row, stop_row = np.uint64(end[pair]), np.uint64(first[pair])
    while row > stop_row:
        row -= one
        if rows.posted_us[row] > now or rows.recorded_us[row] > now or (ends and rows.until_us[row] <= now):
            continue
        age = (now - rows.posted_us[row]) // DAY_US
        cell = np.uint64(q.cell_of_age[np.uint64(min(age, last_age))] + 1)
        row_class = np.uint64(rows.class_of[row])
        place = np.uint64(q.starts[row_class, np.uint64(0)])
        counts = np.uint64(q.starts[row_class, one])
        others = np.uint64(q.starts[row_class, np.uint64(2)])
        stop = np.uint64(q.starts[row_class, np.uint64(3)])
        while place < counts:
            m = np.uint64(q.measures[place])
            value = rows.amounts[np.uint64(q.columns[place]), row]
            place += one
            if value != NONE:
                held[cell, m] += value
                met[cell, m] += 1
        while place < others:
            held[cell, np.uint64(q.measures[place])] += 1
            place += one
        while place < stop:
            m, column = np.uint64(q.measures[place]), q.columns[place]
            place += one
            if q.how[m] != DISTINCT:
                value = age if column == AGE_COLUMN else rows.amounts[np.uint64(column), row]
                if value == NONE:
                    continue
                if q.how[m] == SUM:
                    held[cell, m] += value
                    met[cell, m] += 1
                else:
                    held[cell, m] = _nearer(q.how[m], held[cell, m], value)
                continue
            code = age if column == AGE_COLUMN else np.int64(rows.codes[np.uint64(column), row])
            if 0 <= code < q.codes[m]:
                at = np.uint64(seen_from[m] + code)
                if seen_in[at] != pair:
                    seen_in[at] = pair
                    held[cell, m] += 1


@compiled
def _add_up(cells: Any, measures: int) -> None:
    """Make each cell hold what the ones before it hold too, of the first so many measures."""
    for cell in range(1, len(cells)):
        before, here = cells[cell - 1], cells[cell]
        for m in range(measures):
            here[m] += before[m]


@compiled
def _put_together(q: Any, held: Any, met: Any, answers: Any) -> None:
    """Answer what is asked of a pair from what its cells hold, where they are added up."""
    for place in range(len(q.measure)):
        m, start, stop = q.measure[place], q.first_cell[place], q.end_cell[place]
        how = q.how[m]
        if how >= MIN:
            answer = NONE
            for cell in range(start + 1, stop + 1):
                if held[cell, m] != NONE:
                    answer = _nearer(how, answer, held[cell, m])
        elif how == SUM and met[stop, m] == met[start, m]:
            answer = NONE
        else:
            answer = held[stop, m] - held[start, m]
        answers[place] = answer


@inlined
def _nearer(how: int, held: int, value: int) -> int:
    """The smaller or the larger of what is held, if anything, and one more value."""
    if held == NONE:
        return value
    return min(held, value) if how == MIN else max(held, value)
