"""What the use of cards says to rules: days and months of rest, what was paid for what, and what it closes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from features.card_use.use import CardUse
from linewise.core.moments import NEVER, microseconds
from serving.scoring.columns.card_use import card_use_columns
from tests.builders import FixedScorers, decided, some_customers
from tests.serving.scoring.sights import NOW, sight


def use_of(opened: datetime | None, used: datetime | None, as_of: datetime = NOW, **amounts: float) -> CardUse:
    """The card use of C1."""
    moments = (np.array([NEVER if one is None else microseconds(one)]) for one in (opened, used))
    names = ("cost_amt", "repaid_amt", "carousel_ratio")
    return CardUse(as_of, *moments, *(np.array([amounts.get(name, 0.0)]) for name in names))


@pytest.mark.parametrize(
    ("opened", "used", "days", "months"),
    [
        (datetime(2025, 1, 31, tzinfo=UTC), datetime(2026, 10, 23, 9, tzinfo=UTC), 31.0, 1.0),
        (datetime(2025, 1, 31, tzinfo=UTC), datetime(2026, 10, 23, 10, tzinfo=UTC), 31.0 - 1 / 24, 0.0),
        (NOW - timedelta(days=2), datetime(2020, 1, 1, tzinfo=UTC), 2.0, 0.0),
        (NOW - timedelta(days=2), None, 2.0, 0.0),
        (None, NOW - timedelta(days=2), 2.0, 0.0),
        (None, None, np.nan, np.nan),
    ],
)
def test_a_card_lies_still_since_it_was_last_used_or_opened(
    opened: datetime | None, used: datetime | None, days: float, months: float
):
    told = card_use_columns(use_of(opened, used), sight())
    np.testing.assert_allclose(told["no_use_days"], [days])
    np.testing.assert_array_equal(told["no_use_months"], [months])


def test_what_was_repaid_beyond_the_costs_is_principal_and_never_below_nothing():
    some = {"cost_amt": 30.0, "repaid_amt": 50.0, "carousel_ratio": 0.6}
    told = card_use_columns(use_of(None, None, **some), sight())
    names = ("interest_and_fees_paid_18m_amt", "principal_paid_18m_amt", "carousel_ratio")
    assert [told[name][0] for name in names] == [30.0, 20.0, 0.6]
    told = card_use_columns(use_of(None, None, cost_amt=30.0), sight())
    assert told["principal_paid_18m_amt"][0] == 0.0


def test_a_decision_for_a_moment_before_the_postings_were_looked_at_knows_nothing_of_them():
    told = card_use_columns(use_of(NOW, NOW, NOW + timedelta(microseconds=1), cost_amt=1.0), sight())
    assert all(np.isnan(values).all() for values in told.values())
    assert not np.isnan(card_use_columns(use_of(NOW, NOW, NOW), sight())["no_use_days"][0])


@pytest.mark.parametrize(
    ("fact", "rule_id"),
    [
        ({"is_cash_out_suspected": 1.0}, "CN-13-17"),
        ({"is_burst_suspected": 1.0}, "BANK-BURST"),
        ({"contact_point_changed_days": 12.0}, "BANK-ATO"),
        ({"interest_and_fees_paid_18m_amt": 101.0, "principal_paid_18m_amt": 100.0}, "BANK-PD"),
    ],
)
def test_rings_bursts_takeovers_and_persistent_debtors_are_raised_never(fact: dict[str, float], rule_id: str):
    customers = some_customers({"current_limit_amt": 2_000_000})
    facts = dict(customers.facts) | {name: np.array([value]) for name, value in fact.items()}
    limit = decided(replace(customers, facts=facts), FixedScorers(offset=-9.0)).limit
    assert (limit.suggested_amt[0], limit.kind[0], limit.binding[0]) == (2_000_000, "hold", rule_id)
