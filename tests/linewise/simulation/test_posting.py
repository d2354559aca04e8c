import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.simulation.days import DAY_US
from linewise.simulation.events import Events, in_order, joined, new_events
from linewise.simulation.posting import money_days, post

ROW = st.tuples(st.integers(0, 3), st.integers(0, 10), st.integers(1, 10_000), st.booleans(), st.booleans())


def some_events(rows: list[tuple[int, int, int, bool, bool]]) -> Events:
    parts = [
        new_events(np.array([who]), at_us, amount, "purchase", is_credit=is_credit, may_fail=may_fail)
        for who, at_us, amount, is_credit, may_fail in rows
    ]
    return in_order(joined(parts))


@given(st.lists(ROW, max_size=40), st.lists(st.integers(-5_000, 20_000), min_size=4, max_size=4))
def test_every_balance_is_the_one_before_plus_what_moved(
    rows: list[tuple[int, int, int, bool, bool]], opening: list[int]
) -> None:
    events, lowest = some_events(rows), np.array([0, -1_000, 0, -99])
    closing = post(events, np.array(opening), lowest)
    expected = list(opening)
    for event in events:
        who, amount = event["who"], int(event["amount_amt"])
        after = expected[who] + (amount if event["is_credit"] else -amount)
        fails = event["may_fail"] and not event["is_credit"] and after < lowest[who]
        expected[who] = expected[who] if fails else after
        assert (event["is_declined"], event["balance_amt"]) == (fails, expected[who])
    assert list(closing) == expected


def test_a_bill_goes_through_into_the_red_where_a_purchase_is_declined() -> None:
    bill = new_events(np.array([0]), 1, 500, "fee")
    purchase = new_events(np.array([0]), 2, 1, "purchase", may_fail=True)
    events = joined([bill, purchase])
    assert post(events, np.array([100]), np.array([0])) == [-400]
    assert list(events["is_declined"]) == [False, True]


def test_of_two_events_at_one_moment_the_first_given_is_posted_first() -> None:
    wage = new_events(np.array([0]), 1, 100, "transfer_in", is_credit=True)
    purchase = new_events(np.array([0]), 1, 100, "purchase", may_fail=True)
    events = in_order(joined([wage, purchase]))
    post(events, np.array([0]), np.array([0]))
    assert not events["is_declined"].any()


def test_money_days_weigh_each_balance_with_the_days_it_stood() -> None:
    # 100 for two days, then -50 for three; the other customer keeps 10 for all five.
    events = new_events(np.array([0]), 2 * DAY_US, 150, "fee")
    opening = np.array([100, 10])
    post(events, opening, np.array([0, 0]))
    above, below = money_days(events, opening, 0, 5 * DAY_US)
    assert above == pytest.approx([200, 50])
    assert below == pytest.approx([150, 0])
