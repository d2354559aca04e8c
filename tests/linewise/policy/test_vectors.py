"""The vectors of the rules of conduct, each by its name."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from features.catalogue import FEATURE_NAMES
from linewise.decisioning.contact_hours import ContactHours
from linewise.policy.rules import CompiledRules, rules_in_force
from tests.builders import decided, some_customers
from tests.linewise.policy.rule_rows import ON, all_rules, caps, hits

YUAN = 100
"""Minor units of one yuan."""

ENOUGH = {"own_total_cap_amt": 50_000 * YUAN, "other_own_limit_amt": 0, "current_limit_amt": 0}


@pytest.mark.parametrize(("others", "most"), [(20_000, 30_000), (60_000, -10_000), (0, 50_000)])
@pytest.mark.parametrize("limit_kind", ["permanent", "temporary"])
def test_the_lines_of_other_banks_are_deducted_from_a_raise(others: int, most: int, limit_kind: str):
    found = caps("cn", "limit", **ENOUGH, other_bank_card_limit_amt=others * YUAN, limit_kind=limit_kind)
    assert found["CN-13-06"] == most * YUAN


def test_a_line_above_the_cap_is_reviewed_and_the_cap_is_no_order_to_cut():
    own = ENOUGH | {"current_limit_amt": 40_000 * YUAN, "other_bank_card_limit_amt": 20_000 * YUAN}
    found = caps("cn", "limit", **own)
    assert found["CN-13-06"] == 30_000 * YUAN
    assert "CN-13-06-HOLD" in found
    below = own | {"current_limit_amt": 30_000 * YUAN}
    assert "CN-13-06-HOLD" not in hits("cn", "limit", **below)


@pytest.mark.parametrize(
    ("own", "others", "held"),
    [(40_000, 20_000, "CN-13-06-HOLD"), (10_000, 60_000, "CN-13-06-HOLD"), (30_000, 20_000, "CN-13-06")],
)
def test_a_decision_holds_the_line_in_force_and_neither_raises_nor_cuts_it(own: int, others: int, held: str):
    facts = {"current_limit_amt": own * YUAN, "other_bank_card_limit_amt": others * YUAN}
    limit = decided(some_customers(facts, own_total_cap_amt=50_000 * YUAN)).limit
    assert (limit.suggested_amt[0], limit.max_amt[0], limit.binding[0]) == (own * YUAN, own * YUAN, held)


CASH = {"plan_kind": "cash", "plan_pays_to_own_account": 1, "plan_is_of_instalment": 0}


@pytest.mark.parametrize(
    ("amount", "months", "is_blocked"),
    [(50_000_00, 24, False), (50_000_01, 24, True), (50_000_00, 25, True)],
)
def test_cash_in_instalments_is_small_and_short(amount: int, months: int, is_blocked: bool):
    found = hits("cn", "plan", **CASH, plan_amt=amount, plan_term_months=months)
    assert ("CN-13-12" in found) is is_blocked


@pytest.mark.parametrize(("months", "is_blocked"), [(60, False), (61, True)])
def test_instalments_run_for_sixty_months_at_most(months: int, is_blocked: bool):
    found = hits("cn", "plan", plan_kind="statement", plan_amt=10_000 * YUAN, plan_term_months=months)
    assert ("CN-13-11" in found) is is_blocked


def test_what_is_in_instalments_is_not_put_into_instalments_again_but_to_help():
    again = {"plan_is_of_instalment": 1, "plan_amt": 10_000 * YUAN, "plan_term_months": 12}
    assert "CN-13-13" in hits("cn", "plan", **again, plan_kind="statement")
    assert "CN-13-13" not in hits("cn", "plan", **again, plan_kind="art70")


def test_a_student_gets_no_raise_without_the_guarantors_consent_however_good_the_score():
    best = {"is_student": 1, "age_years": 22, "income_mean_amt_6m": 9_000_000, "income_months_count_6m": 6}
    assert "CN-CC-45B" in hits("cn", "limit", **best)
    assert "CN-CC-45B" in hits("cn", "limit", **best, has_guarantor_consent=0)
    assert "CN-CC-45B" not in hits("cn", "limit", **best, has_guarantor_consent=1)


@pytest.mark.parametrize(("age", "is_blocked"), [(17.99, True), (18.00, False)])
def test_nobody_under_eighteen_holds_a_principal_credit_card(age: float, is_blocked: bool):
    card = {"is_credit": 1, "is_principal_card": 1, "is_new_card": 1, "offer_minimum_age_years": 18}
    assert ("CN-CC-44" in hits("cn", "offer", **card, age_years=age)) is is_blocked
    assert ("BANK-AGE-MIN" in hits("bank", "offer", **card, age_years=age)) is is_blocked


@pytest.mark.parametrize(("share", "is_blocked"), [(0.2000, False), (0.2001, True)])
def test_a_bank_of_sleeping_cards_issues_no_new_ones(share: float, is_blocked: bool):
    assert ("CN-13-02" in hits("cn", "offer", is_new_card=1, dormant_share_ratio=share)) is is_blocked
    assert "CN-13-02" not in hits("cn", "offer", is_new_card=0, dormant_share_ratio=share)


@pytest.mark.parametrize(("months", "is_dormant"), [(17, False), (18, True)])
def test_a_card_sleeps_after_eighteen_whole_months(months: int, is_dormant: bool):
    """A day short of eighteen months is seventeen whole ones."""
    found = hits("cn", "limit", no_use_months=months, card_balance_amt=0)
    assert ("CN-13-02-CARD" in found) is is_dormant


@pytest.mark.parametrize(("left", "is_blocked"), [(124_99, True), (125_00, False)])
def test_the_whole_line_must_be_bearable_also_where_nothing_is_owed(left: int, is_blocked: bool):
    """25 of minimum payment on the full line and 100 of obligations, against what income leaves."""
    row = {"minimum_payment_full_line_amt": 25_00, "obligation_payment_amt": 100_00, "card_balance_amt": 0}
    assert ("US-Z-51C" in hits("us", "limit", **row, residual_income_amt=left)) is is_blocked


CALL = {"is_outbound": 1, "action_kind": "promotional", "channel": "voice", "is_on_do_not_call": 0}

SOLICITING = ContactHours(time(8), time(21))
"""47 CFR 64.1200(c)(1)."""


@pytest.mark.parametrize(
    ("minute", "is_held"), [(7 * 60 + 59, True), (8 * 60, False), (21 * 60, False), (21 * 60 + 1, True)]
)
def test_nobody_is_called_before_eight_or_after_nine_in_the_evening(minute: int, is_held: bool):
    assert ("US-TCPA" in hits("us", "offer", **CALL, local_hour=minute / 60)) is is_held


@pytest.mark.parametrize(
    ("there", "until"),
    [((26, 7, 59), (26, 8, 0)), ((26, 21, 1), (27, 8, 0)), ((26, 12, 0), (26, 12, 0))],
)
@pytest.mark.parametrize("zone", ["America/New_York", "America/Los_Angeles", "Pacific/Honolulu"])
def test_a_held_call_waits_for_the_clock_where_the_customer_is(
    there: tuple[int, int, int], until: tuple[int, int, int], zone: str
):
    """The bank may sit elsewhere: only the customer's clock counts."""
    moment, allowed = (datetime(2026, 11, *one, tzinfo=ZoneInfo(zone)) for one in (there, until))
    assert SOLICITING.next_allowed(moment.astimezone(UTC), zone) == allowed


