"""The machine that runs rules: a stack of numbers in which NaN is NULL, compiled."""

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


@njit(nogil=True, cache=True)
def _compared(op: int, left: float, right: float) -> bool:
    if op == EQ:
        return left == right
    if op == NEQ:
        return left != right
    if op == GT:
        return left > right
    if op == GTE:
        return left >= right
    if op == LT:
        return left < right
    return left <= right


@njit(nogil=True, cache=True)
def _joined(op: int, left: float, right: float) -> float:  # noqa: PLR0911  one line an operation
    """An operation on two values; what is false whatever the other is, or true, is not unknown."""
    if op == AND:
        return 0.0 if left == 0.0 or right == 0.0 else left * right
    if op == OR:
        return 1.0 if left == 1.0 or right == 1.0 else left + right
    if op == COALESCE:
        return right if isnan(left) else left
    if isnan(left) or isnan(right):
        return np.nan
    if op <= LTE:
        return 1.0 if _compared(op, left, right) else 0.0
    if op == ADD:
        return left + right
    if op == SUB:
        return left - right
    if op == MUL:
        return left * right
    return min(left, right) if op == LEAST else max(left, right)


@njit(nogil=True, cache=True)
def _is_among(value: float, constants: Any, first: int, end: int) -> bool:
    is_one = False
    for place in range(first, end):
        is_one |= value == constants[place]
    return is_one


@njit(nogil=True, cache=True)
def _value(code: Any, given: Any, at: int, row: int, place: int, stack: Any) -> float:
    """What an expression comes to for one row and place."""
    steps, constants, lay, top = code.steps, code.constants, given.lay, -1
    for step in range(code.expressions[at, 0], code.expressions[at, 1]):
        op, which = steps[step, 0], steps[step, 1]
        if op == CONSTANT:
            top += 1
            stack[top] = constants[which]
        elif op < CONSTANT:
            top += 1
            value = given.values[lay[which, 0] + row * lay[which, 1] + place * lay[which, 2]]
            # A flag is true for anything but 0.
            stack[top] = 1.0 if op == FLAG and value != 0.0 and not isnan(value) else value
        elif op == NOT:
            stack[top] = 1.0 - stack[top]
        elif op == NEG:
            stack[top] = -stack[top]
        elif op == IS_NULL:
            stack[top] = 1.0 if isnan(stack[top]) else 0.0
        elif op == IN:
            if not isnan(stack[top]):
                stack[top] = 1.0 if _is_among(stack[top], constants, which, which + steps[step, 2]) else 0.0
        else:
            top -= 1
            stack[top] = _joined(op, stack[top], stack[top + 1])
    return stack[0]


@njit(nogil=True, cache=True)
def run(code: Any, given: Any, hit: Any, numbers: Any) -> None:
    """Fill hit (n_rows, n_places, n_conditions) and numbers (n_rows, n_places, n_numbers), each at its target."""
    stack = np.empty(code.depth)
    for row in range(hit.shape[0]):
        for at in range(code.expressions.shape[0]):
            _, _, looks, is_condition, target, guard = code.expressions[at]
            for place in range(hit.shape[1]):
                same = 0 if looks == 0 else given.like[place] if looks == 1 else place
                if is_condition:
                    if same < place:
                        hit[row, place, target] = hit[row, same, target]
                    else:
                        value = _value(code, given, at, row, place, stack)
                        hit[row, place, target] = guard != 0 if isnan(value) else value != 0.0
                elif same < place:
                    numbers[row, place, target] = numbers[row, same, target]
                else:
                    numbers[row, place, target] = _value(code, given, at, row, place, stack)
