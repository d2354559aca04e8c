"""What is proposed together: one budget, one thing that lends, a logged draw that moves nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.arbitration import ArbitrationPolicy, contest_of, ranked
from linewise.decisioning.losing import lost_because
from linewise.decisioning.prices import Prices
from tests.builders import FixedScorers, a_context, a_policy, decided, some_customers

POLICY = a_policy().decision
OFFERS = POLICY.offers
IDS = OFFERS.offer_id
QUIET = replace(POLICY, arbitration=replace(POLICY.arbitration, exploration_ratio=0.0))
OWING = {"statement_balance_amt": 1e6, "purchase_sum_amt_30d": 1e6, "credit_limit_amt": 1e6}


def some_offers(count: int, **changes):
    """The first actions that are for sale, with columns of the test's own."""
    offers = OFFERS.only(~OFFERS.serves).only(np.arange(int((~OFFERS.serves).sum())) < count)
    none = np.zeros(count, dtype=bool)
    plain = {"is_credit": none, "increases_debt": none, "excludes": np.zeros((count, count), dtype=bool)}
    return replace(offers, annual_fee_amt=np.zeros(count, dtype=np.int64), **(plain | changes))


def ranking_of(priority, offers, policy, *, budget=10**9, seed=5, people=1, is_open=None, raised=False):
    """Contest and ranking of people who are all alike."""
    ids = np.array([f"C{i}" for i in range(people)])
    worth = np.tile(np.array(priority, dtype=np.int64), (people, 1))
    may = np.ones_like(worth, dtype=bool) if is_open is None else np.tile(np.array(is_open), (people, 1))
    budgets = np.full(people, budget)
    contest = contest_of(worth, may, ids, offers, budgets, policy, seed)
    is_raised = np.full(people, raised)
    explored = np.full(people, policy.exploration_ratio)
    return ranked(contest, is_raised, budgets, ids, policy, seed, explored)


def test_the_primary_suggestion_is_drawn_as_often_as_its_logged_probability():
    policy = ArbitrationPolicy(shown_count=3, exploration_ratio=0.3)
    found = ranking_of([3, 2, 1], some_offers(3), policy, people=20_000)
    assert found.pscore[0] == pytest.approx([0.8, 0.1, 0.1])
    assert (found.rank == 0).mean(axis=0) == pytest.approx([0.8, 0.1, 0.1], abs=0.01)
    assert (np.sort(found.rank, axis=1) == [0, 1, 2]).all()


def test_a_draw_is_logged_truly_also_where_not_all_can_stand_together():
    """Two that borrow never stand side by side, and what a month cannot pay is never drawn."""
    lends = np.array([True, True, False, False])
    offers = some_offers(4, is_credit=lends, minimum_amt=np.zeros(4, dtype=np.int64))
    offers = replace(offers, annual_fee_amt=np.array([0, 0, 120, 24_000]))
    policy = ArbitrationPolicy(shown_count=2, exploration_ratio=0.6)
    found = ranking_of([9, 8, 5, 50], offers, policy, budget=500, people=20_000)
    assert found.pscore[0] == pytest.approx([0.6, 0.2, 0.2, 0.0])
    assert (found.rank == 0).mean(axis=0) == pytest.approx([0.6, 0.2, 0.2, 0.0], abs=0.012)
    assert ((found.rank[:, lends] >= 0).sum(axis=1) <= 1).all()
    assert (found.rank[:, 3] == -1).all()


def test_beside_a_raise_nothing_that_lends_is_shown_or_drawn():
    offers = some_offers(3, is_credit=np.array([True, False, False]), minimum_amt=np.zeros(3, dtype=np.int64))
    policy = ArbitrationPolicy(shown_count=3, exploration_ratio=1.0)
    found = ranking_of([9, 2, 1], offers, policy, people=500, raised=True)
    assert (found.rank[:, 0] == -1).all()
    assert found.pscore[0] == pytest.approx([0.0, 0.5, 0.5])


def test_ties_go_by_customer_and_seed_and_not_by_the_catalogue():
    policy = ArbitrationPolicy(shown_count=1, exploration_ratio=0.0)
    found = ranking_of([4, 4, 4, 4], some_offers(4), policy, people=4_000)
    assert (found.rank == 0).mean(axis=0) == pytest.approx([0.25] * 4, abs=0.03)
    assert (ranking_of([4, 4, 4, 4], some_offers(4), policy, people=4_000).rank == found.rank).all()
    assert (ranking_of([4, 4, 4, 4], some_offers(4), policy, people=4_000, seed=6).rank != found.rank).any()


