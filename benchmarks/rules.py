"""The rules of all packs beside the same written by hand, for one customer and for 100,000; the record as well."""

from collections.abc import Iterator
from datetime import date
from math import isnan
from typing import Any

import numpy as np

from benchmarks.plain_rules import duckdb_query, plain_rules
from benchmarks.record import rows as record_rows
from benchmarks.rows import Row, beside
from features.needs import rule_features
from linewise.policy.rules import RuleSet, compile_rules, read_rules, rules_in_force, vocabulary
from linewise.policy.rules.language import Kind
from linewise.policy.standard_folder import policy_folder

__all__ = ["rows"]

PACKS = ("cn", "us", "eu", "bank")
MANY = 100_000
MISSING_RATIO = 0.1
WORDS = ("voice", "app", "promotional", "service", "loan", "cash", "permanent", "temporary", "A", "upset")


def _columns(rules: RuleSet, kinds: dict[str, Kind], rows: int) -> dict[str, np.ndarray]:
    """Values of every column that the rules name, a tenth of them missing."""
    rng = np.random.default_rng(20261123)
    columns: dict[str, np.ndarray] = {}
    for name in sorted(rules.columns):
        is_missing = rng.random(rows) < MISSING_RATIO
        if kinds[name] == "text":
            words = np.array(WORDS, dtype=object)[rng.integers(0, len(WORDS), rows)]
            columns[name] = np.where(is_missing, None, words)
        else:
            top = 2 if kinds[name] == "flag" else 1_000
            columns[name] = np.where(is_missing, np.nan, np.floor(rng.random(rows) * top))
    return columns


def _person(columns: dict[str, np.ndarray], kinds: dict[str, Kind], row: int) -> dict[str, Any]:
    """One customer as Python values: numbers, True and False, words, and None."""
    values: dict[str, Any] = {}
    for name, column in columns.items():
        value = column.item(row)
        is_missing = value is None or (isinstance(value, float) and isnan(value))
        values[name] = None if is_missing else bool(value) if kinds[name] == "flag" else value
    return values


def rows() -> Iterator[Row]:
    """Every rule of the scope `decision` once, all packs together; hits and caps are compared before they are timed."""
    sources = [
        source
        for source in rules_in_force(read_rules(policy_folder(None), "CNY", PACKS), date.today())  # noqa: DTZ011
        if source.rule.scope == "decision"
    ]
    kinds: dict[str, Kind] = {}
    for kind in ("offer", "limit", "plan"):
        kinds |= vocabulary(kind, rule_features())
    rules = compile_rules(sources, kinds, "decision")
    many = _columns(rules, kinds, MANY)
    found = rules.evaluate(many, MANY, with_values=False)

    plain = plain_rules(sources, kinds)
    people = [_person(many, kinds, row) for row in range(1_000)]
    caps = {place: cap for place, (_, cap) in enumerate(plain) if cap is not None}
    for row, person in enumerate(people):
        assert [bool(predicate(person)) for predicate, _ in plain] == found.hit[row].tolist()
        for place, cap in caps.items():
            unknown = 0.0 if sources[place].rule.on_missing == "block" else np.inf
            wanted = cap(person)
            assert found.cap_amt[row, place] == (unknown if wanted is None else wanted)

    one = {name: column[:1] for name, column in many.items()}
    person = people[0]
    yield beside(
        "all packs, one customer",
        lambda: rules.evaluate(one, 1, with_values=False),
        lambda: [(hit(person), cap(person) if cap else None) for hit, cap in plain],
        bar="<=4",
        runs=1_000,
        note=f"{len(sources)} rules over {len(rules.columns)} columns, hits and caps; rival: a Python function a rule, "
        "each value asked whether it is missing, true or false at once, over a "
        "dict of Python values; seconds, no bar was set: 4 guards",
    )

    query = duckdb_query(sources, kinds, many)
    answer = query()
    for place in range(len(sources)):
        assert np.array_equal(np.asarray(answer[f"hit_{place}"], dtype=bool), found.hit[:, place])
    yield beside(
        f"all packs, {MANY:,} customers",
        lambda: rules.evaluate(many, MANY, with_values=False),
        query,
        bar="<=1",
        runs=9,
        note=f"{len(sources)} rules, hits and caps as numpy arrays, from numpy arrays; rival: one DuckDB query of the "
        "same rules, planned before, over a table of its own; seconds",
    )
    yield from record_rows()
