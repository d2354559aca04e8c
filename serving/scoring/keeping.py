"""What a customer's answer does to the quote that it answers: an order binds it, a refusal ends it."""

from datetime import datetime

from linewise.core.clock import as_utc
from linewise.core.errors import QuoteEnded
from linewise.ledger.bookings import book, cancel_booking
from linewise.ledger.outcomes import Outcome
from linewise.ledger.quote_tables import STANDING
from linewise.ledger.quotes import Quote, end_quote, prolong_quote, quotes_of_decision, revive_quote
from linewise.ledger.showings import take_back_shown
from linewise.ledger.within import Transaction
from linewise.policy.promises import PromisePolicy

__all__ = ["enforce_still_stands", "keep_quotes", "quote_of"]

TAKEN = frozenset({"accepted", "ordered"})
UNTAKEN = frozenset({"declined", "cancelled_in_cooling_off"})


def quote_of(connection: Transaction, decision_id: str, action_id: str) -> Quote | None:
    """The quote that an answer to an action of a decision is about; None where nothing was quoted."""
    of_action = [one for one in quotes_of_decision(connection, decision_id) if one.answered_as == action_id]
    # The one that stands where there is one, else the latest.
    return max(of_action, key=lambda one: (one.status == STANDING, one.made_at), default=None)


def enforce_still_stands(connection: Transaction, decision_id: str, action_id: str, at: datetime) -> None:
    """Raise QuoteEnded where the customer takes what was quoted once and is promised no more."""
    quote = quote_of(connection, decision_id, action_id)
    if quote is None or quote.status in {"booked", "cancelled"}:
        return
    is_past = as_utc(at) > quote.valid_until
    if is_past or quote.status not in {STANDING, "declined"}:
        what = f"stood until {quote.valid_until.isoformat()}" if is_past else f"is {quote.status}"
        raise QuoteEnded(
            f"The quote {quote.quote_id} of {action_id} {what}.",
            "A quote that stands was expected.",
            "Ask for a new decision.",
        )


def keep_quotes(connection: Transaction, outcome: Outcome, outcome_id: str, policy: PromisePolicy) -> None:
    """Bring the quote of an action to what became of it, in the transaction of the outcome.

    What is granted is booked when it is taken; an order of a limit or a plan prolongs its quote until the core system
    has booked it. A refusal ends it, and so does an agent's not putting it forward, where no other decision made it:
    that took no contact either. Who changes their mind by its date has it again. What is refused or cancelled after
    it was booked is free again.
    Raises BudgetSpent where what was given back went to others meanwhile.
    """
    if outcome.outcome == "not_pitched":
        take_back_shown(connection, outcome.decision_id, outcome.offer_id)
    quote = quote_of(connection, outcome.decision_id, outcome.offer_id)
    if quote is None:
        return
    at = as_utc(outcome.occurred_at)
    if outcome.outcome in TAKEN and quote.status == "declined":
        quote = revive_quote(connection, quote)
    is_standing = quote.status == STANDING
    if outcome.outcome in TAKEN and is_standing:
        if quote.kind == "offer":
            book(connection, quote.quote_id, quote.amount_amt, at, f"outcome {outcome_id}", outcome.recorded_at)
        elif outcome.outcome == "ordered":
            prolong_quote(connection, quote, at + policy.order_valid)
    elif outcome.outcome in UNTAKEN and quote.status == "booked" and _may_take_back(quote, outcome):
        cancel_booking(connection, quote.quote_id, f"outcome {outcome_id}: {outcome.outcome}", at)
    elif outcome.outcome == "declined" and is_standing:
        end_quote(connection, quote, "declined", f"outcome {outcome_id}", at)
    elif outcome.outcome == "not_pitched" and is_standing and quote.decision_id == outcome.decision_id:
        end_quote(connection, quote, "declined", f"outcome {outcome_id}: not pitched", at)


def _may_take_back(quote: Quote, outcome: Outcome) -> bool:
    # What the core system booked, only it takes back, unless the customer cancels in time.
    return quote.kind == "offer" or outcome.outcome == "cancelled_in_cooling_off"
