"""A policy folder for a test to spoil: the standard catalogue and stops beside three small rules."""

import shutil
from datetime import date
from pathlib import Path

from features.catalogue import FEATURES
from linewise.policy.checking import Bank, Finding, check_folder
from linewise.policy.standard_folder import STANDARD

ON = date(2026, 11, 25)
BANK = Bank("CNY", ON, ("bank",), {one.name: one.allowed_for for one in FEATURES})

STOPS = "bank_stops.yaml"
"""Without these rules no service starts."""

RULES = """\
pack: bank
version: "1"
rules:
  - rule_id: TOO-YOUNG
    scope: decision
    applies_to: [offer, limit]
    stage: eligibility
    effect: BLOCK
    when: age_years < :least_years
    params: {least_years: 18}
    value: age_years
    threshold: ":least_years"
    on_missing: block
    because: {zh-CN: 未满十八周岁。, en: The customer is under eighteen.}
    tell: customer
    source: test
    verified: d
    effective_from: 2026-01-01
    tests:
      - {age_years: 17.99, hits: true}
      - {age_years: 18, hits: false}
  - rule_id: MOST-LENT
    scope: decision
    applies_to: [limit]
    stage: suitability
    effect: CAP
    when: income_mean_amt_6m >= 0
    cap: LEAST(income_mean_amt_6m * 12, :most)
    params_amt: {most: {CNY: 100000}}
    on_missing: block
    because: {zh-CN: 最高不超过十二个月的收入。, en: At most twelve months of income.}
    tell: customer
    source: test
    verified: d
    effective_from: 2026-01-01
    tests:
      - {income_mean_amt_6m: 1000, hits: true, cap: 12000}
  - rule_id: PAPERS
    scope: decision
    applies_to: [limit]
    stage: eligibility
    effect: REQUIRE_DOC
    when: is_student = 1 AND age_years < 25
    on_missing: pass
    because: {zh-CN: 学生需提交材料。, en: Students hand in a paper.}
    tell: customer
    source: test
    verified: d
    effective_from: 2026-01-01
    tests:
      - {is_student: 1, age_years: 20, hits: true}
      - {is_student: 0, age_years: 20, hits: false}
"""


def a_folder(root: Path) -> Path:
    """The folder, in which nothing is wrong."""
    shutil.copytree(STANDARD, root)
    for path in (root / "rules").glob("*.yaml"):
        if path.name != STOPS:
            path.unlink()
    (root / "rules" / "bank.yaml").write_text(RULES, encoding="utf-8")
    return root


def plant(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first occurrence and give the line on which the new text begins or, by `¶`, the marked one."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} holds no {old!r}"
    at = text.index(old)
    marked = new.partition("¶")[0] if "¶" in new else ""
    path.write_text(text.replace(old, new.replace("¶", ""), 1), encoding="utf-8")
    return text[:at].count("\n") + 1 + marked.count("\n")


def found_in(folder: Path, bank: Bank = BANK) -> list[Finding]:
    """What the check finds, without the notes."""
    return [one for one in check_folder(folder, bank) if one.grade != "note"]
