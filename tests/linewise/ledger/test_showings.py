"""An offer that is shown spends its contact and its cost: once a day, within the budget, not where it went unsaid."""

from dataclasses import replace
from datetime import timedelta

import pytest

from linewise.core.errors import BudgetSpent
from linewise.ledger.pots import Use
from linewise.ledger.showings import Showing, spend_shown, take_back_shown
from linewise.ledger.store import Ledger
from tests.linewise.ledger.promises import NOW, funded, stands

GOLD = Showing("C1", "D1", "CARD_GOLD", NOW.date(), [Use("contacts-11", 1), Use("money-11", 75)])


@pytest.fixture
def open_ones(ledger: Ledger) -> Ledger:
    funded(ledger, 2, "contacts-11", kind="contacts")
    funded(ledger, 1_000, "money-11", kind="money")
    return ledger


def shown(ledger: Ledger, showing: Showing = GOLD) -> None:
    with ledger.writing() as connection:
        spend_shown(connection, showing)


def test_showing_spends_a_contact_and_the_cost_once_a_day(open_ones: Ledger):
    shown(open_ones)
    shown(open_ones, replace(GOLD, decision_id="D2"))
    assert (stands(open_ones, "contacts-11"), stands(open_ones, "money-11")) == ((0, 1, 0), (0, 75, 0))
    shown(open_ones, replace(GOLD, decision_id="D3", shown_on=GOLD.shown_on + timedelta(days=1)))
    assert (stands(open_ones, "contacts-11"), stands(open_ones, "money-11")) == ((0, 2, 0), (0, 150, 0))


def test_where_one_budget_is_spent_nothing_is_spent_of_the_other(open_ones: Ledger):
    for number in (1, 2):
        shown(open_ones, replace(GOLD, customer_id=f"C{number}"))
    with pytest.raises(BudgetSpent, match="contacts-11"):
        shown(open_ones, replace(GOLD, customer_id="C3"))
    assert (stands(open_ones, "contacts-11"), stands(open_ones, "money-11")) == ((0, 2, 0), (0, 150, 0))


def test_what_an_agent_did_not_put_forward_is_free_again_once(open_ones: Ledger):
    shown(open_ones)
    for decision_id in ("D2", "D1", "D1"):
        with open_ones.writing() as connection:
            take_back_shown(connection, decision_id, "CARD_GOLD")
    assert (stands(open_ones, "contacts-11"), stands(open_ones, "money-11")) == ((0, 0, 1), (0, 0, 75))
    shown(open_ones)
    assert stands(open_ones, "contacts-11") == (0, 1, 1)
