"""Whom a campaign addresses: a condition of the rules' own SQL over features and columns of the customers' table.

It is read by the same parser as the rules of the policy and run by the same machine, so that it can compare and
nothing else: no function, no query, no file, no network. What it may name is what the dictionary allows for contact
and what the catalogue of features allows to sell by; what is missing makes a comparison unknown, and who is unknown
is not addressed.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import sqlglot
from numpy.typing import NDArray
from sqlglot import exp

from features.catalogue import FEATURES
from linewise.bank.dictionary import Column, load_dictionary
from linewise.bank.tables import Bank
from linewise.core.errors import BriefInvalid, PolicyInvalid
from linewise.core.yaml_lines import line_in
from linewise.decisioning.types import Bools, Ints
from linewise.policy.rules import RuleSet, RuleSource
from linewise.policy.rules.entry import RuleEntry
from linewise.policy.rules.language import Kind
from serving.campaigns.brief.campaign import Brief

__all__ = ["Audience", "allowed_columns", "read_audience"]

CUSTOMERS = "customers"
SELLING = "take_up"
"""The purpose for which the catalogue of features allows what one may sell by."""

PROTECTED_WORDS = (
    "sex", "gender", "ethnicity", "ethnic_group", "race", "nationality", "religion", "belief", "political_opinion",
    "marital_status", "pregnancy", "disability", "health", "sexual_orientation", "trade_union", "genetic", "biometric",
    "性别", "民族", "种族", "宗教", "婚姻", "残疾",
)  # fmt: skip
"""Attributes that no audience may be picked by, whatever a bank calls the column."""

KINDS: Mapping[str, Kind] = {
    "string": "text",
    "boolean": "flag",
    "integer": "number",
    "float": "number",
    "ratio": "number",
}
"""Types of contract columns that a condition can compare; days and moments are known as features."""

NEAR_COUNT = 5


@dataclass(frozen=True, slots=True)
class Audience:
    """The conditions of one campaign, compiled: of the audience first, then of its segments in order.

    features, columns: the names that they use, of features and of the customers' table.
    """

    rules: RuleSet
    features: tuple[str, ...]
    columns: tuple[str, ...]

    def places(self, named: Mapping[str, NDArray[Any]], count: int) -> tuple[Bools, Ints]:
        """Who is addressed, (n_customers,), and the place of the segment of each, the last one for the rest.

        named: what is known by name of so many customers, numbers and flags with NaN where missing, texts as objects.
        """
        hits = self.rules.evaluate(named, count, with_values=False).hit
        segments = np.concatenate([hits[:, 1:], np.ones((count, 1), dtype=np.bool_)], axis=1)
        return hits[:, 0], np.asarray(segments.argmax(axis=1), dtype=np.int64)


def allowed_columns(bank: Bank) -> dict[str, Kind]:
    """What an audience may name, with its kind: features to sell by, columns of the customers' table for contact."""
    features: dict[str, Kind] = {one.name: "number" for one in FEATURES if SELLING in one.allowed_for}
    columns = {one.name: KINDS[one.type] for one in bank.columns(CUSTOMERS) if _is_for_contact(one)}
    return features | columns


def _is_for_contact(column: Column) -> bool:
    return (
        "contact" in column.allowed_for
        and column.sensitivity != "protected"
        and column.type in KINDS
        and column.name != "customer_id"
    )


def read_audience(brief: Brief, path: Path, bank: Bank) -> Audience:
    """The conditions of a campaign, compiled.

    Raises BriefInvalid with file and line for what the language refuses, and for a column that is unknown or must
    not be used, with what is there of a similar name.
    """
    allowed = allowed_columns(bank)
    conditions: list[tuple[tuple[str | int, ...], str]] = [(("audience",), brief.audience)]
    conditions += [(("segments", place, "when"), one.when) for place, one in enumerate(brief.segments)]
    sources = [_Condition.of(place, text, path) for place, text in conditions]
    rules = _compiled(sources, allowed, bank)
    features = {one.name for one in FEATURES}
    used = sorted(rules.columns)
    return Audience(
        rules, tuple(name for name in used if name in features), tuple(name for name in used if name not in features)
    )


