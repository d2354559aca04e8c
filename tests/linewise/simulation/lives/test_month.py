import numpy as np
import pytest

from linewise.simulation.lives.record import (
    CHARGED_OFF,
    CUNNING,
    KINDS,
    LIMIT_CHANGE,
    LIMIT_REQUEST,
    PLAN,
    PLANS,
    REQUESTS,
)
from tests.linewise.simulation.lives.builders import CARDS, REPAYMENT, Lived

DAY_S = 86_400
TAKEOVER, CASH_PLAN = CUNNING.index("takeover"), PLANS.index("cash")
LONGEST_TEMPORARY_DAYS = 46


def card_postings(lived: Lived, kind: str, *, declined: bool = False):
    postings = lived.lives.postings
    is_card = np.isin(postings["account"], CARDS) & (postings["kind"] == KINDS.index(kind))
    return postings[is_card & (postings["is_declined"] == declined)]


def drawn_in_instalments(lived: Lived):
    """Cash that was drawn into a plan at once, by customer and month."""
    return lived.sums(lived.events(PLAN, a=CASH_PLAN), "b")


@pytest.mark.parametrize(
    ("field", "added", "taken"),
    [
        ("spend_amt", "purchase", "refund"),
        ("cash_amt", "cash_advance", None),
        ("interest_amt", "interest", None),
        ("fee_amt", "fee", None),
    ],
)
def test_the_postings_of_a_cycle_sum_to_what_its_month_remembers(lived, field, added, taken):
    sums = lived.sums(card_postings(lived, added))
    if taken:
        sums -= lived.sums(card_postings(lived, taken))
    months = lived.lives.months
    assert months[field][:, 1:].any()
    # The cycle of month 0 began before the data.
    assert np.array_equal(sums[:, 1:][lived.is_closed[:, 1:]], months[field][:, 1:][lived.is_closed[:, 1:]])


def test_what_is_declined_is_told_and_moves_nothing(lived):
    postings = lived.lives.postings
    declined = postings[np.isin(postings["account"], CARDS) & (postings["is_declined"] == 1)]
    assert len(declined) > 100
    told = lived.lives.months["declined_amt"]
    assert np.array_equal(lived.sums(declined)[:, 1:][lived.is_closed[:, 1:]], told[:, 1:][lived.is_closed[:, 1:]])


def test_repayments_are_those_of_the_statement_before(lived):
    postings = lived.lives.postings
    paid = lived.sums(postings[postings["account"] == REPAYMENT])[:, 1:]
    told = np.maximum(lived.lives.months["paid_amt"], 0)[:, :-1]
    is_closed = lived.is_closed[:, 1:]
    assert paid[is_closed].any()
    assert np.array_equal(paid[is_closed], told[is_closed])


def test_every_statement_follows_to_the_cent_from_the_one_before(lived):
    months, people = lived.lives.months, lived.lives.people
    after = {name: months[name][:, 1:] for name in months.dtype.names}
    booked = after["spend_amt"] + after["cash_amt"] + after["interest_amt"] + after["fee_amt"]
    paid = np.maximum(months["paid_amt"], 0)[:, :-1]
    expected = months["balance_amt"][:, :-1] + booked + drawn_in_instalments(lived)[:, 1:]
    expected = expected - paid - after["charged_off_amt"]
    differs = (expected != after["balance_amt"]) & lived.is_closed[:, 1:]
    person, month = np.nonzero(differs)
    # Only the bank's making good of a takeover reaches no posting, and it takes from what is owed.
    assert np.all(people["cunning"][person] == TAKEOVER)
    assert np.array_equal(month + 1, people["cunning_month"][person])
    assert np.all(after["balance_amt"][differs] < expected[differs])
    assert len(person) < 20


def owed_after(lived: Lived):
    """Card movements of the full cycles: the rows, their month and what is owed after each of them."""
    postings = lived.lives.postings
    month = lived.month_of(postings)
    is_card = np.isin(postings["account"], CARDS)
    is_kept = (month >= 1) & (month < lived.world.month_count) & (is_card | (postings["account"] == REPAYMENT))
    rows, month = postings[is_kept], month[is_kept]
    sign = np.where((rows["account"] == REPAYMENT) | (rows["is_credit"] == 1), -1, 1)
    moved = np.where(rows["is_declined"] == 1, 0, sign * rows["amount_amt"])
    total, cycle = np.cumsum(moved), rows["person"].astype(np.int64) * 1000 + month
    begins = np.r_[True, cycle[1:] != cycle[:-1]]
    in_cycle = total - (total - moved)[begins][np.cumsum(begins) - 1]
    before = (
        lived.lives.months["balance_amt"][rows["person"], month - 1]
        + drawn_in_instalments(lived)[rows["person"], month]
    )
    return rows, before + in_cycle


