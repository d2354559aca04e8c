"""The ladder: the mildest step that is enough, the rate cut before the term is stretched, and nothing ever sold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.decisioning.hardship import STEPS
from linewise.decisioning.types import Decisions
from tests.builders import FixedScorers, a_context, a_policy, decided, some_customers

POLICY = a_policy().decision
DATE, FEES, RELIEF, RATE, ART70 = range(len(STEPS))
GOOD = FixedScorers(offset=-9.0)
IN_DEBT = {
    "current_limit_amt": 6_000_000,
    "statement_count_365d": 12.0,
    "statement_balance_amt": 6_000_000.0,
    "total_card_debt_amt": 6_000_000.0,
    "payment_ratio_180d": 0.05,
    "minimum_payment_ratio": 0.05,
    "minimum_payment_floor_amt": 5_000.0,
    "repayment_ability_amt": 1_000_000.0,
}
"""Owes 60,000 on cards, of which 3,000 a month fall due."""


def helped(bears_amt: float | None = None, *, context=None, is_in_hardship: bool = True, **known: object) -> Decisions:
    """A decision for a customer in hardship who can spend so much a month on cards."""
    income = {} if bears_amt is None else {"income_evidence_amt": 2 * bears_amt + 300_000.0}
    customers = some_customers(IN_DEBT | income | known)
    return decided(customers, GOOD, context=context or a_context(), is_in_hardship=is_in_hardship)


def proposed(decisions: Decisions) -> str:
    place = int(decisions.hardship.proposed[0])
    return STEPS[place] if place >= 0 else ""


def sells(decisions: Decisions) -> bool:
    limit = decisions.limit
    return bool(
        (decisions.offers.rank >= 0).any()
        or (decisions.offers.pscore > 0).any()
        or (limit.suggested_amt != limit.current_amt).any()
        or decisions.plans.is_shown.any()
    )


@pytest.mark.parametrize(
    ("bears", "known", "step"),
    [
        # 3,000 a month fall due.
        (400_000, {}, "date_change"),
        (300_000, {}, "date_change"),
        (290_000, {"fee_sum_amt_180d": 10_000.0}, "fee_waiver"),
        (290_000, {"fee_sum_amt_180d": 9_000.0}, "rate_reduction"),
        (290_000, {"fee_sum_amt_180d": 9_000_000.0}, "fee_waiver"),
        (270_000, {"fee_sum_amt_180d": 9_000_000.0}, "rate_reduction"),
        (300_000, {"overdue_amt": 300_000.0}, "rate_reduction"),
        # Interest alone is 912.50 a month; who paid 3,000 and more before has a short trouble.
        (100_000, {"card_payment_sum_amt_90d": 900_000.0}, "short_relief"),
        (100_000, {"card_payment_sum_amt_90d": 890_000.0}, "art70"),
        (91_000, {"card_payment_sum_amt_90d": 900_000.0}, "art70"),
        (150_000, {}, "rate_reduction"),
        (125_000, {}, "rate_reduction"),
        (124_999, {}, "art70"),
        (100_000, {}, "art70"),
        (20_000, {}, "art70"),
    ],
)
def test_the_mildest_step_that_is_enough_is_proposed(bears: float, known: dict, step: str):
    assert proposed(helped(bears, **known)) == step


def test_the_rate_is_cut_before_the_term_is_stretched():
    ladder = helped(150_000).hardship
    assert (ladder.nominal_rate_ratio[0, RATE], ladder.term_months[0, RATE]) == (0.09, 48)
    tighter = helped(130_000).hardship
    assert (tighter.nominal_rate_ratio[0, RATE], tighter.term_months[0, RATE]) == (0.0, 48)
    easier = helped(280_000).hardship
    assert (easier.nominal_rate_ratio[0, RATE], easier.term_months[0, RATE]) == (0.09, 24)


def test_no_plan_of_the_ladder_passes_sixty_months_or_what_a_month_bears_where_it_is_enough():
    ladder = helped(100_000).hardship
    assert (ladder.payment_amt[0, ART70], ladder.term_months[0, ART70]) == (100_000, 60)
    assert ladder.is_enough[0, ART70]
    assert not helped(99_000).hardship.is_enough[0, ART70]


def test_a_customer_who_can_repay_is_proposed_no_personal_plan():
    decisions = helped(20_000, repayment_ability_amt=9e6)
    names = {decisions.hardship.rules[i].rule_id for i in np.flatnonzero(decisions.hardship.hits[0])}
    assert "CN-CC-70A" in names
    assert not decisions.hardship.is_open[0, ART70]
    assert proposed(decisions) == "rate_reduction"


@pytest.mark.parametrize(("is_willing", "is_open"), [(None, True), (True, True), (False, False)])
def test_a_personal_plan_is_for_who_is_willing(is_willing: bool | None, is_open: bool):
    ladder = helped(20_000, context=a_context(is_willing_to_repay=is_willing)).hardship
    assert bool(ladder.is_open[0, ART70]) == is_open


@pytest.mark.parametrize(
    ("known", "context", "in_hardship", "cause"),
    [
        ({}, {}, True, "hardship"),
        ({}, {"has_signalled_hardship": True}, False, "hardship"),
        ({"is_late": 1.0, "is_within_grace": 0.0}, {}, False, "overdue"),
        ({"is_late": 1.0, "is_within_grace": 1.0}, {}, False, ""),
        ({"is_in_early_difficulty": 1.0}, {}, False, "early_difficulty"),
        ({"is_in_early_difficulty": np.nan, "is_late": np.nan}, {}, False, ""),
        ({}, {}, False, ""),
    ],
)
def test_who_is_in_the_lane_and_why(known: dict, context: dict, in_hardship: bool, cause: str):
    decisions = helped(400_000, context=a_context(**context), is_in_hardship=in_hardship, **known)
    assert str(decisions.hardship.cause[0]) == cause
    assert (proposed(decisions) != "") == (cause != "")


@pytest.mark.parametrize("asked_for", ["", "offer", "limit", "plan"])
@pytest.mark.parametrize("known", [{"is_in_early_difficulty": 1.0}, {"is_late": 1.0}, {}])
def test_nothing_is_sold_in_the_lane_whatever_is_asked_for(asked_for: str, known: dict):
    context = a_context(asked_for=asked_for, is_customer_initiated=bool(asked_for), asked_amt=7_000_000)
    decisions = helped(4_000_000, context=context, is_in_hardship=not known, **known)
    assert not sells(decisions)
    assert str(decisions.plans.problem[0]) == "HARDSHIP_FIRST"


@pytest.mark.parametrize(
    ("told", "owed"),
    [
        ({"total_card_debt_amt": 5e6}, 5_000_000),
        ({"total_card_debt_amt": 5e6, "card_balance_amt": 4e6}, 5_000_000),
        ({"total_card_debt_amt": np.nan, "card_balance_amt": 4e6}, 4_000_000),
        ({"total_card_debt_amt": np.nan, "card_balance_amt": np.nan}, 3_000_000),
    ],
)
def test_what_is_owed_is_the_most_that_the_statements_tell(told: dict, owed: int):
    assert helped(400_000, statement_balance_amt=3e6, **told).hardship.owed_amt[0] == owed


def test_what_helps_stays_above_the_ladder():
    decisions = helped(400_000, has_signalled_hardship=1.0)
    assert (decisions.offers.help_rank >= 0).any()


def test_outside_the_lane_the_ladder_is_empty():
    ladder = helped(400_000, is_in_hardship=False).hardship
    assert not ladder.is_on[0]
    assert not ladder.is_open.any()
    assert not ladder.hits.any()


FACTS = st.fixed_dictionaries(
    {
        "total_card_debt_amt": st.floats(0, 2e7) | st.just(np.nan),
        "statement_balance_amt": st.floats(-1e5, 2e7) | st.just(np.nan),
        "card_plan_left_amt": st.floats(0, 1e7) | st.just(np.nan),
        "card_plan_payment_amt": st.floats(0, 1e6) | st.just(np.nan),
        "overdue_amt": st.floats(0, 1e6) | st.just(np.nan),
        "fee_sum_amt_180d": st.floats(0, 1e5) | st.just(np.nan),
        "income_evidence_amt": st.floats(0, 4e6) | st.just(np.nan),
        "repayment_ability_amt": st.floats(0, 1e7) | st.just(np.nan),
        "is_in_early_difficulty": st.sampled_from([0.0, 1.0, np.nan]),
        "is_late": st.sampled_from([0.0, 1.0, np.nan]),
    }
)


@settings(max_examples=80, deadline=None)
@given(known=FACTS, in_hardship=st.booleans())
def test_whatever_is_known_the_lane_sells_nothing_and_what_is_enough_is_bearable(known: dict, in_hardship: bool):
    decisions = helped(is_in_hardship=in_hardship, **known)
    ladder = decisions.hardship
    assert not (ladder.is_on.any() and sells(decisions))
    plans = ladder.is_enough[0, RATE:]
    assert (ladder.payment_amt[0, RATE:][plans] <= ladder.bears_amt[0]).all()
    assert (ladder.term_months <= 60).all()
    assert (ladder.proposed >= 0).tolist() == ladder.is_on.tolist()
    if ladder.is_on.any():
        assert ladder.is_open[0, ladder.proposed[0]]


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(FACTS, st.booleans()), min_size=2, max_size=4))
def test_a_ladder_does_not_depend_on_the_other_customers_of_the_chunk(rows):
    crowd = some_customers(*(IN_DEBT | one for one, _ in rows))
    together = decided(crowd, GOOD, is_in_hardship=[flag for _, flag in rows]).hardship
    for row, (known, flag) in enumerate(rows):
        alone = helped(is_in_hardship=flag, **known).hardship
        for name in ("cause", "payment_amt", "proposed", "is_open", "breaking_ratio", "hits", "hit_value"):
            one, many = getattr(alone, name)[0], getattr(together, name)[row]
            assert np.array_equal(one, many, equal_nan=np.asarray(one).dtype.kind == "f"), name


def test_whose_default_is_all_but_certain_is_agreed_the_lowest_rate_at_once_over_the_shortest_bearable_term():
    lost = decided(
        some_customers(IN_DEBT | {"income_evidence_amt": 2 * 150_000.0 + 300_000.0}),
        FixedScorers(offset=4.0),
        is_in_hardship=True,
    ).hardship
    assert (lost.nominal_rate_ratio[0, RATE], lost.term_months[0, RATE]) == (0.0, 48)
    assert STEPS[int(lost.proposed[0])] == "rate_reduction"


@pytest.mark.parametrize(("offset", "rate"), [(-9.0, 0.09), (0.5, 0.09), (3.0, 0.0), (9.0, 0.0)])
def test_the_lowest_rate_begins_at_the_probability_that_the_policy_names(offset: float, rate: float):
    customers = some_customers(IN_DEBT | {"income_evidence_amt": 2 * 280_000.0 + 300_000.0})
    ladder = decided(customers, FixedScorers(offset=offset), is_in_hardship=True).hardship
    assert ladder.nominal_rate_ratio[0, RATE] == rate
