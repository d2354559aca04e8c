"""Budgets as they stand: what there is of each scarce thing, what is promised of it, what is spent, what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, bindparam, select

from linewise.core.errors import UnknownBudget
from linewise.ledger.budget_tables import budgets, pots
from linewise.ledger.prepared import Spelled

__all__ = ["KINDS", "POTS", "PROPOSED", "REQUESTED", "Budget", "Kind", "Pot", "budgets_of", "read_budget"]

Kind = Literal["money", "contacts", "quota", "exposure", "loss", "capital"]
KINDS: tuple[Kind, ...] = get_args(Kind)

PROPOSED, REQUESTED = "proposed", "requested"
POTS = (PROPOSED, REQUESTED)
"""What the bank proposes draws on one part of a budget, what customers ask for on the other, put aside beforehand."""


@dataclass(frozen=True, slots=True)
class Pot:
    """One part of a budget, minor units or contacts: reserved at quotes, consumed at bookings, released at expiry.

    reserved_amt + consumed_amt never pass amount_amt; with released_amt they are all that was ever reserved.
    """

    amount_amt: int
    reserved_amt: int = 0
    consumed_amt: int = 0
    released_amt: int = 0

    @property
    def left_amt(self) -> int:
        """What may still be promised."""
        return self.amount_amt - self.reserved_amt - self.consumed_amt


@dataclass(frozen=True, slots=True)
class Budget:
    """So much of one scarce thing from begins_at until before ends_at; amounts in minor units, or a count.

    covers: what of the catalogue it pays for, empty where it counts all actions. proposal_id: the
    proposal whose amount is in force.
    """

    budget_id: str
    kind: Kind
    begins_at: datetime
    ends_at: datetime
    covers: str
    proposal_id: str
    proposed: Pot
    requested: Pot

    @property
    def amount_amt(self) -> int:
        """Both pots together."""
        return self.proposed.amount_amt + self.requested.amount_amt

    def pot(self, name: str) -> Pot:
        """The pot of that name, one of POTS."""
        return self.requested if name == REQUESTED else self.proposed

    def is_open(self, at: datetime) -> bool:
        """Whether something may be promised out of it at that moment."""
        return self.begins_at <= at < self.ends_at


def _query() -> Any:
    return select(budgets, *(pots.c[name] for name in ("pot", *Pot.__slots__))).join(
        pots, pots.c.budget_id == budgets.c.budget_id
    )


# Spelled once: a decision waits for it.
_OPEN_AT = Spelled(
    _query()
    .where(budgets.c.begins_at <= bindparam("at"), budgets.c.ends_at > bindparam("at"))
    .order_by(budgets.c.budget_id)
)


def _budgets(rows: Sequence[Row[Any]]) -> list[Budget]:
    found: dict[str, tuple[Row[Any], dict[str, Pot]]] = {}
    for row in rows:
        pot = Pot(row.amount_amt, row.reserved_amt, row.consumed_amt, row.released_amt)
        found.setdefault(row.budget_id, (row, {}))[1][row.pot] = pot
    return [
        Budget(
            row.budget_id, row.kind, row.begins_at, row.ends_at, row.covers, row.proposal_id,
            of[PROPOSED], of[REQUESTED],
        )
        for row, of in found.values()
    ]  # fmt: skip


def budgets_of(connection: Connection, at: datetime | None = None) -> list[Budget]:
    """The budgets that are open at that moment (None: every one), by id."""
    if at is not None:
        return _budgets(_OPEN_AT.rows(connection, {"at": at}))
    return _budgets(connection.execute(_query().order_by(budgets.c.budget_id)).all())


def read_budget(connection: Connection, budget_id: str) -> Budget:
    """One budget; raises UnknownBudget."""
    rows = connection.execute(_query().where(budgets.c.budget_id == budget_id)).all()
    if not rows:
        raise UnknownBudget(budget_id)
    return _budgets(rows)[0]