def limit_in_force(lived: Lived, rows):
    """The limit by the delivered changes at each row's moment, and a temporary one that may still run."""

    def last_before(events):
        key = (events["person"].astype(np.int64) << 40) + events["at_s"]
        at = np.searchsorted(key, (rows["person"].astype(np.int64) << 40) + rows["at_s"], side="right") - 1
        return np.maximum(at, 0), (at >= 0) & (events["person"][np.maximum(at, 0)] == rows["person"])

    changes = lived.events(LIMIT_CHANGE)
    first = lived.lives.people["last_limit_amt"].copy()
    first[changes["person"][::-1]] = changes["a"][::-1]
    at, has_changed = last_before(changes)
    limit = np.where(has_changed, changes["b"][at], first[rows["person"]])
    asked = lived.events(LIMIT_REQUEST, a=REQUESTS.index("temporary"))
    asked = asked[asked["d"] > 0]
    at, has_asked = last_before(asked)
    is_short = has_asked & (rows["at_s"] - asked["at_s"][at] < LONGEST_TEMPORARY_DAYS * DAY_S)
    return np.where(is_short, np.maximum(limit, asked["d"][at]), limit)


def test_nothing_is_bought_beyond_the_limit_in_force(lived):
    rows, owed = owed_after(lived)
    is_use = np.isin(rows["account"], CARDS) & (rows["is_credit"] == 0) & (rows["is_declined"] == 0)
    is_use &= np.isin(rows["kind"], (KINDS.index("purchase"), KINDS.index("cash_advance")))
    limit = limit_in_force(lived, rows)
    assert (owed[is_use] > 0.95 * limit[is_use]).any()
    assert not (owed[is_use] > limit[is_use]).any()


def test_what_is_declined_had_no_room(lived):
    rows, owed = owed_after(lived)
    is_refused = (rows["is_declined"] == 1) & (rows["kind"] == KINDS.index("purchase"))
    limit = limit_in_force(lived, rows)
    # A temporary limit may have ended sooner than the data tell.
    is_plain = is_refused & (limit <= lived.lives.people["last_limit_amt"][rows["person"]])
    assert (owed + rows["amount_amt"] > limit)[is_plain].mean() > 0.99


def test_the_changes_of_a_limit_join_up_and_end_at_the_limit_of_the_account(lived):
    changes = lived.events(LIMIT_CHANGE)
    is_same = changes["person"][1:] == changes["person"][:-1]
    assert is_same.any()
    assert np.array_equal(changes["a"][1:][is_same], changes["b"][:-1][is_same])
    is_last = np.r_[~is_same, True]
    people = lived.lives.people
    assert np.array_equal(changes["b"][is_last], people["last_limit_amt"][changes["person"][is_last]])
    others = np.setdiff1d(np.arange(len(people)), changes["person"])
    assert np.all(people["last_limit_amt"][others] > 0)


def test_no_statement_is_closed_before_a_card_is_opened_or_after_it_is_given_back(lived):
    months, people = lived.lives.months, lived.lives.people
    opened_s = lived.world.calendar.midnight_s(np.maximum(people["card_day"], lived.world.calendar.first_day - 60))
    is_before = lived.ends_s[:, 1:] <= opened_s[:, None]
    assert is_before.any()
    assert not (months["is_open"] == 1)[is_before].any()
    is_ended = (np.maximum.accumulate(months["is_open"], axis=1) == 1) & (months["is_open"] == 0)
    assert is_ended.any()
    assert not is_ended[:, :-1][months["is_open"][:, 1:] == 1].any()
    for name in ("balance_amt", "limit_amt", "spend_amt", "fee_amt", "minimum_amt"):
        assert not months[name][months["is_open"] == 0].any(), name


def test_a_new_card_begins_without_debt(lived):
    months, people = lived.lives.months, lived.lives.people
    is_first = (
        (months["is_open"][:, 1:] == 1) & (months["is_open"][:, :-1] == 0) & (months["bucket"][:, 1:] != CHARGED_OFF)
    )
    person, month = np.nonzero(is_first & lived.is_closed[:, 1:])
    assert len(person) > 100
    first = months[person, month + 1]
    made_good = (people["cunning"][person] == TAKEOVER) & (people["cunning_month"][person] == month + 1)
    booked = first["spend_amt"] + first["cash_amt"] + first["interest_amt"] + first["fee_amt"]
    booked = booked + drawn_in_instalments(lived)[person, month + 1]
    assert np.array_equal(first["balance_amt"][~made_good], booked[~made_good])


def test_the_minimum_is_never_more_than_the_balance(lived):
    months = lived.lives.months
    assert np.all(months["minimum_amt"] >= 0)
    assert np.all(months["minimum_amt"] <= np.maximum(months["balance_amt"], 0))
    assert np.all((months["minimum_amt"] > 0) == (months["balance_amt"] > 0))
