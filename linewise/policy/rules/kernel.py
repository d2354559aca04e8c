"""The machine that runs rules: a stack of rows of numbers in which NaN is NULL, compiled."""

from enum import IntEnum
from math import isnan
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["Code", "Given", "Op", "run"]


class Op(IntEnum):
    """What one step does with the top of the stack; flags are 1 and 0, NaN is NULL."""

    NUMBER, FLAG, CONSTANT = 0, 1, 2
    AND, OR, NOT, IS_NULL = 3, 4, 5, 6
    EQ, NEQ, GT, GTE, LT, LTE = 7, 8, 9, 10, 11, 12
    ADD, SUB, MUL, NEG = 13, 14, 15, 16
    IN, COALESCE, LEAST, GREATEST = 17, 18, 19, 20


NUMBER, FLAG, CONSTANT = int(Op.NUMBER), int(Op.FLAG), int(Op.CONSTANT)
AND, OR, NOT, IS_NULL = int(Op.AND), int(Op.OR), int(Op.NOT), int(Op.IS_NULL)
EQ, NEQ, GT, GTE, LT, LTE = int(Op.EQ), int(Op.NEQ), int(Op.GT), int(Op.GTE), int(Op.LT), int(Op.LTE)
ADD, SUB, MUL, NEG = int(Op.ADD), int(Op.SUB), int(Op.MUL), int(Op.NEG)
IN, COALESCE, LEAST, GREATEST = int(Op.IN), int(Op.COALESCE), int(Op.LEAST), int(Op.GREATEST)


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

    values: all of them one after the other; lay (n_columns, 3): where a column begins, and how far it goes on by
    row and by place. like (n_places,): the first place of the same kind.
    """

    values: NDArray[np.float64]
    lay: NDArray[np.int64]
    like: NDArray[np.int64]


BLOCK = 256
"""So many rows go through a step at once: their stack stays in the nearest memory, and each step is one loop."""


@njit(nogil=True, cache=True)
def _truth(op: int, left: Any, right: Any) -> None:
    """AND or OR, into `left`: what the other settles is not unknown."""
    if op == AND:
        for row in range(len(left)):
            is_false = left[row] == 0.0 or right[row] == 0.0
            left[row] = 0.0 if is_false else left[row] * right[row]
    else:
        for row in range(len(left)):
            is_true = left[row] == 1.0 or right[row] == 1.0
            left[row] = 1.0 if is_true else left[row] + right[row]


@njit(nogil=True, cache=True)
def _comparison(op: int, left: Any, right: Any) -> None:
    """1 or 0 into `left`, NaN where either is unknown."""
    for row in range(len(left)):
        one, other = left[row], right[row]
        if op == EQ:
            found = one == other
        elif op == NEQ:
            found = one != other
        elif op == GT:
            found = one > other
        elif op == GTE:
            found = one >= other
        elif op == LT:
            found = one < other
        else:
            found = one <= other
        left[row] = np.nan if isnan(one) or isnan(other) else 1.0 if found else 0.0


@njit(nogil=True, cache=True)
def _number(op: int, left: Any, right: Any) -> None:
    """What two numbers come to, into `left`, NaN where either is unknown; COALESCE takes the second then."""
    for row in range(len(left)):
        one, other = left[row], right[row]
        if op == COALESCE:
            left[row] = other if isnan(one) else one
        elif op == ADD:
            left[row] = one + other
        elif op == SUB:
            left[row] = one - other
        elif op == MUL:
            left[row] = one * other
        else:
            chosen = min(one, other) if op == LEAST else max(one, other)
            left[row] = np.nan if isnan(one) or isnan(other) else chosen


@njit(nogil=True, cache=True)
def _of_one(op: int, top: Any, members: Any) -> None:
    """NOT, minus, IS NULL, or whether it is among the members, in the place of `top`."""
    if op == NOT:
        for row in range(len(top)):
            top[row] = 1.0 - top[row]
    elif op == NEG:
        for row in range(len(top)):
            top[row] = -top[row]
    elif op == IS_NULL:
        for row in range(len(top)):
            top[row] = 1.0 if isnan(top[row]) else 0.0
    else:
        for row in range(len(top)):
            is_one = False
            for member in members:
                is_one |= top[row] == member
            top[row] = np.nan if isnan(top[row]) else 1.0 if is_one else 0.0


@njit(nogil=True, cache=True)
def _pushed(op: int, top: Any, values: Any, begin: int, step: int) -> None:
    """A column of the block onto the stack; a flag is true for anything but 0."""
    if step == 1:
        top[:] = values[begin : begin + len(top)]
    else:
        for row in range(len(top)):
            top[row] = values[begin + row * step]
    if op == FLAG:
        for row in range(len(top)):
            top[row] = 1.0 if top[row] != 0.0 and not isnan(top[row]) else top[row]


@njit(nogil=True, cache=True)
def _work_out(code: Any, given: Any, at: int, first: int, count: int, place: int, stack: Any) -> None:
    """What an expression comes to for a block of `count` rows, at the bottom of the stack (depth, BLOCK)."""
    top = -1
    for step in range(code.expressions[at, 0], code.expressions[at, 1]):
        op, which = code.steps[step, 0], code.steps[step, 1]
        if op <= CONSTANT:
            top += 1
            if op == CONSTANT:
                stack[top, :count] = code.constants[which]
            else:
                begin, by_row, by_place = given.lay[which]
                _pushed(op, stack[top, :count], given.values, begin + first * by_row + place * by_place, by_row)
        elif op == NOT or op == NEG or op == IS_NULL or op == IN:
            _of_one(op, stack[top, :count], code.constants[which : which + code.steps[step, 2]])
        else:
            top -= 1
            if op == AND or op == OR:
                _truth(op, stack[top, :count], stack[top + 1, :count])
            elif EQ <= op <= LTE:
                _comparison(op, stack[top, :count], stack[top + 1, :count])
            else:
                _number(op, stack[top, :count], stack[top + 1, :count])


@njit(nogil=True, cache=True)
def run(code: Any, given: Any, hit: Any, numbers: Any) -> None:
    """Fill hit (n_conditions, n_places, n_rows) and numbers (n_numbers, n_places, n_rows), each at its target."""
    places, rows = hit.shape[1], hit.shape[2]
    stack = np.empty((code.depth, min(BLOCK, rows)))
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
                        numbers[target, place, first:end] = numbers[target, same, first:end]
                    continue
                _work_out(code, given, at, first, end - first, place, stack)
                if is_condition:
                    for row in range(end - first):
                        value = stack[0, row]
                        hit[target, place, first + row] = guard != 0 if isnan(value) else value != 0.0
                else:
                    numbers[target, place, first:end] = stack[0, : end - first]