@dataclass(frozen=True, slots=True)
class _Condition(RuleSource):
    """One condition of the file in the form that rules are compiled from; its mistakes are told with its line."""

    loc: tuple[str | int, ...] = ()

    @classmethod
    def of(cls, loc: tuple[str | int, ...], text: str, path: Path) -> "_Condition":
        said = {"zh-CN": "活动条件。", "en": "A condition of the campaign."}
        entry = RuleEntry.model_validate(
            {
                "rule_id": "AUDIENCE",
                "scope": "campaign",
                "effect": "LOG",
                "when": text,
                "on_missing": "pass",
                "because": said,
                "tell": "agent",
                "source": "the campaign's file",
                "verified": "d",
                "effective_from": date(2026, 1, 1),
                "tests": [{}],
            }
        )
        return cls(entry, "campaign", path, 0, {}, loc)

    def invalid(self, field: str, problem: str, expected: str = "") -> PolicyInvalid:
        line = line_in(self.path, self.loc)
        return PolicyInvalid(f"{self.path} line {line}: {problem}.", expected, line=line, problem=problem)


def _compiled(sources: Sequence[_Condition], allowed: Mapping[str, Kind], bank: Bank) -> RuleSet:
    for source in sources:
        _enforce_nameable(source, allowed, bank)
    try:
        return RuleSet(sources, allowed, "campaign")
    except PolicyInvalid as err:
        raise BriefInvalid(
            err.given, err.expected, "Mend the line named and run the command again.", line=err.line
        ) from err


def _enforce_nameable(source: _Condition, allowed: Mapping[str, Kind], bank: Bank) -> None:
    """A column that is there and may not be used is told from one that is not there."""
    for name in _names_in(source.rule.when):
        if name in allowed:
            continue
        problem, expected = _why_not(name, allowed, bank)
        line = line_in(source.path, source.loc)
        raise BriefInvalid(f"{source.path} line {line}: {problem}", expected, line=line)


def _names_in(text: str) -> list[str]:
    try:
        trees = sqlglot.parse(text, read="sqlite")
    except (sqlglot.errors.SqlglotError, RecursionError):
        return []  # told by the compiler
    columns = [one for tree in trees if tree is not None for one in tree.find_all(exp.Column)]
    return list(dict.fromkeys(one.sql("sqlite").replace('"', "") for one in columns))


def _why_not(name: str, allowed: Mapping[str, Kind], bank: Bank) -> tuple[str, str]:
    table, _, column = name.rpartition(".")
    near = difflib.get_close_matches(column, allowed, NEAR_COUNT, cutoff=0.5)
    expected = (
        f"Near it are: {', '.join(near)}." if near else "Features to sell by, and columns for contact, were expected."
    )
    if column.lower() in PROTECTED_WORDS or table == "protected_attributes":
        return f"the column {name!r} is a protected attribute, by which nobody is picked.", expected
    if any(one.name == name for one in FEATURES):
        return f"the feature {name!r} serves the judgement of credit and must not pick whom to sell to.", expected
    tables = [CUSTOMERS] if not table else [table]
    known = {one: bank.columns(one) for one in tables if one in load_dictionary()}
    for where, columns in known.items():
        found = next((one for one in columns if one.name == column), None)
        if found is not None and not _is_for_contact(found):
            return f"the column {where}.{column} must not be used to pick whom to contact.", expected
        if found is not None and where == CUSTOMERS:
            return f"the column {name!r} stands with its table.", f"{column} alone was expected."
        if found is not None:
            return f"the column {name!r} has several values a customer.", (
                "A column of customers, or a feature that sums it up, was expected. " + expected
            )
    return f"there is no column {name!r}.", expected


def named_of(customers: pa.Table, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Columns of the customers' table as conditions read them: numbers and flags with NaN, texts as objects."""
    found: dict[str, NDArray[Any]] = {}
    for name in names:
        column = customers[name].combine_chunks()
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            found[name] = np.array(column.to_pylist(), dtype=object)
        else:
            found[name] = np.asarray(column.cast(pa.float64()).fill_null(float("nan")), dtype=np.float64)
    return found
