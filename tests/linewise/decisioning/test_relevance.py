"""What helps stands above what is sold, is never taken away, and crowds nothing out."""

from dataclasses import replace

import numpy as np
import pytest

from tests.builders import a_context, a_policy, decided, some_customers

DECISION = a_policy().decision
OFFERS = DECISION.offers
IDS = OFFERS.offer_id
NO_RAISE = replace(DECISION, arbitration=replace(DECISION.arbitration, raise_take_up_ratio=0.0))
"""A raise is worth nothing, so that an instalment need not give way to one."""


def helped(decisions, row: int = 0) -> list[str]:
    """The ids of what helps or must be told, in the order shown."""
    places = decisions.offers.help_rank[row]
    return [IDS[column] for column in np.argsort(places) if places[column] >= 0]


def test_what_is_there_for_everybody_is_always_offered():
    assert helped(decided()) == ["PAYMENT_REMINDER", "AUTOPAY", "CARD_FREEZE"]


def test_help_does_not_tell_of_an_open_fraud_case():
    assert helped(decided(has_open_fraud_case=True)) == helped(decided())


@pytest.mark.parametrize(
    ("features", "state", "first"),
    [
        ({}, {"has_open_complaint": True}, "COMPLAINT_DEADLINE"),
        ({"past_due_days": 3.0}, {}, "PAST_DUE_NOTICE"),
        ({}, {"is_in_hardship": True}, "DIFFICULTY_LINE"),
    ],
)
def test_what_is_due_or_called_for_comes_first(features, state, first):
    assert helped(decided(some_customers(features), **state))[0] == first


def test_what_is_mandatory_takes_no_place_from_the_services():
    shown = helped(decided(some_customers({"past_due_days": 3.0}), has_open_complaint=True, is_in_hardship=True))
    assert shown[:2] == ["COMPLAINT_DEADLINE", "PAST_DUE_NOTICE"]
    assert len(shown) == 2 + 3


@pytest.mark.parametrize("state", ["has_open_complaint", "has_open_fraud_case", "is_in_hardship", "is_opted_out"])
def test_a_rule_that_guards_sales_takes_no_help_away(state):
    decisions = decided(**{state: True})
    assert (decisions.offers.rank == -1).all()
    assert {"PAYMENT_REMINDER", "AUTOPAY"} & set(helped(decisions))
    assert not decisions.offers.hits[:, OFFERS.serves].any()


def test_an_action_that_the_channel_does_not_carry_is_not_relevant_there():
    waiver = IDS.index("FEE_WAIVER")
    charged = some_customers({"fee_sum_amt_180d": 500.0})
    assert decided(charged).offers.is_relevant[0, waiver]
    assert not decided(charged, context=a_context(channel="app")).offers.is_relevant[0, waiver]


@pytest.mark.parametrize(("granted", "is_shown"), [(0.0, True), (8_000.0, True), (8_001.0, False)])
def test_retention_stops_at_what_one_customer_may_be_given_in_a_year(granted, is_shown):
    waiver = IDS.index("FEE_WAIVER")
    assert (OFFERS.grant_amt[waiver], OFFERS.grant_cap_amt[waiver]) == (8_000, 16_000)
    offers = decided(some_customers({"fee_sum_amt_180d": 500.0}), granted_amt_365d=granted).offers
    hit = {offers.rules[i].rule_id for i in np.flatnonzero(offers.hits[0, waiver])}
    assert ("BANK-RETENTION-CAP" in hit) is not is_shown
    assert (offers.pscore[0, waiver] > 0) == is_shown


@pytest.mark.parametrize(("owed", "is_relevant"), [(np.nan, False), (0.0, False), (600_000.0, True)])
def test_a_bill_is_put_into_instalments_only_where_there_is_one(owed, is_relevant):
    pays_in_full = {"statement_count_365d": 12.0, "payment_ratio_180d": 1.0}
    decisions = decided(some_customers(pays_in_full | {"statement_balance_amt": owed}), policy=NO_RAISE)
    assert decisions.offers.is_relevant[0, IDS.index("BILL_INSTALMENT")] == is_relevant
    assert (decisions.offers.pscore[0, IDS.index("BILL_INSTALMENT")] > 0) == is_relevant


def test_of_instalments_that_exclude_each_other_only_the_best_is_left():
    owing = {"statement_balance_amt": 1e6, "purchase_sum_amt_30d": 1e6, "credit_limit_amt": 1e6}
    offers = decided(some_customers(owing), policy=NO_RAISE).offers
    instalments = [IDS.index(f"{kind}_INSTALMENT") for kind in ("BILL", "PURCHASE", "CASH")]
    assert (offers.rank[0, instalments] >= 0).sum() == 1
