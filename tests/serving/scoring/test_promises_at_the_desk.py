"""Decisions of a whole home: quotes are found standing, spent budgets are heeded, and all of it replays."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from linewise.core.errors import PolicyInvalid, UnknownBudget
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.budgets import read_budget
from linewise.ledger.by_release import made_by
from linewise.ledger.funding import Funding, propose_budget
from linewise.ledger.store import open_ledger
from serving.scoring.grants import grants_at
from serving.scoring.opening import open_recommender
from serving.scoring.promises import enforce_heeded
from serving.scoring.recommender import Recommender
from serving.scoring.replay import replay
from tests.serving.scoring.former_release import a_home_beside

AGENTS = 4


@pytest.fixture(scope="module")
def home_beside(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return a_home_beside(served_home, tmp_path_factory.mktemp("promises") / "home")


@pytest.fixture(scope="module")
def desk(home_beside: Home) -> Recommender:
    return open_recommender(load_settings(home=home_beside.root, language="en"))


@pytest.fixture(scope="module")
def granted(desk: Recommender) -> str:
    """A customer whom a pot of the catalogue grants something."""
    grants = grants_at(desk.policy.catalogue, desk.bank.manifest.time_zone, desk.clock.now())
    for customer_id in desk.customer_ids():
        answer = desk.decide_one(customer_id, "voice")
        if {one["offer_id"] for one in answer["offers"]} & set(grants.grant_amt):
            return customer_id
    raise AssertionError("nobody is granted anything")


def test_agents_who_decide_at_once_on_one_customer_carry_the_same_quotes(desk: Recommender, granted: str):
    with ThreadPoolExecutor(AGENTS) as pool:
        answers = list(pool.map(lambda _: desk.decide_one(granted, "voice"), range(AGENTS)))
    quotes = {tuple(sorted(one.quote_id for one in desk.quotes_of(answer["decision_id"]))) for answer in answers}
    assert len(quotes) == 1
    assert quotes != {()}


def test_a_spent_pot_takes_its_offer_away_and_everything_replays(home_beside: Home, desk: Recommender, granted: str):
    grants = grants_at(desk.policy.catalogue, desk.bank.manifest.time_zone, desk.clock.now())
    other = next(one for one in reversed(desk.customer_ids()) if _grants(desk.decide_one(one, "branch"), grants))
    ledger = open_ledger(home_beside)
    for quote in desk.quotes_of(desk.decide_one(other, "branch")["decision_id"]):
        desk.record_outcome(quote.decision_id, quote.action_id, "declined", "no_need", call_id="over")
    for funding in grants.fundings.values():
        if funding.kind == "money":
            used = sum(_used(ledger, funding.budget_id))
            propose_budget(ledger, replace(funding, amount_amt=used), "the year is over", "ada", desk.clock.now(), None)
    third = next(one for one in desk.customer_ids() if one not in (granted, other))
    refused = desk.decide_one(third, "voice")
    assert not _grants(refused, grants)
    assert "BANK-BUDGET-OFFER" in {one["rule_id"] for one in refused["not_offered"]}
    # Who holds a quote is not told that the pot is spent: theirs is reserved.
    assert _grants(desk.decide_one(granted, "voice"), grants)
    report = replay(home_beside, ledger, made_by(ledger, None, 40))
    assert [one.differences for one in report.of("differs")] == []
    assert len(report.of("identical")) == len(report.replayed)
    ledger.close()


def test_no_more_is_proposed_than_there_are_contacts_and_everything_replays(home_beside: Home, desk: Recommender):
    ledger, now = open_ledger(home_beside), desk.clock.now()
    month = {"begins_at": now - timedelta(days=1), "ends_at": now + timedelta(days=30)}
    propose_budget(ledger, Funding("contacts", "contacts", amount_amt=3, **month), "a test", "ada", now, None)
    answers = [desk.decide_one(customer_id, "voice") for customer_id in desk.customer_ids()[:30]]
    with_offers = [bool(answer["offers"]) for answer in answers]
    assert sum(with_offers) == _used(ledger, "contacts")[1] == 3
    assert "BANK-BUDGET-CONTACT" in {one["rule_id"] for answer in answers for one in answer["not_offered"]}
    report = replay(home_beside, ledger, made_by(ledger, None, 30))
    assert len(report.of("identical")) == len(report.replayed)
    ledger.close()


def _grants(answer: dict, grants) -> set[str]:
    return {one["offer_id"] for one in answer["offers"]} & set(grants.grant_amt)


def _used(ledger, budget_id: str) -> tuple[int, int]:
    with ledger.engine.connect() as connection:
        try:
            pot = read_budget(connection, budget_id).proposed
        except UnknownBudget:
            return 0, 0
    return pot.reserved_amt, pot.consumed_amt


def test_a_policy_without_the_rules_of_budgets_is_named_and_nothing_is_promised():
    enforce_heeded(("loss-11", "proposed"), set())
    with pytest.raises(PolicyInvalid, match=r"bank_budgets\.yaml"):
        enforce_heeded(("loss-11", "proposed"), {("loss-11", "proposed")})
