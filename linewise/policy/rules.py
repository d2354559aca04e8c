"""Rules as data: SQL boolean expressions over named columns, checked by a parser and run by polars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
import polars as pl
import sqlglot
from numpy.typing import NDArray
from pydantic import Field, model_validator
from sqlglot import exp

from linewise.core.errors import PolicyInvalid
from linewise.decisioning.gates import COLUMNS, OFFER_COLUMNS, Hits, Rule
from linewise.decisioning.types import Bools, Floats
from linewise.policy.catalogue import Sentences
from linewise.policy.yaml_source import Strict, invalid_at, load_checked

__all__ = ["CompiledRules", "RuleEntry", "load_rules"]

EFFECTS = ("BLOCK", "SUPPRESS", "CAP", "HOLD", "REQUIRE_CONSENT", "REQUIRE_DOC", "HUMAN_REVIEW")
"""The effects that `decide()` itself acts on; all but CAP take the candidate away until they are met."""

ALLOWED_NODES = (
    exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.Null,
    exp.Between, exp.In, exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Neg, exp.Add, exp.Sub,
    exp.Mul, exp.Coalesce, exp.Placeholder,
)  # fmt: skip
"""What an expression may be made of; anything else is refused (no text of a rule is ever run as Python)."""


class RuleEntry(Strict):
    """One rule as a policy author writes it.

    `when` is true where the rule takes effect; a missing input follows `on_missing`. `value` and
    `threshold` are expressions whose results are shown to those who may see them. `cap` (CAP rules only)
    is the highest amount allowed, in minor units.
    """

    rule_id: Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]+$")]
    scope: Literal["decision"]
    applies_to: Annotated[list[Literal["offer", "limit"]], Field(min_length=1)]
    stage: Literal["eligibility", "applicability", "suitability", "contact_policy"]
    effect: str
    when: str
    params: dict[str, float] = Field(default_factory=dict)
    value: str | None = None
    threshold: str | None = None
    cap: str | None = None
    on_missing: Literal["block", "pass"]
    because: Sentences
    tell: Literal["customer", "agent", "risk_only"]
    neutral: Sentences | None = None
    source: str
    verified: Literal["v", "k", "d"]
    effective_from: date
    effective_to: date | None = None
    tests: Annotated[list[dict[str, Any]], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.effect not in EFFECTS:
            raise ValueError(f"effect must be one of {', '.join(EFFECTS)}")
        if (self.effect == "CAP") != (self.cap is not None):
            raise ValueError("a CAP rule, and only a CAP rule, has 'cap'")
        if self.tell == "risk_only" and self.neutral is None:
            raise ValueError("a rule that must not be told needs a neutral sentence")
        return self


class _RulesFile(Strict):
    pack: str
    version: str
    rules: Annotated[list[RuleEntry], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class _Source:
    """A rule and where it stands, so that a mistake in it is reported with its line."""

    rule: RuleEntry
    path: Path
    position: int

    def invalid(self, field: str, problem: str, expected: str = "") -> PolicyInvalid:
        """The error for one field of the rule."""
        place = ("rules", self.position, field)
        return invalid_at(self.path, place, f"rule {self.rule.rule_id}: {problem}.", expected)


def _parsed(text: str, field: str, source: _Source, allowed: frozenset[str]) -> exp.Expression:
    """The expression with its parameters filled in.

    Raises PolicyInvalid for anything but allowed columns, parameters, operators and COALESCE.
    """
    params = source.rule.params
    try:
        tree = sqlglot.parse_one(text, read="sqlite")
    except sqlglot.errors.ParseError as err:
        raise source.invalid(field, f"{text!r} is not a SQL expression") from err
    for node in tree.walk():
        if not isinstance(node, ALLOWED_NODES):
            allowed_words = "Comparisons, AND, OR, NOT, IS NULL, IN, BETWEEN, +, -, * and COALESCE are."
            raise source.invalid(field, f"{node.sql()!r} is not allowed in a rule", allowed_words)
        if isinstance(node, exp.Column) and node.name not in allowed:
            similar = ", ".join(_similar(node.name, allowed)) or "none"
            problem = f"there is no column {node.name!r}"
            raise source.invalid(field, problem, f"Columns with a similar name: {similar}.")
        if isinstance(node, exp.Placeholder) and node.name not in params:
            problem = f"the parameter :{node.name} has no value"
            raise source.invalid(field, problem, f"params has: {', '.join(params) or 'nothing'}.")
    return tree.transform(
        lambda node: exp.Literal.number(params[node.name]) if isinstance(node, exp.Placeholder) else node
    )


def _similar(name: str, allowed: frozenset[str]) -> list[str]:
    words = set(name.split("_"))
    return sorted(one for one in allowed if words & set(one.split("_")))[:5]


FIELDS = ("when", "value", "threshold", "cap")
"""The expressions of a rule, in the order of the cells that evaluating it fills."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The rules of one kind: their expressions, and the cell (rule, field) that each one fills."""

    rules: tuple[Rule, ...]
    guards: Bools
    expressions: tuple[pl.Expr, ...]
    cells: tuple[tuple[int, int], ...]
    columns: frozenset[str]


