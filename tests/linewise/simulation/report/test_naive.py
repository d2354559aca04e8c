import numpy as np
import pytest

from linewise.simulation.lives.record import EXPOSURE, LIMIT_CHANGE, OFFERS
from linewise.simulation.report import naive
from linewise.simulation.report.sample import Undone
from tests.linewise.simulation.report.builders import (
    a_sample,
    a_world,
    midday_s,
    some_lives,
    totals_of,
    with_months,
    with_people,
)

WORLD = a_world(24)
MONTH = 12
RAISE_AMT, TRUE_AMT, CONFOUNDED_AMT = 200_000, 20_000, 60_000
AT_S = midday_s(WORLD, int(WORLD.calendar.month_begins[18 + MONTH]))


def confounded(seen: bool, by_rule: bool = True):
    """Half of 400 customers borrow more whatever the bank does; by rule four in five of those are raised.

    The raise itself adds TRUE_AMT. `seen`: whether the score tells who borrows more. Not by rule: by dice.
    """
    n = 400
    rng = np.random.default_rng(8)
    eager = np.arange(n) % 2 == 0
    given = rng.random(n) < (np.where(eager, 0.8, 0.2) if by_rule else 0.5)
    reason = 0 if by_rule else 1
    change = {"kind": LIMIT_CHANGE, "at_s": AT_S, "a": 10**6, "b": 10**6 + RAISE_AMT, "c": 1, "d": reason}
    events = [change | {"person": int(person)} for person in np.flatnonzero(given)]
    if not by_rule:
        arms = np.where(given, OFFERS.index("LIMIT_25"), OFFERS.index("LIMIT_HOLD"))
        events += [
            {"kind": EXPOSURE, "at_s": AT_S, "person": person, "a": int(arms[person]), "g": 1} for person in range(n)
        ]
    lives = some_lives(n, WORLD, events=events)
    noise = rng.normal(0, 500, n).astype(int)
    without, with_it = np.full((2, *lives.months.shape), 10_000, dtype=np.int64)
    without[:, MONTH:] += (CONFOUNDED_AMT * eager + noise)[:, None]
    with_it[:] = without
    with_it[given, MONTH:] += TRUE_AMT
    score = np.where(eager & seen, 650.0, 700.0)[:, None]
    lives = with_people(with_months(lives, balance_amt=with_it, score=score), is_explored=0 if by_rule else 1)
    person = np.flatnonzero(given)
    months = lives.months[person].copy()
    months["balance_amt"] = without[person]
    held = type(lives)(lives.people[person], months, lives.postings[:0], lives.events[:0])
    return totals_of(naive, a_sample(lives, WORLD, undone=[Undone(MONTH, person, held)]))


def test_the_truth_is_what_the_raise_added_to_those_raised():
    assert naive.true_effect(confounded(seen=False), "owed_amt", "rule") == pytest.approx(TRUE_AMT / RAISE_AMT)


def test_the_naive_estimate_takes_eagerness_for_the_raise():
    found = naive.naive_effect(confounded(seen=True), "owed_amt")
    assert found == pytest.approx((TRUE_AMT + 0.6 * CONFOUNDED_AMT) / RAISE_AMT, abs=0.04)


def test_adjusting_helps_only_where_the_reason_is_seen():
    true = TRUE_AMT / RAISE_AMT
    assert naive.adjusted_effect(confounded(seen=True), "owed_amt") == pytest.approx(true, abs=0.002)
    hidden = confounded(seen=False)
    assert naive.adjusted_effect(hidden, "owed_amt") == pytest.approx(naive.naive_effect(hidden, "owed_amt"), abs=0.01)


def test_the_randomised_slice_compares_raised_with_held():
    totals = confounded(seen=False, by_rule=False)
    true = TRUE_AMT / RAISE_AMT
    # Dice leave a chance imbalance of eager customers: 0.015 is its standard error, 0.18 the naive estimate's fault.
    assert naive.randomised_effect(totals, "owed_amt") == pytest.approx(true, abs=0.05)
    assert naive.true_effect(totals, "owed_amt", "random") == pytest.approx(true)
    assert totals["rule_count"].sum() == 0


def test_defaults_are_told_a_raise_and_within_twelve_months():
    lives = some_lives(
        4, WORLD, events=[{"kind": LIMIT_CHANGE, "at_s": AT_S, "a": 10, "b": 20, "c": 1, "person": at} for at in (0, 1)]
    )
    bucket = np.zeros(lives.months.shape, dtype=np.int8)
    bucket[0, MONTH + 11], bucket[1, MONTH + 12], bucket[3, MONTH - 1] = 4, 4, 4
    lives = with_months(lives, bucket=bucket)
    calm = with_months(lives, bucket=0)
    held = type(lives)(lives.people[:2], calm.months[:2], lives.postings, lives.events[:0])
    totals = totals_of(naive, a_sample(lives, WORLD, undone=[Undone(MONTH, np.array([0, 1]), held)]))
    assert totals["other_count"].tolist() == [1.0]
    assert naive.naive_effect(totals, "default") == 0.5
    assert naive.true_effect(totals, "default", "rule") == 0.5
