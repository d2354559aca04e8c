"""What proposing an offer uses, whatever the customer answers: spent when it is shown, free where nobody said it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, select

from linewise.ledger.budget_tables import shown_uses
from linewise.ledger.budgets import PROPOSED
from linewise.ledger.insert_once import insert_once
from linewise.ledger.pots import Use, consume, give_back, reserve

__all__ = ["Showing", "spend_shown", "take_back_shown"]


@dataclass(frozen=True, slots=True)
class Showing:
    """An offer that a decision proposes to a customer on a day (UTC), and what that uses of each budget."""

    customer_id: str
    decision_id: str
    action_id: str
    shown_on: date
    uses: Sequence[Use]


def spend_shown(connection: Connection, showing: Showing) -> None:
    """Spend what showing it uses, inside the transaction of its decision; once a customer, offer and day.

    Raises BudgetSpent where a budget has not so much left; then the transaction must end, and nothing is shown.
    """
    of_showing = {name: getattr(showing, name) for name in ("customer_id", "decision_id", "action_id", "shown_on")}
    new = [
        use
        for use in showing.uses
        if insert_once(connection, shown_uses, of_showing | {"budget_id": use.budget_id, "used_amt": use.used_amt})
    ]
    reserve(connection, PROPOSED, new)
    consume(connection, PROPOSED, new)


def take_back_shown(connection: Connection, decision_id: str, action_id: str) -> None:
    """Free what this decision spent on showing an offer that the agent then did not put forward."""
    of_decision = (shown_uses.c.decision_id == decision_id, shown_uses.c.action_id == action_id)
    rows = connection.execute(select(shown_uses.c.budget_id, shown_uses.c.used_amt).where(*of_decision)).all()
    if rows:
        connection.execute(delete(shown_uses).where(*of_decision))
        give_back(connection, PROPOSED, [Use(row.budget_id, row.used_amt) for row in rows])
