"""What a campaign will cost is reserved while it lives, and free again to the unit."""

from datetime import UTC, datetime

import pytest

from linewise.core.errors import BudgetSpent
from linewise.ledger.budgets import read_budget
from linewise.ledger.campaign_funding import funding_of_campaign, release_funding, reserve_funding
from linewise.ledger.store import Ledger
from tests.linewise.ledger.promises import funded

AT = datetime(2026, 11, 2, tzinfo=UTC)


def reserved(ledger: Ledger, budget_id: str = "cards") -> int:
    with ledger.engine.connect() as connection:
        return read_budget(connection, budget_id).proposed.reserved_amt


def test_a_campaign_planned_anew_reserves_in_the_place_of_before(ledger: Ledger) -> None:
    funded(ledger, 1_000, "cards", kind="money")
    reserve_funding(ledger, {"SPRING": {"cards": 700}}, AT)
    reserve_funding(ledger, {"SPRING": {"cards": 900}}, AT)
    assert reserved(ledger) == 900
    with ledger.engine.connect() as connection:
        assert funding_of_campaign(connection, "SPRING") == {"cards": 900}


def test_what_another_campaign_has_reserved_is_not_there(ledger: Ledger) -> None:
    funded(ledger, 1_000, "cards", kind="money")
    reserve_funding(ledger, {"SPRING": {"cards": 700}}, AT)
    with pytest.raises(BudgetSpent):
        reserve_funding(ledger, {"SUMMER": {"cards": 301}}, AT)
    assert reserved(ledger) == 700
    reserve_funding(ledger, {"SUMMER": {"cards": 300}}, AT)
    assert reserved(ledger) == 1_000


def test_too_much_leaves_the_former_plan_its_money(ledger: Ledger) -> None:
    funded(ledger, 1_000, "cards", kind="money")
    reserve_funding(ledger, {"SPRING": {"cards": 700}}, AT)
    with pytest.raises(BudgetSpent):
        reserve_funding(ledger, {"SPRING": {"cards": 1_001}}, AT)
    with ledger.engine.connect() as connection:
        assert funding_of_campaign(connection, "SPRING") == {"cards": 700}


def test_a_campaign_that_is_stopped_gives_everything_back(ledger: Ledger) -> None:
    funded(ledger, 1_000, "cards", kind="money")
    reserve_funding(ledger, {"SPRING": {"cards": 700}}, AT)
    with ledger.writing() as connection:
        release_funding(connection, "SPRING")
        release_funding(connection, "SPRING")
    assert reserved(ledger) == 0


def test_of_campaigns_planned_together_all_are_funded_or_none(ledger: Ledger) -> None:
    funded(ledger, 1_000, "cards", kind="money")
    reserve_funding(ledger, {"SPRING": {"cards": 200}}, AT)
    with pytest.raises(BudgetSpent):
        reserve_funding(ledger, {"SPRING": {"cards": 600}, "SUMMER": {"cards": 401}}, AT)
    with ledger.engine.connect() as connection:
        assert [funding_of_campaign(connection, one) for one in ("SPRING", "SUMMER")] == [{"cards": 200}, {}]
    reserve_funding(ledger, {"SPRING": {"cards": 600}, "SUMMER": {"cards": 400}}, AT)
    with ledger.engine.connect() as connection:
        assert [funding_of_campaign(connection, one) for one in ("SPRING", "SUMMER")] == [
            {"cards": 600},
            {"cards": 400},
        ]