def test_an_early_call_from_new_york_wakes_nobody_in_los_angeles():
    nine_in_new_york = datetime(2026, 11, 26, 9, 0, tzinfo=ZoneInfo("America/New_York"))
    assert SOLICITING.is_open(nine_in_new_york, "America/New_York")
    eight_in_los_angeles = datetime(2026, 11, 26, 8, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert SOLICITING.next_allowed(nine_in_new_york, "America/Los_Angeles") == eight_in_los_angeles


def test_without_the_lines_of_other_banks_nothing_is_raised_and_service_goes_on():
    found = caps("cn", "limit", own_total_cap_amt=50_000 * YUAN, current_limit_amt=0)
    assert found["CN-13-06"] == 0
    tip = {"action_kind": "service", "is_credit": 0, "is_new_card": 0, "is_over_limit_service": 0}
    assert hits("cn", "offer", **tip, is_late=0) == set()
    assert hits("bank", "offer", **tip) == set()


@pytest.mark.parametrize(("pack", "rule"), [("cn", "CN-13-06"), ("us", "US-Z-51A")])
def test_a_bank_without_any_reports_is_not_let_off_and_raises_nothing(pack: str, rule: str):
    sources = [source for source in all_rules() if source.pack == pack]
    without = CompiledRules(rules_in_force(sources, ON), FEATURE_NAMES, ["obligations"])
    assert rule not in without.switched_off
    found = without.evaluate("limit", {"own_total_cap_amt": np.array([1e9]), "income_mean_amt_6m": np.array([1e6])})
    at = [one.rule_id for one in found.rules].index(rule)
    assert found.hit[0, at]
    assert found.rules[at].effect == "BLOCK" or found.cap_amt[0, at] == 0.0


def test_who_opts_out_while_a_campaign_runs_is_stopped_at_the_next_look():
    """The rule that the export looks at again as it writes; the file itself is a later matter."""
    row = {"action_kind": "promotional", "channel": "sms", "has_marketing_consent": 1}
    assert "CN-SMS" not in hits("cn", "offer", **row, is_opted_out=0)
    assert {"CN-SMS", "CN-CP-1"} <= hits("cn", "offer", **row, is_opted_out=1)
    assert "US-TCPA-REVOKE" in hits("us", "offer", **row, is_opted_out=1)


def test_a_complaint_in_the_middle_of_a_call_takes_the_offers_away():
    """The rule that the screen asks anew; withdrawing what is on it is a later matter."""
    row = {"action_kind": "promotional", "has_open_complaint": 0, "has_open_fraud_case": 0, "is_in_hardship": 0}
    assert "BANK-COMPLAINT" not in hits("bank", "offer", **row, has_voiced_complaint=0)
    assert "BANK-COMPLAINT" in hits("bank", "offer", **row, has_voiced_complaint=1)
    assert "BANK-COMPLAINT" in hits("bank", "limit", **row, has_voiced_complaint=1)


def test_late_within_grace_changes_nothing_but_a_reminder():
    late = {"is_late": 1, "is_credit": 1, "action_kind": "promotional"}
    for kind in ("offer", "limit"):
        assert "CN-GRACE" in hits("cn", kind, **late, is_within_grace=1)
        of_bank = hits("bank", kind, **late, is_within_grace=1)
        assert not {one for one in of_bank if one.startswith("BANK-ARREARS")}
    assert "BANK-ARREARS" in hits("bank", "offer", **late, is_within_grace=0)
    assert "BANK-ARREARS-CREDIT" in hits("bank", "limit", **late, is_within_grace=0)


def test_hardship_counts_before_any_arrears():
    signalled = {"is_late": 0, "is_in_hardship": 0, "has_signalled_hardship": 1, "action_kind": "promotional"}
    assert "BANK-HARDSHIP" in hits("bank", "limit", **signalled)
    assert "BANK-HARDSHIP-PLAN" in hits("bank", "plan", **signalled, plan_kind="statement")
    assert "BANK-HARDSHIP-PLAN" not in hits("bank", "plan", **signalled | {"action_kind": "service"}, plan_kind="art70")