def _rule(entry: RuleEntry, kind: Literal["offer", "limit"]) -> Rule:
    return Rule(
        rule_id=entry.rule_id,
        stage=entry.stage,
        applies_to=kind,
        effect=entry.effect,
        because=entry.because.by_language(),
        neutral=(entry.neutral or entry.because).by_language(),
        tell=entry.tell,
    )


def _compile(sources: Sequence[_Source], kind: Literal["offer", "limit"], allowed: frozenset[str]) -> _Compiled:
    expressions: list[pl.Expr] = []
    cells: list[tuple[int, int]] = []
    columns: set[str] = set()
    for number, source in enumerate(sources):
        for cell, field in enumerate(FIELDS):
            text: str | None = getattr(source.rule, field)
            if text is None:
                continue
            tree = _parsed(text, field, source, allowed)
            columns |= {column.name for column in tree.find_all(exp.Column)}
            computed = pl.sql_expr(tree.sql("postgres")).cast(pl.Boolean if field == "when" else pl.Float64)
            expressions.append(computed.cast(pl.Float64).alias(f"{source.rule.rule_id} {field}"))
            cells.append((number, cell))
    return _Compiled(
        rules=tuple(_rule(source.rule, kind) for source in sources),
        guards=np.array([source.rule.on_missing == "block" for source in sources], dtype=bool),
        expressions=tuple(expressions),
        cells=tuple(cells),
        columns=frozenset(columns),
    )


class CompiledRules:
    """A rule pack ready to run over columns of any length, one customer or a chunk."""

    def __init__(self, sources: Sequence[_Source], feature_names: Sequence[str]) -> None:
        self.entries = tuple(source.rule for source in sources)
        of_customer = frozenset(COLUMNS) | frozenset(feature_names)
        allowed = {"limit": of_customer, "offer": of_customer | frozenset(OFFER_COLUMNS)}
        kinds: tuple[Literal["offer", "limit"], ...] = ("offer", "limit")
        self._compiled = {
            kind: _compile([one for one in sources if kind in one.rule.applies_to], kind, allowed[kind])
            for kind in kinds
        }

    def evaluate(self, applies_to: Literal["offer", "limit"], columns: Mapping[str, NDArray[Any]]) -> Hits:
        """All rules of that kind, each row with SQL's NULL logic; NaN is NULL."""
        compiled = self._compiled[applies_to]
        rows = len(next(iter(columns.values())))
        frame = pl.DataFrame([_series(name, columns[name]) for name in sorted(compiled.columns)])
        cells = np.full((rows, len(compiled.rules), len(FIELDS)), np.nan)
        for (rule, field), column in zip(compiled.cells, frame.select(compiled.expressions), strict=True):
            cells[:, rule, field] = column.to_numpy()  # one value without a column spreads over all rows
        when, value, threshold, cap = np.moveaxis(cells, 2, 0)
        hit: Bools = np.where(np.isnan(when), compiled.guards[None, :], when == 1.0)
        cap_amt: Floats = np.where(np.isnan(cap), np.inf, cap)
        return Hits(compiled.rules, hit, value, threshold, cap_amt)


def _series(name: str, values: NDArray[Any]) -> pl.Series:
    if values.dtype.kind in "fiub":
        return pl.Series(name, np.asarray(values, dtype=np.float64), nan_to_null=True)
    return pl.Series(name, values.tolist(), dtype=pl.String)


def load_rules(folder: Path, feature_names: Sequence[str], on: date) -> CompiledRules:
    """All packs of a policy folder's `rules/`, those in force on that day, in the order of their files.

    Raises PolicyInvalid for an unknown column, a doubled id, a construct that rules may not use, and where
    no rule at all is in force.
    """
    sources: list[_Source] = []
    seen: set[str] = set()
    for path in sorted((folder / "rules").glob("*.yaml")):
        for position, entry in enumerate(load_checked(path, _RulesFile).rules):
            source = _Source(entry, path, position)
            if entry.rule_id in seen:
                raise source.invalid("rule_id", "the id stands more than once")
            seen.add(entry.rule_id)
            if entry.effective_from <= on and (entry.effective_to is None or on <= entry.effective_to):
                sources.append(source)
    if not sources:
        raise PolicyInvalid(
            f"No rule of {folder / 'rules'} is in force on {on:%Y-%m-%d}.",
            "Without rules everything would be allowed.",
            "Look at effective_from and effective_to of the rules.",
        )
    return CompiledRules(sources, feature_names)
