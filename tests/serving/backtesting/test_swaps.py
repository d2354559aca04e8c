"""Who gets what instead, counted case by case; and whether the bank's past can speak of it."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from serving.backtesting.swaps import (
    GROUPS,
    MIN_COMPARABLE,
    HeldBack,
    credit_swaps,
    held_back_by,
    offer_swaps,
    support_of,
)

AT = datetime(2026, 1, 31, tzinfo=UTC)


def cases(*rows: dict[str, Any]) -> pl.DataFrame:
    """One row a decision; nothing granted by anybody and no default unless a row says otherwise."""
    usual = {
        "customer_id": "C1", "added_amt": 0, "granted_amt": 0, "taken_amt": 0, "refused_count": 0,
        "is_defaulted": False, "pd_12m": 0.1, "income_amt": 1.0,
    }  # fmt: skip
    return pl.DataFrame([usual | row for row in rows], schema_overrides={"is_defaulted": pl.Boolean})


@pytest.mark.parametrize(
    ("added_amt", "granted_amt", "group"),
    [(5, 7, "both"), (5, 0, "swap_in"), (0, 7, "swap_out"), (0, 0, "neither")],
)
def test_a_case_belongs_to_whoever_grants(added_amt: int, granted_amt: int, group: str):
    swaps = credit_swaps(cases({"added_amt": added_amt, "granted_amt": granted_amt}))
    assert [swap.group for swap in swaps] == list(GROUPS)
    assert {swap.group: swap.decisions for swap in swaps} == {name: int(name == group) for name in GROUPS}
    found = next(swap for swap in swaps if swap.group == group)
    assert (found.release_amt, found.bank_amt) == (added_amt, granted_amt)


def test_amounts_customers_and_refusals_add_up_within_a_group():
    swaps = credit_swaps(
        cases(
            {"added_amt": 10, "refused_count": 2},
            {"added_amt": 30, "customer_id": "C2"},
            {"added_amt": 5, "granted_amt": 8, "taken_amt": 6},
        )
    )
    both, swap_in = swaps[0], swaps[1]
    assert (swap_in.decisions, swap_in.customers, swap_in.release_amt, swap_in.refused_by_bank) == (2, 2, 40, 1)
    assert (both.release_amt, both.bank_amt, both.taken_amt) == (5, 8, 6)


def test_a_default_that_nobody_can_know_counts_in_no_rate():
    swap_in = credit_swaps(cases(*({"added_amt": 1, "is_defaulted": known} for known in (True, False, False, None))))[1]
    assert (swap_in.decisions, swap_in.observed_count, swap_in.defaulted_count) == (4, 3, 1)
    assert swap_in.default_ratio == pytest.approx(1 / 3)
    assert credit_swaps(cases({"is_defaulted": None}))[3].default_ratio is None


def pairs(*pairs: tuple[str, str], taken: bool | None = None) -> pl.DataFrame:
    rows = [{"as_of": AT, "customer_id": who, "offer_id": offer} for who, offer in pairs]
    made = pl.DataFrame(
        rows, schema={"as_of": pl.Datetime("us", "UTC"), "customer_id": pl.String, "offer_id": pl.String}
    )
    return made if taken is None else made.with_columns(pl.lit(taken).alias("is_taken"))


def test_offers_are_compared_by_customer_and_date():
    swaps = offer_swaps(pairs(("C1", "GOLD"), ("C2", "GOLD")), pairs(("C2", "GOLD"), ("C3", "GOLD"), taken=True))
    found = {swap.group: (swap.pairs, swap.taken_count) for swap in swaps}
    # Of what the bank did not show nobody knows whether it would have been taken.
    assert found == {"both": (1, 1), "swap_in": (1, None), "swap_out": (1, 1)}


def test_a_swap_in_is_supported_where_the_bank_granted_to_alike_customers():
    alike = [{"pd_12m": 0.01, "income_amt": 9.0, "granted_amt": 1}] * MIN_COMPARABLE
    known = [{"pd_12m": 0.01, "income_amt": 9.0, "added_amt": 1}]
    strangers = [{"pd_12m": 0.9, "income_amt": 1.0, "added_amt": 1}] * 100
    support = support_of(cases(*alike, *known, *strangers))
    assert (support.swap_ins, support.supported) == (101, 1)


def test_without_swap_ins_there_is_nothing_to_support():
    assert support_of(cases({"granted_amt": 1})).ratio is None


def test_what_holds_back_is_counted_for_credit_and_for_offers():
    found = held_back_by(
        cases(
            {"binding": "R2", "offer_rules": ["R1", "R2"]},
            {"binding": "R1", "offer_rules": ["R1"]},
            {"binding": "R1", "offer_rules": []},
            {"binding": "VALUE", "offer_rules": ["R1"], "added_amt": 5},
        )
    )
    assert found == [
        HeldBack("credit", "R1", 2),
        HeldBack("credit", "R2", 1),
        HeldBack("offers", "R1", 3),
        HeldBack("offers", "R2", 1),
    ]
