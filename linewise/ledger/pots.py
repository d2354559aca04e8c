"""Moving amounts within a pot: each step is one statement that does all of it or nothing.

The condition stands in the statement itself, so that of two workers who ask for the last of a budget one gets it:
SQLite lets one write at a time, PostgreSQL locks the row and looks at it again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Connection, bindparam, update

from linewise.core.errors import BudgetSpent
from linewise.ledger.budget_tables import pots
from linewise.ledger.prepared import Spelled

__all__ = ["Use", "consume", "give_back", "release", "reserve", "resize"]


_USED = bindparam("used", type_=BigInteger())


def _moving(signs: Mapping[str, int], condition: ColumnElement[bool]) -> Spelled:
    """So much more or less of each of these of a pot, where it allows that."""
    statement = update(pots).where(
        pots.c.budget_id == bindparam("budget"), pots.c.pot == bindparam("of_pot"), condition
    )
    return Spelled(statement.values({name: pots.c[name] + sign * _USED for name, sign in signs.items()}))


# Spelled once: a decision waits for them.
_RESERVE = _moving({"reserved_amt": 1}, pots.c.reserved_amt + pots.c.consumed_amt + _USED <= pots.c.amount_amt)
_CONSUME = _moving({"reserved_amt": -1, "consumed_amt": 1}, pots.c.reserved_amt >= _USED)
_RELEASE = _moving({"reserved_amt": -1, "released_amt": 1}, pots.c.reserved_amt >= _USED)
_GIVE_BACK = _moving({"consumed_amt": -1, "released_amt": 1}, pots.c.consumed_amt >= _USED)


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a budget something takes, minor units or contacts."""

    budget_id: str
    used_amt: int


def reserve(connection: Connection, pot: str, uses: Sequence[Use]) -> None:
    """Promise these out of their budgets.

    Raises BudgetSpent, naming the first that has not so much left; the transaction around it must end then.
    """
    _move(connection, _RESERVE, pot, uses)


def consume(connection: Connection, pot: str, uses: Sequence[Use]) -> None:
    """What was reserved is spent."""
    _move(connection, _CONSUME, pot, uses)


def release(connection: Connection, pot: str, uses: Sequence[Use]) -> None:
    """What was reserved is free again, to the unit."""
    _move(connection, _RELEASE, pot, uses)


def give_back(connection: Connection, pot: str, uses: Sequence[Use]) -> None:
    """What was spent is free again, where the booking itself was taken back."""
    _move(connection, _GIVE_BACK, pot, uses)


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


def _move(connection: Connection, statement: Spelled, pot: str, uses: Sequence[Use]) -> None:
    # Always in one order, so that two workers never wait for each other's rows.
    for use in sorted((use for use in uses if use.used_amt), key=lambda use: use.budget_id):
        values = {"budget": use.budget_id, "of_pot": pot, "used": use.used_amt}
        if not statement.run(connection, values):
            raise BudgetSpent(use.budget_id, pot)
