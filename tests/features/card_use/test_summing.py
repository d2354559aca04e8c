"""What card postings come to: uses, costs, and round sums to one merchant, which is how a cash-out ring looks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.card_use.keeping import VALUES
from features.card_use.summing import summed_card_use
from features.card_use.use import CardUse
from linewise.bank.tables import Bank, open_bank
from linewise.core.home import Home
from linewise.core.moments import NEVER, microseconds
from tests.features.builders import event
from tests.features.card_use.people import people_of
from tests.linewise.bank.builders import (
    END,
    a_transaction,
    an_account,
    an_exchange_rate,
    rows_of,
    small_tables,
    write_small,
)

LINE = 20_000_00


def bought(number: int, amount: int, days: float = 10.0, merchant: str = "M1", **more: Any) -> dict[str, Any]:
    at = END - timedelta(days=days)
    given = {"billing_amt": amount, "merchant_id": merchant, "posted_at": at, "recorded_at": at}
    return a_transaction(number, **given, **more)


def ratio_of(home: Home, rows_a_group: int, *transactions: dict[str, Any]) -> float:
    tables = small_tables(*transactions)
    tables["accounts"] = rows_of("accounts", an_account(permanent_limit_amt=LINE))
    bank = write_small(home, tables)
    (path,) = bank.files("transactions")
    pq.write_table(pq.read_table(path), path, row_group_size=rows_a_group)
    return float(summed(bank, "c1", "c2").carousel_ratio[0])


def summed(bank: Bank, *ids: str, now: datetime = END) -> CardUse:
    """What the postings of these customers of a bank come to, none of whom an extract leaves early."""
    return summed_card_use(bank, pa.array(ids, pa.string()), np.full(len(ids), NEVER), now)


ROUND = [bought(number, 4_000_00, days=5.0 + number) for number in range(3)]


@pytest.mark.parametrize("rows_a_group", [1, 2, 9])
@pytest.mark.parametrize(
    ("transactions", "expected"),
    [
        (ROUND, 0.6),
        (ROUND[:2], 0.0),
        ([bought(n, 4_001_50, days=5.0 + n) for n in range(3)], 0.0),
        ([bought(n, 4_000_00, merchant=f"M{n}") for n in range(3)], 0.0),
        ([bought(n, 4_000_00, days=91.0 + n) for n in range(3)], 0.0),
        ([bought(n, 4_000_00, is_declined=True) for n in range(3)], 0.0),
        ([*ROUND, bought(9, 13_000_17, merchant="M2")], 0.0),
        ([*ROUND, bought(9, 11_000_17, merchant="M2")], 0.6),
    ],
)
def test_round_sums_to_one_merchant_that_are_most_of_what_was_bought_however_the_file_is_cut(
    home: Home, transactions: list[dict[str, Any]], expected: float, rows_a_group: int
):
    assert ratio_of(home, rows_a_group, *transactions) == pytest.approx(expected)


def test_the_latest_use_of_a_card_and_its_opening_are_told_and_the_bank_s_own_doing_is_no_use(home: Home):
    tables = small_tables(bought(1, 100, days=40.0), bought(2, 100, days=9.0, kind="fee"), bought(3, 5, days=8.0))
    use = summed(write_small(home, tables), "c1", "c2")
    assert use.used_at.tolist() == [microseconds(END - timedelta(days=8)), NEVER]
    assert use.opened_at.tolist() == [microseconds(datetime(2020, 1, 1, tzinfo=UTC))] * 2


def test_what_cards_cost_and_what_was_repaid_is_that_of_eighteen_months_at_the_days_rates(home: Home):
    tables = small_tables(
        bought(1, 70, days=3.0, kind="fee"),
        bought(2, 10, days=2.0, kind="interest", currency="USD"),
        bought(3, 900, days=600.0, kind="fee"),
    )
    tables["bank_facts"] = rows_of("bank_facts", an_exchange_rate("usd", 7.0))
    tables["payments"] = rows_of("payments", event("payments", 3, payment_amt=40), event("payments", 600, number=1))
    use = summed(write_small(home, tables), "c1", "c2")
    assert (use.cost_amt.tolist(), use.repaid_amt.tolist()) == ([140.0, 0.0], [40.0, 0.0])


def test_what_was_posted_after_the_moment_is_not_known_yet(home: Home):
    bank = write_small(home, small_tables(bought(1, 100, days=40.0), bought(2, 100, days=9.0)))
    use = summed(bank, "c1", "c2", now=END - timedelta(days=10))
    assert use.as_of == END - timedelta(days=10)
    assert use.used_at[0] == microseconds(END - timedelta(days=40))


def test_nobody_is_summed_to_nothing(home: Home):
    use = summed(write_small(home, small_tables()))
    assert [len(getattr(use, name)) for name in VALUES] == [0] * len(VALUES)


def test_customers_are_known_by_a_range_of_them_as_by_all(served_home: Home) -> None:
    bank = open_bank(served_home)
    whole, part = (people_of(bank, some) for some in (slice(None), slice(900, 1_300)))
    of_all, of_part = (summed_card_use(bank, *one, bank.manifest.horizon) for one in (whole, part))
    for name in VALUES:
        np.testing.assert_array_equal(getattr(of_all, name)[900:1_300], getattr(of_part, name))
