"""A budget is opened, raised and lowered by people; of its two pots nothing more is promised than there is."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from linewise.core.errors import ApprovalMissing, BudgetSpent, Conflict, UnknownBudget, UsageError
from linewise.ledger.budget_tables import pots
from linewise.ledger.budgets import budgets_of
from linewise.ledger.funding import RAISING, Funding, approve_budget, open_by_release, propose_budget
from linewise.ledger.signing import PersonKey
from linewise.ledger.store import Ledger
from linewise.ledger.usable_budgets import usable_budgets
from tests.linewise.ledger.promises import MONTH, NOW, a_quote, budget, funded, quoted, stands
from tests.linewise.ledger.signers import a_cast

A_MONTH = Funding("exposure-11", "exposure", *MONTH, amount_amt=1_000)


@pytest.fixture
def keys(ledger: Ledger, tmp_path: Path) -> dict[str, PersonKey]:
    return a_cast(ledger, tmp_path)


def left(ledger: Ledger) -> int:
    with ledger.engine.connect() as connection:
        return usable_budgets(connection, NOW, RAISING, {})[0].proposed.left_amt


def test_outside_production_a_budget_is_in_force_at_once(ledger: Ledger):
    assert propose_budget(ledger, A_MONTH, "the plan", "ada", NOW, None) == ("exposure-11#1", "")
    assert budget(ledger).amount_amt == 1_000


def test_the_share_for_what_customers_ask_for_is_put_aside_to_the_unit(ledger: Ledger):
    funded(ledger, 1_001, request_share_ratio=0.3)
    assert (budget(ledger).proposed.amount_amt, budget(ledger).requested.amount_amt) == (701, 300)


@given(amount_amt=st.integers(0, (1 << 53) - 1), share=st.floats(0, 1))
def test_the_two_pots_are_always_the_whole(amount_amt: int, share: float):
    parts = replace(A_MONTH, amount_amt=amount_amt, request_share_ratio=share).pot_amt
    assert sum(parts.values()) == amount_amt
    assert all(part >= 0 for part in parts.values())


def test_in_production_a_budget_needs_two_other_people(ledger: Ledger, keys: dict[str, PersonKey]):
    proposal_id, lacks = propose_budget(ledger, A_MONTH, "the plan", keys["ada"], NOW, RAISING)
    assert lacks == "0 of 2 people have approved it as policy_approver or supervisor"
    with ledger.engine.connect() as connection:
        assert budgets_of(connection) == []
    with pytest.raises(ApprovalMissing, match=r"ada cannot approve exposure-11#1: ada made the budget"):
        approve_budget(ledger, proposal_id, keys["ada"], "I like it", NOW, RAISING)
    _, lacks = approve_budget(ledger, proposal_id, keys["bo"], "read", NOW, RAISING)
    assert lacks.startswith("1 of 2")
    _, lacks = approve_budget(ledger, proposal_id, keys["sue"], "read", NOW, RAISING)
    assert (lacks, left(ledger)) == ("", 1_000)


def test_a_name_alone_asks_for_no_budget_in_production(ledger: Ledger):
    with pytest.raises(ApprovalMissing, match="by name alone"):
        propose_budget(ledger, A_MONTH, "the plan", "ada", NOW, RAISING)


def test_lowering_needs_nobody_else_and_raising_again_does(ledger: Ledger, keys: dict[str, PersonKey]):
    proposal_id, _ = propose_budget(ledger, A_MONTH, "the plan", keys["ada"], NOW, RAISING)
    for name in ("bo", "sue"):
        approve_budget(ledger, proposal_id, keys[name], "read", NOW, RAISING)
    _, lacks = propose_budget(ledger, replace(A_MONTH, amount_amt=400), "less", keys["ada"], NOW, RAISING)
    assert (lacks, left(ledger)) == ("", 400)
    _, lacks = propose_budget(ledger, replace(A_MONTH, amount_amt=900), "more", keys["ada"], NOW, RAISING)
    assert (lacks[:6], left(ledger)) == ("0 of 2", 400)


def test_an_amount_that_nobody_signed_for_is_of_no_use(ledger: Ledger, keys: dict[str, PersonKey]):
    proposal_id, _ = propose_budget(ledger, A_MONTH, "the plan", keys["ada"], NOW, RAISING)
    for name in ("bo", "sue"):
        approve_budget(ledger, proposal_id, keys[name], "read", NOW, RAISING)
    with ledger.writing() as connection:
        connection.execute(update(pots).where(pots.c.pot == "proposed").values(amount_amt=10_000))
    assert left(ledger) == 0


def test_an_approval_of_an_amount_that_was_asked_for_anew_is_refused(ledger: Ledger, keys: dict[str, PersonKey]):
    first, _ = propose_budget(ledger, A_MONTH, "the plan", keys["ada"], NOW, RAISING)
    propose_budget(ledger, replace(A_MONTH, amount_amt=9_000), "more", keys["ada"], NOW, RAISING)
    with pytest.raises(Conflict, match="exposure-11#2"):
        approve_budget(ledger, first, keys["bo"], "read", NOW, RAISING)
    with pytest.raises(UnknownBudget, match="'none#1'"):
        approve_budget(ledger, "none#1", keys["bo"], "read", NOW, RAISING)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"budget_id": " "}, "no name"),
        ({"budget_id": "x" * 49}, "no name"),
        ({"kind": "luck"}, "'luck'"),
        ({"amount_amt": -1}, "-1"),
        ({"amount_amt": 1 << 53}, "9007199254740992"),
        ({"request_share_ratio": 1.5}, "1.5"),
        ({"request_share_ratio": float("nan")}, "nan"),
        ({"ends_at": MONTH[0]}, "end at"),
    ],
)
def test_what_cannot_be_a_budget_is_refused(ledger: Ledger, changes: dict[str, object], said: str):
    with pytest.raises(UsageError, match=said):
        propose_budget(ledger, replace(A_MONTH, **changes), "the plan", "ada", NOW, None)


def test_a_budget_stays_one_of_its_kind_and_time(ledger: Ledger):
    funded(ledger)
    with pytest.raises(Conflict, match="Only its amount"):
        funded(ledger, kind="loss")
    with pytest.raises(Conflict, match="Only its amount"):
        funded(ledger, ends_at=MONTH[1] + timedelta(days=1))


def test_a_budget_is_not_lowered_below_what_was_promised_of_it(ledger: Ledger):
    funded(ledger)
    quoted(ledger, a_quote(), 600)
    with pytest.raises(Conflict, match="At least 600"):
        funded(ledger, 599)
    funded(ledger, 600)
    assert budget(ledger).proposed.left_amt == 0


def test_an_empty_budget_promises_nothing(ledger: Ledger):
    funded(ledger, 0)
    with pytest.raises(BudgetSpent, match="exposure-11"):
        quoted(ledger, a_quote(), 1)


def test_a_release_brings_budgets_of_its_own_and_changes_their_amount(ledger: Ledger):
    goodwill = Funding("goodwill:2026", "money", *MONTH, amount_amt=500, covers="goodwill")
    for amount_amt, left_amt in ((500, 200), (800, 500), (100, 0), (400, 100)):
        with ledger.writing() as connection:
            open_by_release(connection, replace(goodwill, amount_amt=amount_amt), "r1")
        if amount_amt == 500:
            quoted(ledger, a_quote(), 300, "goodwill:2026")
        assert budget(ledger, "goodwill:2026").proposed.left_amt == (left_amt if amount_amt != 500 else 200)
    assert stands(ledger, "goodwill:2026") == (300, 0, 0)


def test_the_database_itself_refuses_to_promise_more_than_there_is(ledger: Ledger):
    funded(ledger)
    with pytest.raises(IntegrityError), ledger.writing() as connection:
        connection.execute(update(pots).values(reserved_amt=1_001))