@given(
    priority=st.lists(st.integers(-5, 50), min_size=5, max_size=5),
    pairs=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6),
    is_open=st.lists(st.booleans(), min_size=5, max_size=5),
    fees=st.lists(st.integers(0, 60), min_size=5, max_size=5),
    lends=st.lists(st.booleans(), min_size=5, max_size=5),
    budget=st.integers(0, 12),
    seed=st.integers(0, 9),
    raised=st.booleans(),
)
def test_whatever_is_drawn_the_set_is_open_affordable_and_goes_together(
    priority, pairs, is_open, fees, lends, budget, seed, raised
):
    excludes = np.zeros((5, 5), dtype=bool)
    for one, other in pairs:
        excludes[one, other] = excludes[other, one] = one != other
    offers = some_offers(5, excludes=excludes, increases_debt=np.array(lends), is_credit=np.zeros(5, dtype=bool))
    offers = replace(offers, annual_fee_amt=np.array(fees))
    policy = ArbitrationPolicy(shown_count=3, exploration_ratio=0.5)
    found = ranking_of(priority, offers, policy, budget=budget, seed=seed, is_open=is_open, raised=raised)
    shown = np.flatnonzero(found.rank[0] >= 0)
    assert sorted(found.rank[0, shown].tolist()) == list(range(len(shown)))
    assert not offers.clash[np.ix_(shown, shown)].any()
    assert offers.need_amt[shown].sum() <= budget
    assert np.array(is_open)[shown].all() and (np.array(priority)[shown] > 0).all()
    assert np.array(lends)[shown].sum() <= (0 if raised else 1)
    assert found.pscore[0].sum() == pytest.approx(1.0 if len(shown) else 0.0)
    assert (found.pscore[0][~np.array(is_open)] == 0).all()
    assert (found.pscore[found.rank == 0] > 0).all()


def test_of_instalments_that_exclude_each_other_only_the_best_is_shown_and_the_others_say_so():
    no_raise = replace(QUIET, arbitration=replace(QUIET.arbitration, raise_take_up_ratio=0.0))
    decisions = decided(some_customers(OWING), policy=no_raise)
    instalments = [IDS.index(f"{kind}_INSTALMENT") for kind in ("BILL", "PURCHASE", "CASH")]
    assert (decisions.offers.rank[0, instalments] >= 0).sum() == 1
    lost = lost_because(decisions, OFFERS, QUIET.arbitration)[0]
    good = [place for place in instalments if decisions.offers.priority[0, place] > 0]
    missed = [place for place in good if decisions.offers.rank[0, place] < 0]
    assert missed and {lost[place] for place in missed} == {"NOT_TOGETHER"}


def test_a_limit_that_was_not_to_be_raised_gives_way_to_nothing():
    """What bound it stays what is said, though something that lends is shown."""
    unmoved = FixedScorers(borrowing_amt=0.0, spending_amt=0.0)
    decisions = decided(some_customers(OWING), unmoved, QUIET)
    assert (decisions.offers.rank[0][OFFERS.borrows] >= 0).any()
    assert decisions.limit.suggested_amt[0] == decisions.limit.current_amt[0]
    assert decisions.limit.binding[0] != "NOT_TOGETHER"


def test_what_the_customer_names_is_shown_first_whatever_it_is_worth():
    asked = a_context(is_customer_initiated=True, asked_for="offer", asked_offer_id="CARD_CLASSIC")
    worthless = FixedScorers(propensity=(0.0, 0.0, 0.0))
    offers = decided(scorers=worthless, context=asked).offers
    assert offers.rank[0, IDS.index("CARD_CLASSIC")] == 0
    assert offers.pscore[0, IDS.index("CARD_CLASSIC")] == pytest.approx(1.0)
    assert offers.priority[0, IDS.index("CARD_CLASSIC")] < 0


@pytest.mark.parametrize("kind", ["limit", "plan"])
def test_who_asks_for_a_line_or_a_plan_is_offered_no_other_credit(kind: str):
    asked = a_context(is_customer_initiated=True, asked_for=kind, asked_amt=100_000)
    decisions = decided(some_customers(OWING), context=asked)
    assert not (decisions.offers.rank[0][OFFERS.borrows] >= 0).any()
    assert (decisions.offers.pscore[0][OFFERS.borrows] == 0).all()


def test_without_the_means_a_card_with_a_fee_is_not_suggested_and_says_why():
    poor = some_customers({"income_p25_amt_6m": 0.0, "income_mean_amt_6m": 0.0})
    decisions = decided(poor, policy=QUIET)
    fees = OFFERS.annual_fee_amt > 0
    assert not (decisions.offers.rank[0][fees] >= 0).any()
    assert "NOT_AFFORDABLE_TOGETHER" in lost_because(decisions, OFFERS, QUIET.arbitration)[0][fees].tolist()


def test_scarce_things_are_taken_off_what_a_proposal_is_worth():
    free = decided(policy=QUIET).offers
    priced = decided(policy=QUIET, prices=Prices(contact_amt=100.0, second_amt=10.0, money_ratio=0.5)).offers
    shown = free.rank[0] >= 0
    charge = 100.0 + 10.0 * OFFERS.say_seconds + 0.5 * OFFERS.cost_amt
    assert (free.priority[0] - priced.priority[0])[shown] == pytest.approx(charge[shown], abs=1)


def test_models_are_asked_for_what_is_open_and_for_nothing_else():
    class Counting(FixedScorers):
        asked = 0

        def take_up(self, customers, offers, rows, columns):
            Counting.asked += len(rows)
            return super().take_up(customers, offers, rows, columns)

    customers = some_customers({}, {"is_vulnerable": 1.0})
    decisions = decided(customers, Counting())
    is_open = decisions.offers.propensity > 0
    assert Counting.asked == (is_open & OFFERS.is_modelled).sum()
    assert not is_open[1].any()


def test_exploration_never_moves_a_limit():
    people = some_customers(*[{}] * 60)
    some = [
        decided(people, policy=replace(POLICY, arbitration=replace(POLICY.arbitration, exploration_ratio=one)))
        for one in (0.0, 1.0)
    ]
    assert (some[0].limit.suggested_amt == some[1].limit.suggested_amt).all()
    assert (some[0].offers.rank != some[1].offers.rank).any()
