"""Checked expressions as a program for the machine: its steps and constants."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from sqlglot import exp

from linewise.decisioning.types import Bools, Floats
from linewise.policy.rules.folding import Forms, folded, number_of
from linewise.policy.rules.kernel import Code, Given, Op, run
from linewise.policy.rules.language import Kind
from linewise.policy.rules.laying import CODES, Columns, Layout

__all__ = ["Columns", "Expression", "Program"]

ALL_PLACES, KIND_OF_PLACE, EACH_PLACE = 0, 1, 2

Step = tuple[int, Any, int]
"""An operation, the name of a column or the constants that it takes, and how many they are."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked tree; guard: what it counts as where it is NULL, None for a number, which then is NaN."""

    tree: exp.Expression
    guard: bool | None
    target: int


def _joined(op: Op) -> Any:
    """A form of two parts or more, taken two at a time."""
    return lambda *parts: reduce(lambda left, right: [*left, *right, (op, None, 0)], parts)


def _member(steps: list[Step]) -> float:
    value: float = steps[0][1]
    return -value if len(steps) == 2 else value


def _among(subject: list[Step], *members: list[Step]) -> list[Step]:
    return [*subject, (Op.IN, [_member(one) for one in members], len(members))]


FORMS: Forms = {
    **{getattr(exp, name): _joined(op) for name, op in (
        ("And", Op.AND), ("Or", Op.OR), ("EQ", Op.EQ), ("NEQ", Op.NEQ), ("GT", Op.GT), ("GTE", Op.GTE),
        ("LT", Op.LT), ("LTE", Op.LTE), ("Add", Op.ADD), ("Sub", Op.SUB), ("Mul", Op.MUL),
        ("Coalesce", Op.COALESCE), ("Least", Op.LEAST), ("Greatest", Op.GREATEST),
    )},
    exp.Not: lambda part: [*part, (Op.NOT, None, 0)],
    exp.Neg: lambda part: [*part, (Op.NEG, None, 0)],
    exp.Is: lambda part: [*part, (Op.IS_NULL, None, 0)],
    exp.In: _among,
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
        for op, argument, count in folded(one.tree, self._leaf, FORMS):
            depth += 1 if op <= Op.CONSTANT else 0 if op in {Op.NOT, Op.NEG, Op.IS_NULL, Op.IN} else -1
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
            return [(Op.CONSTANT, float(node.this), 0)]
        return [(Op.CONSTANT, CODES[node.name] if node.is_string else number_of(node), 0)]

    def _place(self, op: int, argument: Any) -> int:
        """Where the column or the constants of a step stand."""
        if isinstance(argument, str):
            return self._row_of[argument]
        if argument is not None:
            self._constants += argument if op == Op.IN else [argument]
            return len(self._constants) - (len(argument) if op == Op.IN else 1)
        return 0

    def run(self, columns: Columns, shape: tuple[int, int], number_count: int, width: int) -> tuple[Bools, Floats]:
        """The conditions, (n_rows, n_places, n_conditions), and the first numbers, (n_rows, n_places, width).

        Each stands at the target of its expression; NaN is NULL, and where no number was asked for.
        """
        values, lay = self._layout.laid(columns)
        rows, places = shape
        # Each expression lies in one run of memory: that is how it is worked out.
        hit = np.empty((self._condition_count, places, rows), dtype=np.bool_)
        numbers = np.full((width, places, rows), np.nan)
        wanted = self._expressions[: self._condition_count + number_count]
        code = Code(self._code, self._values, wanted, self._depth)
        run(code, Given(values, lay, self._layout.like(columns, places)), hit, numbers)
        return hit.transpose(2, 1, 0), numbers.transpose(2, 1, 0)
