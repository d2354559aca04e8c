"""Moving amounts within a pot: each step is one statement that does all of it or nothing.

The condition stands in the statement itself, so that of two workers who ask for the last of a budget one gets it:
SQLite lets one write at a time, PostgreSQL locks the row and looks at it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, update

from linewise.core.errors import BudgetSpent
from linewise.ledger.budget_tables import pots

__all__ = ["Use", "consume", "give_back", "release", "reserve", "resize"]


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a budget something takes, minor units or contacts."""

    budget_id: str
    used_amt: int


def reserve(connection: Connection, pot: str, uses: Sequence[Use]) -> None:
    """Promise these out of their budgets.

    Raises BudgetSpent, naming the first that has not so much left; the transaction around it must end then.
    """
    for use in _in_order(uses):
        spoken_for = pots.c.reserved_amt + pots.c.consumed_amt + use.used_amt
        _move(connection, pot, use, {"reserved_amt": 1}, spoken_for <= pots.c.amount_amt)


def consume(connection: Connection, pot: str, uses: Sequence[Use]) -> None:
    """What was reserved is spent."""
    _shift(connection, pot, uses, "reserved_amt", "consumed_amt")


def release(connection: Connection, pot: str, uses: Sequence[Use]) -> None:
    """What was reserved is free again, to the unit."""
    _shift(connection, pot, uses, "reserved_amt", "released_amt")


def give_back(connection: Connection, pot: str, uses: Sequence[Use]) -> None:
    """What was spent is free again, where the booking itself was taken back."""
    _shift(connection, pot, uses, "consumed_amt", "released_amt")


def resize(connection: Connection, budget_id: str, pot: str, amount_amt: int) -> bool:
    """Another amount for a pot; whether it is no less than what is promised and spent of it already."""
    changed = connection.execute(
        update(pots)
        .where(
            pots.c.budget_id == budget_id,
            pots.c.pot == pot,
            pots.c.reserved_amt + pots.c.consumed_amt <= amount_amt,
        )
        .values(amount_amt=amount_amt)
    )
    return bool(changed.rowcount)


def _in_order(uses: Sequence[Use]) -> list[Use]:
    # Always in one order, so that two workers never wait for each other's rows.
    return sorted((use for use in uses if use.used_amt), key=lambda use: use.budget_id)


def _shift(connection: Connection, pot: str, uses: Sequence[Use], source: str, target: str) -> None:
    for use in _in_order(uses):
        _move(connection, pot, use, {source: -1, target: 1}, pots.c[source] >= use.used_amt)


def _move(connection: Connection, pot: str, use: Use, signs: dict[str, int], condition: ColumnElement[bool]) -> None:
    statement = update(pots).where(pots.c.budget_id == use.budget_id, pots.c.pot == pot, condition)
    values = {name: pots.c[name] + sign * use.used_amt for name, sign in signs.items()}
    if not connection.execute(statement.values(values)).rowcount:
        raise BudgetSpent(use.budget_id, pot)
