"""Rules as data: each is tested by the examples beside it, and a mistake in a file is named with its line."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from features.catalogue import FEATURE_NAMES
from linewise.core.errors import PolicyInvalid
from linewise.decisioning.columns import RULE_COLUMNS
from linewise.policy.rules import load_rules
from linewise.policy.standard_folder import STANDARD
from tests.builders import TODAY, a_policy

RULES = a_policy().rules


def examples() -> list[Any]:
    return [
        pytest.param(entry.rule_id, kind, example, id=f"{entry.rule_id}-{kind}-{number}")
        for entry in RULES.entries
        for kind in entry.applies_to
        for number, example in enumerate(entry.tests)
    ]


def one_row(**values: float) -> dict[str, np.ndarray]:
    """All columns that a rule may name, missing but for those given; the channel is the phone."""
    names = {*RULE_COLUMNS, *FEATURE_NAMES}
    columns = {name: np.array([values.get(name, np.nan)]) for name in names}
    return columns | {"channel": np.array(["voice"])}


@pytest.mark.parametrize(("rule_id", "kind", "example"), examples())
def test_a_rule_does_what_the_examples_beside_it_say(rule_id: str, kind: Any, example: dict[str, Any]):
    given = {name: value for name, value in example.items() if name not in {"hits", "cap"}}
    found = RULES.evaluate(kind, one_row(**given))
    at = [rule.rule_id for rule in found.rules].index(rule_id)
    assert bool(found.hit[0, at]) is example["hits"]
    if "cap" in example:
        assert found.cap_amt[0, at] == example["cap"]


def test_each_rule_has_an_example_of_each_side():
    one_sided = [
        entry.rule_id
        for entry in RULES.entries
        if {example["hits"] for example in entry.tests} != {True, False} and entry.effect != "CAP"
    ]
    assert one_sided == []


def test_a_rule_that_must_not_be_told_has_a_neutral_sentence():
    secret = [rule for rule in RULES.evaluate("limit", one_row()).rules if rule.tell == "risk_only"]
    assert {rule.rule_id for rule in secret} == {"BANK-ATO", "CN-AML-TIP"}
    assert all(rule.neutral["en"] != rule.because["en"] for rule in secret)


def test_one_customer_and_a_chunk_are_judged_alike():
    rows = [one_row(age_years=age, offer_minimum_age_years=18.0) for age in (17.0, 18.0, np.nan)]
    together = {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}
    chunk = RULES.evaluate("offer", together)
    for i, row in enumerate(rows):
        assert (RULES.evaluate("offer", row).hit[0] == chunk.hit[i]).all()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the standard policy for a test to spoil."""
    shutil.copytree(STANDARD, tmp_path / "policy")
    return tmp_path / "policy"


def spoil(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence and give its line."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("when: age_years < offer", "when: agee_years < offer", "no column 'agee_years'"),
        ("when: age_years < offer", "when: age_years <<>> offer", "not a SQL expression"),
        ("when: age_years < offer", "when: length(channel) < offer", "not allowed"),
        ("when: age_years < offer", "when: (SELECT 1) < offer", "not allowed"),
        ('threshold: ":least_months"', 'threshold: ":most_months"', ":most_months has no value"),
        ("effect: CAP", "effect: BLOCK", "CAP rule"),
        ("effect: SUPPRESS", "effect: VANISH", "effect must be one of"),
        ("on_missing: block", "on_mising: block", "on_mising"),
        ("rule_id: BANK-AGE-MAX", "rule_id: BANK-AGE-MIN", "stands more than once"),
        ("neutral: {zh-CN: 暂时无法办理，请稍后再试。, en: This cannot be done at the moment.}", "", "neutral"),
    ],
)
def test_a_mistake_in_a_rule_is_named_with_its_file_and_line(folder: Path, old: str, new: str, said: str):
    spoil(folder / "rules" / "bank.yaml", old, new)
    with pytest.raises(PolicyInvalid, match=r"bank\.yaml line \d+") as refused:
        load_rules(folder, FEATURE_NAMES, TODAY)
    assert said in str(refused.value)


def test_the_line_named_is_that_of_the_mistake(folder: Path):
    line = spoil(folder / "rules" / "bank.yaml", "effect: SUPPRESS", "effect: [7]")
    with pytest.raises(PolicyInvalid) as refused:
        load_rules(folder, FEATURE_NAMES, TODAY)
    assert int(str(refused.value).split("bank.yaml line ")[1].split(":")[0]) == pytest.approx(line)


def test_a_day_without_any_rule_is_refused_rather_than_allowing_everything():
    with pytest.raises(PolicyInvalid, match="No rule"):
        load_rules(STANDARD, FEATURE_NAMES, date(1998, 12, 31))


def test_a_rule_is_in_force_between_its_dates(folder: Path):
    spoil(
        folder / "rules" / "bank.yaml",
        "effective_from: 2011-01-13",
        "effective_from: 2011-01-13\n    effective_to: 2026-11-22",
    )
    in_force = {entry.rule_id for entry in load_rules(folder, FEATURE_NAMES, TODAY).entries}
    before = {entry.rule_id for entry in load_rules(folder, FEATURE_NAMES, date(2026, 11, 22)).entries}
    assert "BANK-AGE-MIN" not in in_force
    assert "BANK-AGE-MIN" in before
