"""The machine for one row and one place, compiled: what `loops` does to a block, to a single number or flag."""

from typing import Any

import numpy as np

from linewise.core.compiling import compiled
from linewise.policy.rules.loops import (
    ADD,
    AND,
    COALESCE,
    COALESCE_FLAG,
    CONSTANT,
    EQ,
    EQ_FLAG,
    FALSE,
    FLAG,
    GREATEST,
    GT,
    GTE,
    IN,
    IS_NULL,
    IS_NULL_FLAG,
    LEAST,
    LT,
    LTE,
    MUL,
    NEG,
    NEQ,
    NOT,
    OR,
    SKIP_FALSE,
    SKIP_TRUE,
    SUB,
    TRUE,
    TRUTH,
    UNKNOWN,
)

__all__ = ["work_out_one"]


@compiled
def _compared(op: int, one: float, other: float) -> int:
    if np.isnan(one) or np.isnan(other):
        return UNKNOWN
    if op == EQ:
        holds = one == other
    elif op == NEQ:
        holds = one != other
    elif op == GT:
        holds = one > other
    elif op == GTE:
        holds = one >= other
    elif op == LT:
        holds = one < other
    else:
        holds = one <= other
    return TRUE if holds else FALSE


@compiled
def _of_numbers(op: int, one: float, other: float) -> float:
    if op == ADD:
        return one + other
    if op == SUB:
        return one - other
    if op == MUL:
        return one * other
    if op == COALESCE:
        return other if np.isnan(one) else one
    if np.isnan(one) or np.isnan(other):
        return np.nan
    return min(one, other) if op == LEAST else max(one, other)


@compiled
def _of_flags(op: int, one: int, other: int) -> int:
    if op == AND:
        return one & other
    if op == OR:
        return one | other
    if op == COALESCE_FLAG:
        return other if one == UNKNOWN else one
    if one == UNKNOWN or other == UNKNOWN:
        return UNKNOWN
    return TRUE if (one == other) == (op == EQ_FLAG) else FALSE


@compiled
def _of_one(op: int, number: float, flag: int) -> Any:
    """The number and the flag in the place of these, of which the operation makes one anew."""
    if op == NOT:
        return number, ((flag & 1) ^ 1) << 1 | (flag >> 1) ^ 1
    if op == IS_NULL:
        return number, TRUE if np.isnan(number) else FALSE
    if op == IS_NULL_FLAG:
        return number, TRUE if flag == UNKNOWN else FALSE
    if op == NEG:
        return -number, flag
    return (np.nan if flag == UNKNOWN else 1.0 if flag == TRUE else 0.0), flag


@compiled
def _as_flag(number: float) -> int:
    return UNKNOWN if np.isnan(number) else TRUE if number != 0.0 else FALSE


@compiled
def _of_two(op: int, numbers: Any, flags: Any, top: int) -> None:
    if op <= LTE:
        flags[top] = _compared(op, numbers[top], numbers[top + 1])
    elif op <= GREATEST:
        numbers[top] = _of_numbers(op, numbers[top], numbers[top + 1])
    else:
        flags[top] = _of_flags(op, flags[top], flags[top + 1])


@compiled
def work_out_one(code: Any, given: Any, at: int, numbers: Any, flags: Any) -> None:
    """What an expression comes to for the first row and place, at the bottom of its stacks, (depth,) each."""
    steps, constants, lay = code.steps, code.constants, given.lay
    of_customers, own = given.of_customers, given.own
    top, step, end = -1, code.expressions[at, 0], code.expressions[at, 1]
    while step < end:
        op, which, more = steps[step, 0], steps[step, 1], steps[step, 2]
        step += 1
        if op <= TRUTH:
            top += 1
            if op == CONSTANT or op == TRUTH:
                number = constants[which]
            else:
                number = own[lay[which, 0]] if lay[which, 3] else of_customers[lay[which, 0]]
            numbers[top] = number
            if op >= FLAG:
                flags[top] = _as_flag(number)
        elif op <= SKIP_TRUE:
            if flags[top] == (FALSE if op == SKIP_FALSE else TRUE):
                step += more
        elif op == IN:
            number, found = numbers[top], FALSE
            for member in range(which, which + more):
                found = TRUE if number == constants[member] else found
            flags[top] = UNKNOWN if np.isnan(number) else found
        elif op < EQ:
            numbers[top], flags[top] = _of_one(op, numbers[top], flags[top])
        else:
            top -= 1
            _of_two(op, numbers, flags, top)
