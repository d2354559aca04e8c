"""The grammar of rules: each form that SQL's parser finds checked by kind, made plain, or refused."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from sqlglot import exp

__all__ = ["WORDS", "Kind", "Reader", "Refused"]

Kind = Literal["number", "flag", "text"]

Typed = tuple[Kind, exp.Expression]

WORDS = "Comparisons, AND, OR, NOT, IS NULL, IN, BETWEEN, +, -, *, COALESCE, LEAST and GREATEST are allowed"

DATE_LIKE = re.compile(r"\d{4}-\d\d?-\d\d?")


class Refused(Exception):
    """What is wrong with an expression, before its file and line are known."""

    def __init__(self, problem: str, expected: str = "") -> None:
        super().__init__(problem)
        self.expected = expected


def _similar(name: str, allowed: Mapping[str, Kind]) -> list[str]:
    words = set(name.split("_"))
    return sorted(allowed, key=lambda one: (-len(words & set(one.split("_"))), one))[:5]


def _said(node: exp.Expression) -> str:
    return repr(node.sql("sqlite"))


def _is_constant(node: exp.Expression) -> bool:
    return isinstance(node, exp.Literal) or (isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a parsed tree from its leaves up; every method gives the kind and the plain tree of a node."""

    columns: Mapping[str, Kind]
    params: Mapping[str, float]

    def read(self, node: exp.Expression) -> Typed:
        """Raises Refused for a form that is not in the table, and for one whose parts are of another kind."""
        return READERS.get(type(node), Reader._refuse)(self, node)

    def _inner(self, node: exp.Paren) -> Typed:
        return self.read(node.this)

    def _column(self, node: exp.Column) -> Typed:
        if node.args.get("table") is not None or node.name not in self.columns:
            similar = ", ".join(_similar(node.name, self.columns))
            raise Refused(f"there is no column {node.sql('sqlite')!r} here", f"Columns with a similar name: {similar}.")
        return self.columns[node.name], exp.column(node.name)

    def _parameter(self, node: exp.Placeholder) -> Typed:
        if node.name not in self.params:
            has = ", ".join(self.params) or "nothing"
            raise Refused(f"the parameter :{node.name} has no value", f"params has: {has}.")
        return "number", _number_literal(self.params[node.name])

    def _truth(self, node: exp.Boolean) -> Typed:
        return "flag", exp.Boolean(this=bool(node.this))

    def _literal(self, node: exp.Literal) -> Typed:
        if not node.is_string:
            try:
                return "number", _number_literal(float(node.name))
            except ValueError:
                self._refuse(node)
        if DATE_LIKE.search(node.name):
            raise Refused(
                f"{_said(node)} is a date as a text, which databases compare differently",
                "Use a column in days.",
            )
        return "text", exp.Literal.string(node.name)

    def _junction(self, node: exp.Expression) -> Typed:
        return "flag", type(node)(this=self._flag(node.this), expression=self._flag(node.expression))

    def _denial(self, node: exp.Not) -> Typed:
        return "flag", exp.Not(this=self._flag(node.this))

    def _is_null(self, node: exp.Is) -> Typed:
        if not isinstance(node.expression, exp.Null):
            self._refuse(node)
        return "flag", exp.Is(this=self.read(node.this)[1], expression=exp.Null())

    def _negative(self, node: exp.Neg) -> Typed:
        return "number", exp.Neg(this=self._number(node.this))

    def _arithmetic(self, node: exp.Expression) -> Typed:
        return "number", type(node)(this=self._number(node.this), expression=self._number(node.expression))

    def _between(self, node: exp.Between) -> Typed:
        if node.args.get("symmetric"):
            self._refuse(node)
        subject = self._number(node.this)
        low = exp.GTE(this=subject, expression=self._number(node.args["low"]))
        high = exp.LTE(this=subject.copy(), expression=self._number(node.args["high"]))
        return "flag", exp.And(this=low, expression=high)

    def _number(self, node: exp.Expression) -> exp.Expression:
        kind, tree = self.read(node)
        if kind != "number":
            raise Refused(f"{_said(node)} is a {kind}", "A number was expected there.")
        return tree

    def _flag(self, node: exp.Expression) -> exp.Expression:
        kind, tree = self.read(node)
        if kind != "flag":
            raise Refused(f"{_said(node)} is a {kind}", "A condition or a flag was expected there.")
        return tree

    def _alike(self, nodes: Sequence[exp.Expression]) -> tuple[Kind, list[exp.Expression]]:
        """Nodes of one kind; 0 and 1 beside a flag are FALSE and TRUE."""
        read = [self.read(node) for node in nodes]
        if any(kind == "flag" for kind, _ in read):
            read = [("flag", _as_flag(tree)) if kind == "number" else (kind, tree) for kind, tree in read]
        kinds = [kind for kind, _ in read]
        if len(set(kinds)) > 1:
            told = " and ".join(f"{_said(node)} (a {kind})" for node, kind in zip(nodes, kinds, strict=True))
            raise Refused(f"{told} do not compare", "A number, a flag (0, 1) and a text stand only with their like.")
        return kinds[0], [tree for _, tree in read]

    def _comparison(self, node: exp.Expression) -> Typed:
        kind, (left, right) = self._alike([node.this, node.expression])
        is_equality = isinstance(node, exp.EQ | exp.NEQ)
        if kind != "number" and not is_equality:
            raise Refused(f"{_said(node)} orders a {kind}", "Only numbers have an order.")
        if kind == "flag" and isinstance(left, exp.Boolean):
            left, right = right, left
        if kind == "flag" and isinstance(right, exp.Boolean):
            return "flag", left if right.this == isinstance(node, exp.EQ) else exp.Not(this=left)
        return "flag", type(node)(this=left, expression=right)

    def _membership(self, node: exp.In) -> Typed:
        if not node.expressions or node.args.get("query") or node.args.get("unnest") or node.args.get("field"):
            self._refuse(node)
        kind, (subject, *choices) = self._alike([node.this, *node.expressions])
        if kind == "flag" or not all(map(_is_constant, choices)):
            raise Refused(f"{_said(node)} is not a list of constants", "IN takes numbers, parameters or texts.")
        return "flag", exp.In(this=subject, expressions=choices)

    def _choice(self, node: exp.Expression) -> Typed:
        kind, trees = self._alike([node.this, *node.expressions])
        if len(trees) < 2 or (kind != "number" and not isinstance(node, exp.Coalesce)):
            raise Refused(f"{_said(node)} cannot be computed", "LEAST and GREATEST take two or more numbers.")
        return kind, type(node)(this=trees[0], expressions=trees[1:])

    def _refuse(self, node: exp.Expression) -> NoReturn:
        if isinstance(node, exp.Div | exp.Mod | exp.IntDiv):
            raise Refused(
                f"{_said(node)} divides, and databases divide whole numbers differently; it is not allowed in a rule",
                "Multiply the other side instead.",
            )
        raise Refused(f"{_said(node)} is not allowed in a rule", f"{WORDS}.")


