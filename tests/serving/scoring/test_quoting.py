"""What an answer shows is quoted: reserved, found standing by the next agent, withdrawn by an adverse fact alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from linewise.core.errors import BudgetSpent
from linewise.core.home import Home
from linewise.decisioning.prices import Prices
from linewise.decisioning.types import Decisions
from linewise.ledger.funding import Funding, propose_budget
from linewise.ledger.quotes import Quote, quotes_of_decision, standing_quotes
from linewise.ledger.store import Ledger, open_ledger
from serving.scoring.grants import grants_at
from serving.scoring.promises import Promises, paced, read_promises, with_promises
from serving.scoring.quoting import QuotedMeanwhile, Quoting, quotes_view
from tests.builders import NOW, a_context, a_policy, a_state, decided, some_customers
from tests.linewise.ledger.promises import MONTH, a_quote, booked, funded, quoted, stands

POLICY = a_policy()
GRANTS = grants_at(POLICY.catalogue, "Asia/Shanghai", NOW)
HUGE = 10**12


def promises_of(ledger: Ledger, *customer_ids: str) -> Promises:
    return read_promises(ledger, customer_ids or ["C0"], NOW, GRANTS, None)


def a_raise(**changes: Any) -> Decisions:
    """A decision in which C0 is suggested a limit of 500,000 above the one in force."""
    made = decided(some_customers(current_limit_amt=100_000))
    limit = made.limit
    grid = np.minimum(100_000 * np.arange(1, limit.candidate_amt.shape[1] + 1), 600_000)[None, :]
    given = {"current_amt": np.array([100_000]), "suggested_amt": np.array([600_000]), "candidate_amt": grid} | changes
    return replace(made, limit=replace(limit, **given))


def written(ledger: Ledger, decisions: Decisions, decision_id: str = "D1", **more: Any) -> list[Quote]:
    quoting = Quoting.of(decisions, 0, decision_id, promises_of(ledger), POLICY.promises, "r1")
    with ledger.writing() as connection:
        told = quoting.write(connection, **more)
    with ledger.engine.connect() as connection:
        assert told == quotes_of_decision(connection, decision_id), "what was written is told as it is read back"
    return told


def the_limit(quotes: list[Quote]) -> Quote:
    return next(one for one in quotes if one.kind == "limit")


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = open_ledger(home)
    yield opened
    opened.close()


@pytest.fixture
def desk(ledger: Ledger) -> Ledger:
    funded(ledger, 2_000_000, "exposure-11", request_share_ratio=0.3)
    return ledger


def test_a_raise_is_quoted_until_its_date_and_reserves_what_it_adds(desk: Ledger):
    quote = the_limit(written(desk, a_raise()))
    assert (quote.amount_amt, quote.terms["exposure_amt"], quote.pot) == (600_000, 500_000, "proposed")
    assert quote.valid_until == NOW + timedelta(days=14)
    assert stands(desk) == (500_000, 0, 0)


def test_of_a_budget_of_loss_a_raise_reserves_what_it_adds_at_the_cautious_end(ledger: Ledger):
    funded(ledger, 900, "loss-11", kind="loss")
    limit = a_raise().limit
    line = np.zeros_like(limit.candidate_amt)
    written(
        ledger, a_raise(expected_loss_amt=line + 10, cautious_loss_amt=10 + (limit.candidate_amt - 100_000) // 1_000)
    )
    assert stands(ledger, "loss-11") == (500, 0, 0)


def test_what_the_customer_asks_for_draws_on_the_share_put_aside(desk: Ledger):
    made = a_raise()
    asked = replace(
        made,
        is_asked_for=np.array([True]),
        context=replace(made.context, is_customer_initiated=True, asked_for="limit"),
    )
    assert the_limit(written(desk, asked)).pot == "requested"
    assert (stands(desk), stands(desk, pot="requested")) == ((0, 0, 0), (500_000, 0, 0))


def test_the_plans_that_are_shown_stand_side_by_side(ledger: Ledger):
    made = decided()
    shown = made.plans.term_months[made.plans.is_shown[0]].tolist()
    plans = [one for one in written(ledger, made) if one.kind == "plan"]
    assert [one.action_id for one in plans] == [f"PLAN-{months}" for months in shown]
    assert all(one.amount_amt == made.plans.amount_amt[0] and one.terms["payment_amt"] > 0 for one in plans)


def test_a_second_agent_finds_the_quote_of_the_first(desk: Ledger):
    first = the_limit(written(desk, a_raise(), "D1"))
    second = the_limit(written(desk, a_raise(), "D2"))
    assert second == first
    assert stands(desk) == (500_000, 0, 0)


def test_an_agent_who_would_quote_another_limit_decides_again(desk: Ledger):
    first = the_limit(written(desk, a_raise(), "D1"))
    other = a_raise(suggested_amt=np.array([500_000]))
    with pytest.raises(QuotedMeanwhile):
        written(desk, other, "D2")
    assert the_limit(written(desk, other, "D3", takes_any=True)) == first


def test_who_asks_for_another_limit_and_is_granted_it_has_that_one_in_its_place(desk: Ledger):
    the_limit(written(desk, a_raise(), "D1"))
    other = a_raise(suggested_amt=np.array([500_000]))
    context = replace(other.context, is_customer_initiated=True, asked_for="limit")
    asked = replace(other, is_asked_for=np.array([True]), context=context)
    assert the_limit(written(desk, asked, "D2")).amount_amt == 500_000
    assert (stands(desk), stands(desk, pot="requested")) == ((0, 0, 500_000), (400_000, 0, 0))


def test_where_the_budget_is_spent_nothing_is_quoted(ledger: Ledger):
    funded(ledger, 499_999)
    with pytest.raises(BudgetSpent) as told:
        written(ledger, a_raise())
    assert (told.value.budget_id, told.value.pot) == ("exposure-11", "proposed")
    with ledger.engine.connect() as connection:
        assert standing_quotes(connection, ["C0"], NOW) == []


def test_the_next_decision_knows_what_stands_and_what_is_spent(ledger: Ledger):
    funded(ledger, 600)
    quoted(ledger, a_quote(customer_id="C0"), 600)
    customers = some_customers({}, {})
    known, _ = with_promises(
        customers, a_state(customers, POLICY.decision.offers), promises_of(ledger, "C0", "C1"), POLICY.decision.offers
    )
    assert known.facts["standing_limit_quote_amt"].tolist()[0] == 600
    assert known.facts["standing_limit_quote_until_days"].tolist()[0] == 14
    assert np.isnan(known.facts["standing_limit_quote_amt"][1])
    # The budget is spent for whoever holds no quote: theirs is reserved.
    assert known.facts["is_raise_budget_spent"].tolist() == [0.0, 1.0]
    assert known.facts["is_request_share_spent"].tolist() == [0.0, 1.0]


def test_a_spent_budget_holds_what_the_bank_proposes_and_sends_requests_to_a_person():
    spent = some_customers(is_raise_budget_spent=1.0, is_request_share_spent=1.0)
    spent = replace(
        spent, facts=spent.facts | {name: np.ones(1) for name in ("is_raise_budget_spent", "is_request_share_spent")}
    )

    def hit(is_asked: bool) -> set[str]:
        context = a_context(is_customer_initiated=is_asked, asked_for="limit" if is_asked else "")
        limit = decided(spent, context=context).limit
        assert limit.suggested_amt[0] <= limit.current_amt[0]
        return {rule.rule_id for rule, is_hit in zip(limit.rules, limit.hits[0], strict=True) if is_hit}

    assert hit(is_asked=False) & {"BANK-BUDGET-LIMIT", "BANK-REQUEST-SHARE"} == {"BANK-BUDGET-LIMIT"}
    assert hit(is_asked=True) & {"BANK-BUDGET-LIMIT", "BANK-REQUEST-SHARE"} == {"BANK-REQUEST-SHARE"}


def test_an_adverse_fact_withdraws_the_quote_and_an_awkward_call_does_not(desk: Ledger):
    the_limit(written(desk, a_raise()))
    not_now = decided(some_customers(is_third_person_calling=1.0))
    written(desk, not_now, "D2")
    assert stands(desk) == (500_000, 0, 0)
    fraud = decided(some_customers(), has_open_fraud_case=True)
    written(desk, fraud, "D3")
    assert stands(desk) == (0, 0, 500_000)
    with desk.engine.connect() as connection:
        ended = the_limit(quotes_of_decision(connection, "D1"))
    assert (ended.status, ended.because) == ("withdrawn", "CN-AML-TIP")  # the first of the rules that forbid it


def test_what_the_catalogue_grants_comes_out_of_a_budget_of_the_year(ledger: Ledger):
    waiver = next(one for one in POLICY.catalogue.offers if one.budget is not None)
    assert waiver.budget is not None
    budget_id = f"{waiver.budget.budget_id}:2026"
    made = decided()
    rank = np.full_like(made.offers.rank, -1)
    rank[0, made.offers.offer_id.index(waiver.offer_id)] = 0
    shown = replace(made, offers=replace(made.offers, rank=rank))
    quote = next(one for one in written(ledger, shown) if one.kind == "offer")
    assert (quote.action_id, quote.amount_amt) == (waiver.offer_id, waiver.budget.grant_amt)
    assert stands(ledger, budget_id) == (waiver.budget.grant_amt, 0, 0)
    booked(ledger, quote.quote_id, quote.amount_amt, "outcome 1")
    assert stands(ledger, budget_id) == (0, waiver.budget.grant_amt, 0)


def test_a_pot_or_quota_with_too_little_left_takes_its_offer_away(ledger: Ledger):
    offers = POLICY.decision.offers
    funding = next(one for one in GRANTS.fundings.values() if one.kind == "money")
    propose_budget(ledger, replace(funding, amount_amt=0), "the year is over", "ada", NOW, None)
    customers = some_customers()
    _, state = with_promises(customers, a_state(customers, offers), promises_of(ledger), offers)
    spent = {
        offer_id for offer_id, is_spent in zip(offers.offer_id, state.is_grant_budget_spent[0], strict=True) if is_spent
    }
    assert spent == {
        one for one, uses in GRANTS.uses.items() if any(use.budget_id == funding.budget_id for use in uses)
    }
    made = decided(is_grant_budget_spent=True).offers
    rule = next(place for place, one in enumerate(made.rules) if one.rule_id == "BANK-BUDGET-OFFER")
    assert made.hits[0, :, rule].all() or made.hits[0, ~offers.serves, rule].all()


def test_the_primary_offer_spends_a_contact_and_its_cost_and_one_that_is_asked_for_spends_nothing(ledger: Ledger):
    funded(ledger, 10, "contacts-11", kind="contacts")
    funded(ledger, 10_000, "money-11", kind="money")
    made = decided()
    place = int(np.flatnonzero(made.offers.rank[0] == 0)[0])
    cost_amt = int(POLICY.decision.offers.cost_amt[place])
    written(ledger, made)
    assert cost_amt > 0
    assert (stands(ledger, "contacts-11"), stands(ledger, "money-11")) == ((0, 1, 0), (0, cost_amt, 0))
    context = replace(made.context, is_customer_initiated=True, asked_for="offer")
    written(ledger, replace(made, is_asked_for=np.array([True]), context=context), "D2")
    assert stands(ledger, "contacts-11") == (0, 1, 0)


@pytest.mark.parametrize("scarce", ["contacts", "money"])
def test_without_a_contact_or_the_cost_left_nothing_is_proposed_and_what_is_asked_for_stays(
    ledger: Ledger, scarce: str
):
    funded(ledger, 0, f"{scarce}-11", kind=scarce)
    offers, customers = POLICY.decision.offers, some_customers()
    _, state = with_promises(customers, a_state(customers, offers), promises_of(ledger), offers)
    assert state.is_contact_budget_spent[0].tolist() == (~offers.serves & (offers.cost_amt > 0)).tolist()

    def hit(**asked: Any) -> bool:
        made = decided(context=a_context(**asked), is_contact_budget_spent=True).offers
        rule = next(place for place, one in enumerate(made.rules) if one.rule_id == "BANK-BUDGET-CONTACT")
        return bool(made.hits[0, ~offers.serves, rule].any())

    assert hit()
    assert not hit(is_customer_initiated=True, asked_for="offer")


@pytest.mark.parametrize(
    ("time_zone", "begins"), [("Asia/Shanghai", "2025-12-31T16:00:00+00:00"), ("UTC", "2026-01-01T00:00:00+00:00")]
)
def test_the_year_of_a_pot_begins_where_the_bank_is(time_zone: str, begins: str):
    years = [one for one in grants_at(POLICY.catalogue, time_zone, NOW).fundings.values() if one.kind == "money"]
    assert {one.begins_at.isoformat() for one in years} == {begins}


def test_a_quota_of_a_month_ends_with_it():
    quotas = [one for one in GRANTS.fundings.values() if one.kind == "quota"]
    assert [(one.begins_at.isoformat(), one.ends_at.isoformat()) for one in quotas] == [
        ("2026-10-31T16:00:00+00:00", "2026-11-30T16:00:00+00:00")
    ]


def test_prices_follow_the_pace_of_their_own_budgets_alone(ledger: Ledger):
    propose_budget(ledger, Funding("loss-11", "loss", *MONTH, amount_amt=HUGE), "plan", "ada", NOW, None)
    prices = paced(
        Prices(loss_ratio=2.0, exposure_ratio=3.0, contact_amt=4.0), promises_of(ledger), POLICY.promises.pacing
    )
    assert prices.loss_ratio < 2.0  # nothing spent by the 23rd
    assert (prices.exposure_ratio, prices.contact_amt) == (3.0, 4.0)


def test_a_limit_that_was_booked_is_in_force_from_the_very_next_decision(ledger: Ledger):
    quoted(ledger, a_quote(customer_id="C0", amount_amt=700_000))
    booked(ledger, amount_amt=700_000, at=NOW)
    customers = some_customers({}, {})
    known, _ = with_promises(
        customers, a_state(customers, POLICY.decision.offers), promises_of(ledger, "C0", "C1"), POLICY.decision.offers
    )
    assert known.current_limit_amt.tolist() == [700_000, 0]


def test_a_limit_booked_for_some_days_leaves_the_line_as_it_is(ledger: Ledger):
    quoted(ledger, a_quote(customer_id="C0", amount_amt=700_000, action_id="TEMPORARY-30", slot="TEMPORARY"))
    booked(ledger, amount_amt=700_000, at=NOW)
    assert promises_of(ledger).booked == {}


def test_customer_and_agent_see_what_stands_and_no_budget(desk: Ledger):
    made = written(desk, a_raise())
    assert "pot" in quotes_view(made, "full")[0]
    assert set(quotes_view(made, "customer")[0]) == {"quote_id", "action_id", "amount_amt", "valid_until", "status"}
    assert "because" not in quotes_view(made, "agent")[0]
