"""What each operation of the machine does to the rows of a block: one loop an operation, and no branch within it.

numbers, flags (depth, n_rows): the two stacks. An operation finds its sides at `top` and `top + 1`, and leaves what
they come to at `top`, for the first `count` rows.
"""

from enum import IntEnum
from typing import Any

import numpy as np

from linewise.core.compiling import compiled

__all__ = [
    "Op",
    "as_flags",
    "compared",
    "is_settled",
    "membership",
    "of_flags",
    "of_numbers",
    "of_one",
    "pushed",
    "told",
]


class Op(IntEnum):
    """What one step does with the top of the stacks, kind by kind; of numbers NaN is NULL, of flags UNKNOWN.

    SKIP_FALSE and SKIP_TRUE pass over the other side of an AND or OR that is settled for all rows.
    """

    NUMBER, CONSTANT, FLAG, TRUTH = 0, 1, 2, 3
    SKIP_FALSE, SKIP_TRUE = 4, 5
    IN, NOT, IS_NULL, IS_NULL_FLAG, NEG, AS_NUMBER = 6, 7, 8, 9, 10, 11
    EQ, NEQ, GT, GTE, LT, LTE = 12, 13, 14, 15, 16, 17
    ADD, SUB, MUL, COALESCE, LEAST, GREATEST = 18, 19, 20, 21, 22, 23
    AND, OR, EQ_FLAG, NEQ_FLAG, COALESCE_FLAG = 24, 25, 26, 27, 28


# Compiled code knows plain numbers.
CONSTANT, FLAG, TRUTH = int(Op.CONSTANT), int(Op.FLAG), int(Op.TRUTH)
SKIP_FALSE, SKIP_TRUE = int(Op.SKIP_FALSE), int(Op.SKIP_TRUE)
IN, NOT, IS_NULL, IS_NULL_FLAG = int(Op.IN), int(Op.NOT), int(Op.IS_NULL), int(Op.IS_NULL_FLAG)
NEG, AS_NUMBER = int(Op.NEG), int(Op.AS_NUMBER)
EQ, NEQ, GT, GTE, LT, LTE = int(Op.EQ), int(Op.NEQ), int(Op.GT), int(Op.GTE), int(Op.LT), int(Op.LTE)
ADD, SUB, MUL = int(Op.ADD), int(Op.SUB), int(Op.MUL)
COALESCE, LEAST, GREATEST = int(Op.COALESCE), int(Op.LEAST), int(Op.GREATEST)
AND, OR, EQ_FLAG, COALESCE_FLAG = int(Op.AND), int(Op.OR), int(Op.EQ_FLAG), int(Op.COALESCE_FLAG)

FALSE, UNKNOWN, TRUE = 0b00, 0b01, 0b11
"""A flag in two bits: true for sure, and true perhaps. AND and OR are those of the bits, a byte a row."""


@compiled
def _equal(op: int, numbers: Any, flags: Any, top: int, count: int) -> None:
    if op == EQ:
        for row in range(count):
            flags[top, row] = TRUE if numbers[top, row] == numbers[top + 1, row] else FALSE
    else:
        for row in range(count):
            flags[top, row] = TRUE if numbers[top, row] != numbers[top + 1, row] else FALSE


@compiled
def compared(op: int, numbers: Any, flags: Any, top: int, count: int) -> None:
    """What two numbers compare to, UNKNOWN where either is."""
    if op <= NEQ:
        _equal(op, numbers, flags, top, count)
    elif op == GT:
        for row in range(count):
            flags[top, row] = TRUE if numbers[top, row] > numbers[top + 1, row] else FALSE
    elif op == GTE:
        for row in range(count):
            flags[top, row] = TRUE if numbers[top, row] >= numbers[top + 1, row] else FALSE
    elif op == LT:
        for row in range(count):
            flags[top, row] = TRUE if numbers[top, row] < numbers[top + 1, row] else FALSE
    else:
        for row in range(count):
            flags[top, row] = TRUE if numbers[top, row] <= numbers[top + 1, row] else FALSE
    for row in range(count):
        is_known = not (np.isnan(numbers[top, row]) | np.isnan(numbers[top + 1, row]))
        flags[top, row] = flags[top, row] if is_known else UNKNOWN