READERS: Mapping[type[exp.Expression], Callable[[Reader, Any], Typed]] = {
    exp.Paren: Reader._inner,
    exp.Column: Reader._column,
    exp.Placeholder: Reader._parameter,
    exp.Boolean: Reader._truth,
    exp.Literal: Reader._literal,
    exp.Not: Reader._denial,
    exp.Is: Reader._is_null,
    exp.Neg: Reader._negative,
    exp.Between: Reader._between,
    exp.In: Reader._membership,
    **dict.fromkeys((exp.And, exp.Or), Reader._junction),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul), Reader._arithmetic),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE), Reader._comparison),
    **dict.fromkeys((exp.Coalesce, exp.Least, exp.Greatest), Reader._choice),
}
"""All that a rule may be made of; any other form is refused."""


def _number_literal(value: float) -> exp.Expression:
    if not math.isfinite(value):
        raise Refused(f"{value} is no number that anything compares with", "A finite number was expected.")
    literal = exp.Literal.number(repr(abs(float(value))))
    return exp.Neg(this=literal) if value < 0 else literal


def _as_flag(tree: exp.Expression) -> exp.Expression:
    """0 and 1 as FALSE and TRUE; any other number stays one, and is refused for it."""
    if isinstance(tree, exp.Literal) and tree.name in {"0.0", "1.0"}:
        return exp.Boolean(this=tree.name == "1.0")
    raise Refused(f"{_said(tree)} is compared with a flag", "A flag is 0 or 1.")
