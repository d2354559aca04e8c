"""How the price of credit is shown: the annualised rate by the internal rate of return, and nothing louder."""

from datetime import date

import numpy as np
import pytest

from linewise.decisioning.plans import annualised_rate
from linewise.policy.price_display import Shown, effective_rate, price_columns
from linewise.policy.rules import read_rules, rules_in_force
from linewise.policy.scopes import ScopeChecks
from linewise.policy.standard_folder import STANDARD

TRUE_RATIO = 0.1303

CHECKS = ScopeChecks(rules_in_force(read_rules(STANDARD, "CNY", ["cn", "bank"]), date(2026, 11, 25)))


def flat_fee_rate(fee_ratio: float, months: int) -> float:
    """The annualised rate of equal parts of the principal and a fee a month on the amount first owed."""
    amount = np.array([[10**12]])
    level = np.rint(amount / months + amount * fee_ratio).astype(np.int64)
    return float(annualised_rate(amount, level, level, np.array([months]))[0, 0])


def broken(*shown: Shown, rate: float = TRUE_RATIO) -> set[str]:
    """The rules that such a text breaks."""
    return {
        finding.rule.rule_id for finding in CHECKS.check_part("screen", price_columns(shown, rate)) if finding.stops
    }


@pytest.mark.parametrize(
    ("months", "fee_ratio", "simple", "effective"),
    [
        (12, 0.0060, "13.03%", "13.84%"),
        (6, 0.0075, "15.27%", "16.38%"),
        (24, 0.0065, "14.33%", "15.30%"),
        (3, 0.0095, "17.02%", "18.41%"),
        (60, 0.0060, "12.83%", "13.61%"),
    ],
)
def test_a_flat_fee_costs_nearly_twice_what_it_seems(months: int, fee_ratio: float, simple: str, effective: str):
    rate = flat_fee_rate(fee_ratio, months)
    assert f"{rate:.2%}" == simple
    assert f"{effective_rate(rate):.2%}" == effective


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("每期 0.6%，分 12 期", {"CN-APR-1", "CN-13-15"}),
        ("0.6% a month", {"CN-APR-1", "CN-13-15"}),
        ("手续费 7.2%", {"CN-APR-1", "CN-13-15"}),
        ("A fee of 7.2%", {"CN-APR-1", "CN-13-15"}),
        ("7.2%", {"CN-APR-1"}),
        ("A fee of 60 yuan per period", {"CN-APR-1", "CN-13-15"}),
        ("年化利率 7.20%（单利）", {"CN-APR-1"}),
        ("年化利率 13.02%（单利）", {"CN-APR-1"}),
        ("年化利率 13.03%（单利）", set()),
        ("年化利率 13.04%（单利）", set()),
        ("Annualised rate 13.03% (simple interest). No fee for settling early.", set()),
        ("Annualised rate 13.03%", {"CN-APR-1-SIMPLE"}),
        ("年化利率 13.03%（单利），月利率 1.09%", set()),
        ("月利率 1.09%，年化利率 13.03%（单利）", {"CN-APR-1"}),
        ("您可以分期还款。", set()),
    ],
)
def test_a_text_shows_the_annualised_rate_or_breaks_a_rule(text: str, rules: set[str]):
    assert broken(Shown(text)) == rules


def test_what_is_larger_stands_out_more_than_what_comes_first():
    annualised, monthly = "年化利率 13.03%（单利）", "月利率 1.09%"
    assert broken(Shown(annualised), Shown(monthly, size=2.0)) == {"CN-APR-1"}
    assert broken(Shown(monthly), Shown(annualised, size=2.0)) == set()


def test_a_screen_that_says_nothing_of_its_costs_breaks_every_rule_that_guards_it():
    found = {finding.rule.rule_id for finding in CHECKS.check("screen", price_columns([Shown("您好")], TRUE_RATIO))}
    assert {"CN-13-04", "CN-13-05-SCREEN", "CN-APR-2-SCREEN", "CN-CC-68"} <= found


def test_a_twelfth_of_the_rate_month_by_month_compounds_to_more():
    assert effective_rate(0.0) == 0.0
    assert effective_rate(0.12) == pytest.approx(1.01**12 - 1)
