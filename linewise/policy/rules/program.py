"""Checked expressions as a program for the machine: its steps and constants."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from sqlglot import exp

from linewise.decisioning.described import Columns
from linewise.decisioning.types import Bools, Floats
from linewise.policy.rules.codes import CODES
from linewise.policy.rules.folding import Forms, folded, number_of
from linewise.policy.rules.kernel import Code, run
from linewise.policy.rules.language import Kind
from linewise.policy.rules.laying import Beside, Layout
from linewise.policy.rules.loops import Op

__all__ = ["Expression", "Program"]

ALL_PLACES, KIND_OF_PLACE, EACH_PLACE = 0, 1, 2

Step = tuple[int, Any, int]
"""An operation, the name of a column or the constants that it takes, and how many they are."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked tree; guard: what it counts as where it is NULL, None for a number, which then is NaN."""

    tree: exp.Expression
    guard: bool | None
    target: int


NUMBER_OPS = frozenset({Op.NUMBER, Op.CONSTANT, Op.NEG, Op.ADD, Op.SUB, Op.MUL, Op.COALESCE, Op.LEAST, Op.GREATEST})
"""What ends with one of these is a number; what ends with any other, a flag."""


def _is_flag(steps: list[Step]) -> bool:
    return steps[-1][0] not in NUMBER_OPS


def _of_two(op: Op, of_flags: Op | None = None) -> Any:
    """A form of two parts or more, taken two at a time."""

    def joined(left: list[Step], right: list[Step]) -> list[Step]:
        return [*left, *right, (of_flags if of_flags is not None and _is_flag(left) else op, None, 0)]

    return lambda *parts: reduce(joined, parts)


def _junction(op: Op, skip: Op) -> Any:
    """AND or OR, which passes over its other side where the first has settled it."""
    return lambda *parts: reduce(
        lambda left, right: [*left, (skip, None, len(right) + 1), *right, (op, None, 0)], parts
    )


def _of_one(op: Op, of_flag: Op | None = None) -> Any:
    return lambda part: [*part, (of_flag if of_flag is not None and _is_flag(part) else op, None, 0)]


def _member(steps: list[Step]) -> float:
    value: float = steps[0][1]
    return -value if len(steps) == 2 else value


def _among(subject: list[Step], *members: list[Step]) -> list[Step]:
    return [*subject, (Op.IN, [_member(one) for one in members], len(members))]


FORMS: Forms = {
    exp.And: _junction(Op.AND, Op.SKIP_FALSE), exp.Or: _junction(Op.OR, Op.SKIP_TRUE), exp.Not: _of_one(Op.NOT),
    exp.EQ: _of_two(Op.EQ, Op.EQ_FLAG), exp.NEQ: _of_two(Op.NEQ, Op.NEQ_FLAG),
    exp.GT: _of_two(Op.GT), exp.GTE: _of_two(Op.GTE), exp.LT: _of_two(Op.LT), exp.LTE: _of_two(Op.LTE),
    exp.Add: _of_two(Op.ADD), exp.Sub: _of_two(Op.SUB), exp.Mul: _of_two(Op.MUL), exp.Neg: _of_one(Op.NEG),
    exp.Coalesce: _of_two(Op.COALESCE, Op.COALESCE_FLAG),
    exp.Least: _of_two(Op.LEAST), exp.Greatest: _of_two(Op.GREATEST),
    exp.Is: _of_one(Op.IS_NULL, Op.IS_NULL_FLAG), exp.In: _among,
}  # fmt: skip
"""The language as steps."""


class Program:
    """Conditions and numbers over named columns, for any number of rows and places at once.

    kinds: the columns that may be named; of_place: those that may differ between the places of a row; of_kind:
    those among them that only say what kind of thing stands there, so that one place of each kind is judged.
    """

    def __init__(
        self,
        conditions: Sequence[Expression],
        numbers: Sequence[Expression],
        kinds: Mapping[str, Kind],
        of_place: Collection[str] = (),
        of_kind: Collection[str] = (),
    ) -> None:
        self._kinds = dict(kinds)
        self._row_of = {name: row for row, name in enumerate(self._kinds)}
        self._steps: list[tuple[int, int, int]] = []
        self._constants: list[float] = []
        self._depth = 1
        tell_kind: list[str] = []
        written = [self._write(one, of_place, of_kind, tell_kind) for one in (*conditions, *numbers)]
        self._expressions = np.array(written, dtype=np.int64).reshape(len(written), 6)
        self._condition_count = len(conditions)
        self._code = np.array(self._steps, dtype=np.int64).reshape(len(self._steps), 3)
        self._values = np.array([*self._constants, np.nan])
        self._layout = Layout(self._kinds, tell_kind)

    def _write(
        self, one: Expression, of_place: Collection[str], of_kind: Collection[str], tell_kind: list[str]
    ) -> tuple[int, ...]:
        first, depth = len(self._steps), 0
        steps = folded(one.tree, self._leaf, FORMS)
        if one.guard is None and _is_flag(steps):
            steps = [*steps, (Op.AS_NUMBER, None, 0)]
        for op, argument, count in steps:
            depth += 1 if op <= Op.TRUTH else 0 if op <= Op.AS_NUMBER else -1
            self._depth = max(self._depth, depth)
            self._steps.append((int(op), self._place(op, argument), count))
        named = {column.name for column in one.tree.find_all(exp.Column)} & set(of_place)
        looks = EACH_PLACE if named - set(of_kind) else KIND_OF_PLACE if named else ALL_PLACES
        tell_kind += [name for name in sorted(named) if looks == KIND_OF_PLACE and name not in tell_kind]
        return first, len(self._steps), looks, int(one.guard is not None), one.target, int(bool(one.guard))

    def _leaf(self, node: exp.Expression) -> list[Step]:
        if isinstance(node, exp.Column):
            return [(Op.FLAG if self._kinds[node.name] == "flag" else Op.NUMBER, node.name, 0)]
        if isinstance(node, exp.Boolean):
            return [(Op.TRUTH, float(node.this), 0)]
        return [(Op.CONSTANT, CODES[node.name] if node.is_string else number_of(node), 0)]

    def _place(self, op: int, argument: Any) -> int:
        """Where the column or the constants of a step stand."""
        if isinstance(argument, str):
            return self._row_of[argument]
        if argument is not None:
            self._constants += argument if op == Op.IN else [argument]
            return len(self._constants) - (len(argument) if op == Op.IN else 1)
        return 0

    def run(
        self, columns: Columns, shape: tuple[int, int], number_count: int, width: int, beside: Beside | None = None
    ) -> tuple[Bools, Floats]:
        """The conditions, (n_rows, n_places, n_conditions), and the first numbers, (n_rows, n_places, width).

        Each stands at the target of its expression; NaN is NULL, and where no number was asked for.
        """
        rows, places = shape
        # Each expression lies in one run of memory: that is how it is worked out.
        hit = np.empty((self._condition_count, places, rows), dtype=np.bool_)
        numbers = np.empty((width, places, rows))
        wanted = self._expressions[: self._condition_count + number_count]
        code = Code(self._code, self._values, wanted, self._depth)
        run(code, self._layout.given(columns, places, beside), hit.view(np.uint8), numbers)
        return hit.transpose(2, 1, 0), numbers.transpose(2, 1, 0)
