import numpy as np

from linewise.simulation.lives.delinquency import LAST_BUCKET
from linewise.simulation.lives.record import CHARGED_OFF


def test_days_past_due_say_what_the_bucket_says(lived):
    months = lived.lives.months
    days, bucket = months["days_past_due"][:, :-1], np.minimum(months["bucket"][:, 1:], LAST_BUCKET)
    is_told = days >= 0
    assert np.array_equal((days == 0)[is_told], (bucket == 0)[is_told])
    is_open_ended = bucket == LAST_BUCKET
    exact = is_told & ~is_open_ended & (bucket > 0)
    assert np.array_equal(days[exact], (bucket[exact].astype(int) - 1) * 30 + 1)
    assert np.all(days[is_told & is_open_ended] >= (LAST_BUCKET - 1) * 30 + 1)


def test_a_bucket_rises_by_one_a_month(lived):
    bucket = lived.lives.months["bucket"].astype(int)
    before, after = bucket[:, :-1], bucket[:, 1:]
    is_risen = after > before
    assert np.all((after - before)[is_risen & (after != CHARGED_OFF)] == 1)
    assert np.all(before[is_risen & (after == CHARGED_OFF)] >= LAST_BUCKET - 1)
    assert ((after < before) & (before > 1)).any()


def test_what_is_written_off_stays_so_and_owes_nothing(lived):
    months = lived.lives.months
    is_gone = months["bucket"] == CHARGED_OFF
    assert is_gone.any(axis=1).sum() > 20
    assert np.all(is_gone[:, 1:][is_gone[:, :-1]])
    assert not months["balance_amt"][is_gone].any()
    is_new = is_gone.copy()
    is_new[:, 1:] &= ~is_gone[:, :-1]
    assert np.all(months["charged_off_amt"][is_new][:, None] >= 0)
    assert not months["charged_off_amt"][~is_new].any()


def test_a_written_off_card_moves_nothing_any_more(lived):
    is_gone = lived.lives.months["bucket"] == CHARGED_OFF
    since = np.where(is_gone.any(axis=1), is_gone.argmax(axis=1), lived.world.month_count)
    postings = lived.lives.postings
    on_card = postings[postings["account"] != 0]
    assert np.all(lived.month_of(on_card) <= since[on_card["person"]])
    for name in ("spend_amt", "fee_amt", "interest_amt", "limit_amt"):
        assert not lived.lives.months[name][:, 1:][is_gone[:, :-1]].any(), name


def test_the_account_says_at_the_end_what_became_of_it(lived):
    months, people = lived.lives.months, lived.lives.people
    last = lived.is_closed.sum(axis=1) - 1
    bucket = months["bucket"][np.arange(len(people)), last]
    assert np.array_equal(people["account_status"] == 3, bucket == CHARGED_OFF)
    assert np.all(people["account_status"][(bucket >= 2) & (bucket < CHARGED_OFF)] == 1)
