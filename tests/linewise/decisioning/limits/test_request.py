"""The customer's own request: granted as asked, countered by what can be had, sent to a person, or declined."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.decisioning.described import Described, Known
from linewise.decisioning.gates import limit_columns
from linewise.decisioning.prices import Prices
from tests.builders import FixedScorers, a_context, a_policy, decided, some_customers
from tests.linewise.decisioning.drawn import COUNTED, evenly

POLICY = a_policy().decision
SAFE, LINE = FixedScorers(offset=-6.0), {"current_limit_amt": 2_000_000, "statement_count_365d": 12.0}
DEAR = Prices(exposure_ratio=9.0, loss_ratio=9.0, capital_ratio=9.0)


def asked(amount: int | None, kind: str = "permanent", days: int | None = None):
    return a_context(is_customer_initiated=True, asked_for="limit", asked_amt=amount, asked_kind=kind, asked_days=days)


def limit_of(amount: int | None, scorers=SAFE, prices=None, kind="permanent", days=None, **features):
    customers = some_customers(LINE | features)
    more = {} if prices is None else {"prices": prices}
    return decided(customers, scorers, POLICY, asked(amount, kind, days), **more).limit


def told(limit) -> tuple[str, str, int, str]:
    return limit.request_answer[0], limit.kind[0], int(limit.suggested_amt[0]), limit.binding[0]


def test_what_can_be_had_is_granted_as_asked():
    assert told(limit_of(2_500_000)) == ("approved", "raise", 2_500_000, "ASKED")


def test_more_than_can_be_had_is_countered_by_the_largest_that_can():
    answer, kind, amount, binding = told(limit_of(9_000_000))
    assert (answer, kind, binding) == ("countered", "raise", "RAISE_MOST")
    assert amount <= 4_000_000
    assert amount == max(one for one in limit_of(9_000_000).candidate_amt[0] if one <= 4_000_000)


def test_within_a_step_of_what_was_asked_counts_as_that_and_is_never_more():
    assert told(limit_of(2_520_000)) == ("approved", "raise", 2_500_000, "ASKED")
    answer, _, amount, _ = told(limit_of(2_020_000))
    assert (answer, amount) == ("countered", 2_050_000)


def test_who_names_no_amount_is_granted_what_would_be_suggested():
    answer, kind, amount, _ = told(limit_of(None))
    assert (answer, kind) == ("approved", "raise")
    assert amount > 2_000_000


def test_a_rule_declines_and_a_review_refers_to_a_person():
    assert told(limit_of(2_500_000, is_vulnerable=1.0))[0] == "declined"
    assert told(limit_of(2_500_000, is_staff=1.0)) == ("referred", "hold", 2_000_000, "BANK-STAFF")


def test_a_risk_above_the_ceiling_declines_by_risk():
    assert told(limit_of(2_500_000, FixedScorers(offset=1.0))) == ("declined", "hold", 2_000_000, "DEFAULT_RISK")


def test_a_line_is_lowered_by_the_customers_own_wish_and_by_nothing_else():
    assert told(limit_of(1_000_000)) == ("approved", "decrease", 1_000_000, "ASKED")
    assert told(limit_of(1_010_000)) == ("approved", "decrease", 1_050_000, "ASKED")
    for offset in (-6.0, 0.0, 4.0):
        assert decided(some_customers(LINE), FixedScorers(offset=offset)).limit.kind[0] in {"raise", "hold"}


def test_prices_rank_what_the_bank_proposes_and_never_touch_what_is_asked():
    assert told(limit_of(2_500_000, prices=DEAR)) == told(limit_of(2_500_000))
    assert told(limit_of(None, prices=DEAR)) == told(limit_of(None))
    held = decided(some_customers(LINE), SAFE, POLICY, prices=DEAR).limit
    assert (held.suggested_amt[0], held.binding[0]) == (2_000_000, "PRICE")


def test_nothing_is_asked_where_the_bank_proposes():
    assert decided(some_customers(LINE), SAFE).limit.request_answer[0] == ""


@settings(max_examples=80, suppress_health_check=COUNTED)
@given(
    amount=st.integers(2_000_000, 5_000_000) | st.integers(1, 10**8),
    offset=evenly(-9, -4) | evenly(-9, 1),
    worse=evenly(0, 3),
    income=evenly(1e6, 3e6) | evenly(1e5, 3e6),
)
def test_a_request_is_never_granted_more_than_asked_or_more_for_a_higher_risk(reached, amount, offset, worse, income):
    features = {"income_mean_amt_6m": income, "income_p25_amt_6m": income}
    low = limit_of(amount, FixedScorers(offset=offset), **features)
    high = limit_of(amount, FixedScorers(offset=offset + worse), **features)
    reached(low.kind[0] == "raise")
    least = 2_050_000
    assert low.suggested_amt[0] <= max(amount, least) if amount > 2_000_000 else low.suggested_amt[0] <= 2_000_000
    assert high.suggested_amt[0] <= low.suggested_amt[0]
    assert low.suggested_amt[0] <= max(low.max_amt[0], 2_000_000)


# ---- for some days ---------------------------------------------------------------------------------------


def test_a_temporary_limit_leaves_the_line_and_says_what_its_end_asks():
    limit = limit_of(2_600_000, kind="temporary", days=20, minimum_payment_ratio=0.05)
    assert told(limit) == ("approved", "temporary", 2_000_000, "ASKED")
    assert (limit.temporary_amt[0], limit.paydown_amt[0]) == (2_600_000, 600_000)
    assert limit.paydown_payment_amt[0] > 600_000


def test_a_temporary_limit_is_bounded_by_what_an_income_can_pay_down():
    poor = {"income_mean_amt_6m": 500_000.0, "income_evidence_amt": 500_000.0, "income_p25_amt_6m": 500_000.0}
    limit = limit_of(3_900_000, kind="temporary", days=20, **poor)
    answer, kind, amount, binding = told(limit)
    assert (answer, kind, amount) == ("countered", "temporary", 2_000_000)
    assert binding in {"PAYDOWN", "AFFORDABILITY"}
    assert limit.temporary_amt[0] - 2_000_000 <= limit.cautious_income_amt[0]


def test_without_a_line_there_is_nothing_to_fall_back_to():
    limit = limit_of(1_000_000, kind="temporary", days=20, current_limit_amt=0)
    assert (limit.request_answer[0], limit.binding[0], limit.temporary_amt[0]) == ("declined", "NO_LINE", 0)


def test_a_temporary_limit_that_the_line_covers_is_granted_by_the_line():
    limit = limit_of(1_500_000, kind="temporary", days=20)
    assert told(limit)[:3] == ("approved", "hold", 2_000_000)
    assert limit.temporary_amt[0] == 0


@pytest.mark.parametrize("days", [None, 32])
def test_rules_see_for_how_many_days_a_limit_is_asked_for(days: int | None):
    request = asked(2_600_000, "permanent" if days is None else "temporary", days)
    nothing_known = Described(Known(replace(some_customers(), feature_names=()), {}))
    described = limit_columns(nothing_known, np.array([2_000_000]), POLICY.limit.step_amt, request)
    assert described.fixed["limit_kind"].tolist() == [request.asked_kind]
    assert np.array_equal(described.fixed["temporary_days"], [np.nan if days is None else days], equal_nan=True)


# ---- what was promised -----------------------------------------------------------------------------------

QUOTE = {"standing_limit_quote_amt": 2_350_000.0, "standing_limit_quote_until_days": 5.0}


@pytest.mark.parametrize("offset", [-6.0, 1.0])
@pytest.mark.parametrize("prices", [Prices(), DEAR])
def test_a_quote_stands_in_every_channel_until_its_date(offset: float, prices: Prices):
    for channel in ("voice", "app", "branch"):
        limit = decided(
            promised(), FixedScorers(offset=offset), POLICY, a_context(channel=channel), prices=prices
        ).limit
        assert (limit.suggested_amt[0], limit.binding[0]) == (2_350_000, "STANDING_QUOTE")
        assert limit.suggested_amt[0] <= limit.max_amt[0]


def promised(**changes: float):
    customers = some_customers(LINE | changes)
    facts = dict(customers.facts) | {name: np.array([value]) for name, value in (QUOTE | changes).items()}
    return type(customers)(
        customers.customer_id, customers.as_of, customers.currency, customers.feature_names, customers.features,
        customers.current_limit_amt, facts,
    )  # fmt: skip


def test_a_quote_ends_with_its_date_and_with_an_adverse_fact():
    over = decided(promised(standing_limit_quote_until_days=-0.1), FixedScorers(offset=1.0)).limit
    assert over.suggested_amt[0] == 2_000_000
    adverse = decided(promised(contact_point_changed_days=3.0), SAFE).limit
    assert (adverse.suggested_amt[0], adverse.binding[0]) == (2_000_000, "BANK-ATO")


def test_who_asks_is_given_what_was_promised_whatever_the_risk():
    for amount, expected in ((2_350_000, "approved"), (2_340_000, "approved"), (3_000_000, "countered")):
        limit = decided(promised(), FixedScorers(offset=1.0), POLICY, asked(amount)).limit
        assert limit.request_answer[0] == expected
        assert limit.suggested_amt[0] == min(amount // 50_000 * 50_000, 2_350_000)
