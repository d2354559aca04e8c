"""The SQL that a rule may use: parsed, checked name by name and type by type, and made plain for the engines.

Nothing else is ever run: no text of a rule reaches Python, and what is not listed here is refused.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NoReturn

import sqlglot
from sqlglot import exp

from linewise.policy.rules.source import RuleSource

__all__ = ["MOST_CHARACTERS", "Kind", "read_expression"]

Kind = Literal["number", "flag", "text"]

Typed = tuple[Kind, exp.Expression]

MOST_CHARACTERS = 2_000
"""Longer expressions are refused: nobody can judge them, and parsers recurse."""

WORDS = "Comparisons, AND, OR, NOT, IS NULL, IN, BETWEEN, +, -, *, COALESCE, LEAST and GREATEST are allowed"

COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
ARITHMETIC = (exp.Add, exp.Sub, exp.Mul)
CHOICES = (exp.Coalesce, exp.Least, exp.Greatest)
DATE_LIKE = re.compile(r"\d{4}-\d\d?-\d\d?")


class _Refused(Exception):
    """What is wrong with an expression, before its file and line are known."""

    def __init__(self, problem: str, expected: str = "") -> None:
        super().__init__(problem)
        self.expected = expected


def read_expression(
    text: str, field: str, source: RuleSource, columns: Mapping[str, Kind], wanted: Sequence[Kind]
) -> exp.Expression:
    """The checked tree of one expression of a rule, its parameters filled in.

    What the engines meet in it: AND, OR, NOT, the six comparisons, IS NULL, IN over constants, columns,
    numbers, texts, TRUE and FALSE, unary minus, +, -, *, COALESCE, LEAST and GREATEST. Flags stand for
    themselves: `flag = 1` has become `flag`. Raises PolicyInvalid with file and line for anything else, for
    an unknown column or parameter, and for a number, a flag or a text used as one of the others.
    """
    try:
        kind, tree = _Reader(columns, source.params).read(_parsed(text))
        if kind not in wanted:
            raise _Refused(f"{text!r} gives a {kind}", f"A {' or a '.join(wanted)} was expected.")
    except RecursionError as err:
        raise source.invalid(field, f"{text!r} is nested too deeply", "A flat expression was expected.") from err
    except _Refused as err:
        raise source.invalid(field, str(err), err.expected) from err
    return tree


def _parsed(text: str) -> exp.Expression:
    if len(text) > MOST_CHARACTERS:
        raise _Refused(f"an expression of {len(text)} characters", f"At most {MOST_CHARACTERS} were expected.")
    try:
        found = sqlglot.parse(text, read="sqlite")
    except (sqlglot.errors.SqlglotError, RecursionError) as err:
        raise _Refused(f"{text!r} is not a SQL expression", f"{WORDS}.") from err
    if len(found) != 1 or not isinstance(found[0], exp.Expression):
        raise _Refused(f"{text!r} is not one SQL expression", f"{WORDS}.")
    return found[0]


def _similar(name: str, allowed: Mapping[str, Kind]) -> list[str]:
    words = set(name.split("_"))
    return sorted(allowed, key=lambda one: (-len(words & set(one.split("_"))), one))[:5]


def _said(node: exp.Expression) -> str:
    return repr(node.sql("sqlite"))


def _is_constant(node: exp.Expression) -> bool:
    return isinstance(node, exp.Literal) or (isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads a parsed tree from its leaves up; every method gives the kind and the plain tree of a node."""

    columns: Mapping[str, Kind]
    params: Mapping[str, float]

    def read(self, node: exp.Expression) -> Typed:  # noqa: PLR0911  one return a form of the language
        match node:
            case exp.Paren():
                return self.read(node.this)
            case exp.Column() | exp.Literal() | exp.Boolean() | exp.Placeholder():
                return self._leaf(node)
            case exp.And() | exp.Or():
                return "flag", type(node)(this=self._flag(node.this), expression=self._flag(node.expression))
            case exp.Not():
                return "flag", exp.Not(this=self._flag(node.this))
            case exp.Is() if isinstance(node.expression, exp.Null):
                return "flag", exp.Is(this=self.read(node.this)[1], expression=exp.Null())
            case exp.Neg():
                return "number", exp.Neg(this=self._number(node.this))
            case _ if isinstance(node, ARITHMETIC):
                return "number", type(node)(this=self._number(node.this), expression=self._number(node.expression))
            case _ if isinstance(node, COMPARISONS):
                return "flag", self._comparison(node)
            case exp.Between() if not node.args.get("symmetric"):
                subject = self._number(node.this)
                low = exp.GTE(this=subject, expression=self._number(node.args["low"]))
                return "flag", exp.And(
                    this=low, expression=exp.LTE(this=subject.copy(), expression=self._number(node.args["high"]))
                )
            case exp.In():
                return "flag", self._membership(node)
            case _ if isinstance(node, CHOICES):
                return self._choice(node)
        self._refuse(node)

    def _leaf(self, node: exp.Expression) -> Typed:
        match node:
            case exp.Column():
                return self._column(node)
            case exp.Placeholder():
                if node.name not in self.params:
                    has = ", ".join(self.params) or "nothing"
                    raise _Refused(f"the parameter :{node.name} has no value", f"params has: {has}.")
                return "number", _number_literal(self.params[node.name])
            case exp.Boolean():
                return "flag", exp.Boolean(this=bool(node.this))
            case exp.Literal() if node.is_string:
                if DATE_LIKE.search(node.name):
                    raise _Refused(
                        f"{_said(node)} is a date as a text, which the engines compare differently",
                        "Use a column in days.",
                    )
                return "text", exp.Literal.string(node.name)
        try:
            return "number", _number_literal(float(node.name))
        except ValueError:
            self._refuse(node)

    def _column(self, node: exp.Column) -> Typed:
        if node.args.get("table") is not None or node.name not in self.columns:
            similar = ", ".join(_similar(node.name, self.columns))
            raise _Refused(
                f"there is no column {node.sql('sqlite')!r} here", f"Columns with a similar name: {similar}."
            )
        return self.columns[node.name], exp.column(node.name)

    def _number(self, node: exp.Expression) -> exp.Expression:
        kind, tree = self.read(node)
        if kind != "number":
            raise _Refused(f"{_said(node)} is a {kind}", "A number was expected there.")
        return tree

    def _flag(self, node: exp.Expression) -> exp.Expression:
        kind, tree = self.read(node)
        if kind != "flag":
            raise _Refused(f"{_said(node)} is a {kind}", "A condition or a flag was expected there.")
        return tree

    def _alike(self, nodes: Sequence[exp.Expression]) -> tuple[Kind, list[exp.Expression]]:
        """Nodes of one kind; 0 and 1 beside a flag are FALSE and TRUE."""
        read = [self.read(node) for node in nodes]
        if any(kind == "flag" for kind, _ in read):
            read = [("flag", _as_flag(tree)) if kind == "number" else (kind, tree) for kind, tree in read]
        kinds = [kind for kind, _ in read]
        if len(set(kinds)) > 1:
            told = " and ".join(f"{_said(node)} (a {kind})" for node, kind in zip(nodes, kinds, strict=True))
            raise _Refused(f"{told} do not compare", "A number, a flag (0, 1) and a text stand only with their like.")
        return kinds[0], [tree for _, tree in read]

    def _comparison(self, node: exp.Expression) -> exp.Expression:
        kind, (left, right) = self._alike([node.this, node.expression])
        is_equality = isinstance(node, exp.EQ | exp.NEQ)
        if kind != "number" and not is_equality:
            raise _Refused(f"{_said(node)} orders a {kind}", "Only numbers have an order.")
        if kind == "flag" and isinstance(left, exp.Boolean):
            left, right = right, left
        if kind == "flag" and isinstance(right, exp.Boolean):
            return left if right.this == isinstance(node, exp.EQ) else exp.Not(this=left)
        return type(node)(this=left, expression=right)

    def _membership(self, node: exp.In) -> exp.Expression:
        if not node.expressions or node.args.get("query") or node.args.get("unnest") or node.args.get("field"):
            self._refuse(node)
        kind, (subject, *choices) = self._alike([node.this, *node.expressions])
        if kind == "flag" or not all(map(_is_constant, choices)):
            raise _Refused(f"{_said(node)} is not a list of constants", "IN takes numbers, parameters or texts.")
        return exp.In(this=subject, expressions=choices)

    def _choice(self, node: exp.Expression) -> Typed:
        kind, trees = self._alike([node.this, *node.expressions])
        if len(trees) < 2 or (kind != "number" and not isinstance(node, exp.Coalesce)):
            raise _Refused(f"{_said(node)} cannot be computed", "LEAST and GREATEST take two or more numbers.")
        return kind, type(node)(this=trees[0], expressions=trees[1:])

    def _refuse(self, node: exp.Expression) -> NoReturn:
        if isinstance(node, exp.Div | exp.Mod | exp.IntDiv):
            raise _Refused(
                f"{_said(node)} divides, and engines divide whole numbers differently; it is not allowed in a rule",
                "Multiply the other side instead.",
            )
        raise _Refused(f"{_said(node)} is not allowed in a rule", f"{WORDS}.")


def _number_literal(value: float) -> exp.Expression:
    if not math.isfinite(value):
        raise _Refused(f"{value} is no number that anything compares with", "A finite number was expected.")
    literal = exp.Literal.number(repr(abs(float(value))))
    return exp.Neg(this=literal) if value < 0 else literal


def _as_flag(tree: exp.Expression) -> exp.Expression:
    """0 and 1 as FALSE and TRUE; any other number stays one, and is refused for it."""
    if isinstance(tree, exp.Literal) and tree.name in {"0.0", "1.0"}:
        return exp.Boolean(this=tree.name == "1.0")
    raise _Refused(f"{_said(tree)} is compared with a flag", "A flag is 0 or 1.")
