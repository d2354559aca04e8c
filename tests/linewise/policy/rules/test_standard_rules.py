"""Rules as data: a mistake in a file is named with its line (what each rule does: test_packs.py)."""

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


def one_row(**values: Any) -> dict[str, np.ndarray]:
    """All columns that a rule may name, missing but for those given; by the phone unless said otherwise."""
    names = {*RULE_COLUMNS, *FEATURE_NAMES}
    columns = {name: np.array([values.get(name, np.nan)]) for name in names}
    return columns | {"channel": np.array([values.get("channel", "voice")])}


def test_a_rule_that_must_not_be_told_has_a_neutral_sentence():
    secret = [rule for rule in RULES.evaluate("limit", one_row()).rules if rule.tell == "risk_only"]
    assert {"BANK-ATO", "CN-AML-TIP"} <= {rule.rule_id for rule in secret}
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
        ("NULL AND age_years < offer", "NULL AND agee_years < offer", "no column 'agee_years'"),
        ("NULL AND age_years < offer", "NULL AND age_years <<>> offer", "not a SQL expression"),
        ("NULL AND age_years < offer", "NULL AND length(channel) < offer", "not allowed"),
        ("NULL AND age_years < offer", "NULL AND (SELECT 1) < offer", "not allowed"),
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
