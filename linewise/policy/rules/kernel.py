"""The machine that runs rules: stacks of rows of numbers and of flags, compiled."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linewise.core.compiling import compiled
from linewise.policy.rules.loops import (
    AS_NUMBER,
    CONSTANT,
    FLAG,
    GREATEST,
    IN,
    LTE,
    SKIP_TRUE,
    TRUTH,
    as_flags,
    compared,
    is_settled,
    membership,
    of_flags,
    of_numbers,
    of_one,
    pushed,
    told,
)  # fmt: skip
from linewise.policy.rules.single import work_out_one

__all__ = ["Code", "Given", "run"]


class Code(NamedTuple):
    """What is run.

    steps (n_steps, 3): an Op, its column or its first constant, and how many of these. expressions (n, 6): first
    and last step, how much of a place it looks at (0 nothing, 1 its kind, 2 itself), whether it is a condition,
    where its value goes, and what NULL counts as. depth: the most that the stack holds.
    """

    steps: NDArray[np.int64]
    constants: NDArray[np.float64]
    expressions: NDArray[np.int64]
    depth: int


class Given(NamedTuple):
    """What it is run on.

    of_customers, own: two runs of values, the one of whom it is run for and the other of this run alone. lay
    (n_columns, 4): where a column begins, how far it goes on by row and by place, and in which of the two, 0 or 1.
    like (n_places,): the first place of the same kind.
    """

    of_customers: NDArray[np.float64]
    own: NDArray[np.float64]
    lay: NDArray[np.int64]
    like: NDArray[np.int64]


BLOCK = 512
"""So many rows go through a step at once: their stack stays in the nearest memory, and each step is one loop."""


@compiled
def _push(code: Any, given: Any, op: int, which: int, block: Any, numbers: Any, top: int) -> None:
    """A constant, or a column for a block, as numbers; block: as in `_work_out`."""
    row, place, goes_by_place, count = block
    if op == CONSTANT or op == TRUTH:
        pushed(code.constants, which, 0, numbers, top, count)
    else:
        begin, by_row, by_place = given.lay[which, 0], given.lay[which, 1], given.lay[which, 2]
        values = given.own if given.lay[which, 3] else given.of_customers
        step = by_place if goes_by_place else by_row
        pushed(values, begin + row * by_row + place * by_place, step, numbers, top, count)


@compiled
def _work_out(code: Any, given: Any, at: int, block: Any, numbers: Any, flags: Any) -> None:
    """What an expression comes to for a block, at the bottom of its stack (depth, BLOCK).

    block: the row and the place at which it begins, whether it goes on from place to place and not from row to row,
    and for how many of them.
    """
    steps, constants, count = code.steps, code.constants, block[3]
    top, step, end = -1, code.expressions[at, 0], code.expressions[at, 1]
    while step < end:
        op, which, more = steps[step, 0], steps[step, 1], steps[step, 2]
        step += 1
        if op <= TRUTH:
            top += 1
            _push(code, given, op, which, block, numbers, top)
            if op >= FLAG:
                as_flags(numbers, flags, top, count)
        elif op <= SKIP_TRUE:
            if is_settled(op, flags, top, count):
                step += more
        elif op == IN:
            membership(numbers, constants[which : which + more], flags, top, count)
        elif op <= AS_NUMBER:
            of_one(op, numbers, flags, top, count)
        else:
            top -= 1
            if op <= LTE:
                compared(op, numbers, flags, top, count)
            elif op <= GREATEST:
                of_numbers(op, numbers, top, count)
            else:
                of_flags(op, flags, top, count)


@compiled
def run(code: Any, given: Any, hit: Any, found: Any) -> None:
    """Fill hit (n_conditions, n_places, n_rows), 1 or 0, and found (n_numbers, n_places, n_rows), by target.

    A number that nothing works out is NaN.
    """
    found[:] = np.nan
    if hit.shape[2] == 1:
        _run_along_places(code, given, hit, found)
    else:
        _run_along_rows(code, given, hit, found)


@compiled
def _run_along_places(code: Any, given: Any, hit: Any, found: Any) -> None:
    """Of one row all places go through a step at once; what knows the row alone is worked out as a single number."""
    places = hit.shape[1]
    numbers = np.empty((code.depth, places))
    flags = np.empty(numbers.shape, dtype=np.uint8)
    number, flag = np.empty(code.depth), np.empty(code.depth, dtype=np.int64)
    for at in range(code.expressions.shape[0]):
        _, _, looks, is_condition, target, guard = code.expressions[at]
        if looks == 0 or places == 1:
            work_out_one(code, given, at, number, flag)
            if is_condition:
                hit[target, :, 0] = np.uint8((flag[0] >> 1) | (flag[0] & guard))
            else:
                found[target, :, 0] = number[0]
        else:
            _work_out(code, given, at, (0, 0, True, places), numbers, flags)
            if is_condition:
                told(flags, guard, hit[target, :, 0])
            else:
                found[target, :, 0] = numbers[0]


@compiled
def _run_along_rows(code: Any, given: Any, hit: Any, found: Any) -> None:
    """Of many rows a block goes through a step at once, place after place; what is alike for several is copied."""
    places, rows = hit.shape[1], hit.shape[2]
    numbers = np.empty((code.depth, min(BLOCK, rows)))
    flags = np.empty(numbers.shape, dtype=np.uint8)
    for first in range(0, rows, BLOCK):
        end = min(first + BLOCK, rows)
        for at in range(code.expressions.shape[0]):
            _, _, looks, is_condition, target, guard = code.expressions[at]
            for place in range(places):
                same = 0 if looks == 0 else given.like[place] if looks == 1 else place
                if same < place:
                    if is_condition:
                        hit[target, place, first:end] = hit[target, same, first:end]
                    else:
                        found[target, place, first:end] = found[target, same, first:end]
                    continue
                _work_out(code, given, at, (first, place, False, end - first), numbers, flags)
                if is_condition:
                    told(flags, guard, hit[target, place, first:end])
                else:
                    found[target, place, first:end] = numbers[0, : end - first]
