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
from linewise.policy.yaml_source import Strict, load_checked

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


def _parsed(text: str, rule: RuleEntry, allowed: frozenset[str], path: Path) -> exp.Expression:
    """The expression with its parameters filled in.

    Raises PolicyInvalid for anything but allowed columns, parameters, operators and COALESCE.
    """
    try:
        tree = sqlglot.parse_one(text, read="sqlite")
    except sqlglot.errors.ParseError as err:
        raise PolicyInvalid(f"{path.name}: rule {rule.rule_id}: {text!r} is not a SQL expression.") from err
    for node in tree.walk():
        if not isinstance(node, ALLOWED_NODES):
            raise PolicyInvalid(
                f"{path.name}: rule {rule.rule_id}: {node.sql()!r} is not allowed in a rule.",
                "Comparisons, AND, OR, NOT, IS NULL, IN, BETWEEN, +, -, * and COALESCE are.",
            )
        if isinstance(node, exp.Column) and node.name not in allowed:
            raise PolicyInvalid(
                f"{path.name}: rule {rule.rule_id}: there is no column {node.name!r}.",
                f"Columns with a similar name: {', '.join(_similar(node.name, allowed)) or 'none'}.",
            )
        if isinstance(node, exp.Placeholder) and node.name not in rule.params:
            raise PolicyInvalid(
                f"{path.name}: rule {rule.rule_id}: the parameter :{node.name} has no value.",
                f"params has: {', '.join(rule.params) or 'nothing'}.",
            )
    return tree.transform(
        lambda node: exp.Literal.number(rule.params[node.name]) if isinstance(node, exp.Placeholder) else node
    )


def _similar(name: str, allowed: frozenset[str]) -> list[str]:
    words = set(name.split("_"))
    return sorted(one for one in allowed if words & set(one.split("_")))[:5]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The rules of one kind with their polars expressions: hit, value, threshold and cap of each."""

    rules: tuple[Rule, ...]
    guards: Bools
    expressions: tuple[pl.Expr, ...]
    columns: frozenset[str]


def _compile(
    entries: Sequence[RuleEntry], kind: Literal["offer", "limit"], allowed: frozenset[str], path: Path
) -> _Compiled:
    rules: list[Rule] = []
    expressions: list[pl.Expr] = []
    columns: set[str] = set()
    for entry in entries:
        texts = {"hit": entry.when, "value": entry.value, "threshold": entry.threshold, "cap": entry.cap}
        for name, text in texts.items():
            tree = _parsed(text, entry, allowed, path) if text is not None else exp.Null()
            columns |= {column.name for column in tree.find_all(exp.Column)}
            kind_of = pl.Boolean if name == "hit" else pl.Float64
            expressions.append(pl.sql_expr(tree.sql("postgres")).cast(kind_of).alias(f"{entry.rule_id} {name}"))
        rules.append(
            Rule(
                rule_id=entry.rule_id,
                stage=entry.stage,
                applies_to=kind,
                effect=entry.effect,
                because=entry.because.by_language(),
                neutral=(entry.neutral or entry.because).by_language(),
                tell=entry.tell,
            )
        )
    guards = np.array([entry.on_missing == "block" for entry in entries], dtype=bool)
    return _Compiled(tuple(rules), guards, tuple(expressions), frozenset(columns))


class CompiledRules:
    """A rule pack ready to run over columns of any length, one customer or a chunk."""

    def __init__(self, entries: Sequence[RuleEntry], feature_names: Sequence[str], path: Path) -> None:
        self.entries = tuple(entries)
        of_customer = frozenset(COLUMNS) | frozenset(feature_names)
        allowed = {"limit": of_customer, "offer": of_customer | frozenset(OFFER_COLUMNS)}
        self._compiled = {
            kind: _compile([one for one in entries if kind in one.applies_to], kind, allowed[kind], path)
            for kind in ("offer", "limit")
        }

    def evaluate(self, applies_to: Literal["offer", "limit"], columns: Mapping[str, NDArray[Any]]) -> Hits:
        """All rules of that kind, each row with SQL's NULL logic; NaN is NULL."""
        compiled = self._compiled[applies_to]
        rows = len(next(iter(columns.values())))
        frame = pl.DataFrame([_series(name, columns[name]) for name in sorted(compiled.columns)])
        found = frame.select(compiled.expressions)
        width = len(compiled.rules)
        raw = (
            np.column_stack(
                # An expression without a column gives one row for all.
                [np.broadcast_to(column.cast(pl.Float64).to_numpy(), rows) for column in found.get_columns()]
            )
            if width
            else np.empty((rows, 0))
        )
        cells = raw.reshape(rows, width, 4)
        is_missing = np.isnan(cells[:, :, 0])
        hit = np.where(is_missing, compiled.guards[None, :], cells[:, :, 0] == 1.0)
        cap: Floats = np.where(np.isnan(cells[:, :, 3]), np.inf, cells[:, :, 3])
        return Hits(compiled.rules, np.asarray(hit, dtype=bool), cells[:, :, 1], cells[:, :, 2], cap)


def _series(name: str, values: NDArray[Any]) -> pl.Series:
    if values.dtype.kind in "fiub":
        return pl.Series(name, np.asarray(values, dtype=np.float64), nan_to_null=True)
    return pl.Series(name, values.tolist(), dtype=pl.String)


def load_rules(folder: Path, feature_names: Sequence[str], on: date) -> CompiledRules:
    """All packs of a policy folder's `rules/`, those in force on that day, in the order of their files.

    Raises PolicyInvalid for an unknown column, a doubled id, a construct that rules may not use, and where
    no rule at all is in force.
    """
    entries: list[RuleEntry] = []
    for path in sorted((folder / "rules").glob("*.yaml")):
        for entry in load_checked(path, _RulesFile).rules:
            if any(entry.rule_id == other.rule_id for other in entries):
                raise PolicyInvalid(f"{path.name}: the rule {entry.rule_id} stands more than once.")
            if entry.effective_from <= on and (entry.effective_to is None or on <= entry.effective_to):
                entries.append(entry)
    if not entries:
        raise PolicyInvalid(
            f"No rule of {folder / 'rules'} is in force on {on:%Y-%m-%d}.",
            "Without rules everything would be allowed.",
            "Look at effective_from and effective_to of the rules.",
        )
    return CompiledRules(entries, feature_names, folder / "rules")