@compiled
def of_flags(op: int, flags: Any, top: int, count: int) -> None:
    """What two flags come to."""
    if op == AND:
        for row in range(count):
            flags[top, row] &= flags[top + 1, row]
    elif op == OR:
        for row in range(count):
            flags[top, row] |= flags[top + 1, row]
    elif op == COALESCE_FLAG:
        for row in range(count):
            flags[top, row] = flags[top + 1, row] if flags[top, row] == UNKNOWN else flags[top, row]
    else:
        alike, unlike = (TRUE, FALSE) if op == EQ_FLAG else (FALSE, TRUE)
        for row in range(count):
            one, other = flags[top, row], flags[top + 1, row]
            is_known = (one != UNKNOWN) & (other != UNKNOWN)
            flags[top, row] = (alike if one == other else unlike) if is_known else UNKNOWN


@compiled
def of_numbers(op: int, numbers: Any, top: int, count: int) -> None:
    """What two numbers come to, NaN where either is unknown; COALESCE takes the second then."""
    if op == ADD:
        for row in range(count):
            numbers[top, row] += numbers[top + 1, row]
    elif op == SUB:
        for row in range(count):
            numbers[top, row] -= numbers[top + 1, row]
    elif op == MUL:
        for row in range(count):
            numbers[top, row] *= numbers[top + 1, row]
    elif op == COALESCE:
        for row in range(count):
            numbers[top, row] = numbers[top + 1, row] if np.isnan(numbers[top, row]) else numbers[top, row]
    else:
        for row in range(count):
            one, other = numbers[top, row], numbers[top + 1, row]
            chosen = min(one, other) if op == LEAST else max(one, other)
            numbers[top, row] = np.nan if np.isnan(one) | np.isnan(other) else chosen


@compiled
def of_one(op: int, numbers: Any, flags: Any, top: int, count: int) -> None:
    """What the top of either stack comes to, in its place or in the same place of the other stack."""
    if op == NOT:
        for row in range(count):
            flags[top, row] = ((flags[top, row] & 1) ^ 1) << 1 | (flags[top, row] >> 1) ^ 1
    elif op == IS_NULL:
        for row in range(count):
            flags[top, row] = TRUE if np.isnan(numbers[top, row]) else FALSE
    elif op == IS_NULL_FLAG:
        for row in range(count):
            flags[top, row] = TRUE if flags[top, row] == UNKNOWN else FALSE
    elif op == NEG:
        for row in range(count):
            numbers[top, row] = -numbers[top, row]
    else:
        for row in range(count):
            known = 1.0 if flags[top, row] == TRUE else 0.0
            numbers[top, row] = np.nan if flags[top, row] == UNKNOWN else known


@compiled
def membership(numbers: Any, members: Any, flags: Any, top: int, count: int) -> None:
    """Whether a number is among the members, one of these after the other; UNKNOWN where it is."""
    for row in range(count):
        flags[top, row] = UNKNOWN if np.isnan(numbers[top, row]) else FALSE
    for member in members:
        for row in range(count):
            flags[top, row] = TRUE if numbers[top, row] == member else flags[top, row]


@compiled
def pushed(values: Any, begin: int, step: int, numbers: Any, top: int, count: int) -> None:
    """The numbers of a column, each so many places behind the one before, onto their stack."""
    if step == 1:
        for row in range(count):
            numbers[top, row] = values[begin + row]
    elif step == 0:
        for row in range(count):
            numbers[top, row] = values[begin]
    else:
        for row in range(count):
            numbers[top, row] = values[begin + row * step]


@compiled
def as_flags(numbers: Any, flags: Any, top: int, count: int) -> None:
    """Numbers as flags: true for anything but 0."""
    for row in range(count):
        known = TRUE if numbers[top, row] != 0.0 else FALSE
        flags[top, row] = UNKNOWN if np.isnan(numbers[top, row]) else known


@compiled
def is_settled(op: int, flags: Any, top: int, count: int) -> bool:
    """Whether the first side of an AND or OR settles it for every row."""
    any_true, all_true = np.uint8(FALSE), np.uint8(TRUE)
    for row in range(count):
        any_true |= flags[top, row]
        all_true &= flags[top, row]
    return any_true == FALSE if op == SKIP_FALSE else all_true == TRUE


@compiled
def told(flags: Any, guard: int, hit: Any) -> None:
    """What the bottom of the stack says of each row, 1 or 0; UNKNOWN counts as `guard`."""
    unknown = np.uint8(guard)
    for row in range(len(hit)):
        hit[row] = (flags[0, row] >> 1) | (flags[0, row] & unknown)
