"""What the bank did in a window, and what became of its customers, as its own tables tell."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from linewise.bank.tables import open_bank
from linewise.core.home import Home
from serving.backtesting.bank_past import BankPast, read_bank_past

START, END = datetime(2025, 1, 31, tzinfo=UTC), datetime(2025, 2, 28, tzinfo=UTC)
MOMENT = pl.Datetime("us")


def a_past(**frames: Any) -> BankPast:
    """A past in which nothing happened but what the test says."""
    empty = {
        "grants": {"customer_id": pl.String, "at": MOMENT, "granted_amt": pl.Int64, "taken_amt": pl.Int64},
        "refusals": {"customer_id": pl.String, "at": MOMENT},
        "defaults": {"customer_id": pl.String, "at": MOMENT},
        "exposures": {"customer_id": pl.String, "offer_id": pl.String, "at": MOMENT, "is_taken": pl.Boolean},
        "observed_until": {"customer_id": pl.String, "until": MOMENT},
    }
    made = {name: pl.DataFrame(frames.get(name, []), schema=schema, orient="row") for name, schema in empty.items()}
    return BankPast(**made, known_until=datetime(2026, 11, 20, tzinfo=UTC), absent=frozenset())


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day)  # noqa: DTZ001  the frames hold UTC without a zone


@pytest.mark.parametrize(
    ("at", "counts"),
    [(on(2025, 1, 31), False), (on(2025, 2, 1), True), (on(2025, 2, 28), True), (on(2025, 3, 1), False)],
    ids=["at the date itself", "after it", "at the end", "after the end"],
)
def test_a_grant_counts_in_the_window_in_which_it_was_made(at: datetime, counts: bool):
    found = a_past(grants=[("C1", at, 100, 80)]).credit_in(START, END)
    assert found.to_dicts() == (
        [{"customer_id": "C1", "granted_amt": 100, "taken_amt": 80, "refused_count": None}] if counts else []
    )


def test_several_grants_and_refusals_of_a_window_are_one_row_a_customer():
    past = a_past(
        grants=[("C1", on(2025, 2, 1), 100, 80), ("C1", on(2025, 2, 2), 1, 0)], refusals=[("C2", on(2025, 2, 3))]
    )
    found = past.credit_in(START, END).sort("customer_id").to_dicts()
    assert found == [
        {"customer_id": "C1", "granted_amt": 101, "taken_amt": 80, "refused_count": None},
        {"customer_id": "C2", "granted_amt": None, "taken_amt": None, "refused_count": 1},
    ]


@pytest.mark.parametrize(
    ("default", "until", "known"),
    [
        (on(2025, 6, 1), None, True),
        (on(2026, 1, 31), None, True),
        (on(2026, 2, 1), None, False),
        (on(2025, 1, 15), None, None),
        (on(2024, 6, 1), None, False),
        (None, None, False),
        (None, on(2025, 12, 1), None),
    ],
    ids=[
        "within",
        "on the last day",
        "after the horizon",
        "under way already",
        "long ago",
        "never",
        "history ends before",
    ],
)
def test_a_default_is_known_where_its_horizon_is(default: datetime | None, until: datetime | None, known: bool | None):
    past = a_past(defaults=[("C1", default)] if default else [], observed_until=[("C1", until)])
    assert past.defaulted_after(START, 12).to_dicts() == [{"customer_id": "C1", "is_defaulted": known}]


def test_a_horizon_beyond_what_is_known_of_the_bank_tells_nothing():
    past = a_past(observed_until=[("C1", None)])
    assert past.defaulted_after(datetime(2026, 1, 1, tzinfo=UTC), 12)["is_defaulted"].to_list() == [None]


def test_an_offer_shown_twice_is_taken_where_it_was_once():
    past = a_past(
        exposures=[
            ("C1", "GOLD", on(2025, 2, 1), False),
            ("C1", "GOLD", on(2025, 2, 9), True),
            ("C1", "GOLD", on(2025, 3, 9), True),
        ]
    )
    assert past.exposed_in(START, END).to_dicts() == [{"customer_id": "C1", "offer_id": "GOLD", "is_taken": True}]


def test_the_tables_of_a_bank_are_read_as_its_past(served_home: Home):
    bank = open_bank(served_home)
    now = bank.manifest.data_until
    assert now is not None
    past = read_bank_past(bank, now)
    assert past.absent == frozenset()
    assert past.grants["granted_amt"].min() > 0  # type: ignore[operator]  # amounts are whole numbers
    assert past.grants.height > 0
    assert set(past.exposures["is_taken"].unique()) == {True, False}
    assert past.defaults.height > 0
    assert past.observed_until.height == bank.manifest.tables["customers"].rows
