"""Which budgets may be drawn on: those that are open, in production those that enough people signed for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from linewise.ledger.approvals import Needed
from linewise.ledger.budget_tables import budget_proposals
from linewise.ledger.budgets import Budget, budgets_of
from linewise.ledger.funding import Funding, lacks_of

__all__ = ["usable_budgets"]


def usable_budgets(
    connection: Connection, at: datetime, needed: Needed | None, by_release: Mapping[str, Funding]
) -> list[Budget]:
    """The budgets that are open, in production with nothing left where their amount is not signed for.

    by_release: what the release itself brings (the pots of its catalogue), signed with it. A row that somebody
    wrote past the commands is of no use: its amount counts only where enough people signed for so much.
    """
    found = budgets_of(connection, at)
    if needed is None:
        return found
    return [one if _is_signed(connection, one, needed, by_release) else _with_nothing_left(one) for one in found]


def _is_signed(connection: Connection, budget: Budget, needed: Needed, by_release: Mapping[str, Funding]) -> bool:
    brought = by_release.get(budget.budget_id)
    if brought is not None and brought.amount_amt >= budget.amount_amt:
        return True
    query = select(budget_proposals.c.proposal_id).where(
        budget_proposals.c.budget_id == budget.budget_id, budget_proposals.c.amount_amt >= budget.amount_amt
    )
    return any(not lacks_of(connection, one, needed) for one in connection.execute(query).scalars())


def _with_nothing_left(budget: Budget) -> Budget:
    proposed, requested = (
        replace(pot, amount_amt=pot.reserved_amt + pot.consumed_amt) for pot in (budget.proposed, budget.requested)
    )
    return replace(budget, proposed=proposed, requested=requested)
