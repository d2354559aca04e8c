"""What an action of the catalogue is expected to bring: cards by their margin, instalments by their interest."""

import numpy as np
import pytest

from linewise.decisioning.offer_use import offer_use, outstanding_years
from linewise.decisioning.value import value_of
from tests.builders import a_policy, some_customers

POLICY = a_policy().decision
OFFERS, ECONOMICS = POLICY.offers, POLICY.economics
PAYS_IN_FULL = {"statement_count_365d": 12.0, "payment_ratio_180d": 1.0, "statement_balance_amt": 600_000.0}
PAYS_A_TENTH = PAYS_IN_FULL | {"payment_ratio_180d": 0.1}


def worth(offer_id: str, pd_12m: float = 0.01, **features: float) -> float:
    customers = some_customers(features)
    use = offer_use(customers, OFFERS, np.full(len(customers), pd_12m), ECONOMICS)
    return float(value_of(use, ECONOMICS).value_amt[0, OFFERS.offer_id.index(offer_id)])


@pytest.mark.parametrize("months", [1.0, 3.0, 12.0, 24.0, 60.0])
def test_a_unit_repaid_in_equal_parts_is_owed_for_half_its_term(months: float):
    first_year, after = outstanding_years(np.array(months))
    assert first_year + after == pytest.approx((months + 1.0) / 24.0)
    assert after == pytest.approx(sum((months - k) / months for k in range(12, int(months))) / 12.0)


def test_a_card_earns_what_the_catalogue_says_and_the_purchases_that_move_to_it():
    place = OFFERS.offer_id.index("CARD_CLASSIC")
    spend = 365 / 90 * 2_400_000.0 * OFFERS.card_spend_share_ratio[place]
    a_year = OFFERS.annual_fee_amt[place] + OFFERS.margin_amt[place] + 0.003 * spend
    assert worth("CARD_CLASSIC", pd_12m=0.0) == pytest.approx(0.75 * 1.8 * a_year)


def test_an_instalment_earns_interest_from_who_would_have_paid_in_full():
    assert worth("BILL_INSTALMENT", **PAYS_IN_FULL) > 0
    twice = PAYS_IN_FULL | {"statement_balance_amt": 1_200_000.0}
    assert worth("BILL_INSTALMENT", **twice) == pytest.approx(2 * worth("BILL_INSTALMENT", **PAYS_IN_FULL))


def test_an_instalment_takes_the_interest_that_a_revolver_would_have_paid_anyway():
    assert worth("BILL_INSTALMENT", **PAYS_A_TENTH) < 0 < worth("BILL_INSTALMENT", **PAYS_IN_FULL)


def test_cash_lent_anew_bears_its_risk():
    assert worth("CASH_INSTALMENT", pd_12m=0.5) < 0 < worth("CASH_INSTALMENT", pd_12m=0.01)
