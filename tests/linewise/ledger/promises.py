"""Budgets and quotes with short defaults, in a ledger."""

from datetime import UTC, datetime, timedelta
from typing import Any

from linewise.ledger.bookings import Booking, book
from linewise.ledger.budgets import Budget, read_budget
from linewise.ledger.funding import Funding, propose_budget
from linewise.ledger.pots import Use
from linewise.ledger.quotes import Quote, make_quote, read_quote
from linewise.ledger.store import Ledger

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MONTH = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


def funded(ledger: Ledger, amount_amt: int = 1_000, budget_id: str = "exposure-11", **changes: Any) -> str:
    """A budget of this month that is in force."""
    given: dict[str, Any] = {"kind": "exposure", "begins_at": MONTH[0], "ends_at": MONTH[1]} | changes
    propose_budget(ledger, Funding(budget_id, amount_amt=amount_amt, **given), "the plan", "ada", NOW, None)
    return budget_id


def a_quote(quote_id: str = "Q1", customer_id: str = "C1", **changes: Any) -> Quote:
    """A raise to 600, quoted by decision D1 for two weeks."""
    given: dict[str, Any] = {
        "decision_id": f"D-{quote_id}",
        "kind": "limit",
        "action_id": "LIMIT",
        "amount_amt": 600,
        "made_at": NOW,
        "valid_until": NOW + timedelta(days=14),
        "terms": {"exposure_amt": 600},
    }
    return Quote(quote_id, customer_id, **given | changes)


def quoted(ledger: Ledger, quote: Quote, used_amt: int = 0, budget_id: str = "exposure-11") -> Quote:
    """A quote made in a transaction of its own, that uses so much of the budget."""
    uses = [Use(budget_id, used_amt)] if used_amt else []
    with ledger.writing() as connection:
        return make_quote(connection, quote, uses)


def booked(
    ledger: Ledger, quote_id: str = "Q1", amount_amt: int = 600, reference: str = "core-1", at: datetime = NOW
) -> tuple[Booking, bool]:
    """A booking in a transaction of its own, told when it happened."""
    with ledger.writing() as connection:
        return book(connection, quote_id, amount_amt, at, reference, at)


def stands(ledger: Ledger, budget_id: str = "exposure-11", pot: str = "proposed") -> tuple[int, int, int]:
    """What of a pot is reserved, consumed and released."""
    found = budget(ledger, budget_id).pot(pot)
    return found.reserved_amt, found.consumed_amt, found.released_amt


def budget(ledger: Ledger, budget_id: str = "exposure-11") -> Budget:
    with ledger.engine.connect() as connection:
        return read_budget(connection, budget_id)


def status_of(ledger: Ledger, quote_id: str = "Q1") -> str:
    with ledger.engine.connect() as connection:
        return read_quote(connection, quote_id).status
