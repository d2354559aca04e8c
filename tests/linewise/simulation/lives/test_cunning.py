import numpy as np
import pytest

from linewise.simulation.lives.cunning import RING_MERCHANTS
from linewise.simulation.lives.living import live
from linewise.simulation.lives.record import CASE, CASES, CONTACT_CHANGE, CUNNING, KINDS
from linewise.simulation.world import World
from tests.linewise.simulation.lives.builders import REPAYMENT, Lived, lived_in

RING, BUST_OUT, TAKEOVER = (CUNNING.index(kind) for kind in ("cash_out_ring", "bust_out", "takeover"))
WORLD = World(month_count=12, seed=1)


@pytest.fixture(scope="module")
def cunning() -> Lived:
    """The cunning of 20,000 customers, and the first honest thousand."""
    people = lived_in(World(month_count=2, seed=1), 20_000, with_postings=False).lives.people
    numbers = people["number"]
    chosen = np.concatenate([numbers[people["cunning"] > 0], numbers[people["cunning"] == 0][:1000]])
    return Lived(WORLD, live(WORLD, chosen))


def of(bank: Lived, kind: int):
    return bank.lives.people["cunning"] == kind


def test_who_is_cunning_does_not_depend_on_the_months_of_data(cunning: Lived) -> None:
    assert all(of(cunning, kind).sum() > 10 for kind in (RING, BUST_OUT, TAKEOVER))
    assert of(cunning, 0).sum() == 1000


def test_rings_are_paid_for_by_others_and_buy_at_merchants_of_their_own(cunning: Lived) -> None:
    postings = cunning.lives.postings
    repaid = postings[postings["account"] == REPAYMENT]
    by_ring = of(cunning, RING)[repaid["person"]]
    assert by_ring.sum() > 50
    assert np.all(repaid["kind"][by_ring] == 1)
    assert np.mean(repaid["kind"][~by_ring]) < 0.05
    own = postings[postings["merchant"] >= RING_MERCHANTS]
    assert set(np.unique(own["person"])) <= set(np.flatnonzero(of(cunning, RING)))
    assert np.all(own["amount_amt"] % 10_000 == 0)
    assert set(own["kind"]) == {KINDS.index("purchase")}


def test_a_bust_out_is_gone_with_the_month_in_which_it_turns(cunning: Lived) -> None:
    people, months = cunning.lives.people, cunning.lives.months
    is_after = np.arange(12)[None, :] >= people["cunning_month"][:, None]
    is_gone = of(cunning, BUST_OUT)[:, None] & is_after
    assert is_gone.sum() > 50
    # What is paid of the statement of the month is paid in the next, when nobody is there any more.
    assert not np.maximum(months["paid_amt"], 0)[is_gone].any()
    assert np.all(months["spend_amt"][:, 1:][is_gone[:, :-1]] <= 0)
    before = of(cunning, BUST_OUT)[:, None] & ~is_after
    assert months["paid_amt"][before].max() > 0


def test_a_bust_out_leaves_most_of_the_limit_owed(cunning: Lived) -> None:
    people, months = cunning.lives.people, cunning.lives.months
    turned = np.flatnonzero(of(cunning, BUST_OUT) & (people["cunning_month"] >= 1) & (people["cunning_month"] < 11))
    at = months[turned, people["cunning_month"][turned]]
    usual = months[turned, 0]
    used = (at["balance_amt"] / np.maximum(at["limit_amt"], 1))[(at["is_open"] == 1) & (usual["is_open"] == 1)]
    assert len(used) > 5
    assert np.median(used) > 0.6


def test_a_takeover_changes_the_contact_first_and_is_told_as_fraud_later(cunning: Lived) -> None:
    people, months = cunning.lives.people, cunning.lives.months
    changes, fraud = cunning.events(CONTACT_CHANGE), cunning.events(CASE, a=CASES.index("fraud"))
    month = people["cunning_month"]
    # Within the data, on a card that is open and not in arrears.
    last_full = cunning.is_closed.sum(axis=1) - 1
    candidates = np.flatnonzero(of(cunning, TAKEOVER) & (month >= 1) & (month <= last_full))
    state = months[candidates, month[candidates]]
    before = months[candidates, month[candidates] - 1]
    struck = candidates[(state["is_open"] == 1) & (state["bucket"] == 0) & (before["bucket"] == 0)]
    assert len(struck) > 3
    for person in struck:
        mine, told = changes[changes["person"] == person], fraud[fraud["person"] == person]
        assert mine["a"].tolist() == [0, 1]
        assert len(told) == 1
        assert mine["at_s"].max() < told["at_s"][0]
        assert np.all(cunning.month_of(mine) == month[person])
    assert set(np.unique(changes["person"])) <= set(np.flatnonzero(of(cunning, TAKEOVER)))
    assert set(np.unique(fraud["person"])) <= set(np.flatnonzero(of(cunning, TAKEOVER)))


def test_the_bank_bears_what_a_takeover_took(cunning: Lived) -> None:
    people, months = cunning.lives.people, cunning.lives.months
    fraud = cunning.events(CASE, a=CASES.index("fraud"))["person"]
    month = people["cunning_month"][fraud]
    inside = (month >= 0) & (month < 12)
    state = months[fraud[inside], month[inside]]
    spent_elsewhere = np.maximum(state["spend_amt"], 0)
    assert np.all(state["balance_amt"] <= 0.1 * state["limit_amt"] + 1)
    assert spent_elsewhere.mean() > 0.3 * state["limit_amt"].mean()
