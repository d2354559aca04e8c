"""What a campaign will cost, reserved out of budgets of money while it lives, so that no other spends it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from linewise.ledger.budget_tables import budgets
from linewise.ledger.budgets import PROPOSED
from linewise.ledger.campaign_funding_tables import campaign_funding
from linewise.ledger.pots import Use, release, reserve
from linewise.ledger.store import Ledger

__all__ = ["funding_of_campaign", "release_funding", "reserve_funding"]


def reserve_funding(ledger: Ledger, amounts_of: Mapping[str, Mapping[str, int]], at: datetime) -> None:
    """By campaign, reserve so much of each budget, minor units, in the place of what it had reserved before.

    Raises BudgetSpent where one has not so much left; then everything stands as it was, for all of the campaigns.
    """
    with ledger.writing() as connection:
        for campaign_id in amounts_of:
            release_funding(connection, campaign_id)
        for campaign_id, amounts in amounts_of.items():
            reserve(connection, PROPOSED, [Use(budget_id, amount) for budget_id, amount in amounts.items()])
            rows = [
                {"campaign_id": campaign_id, "budget_id": budget_id, "reserved_amt": amount, "reserved_at": at}
                for budget_id, amount in amounts.items()
            ]
            if rows:
                connection.execute(insert(campaign_funding), rows)


def release_funding(connection: Connection, campaign_id: str) -> None:
    """What the campaign had reserved is free again, to the unit: it is planned anew, or was stopped."""
    release(connection, PROPOSED, [Use(*one) for one in funding_of_campaign(connection, campaign_id).items()])
    connection.execute(delete(campaign_funding).where(campaign_funding.c.campaign_id == campaign_id))


def funding_of_campaign(connection: Connection, campaign_id: str) -> dict[str, int]:
    """What a campaign has reserved, by budget."""
    table = campaign_funding.c
    # A budget that was taken away since has nothing that could be given back.
    query = (
        select(table.budget_id, table.reserved_amt)
        .join(budgets, budgets.c.budget_id == table.budget_id)
        .where(table.campaign_id == campaign_id)
        .order_by(table.budget_id)
    )
    return {budget_id: int(amount) for budget_id, amount in connection.execute(query)}
