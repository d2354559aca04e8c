import numpy as np

from linewise.simulation.lives.record import KINDS, PLAN, PLANS, PURPOSES
from tests.linewise.simulation.lives.builders import CURRENT, REPAYMENT, Lived


def current(lived: Lived):
    postings = lived.lives.postings
    return postings[postings["account"] == CURRENT]


def test_a_balance_follows_from_the_one_before_to_the_cent(lived: Lived) -> None:
    rows = current(lived)
    moved = np.where(rows["is_credit"] == 1, 1, -1) * np.where(rows["is_declined"] == 1, 0, rows["amount_amt"])
    is_same = rows["person"][1:] == rows["person"][:-1]
    assert is_same.sum() > 50_000
    assert np.array_equal((rows["balance_amt"][:-1] + moved[1:])[is_same], rows["balance_amt"][1:][is_same])


def test_only_those_whose_salary_comes_here_have_one(lived: Lived) -> None:
    has_one = np.zeros(len(lived.lives.people), dtype=bool)
    has_one[current(lived)["person"]] = True
    assert np.array_equal(has_one, lived.lives.people["has_payroll"] == 1)


def test_cash_is_not_paid_out_of_an_empty_account(lived: Lived) -> None:
    rows = current(lived)
    drawn = rows[(rows["kind"] == KINDS.index("cash_withdrawal")) & (rows["is_declined"] == 0)]
    assert np.all(drawn["balance_amt"] >= 0)
    assert (rows["is_declined"] == 1).any()


def test_a_repayment_of_the_card_leaves_the_current_account_at_the_same_moment(lived: Lived) -> None:
    rows, postings = current(lived), lived.lives.postings
    out = rows[rows["purpose"] == PURPOSES.index("card")]
    paid = postings[postings["account"] == REPAYMENT]
    assert len(out) > 5000
    of_card = set(paid[["person", "at_s", "amount_amt"]].tolist())
    assert set(out[["person", "at_s", "amount_amt"]].tolist()) <= of_card


def test_a_salary_comes_once_a_cycle(lived: Lived) -> None:
    people = lived.lives.people
    rows = current(lived)
    salaries = rows[rows["purpose"] == PURPOSES.index("salary")].copy()
    salaries["amount_amt"] = 1
    times = lived.sums(salaries)[:, 1:][lived.is_closed[:, 1:]]
    assert times.max() == 1
    paid = lived.sums(rows[rows["purpose"] == PURPOSES.index("salary")])[:, 1:]
    told = lived.lives.months["income_amt"][:, 1:]
    is_paid = (paid > 0) & lived.is_closed[:, 1:]
    assert np.array_equal(paid[is_paid], told[is_paid])
    assert not is_paid[people["has_payroll"] == 0].any()


def test_a_loan_is_paid_out_to_the_current_account_on_the_day_it_was_agreed(lived: Lived) -> None:
    rows, first_s = current(lived), lived.world.surroundings["first_s"][0]
    paid_out = rows[(rows["purpose"] == PURPOSES.index("loan")) & (rows["is_credit"] == 1)]
    loans = lived.events(PLAN, a=PLANS.index("loan"))
    agreed = [(person, amount, at_s + 3600) for person, amount, at_s in loans[["person", "b", "at_s"]].tolist()]
    assert len(paid_out) > 50
    # What is agreed before the data begin and in their last cycle is paid out outside of them.
    assert {one for one in agreed if one[2] >= first_s + 40 * 86400} >= set(
        paid_out[["person", "amount_amt", "at_s"]][paid_out["at_s"] >= first_s + 40 * 86400].tolist()
    )
    inside = {one for one in agreed if first_s <= one[2] < lived.world.surroundings["last_s"][0] - 40 * 86400}
    assert inside <= set(paid_out[["person", "amount_amt", "at_s"]].tolist())
