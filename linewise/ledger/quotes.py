"""Quotes: what was promised stands until its date in every channel, and is reserved from the moment it is made."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, select, update

from linewise.core.actions import LIMIT_ACTION
from linewise.core.errors import UnknownQuote, UsageError
from linewise.ledger.budgets import PROPOSED
from linewise.ledger.insert_once import insert_once
from linewise.ledger.look_up import LookUp
from linewise.ledger.pots import Use, release, reserve
from linewise.ledger.prepared import Spelled
from linewise.ledger.quote_tables import STANDING, quote_uses, quoted_in, quotes
from linewise.ledger.store import Ledger

__all__ = [
    "Ending",
    "Quote",
    "QuoteKind",
    "end_quote",
    "for_less",
    "in_order",
    "make_quote",
    "prolong_quote",
    "quotes_of_decision",
    "read_quote",
    "release_expired",
    "revive_quote",
    "standing_quotes",
    "take_less",
    "uses_of",
]

QuoteKind = Literal["limit", "plan", "offer"]
Ending = Literal["expired", "withdrawn", "declined", "replaced"]

# Spelled once: a decision waits for them, and SQLAlchemy takes longer to spell one than SQLite to answer it.
_STANDING_OF = LookUp(
    select(quotes)
    .where(quotes.c.status == STANDING, quotes.c.valid_until >= bindparam("at"))
    .order_by(quotes.c.made_at, quotes.c.quote_id),
    quotes.c.customer_id,
)
_STANDING_IN = Spelled(
    select(quotes).where(
        quotes.c.customer_id == bindparam("customer"), quotes.c.slot == bindparam("slot"), quotes.c.status == STANDING
    )
)
_OF_DECISION = Spelled(
    select(quotes)
    .join(quoted_in, quoted_in.c.quote_id == quotes.c.quote_id)
    .where(quoted_in.c.decision_id == bindparam("decision"))
    .order_by(quotes.c.made_at, quotes.c.action_id)
)
_PAST = select(quotes).where(quotes.c.status == STANDING, quotes.c.valid_until < bindparam("at"))
_ANY_PAST, _PAST = Spelled(_PAST.limit(1)), _PAST.order_by(quotes.c.quote_id)


@dataclass(frozen=True, slots=True)
class Quote:
    """A promise to a customer: this amount, on these terms, until that date.

    amount_amt: minor units; of a limit the whole new one. slot: what there is one of at a time. pot: on which
    part of the budgets it draws. status: standing, booked, cancelled, expired, declined, withdrawn (a recorded
    adverse fact: `because`), replaced (another was taken in its place).
    """

    quote_id: str
    customer_id: str
    decision_id: str
    kind: QuoteKind
    action_id: str
    amount_amt: int
    made_at: datetime
    valid_until: datetime
    terms: Mapping[str, Any] = field(default_factory=dict)
    pot: str = PROPOSED
    slot: str = ""
    status: str = STANDING
    ended_at: datetime | None = None
    because: str = ""

    @property
    def answered_as(self) -> str:
        """The action under which the customer's answer to it is told: of any limit, for some days too, LIMIT."""
        return LIMIT_ACTION if self.kind == "limit" else self.action_id

    def says_the_same(self, other: "Quote") -> bool:
        """Whether both promise the customer the same thing; of a limit that is its amount, whatever stood before."""
        terms = self.kind == "limit" or self.terms == other.terms
        return (self.slot, self.amount_amt) == (other.slot, other.amount_amt) and terms


def make_quote(connection: Connection, quote: Quote, uses: Sequence[Use]) -> Quote:
    """Make a quote and reserve what it uses, inside the transaction of its decision; gives the one that stands.

    Where the customer holds a quote for the same already, of whichever agent, that one is given, nothing more
    is reserved, and the decision is kept beside it. Raises BudgetSpent where a budget has not so much left: then
    the transaction must end, and nothing is promised.
    """
    values = {name: getattr(quote, name) for name in Quote.__slots__}
    values |= {"terms": _text(quote.terms), "slot": quote.slot or quote.action_id}
    if not insert_once(connection, quotes, values):
        held = {"customer": quote.customer_id, "slot": values["slot"]}
        made = _quote(_STANDING_IN.rows(connection, held)[0])
    else:
        # As it will be read.
        made = replace(quote, slot=values["slot"], terms=json.loads(values["terms"]))
        reserve(connection, quote.pot, uses)
        for use in uses:
            row = {"quote_id": quote.quote_id, "budget_id": use.budget_id, "used_amt": use.used_amt}
            insert_once(connection, quote_uses, row)
    insert_once(connection, quoted_in, {"decision_id": quote.decision_id, "quote_id": made.quote_id})
    return made


def _text(terms: Mapping[str, Any]) -> str:
    return json.dumps(terms, ensure_ascii=False, sort_keys=True, allow_nan=False)


def _quote(row: Row[Any]) -> Quote:
    values = {name: getattr(row, name) for name in Quote.__slots__}
    return Quote(**values | {"terms": json.loads(row.terms)})


def read_quote(connection: Connection, quote_id: str, *, for_update: bool = False) -> Quote:
    """One quote, whatever became of it; raises UnknownQuote.

    for_update: nobody else changes it before this transaction ends.
    """
    query = select(quotes).where(quotes.c.quote_id == quote_id)
    row = connection.execute(query.with_for_update() if for_update else query).one_or_none()
    if row is None:
        raise UnknownQuote(quote_id)
    return _quote(row)


def standing_quotes(connection: Connection, customer_ids: Iterable[str], at: datetime) -> list[Quote]:
    """The quotes that these customers hold at that moment, in the order in which they were made."""
    return [_quote(row) for row in _STANDING_OF.rows(connection, list(customer_ids), at=at)]


def quotes_of_decision(connection: Connection, decision_id: str) -> list[Quote]:
    """The quotes that a decision made or found standing, as they are now."""
    return [_quote(row) for row in _OF_DECISION.rows(connection, {"decision": decision_id})]


def in_order(made: Iterable[Quote]) -> list[Quote]:
    """Quotes of a decision in the order in which `quotes_of_decision` reads them."""
    return sorted(made, key=lambda one: (one.made_at, one.action_id))


def uses_of(connection: Connection, quote_id: str) -> list[Use]:
    """What a quote reserved, by budget."""
    query = select(quote_uses.c.budget_id, quote_uses.c.used_amt).where(quote_uses.c.quote_id == quote_id)
    return [Use(row.budget_id, row.used_amt) for row in connection.execute(query.order_by(quote_uses.c.budget_id))]


def end_quote(connection: Connection, quote: Quote, how: Ending, because: str, at: datetime) -> bool:
    """End a standing quote without a booking and give back what it reserved; False where it had ended before."""
    standing = update(quotes).where(quotes.c.quote_id == quote.quote_id, quotes.c.status == STANDING)
    if not connection.execute(standing.values(status=how, because=because, ended_at=at)).rowcount:
        return False
    release(connection, quote.pot, uses_of(connection, quote.quote_id))
    return True


def for_less(quote: Quote, amount_amt: int) -> Quote:
    """The quote of a limit as it stands for a customer who takes less of the raise; what was quoted stays in its terms.

    Raises UsageError for what is no raise, or more than was quoted.
    """
    if amount_amt == quote.amount_amt:
        return quote
    current_amt = quote.terms.get("current_amt")
    if quote.kind != "limit" or current_amt is None or not current_amt < amount_amt <= quote.amount_amt:
        raise UsageError(
            f"{amount_amt} minor units cannot be taken upon the quote {quote.quote_id} of {quote.action_id}.",
            f"More than the limit of today, and at most {quote.amount_amt}, was expected.",
        )
    quoted_amt = quote.terms.get("quoted_amt", quote.amount_amt)
    terms = {**quote.terms, "exposure_amt": amount_amt - current_amt, "quoted_amt": quoted_amt}
    return replace(quote, amount_amt=amount_amt, terms=terms)


def take_less(connection: Connection, quote: Quote, amount_amt: int) -> Quote:
    """Let the quote of a limit stand for less, and give back what that leaves of its budgets; gives it as it then is.

    Inside a transaction that holds the right to write. What is kept of a budget is the share of the raise that is
    taken, rounded up: of exposure that is what is taken to the unit, of loss and capital a proportion, for their curve
    is the decision's and not the quote's. Raises UsageError as `for_less`.
    """
    less = for_less(quote, amount_amt)
    if less is quote:
        return quote
    whole, taken = (one.amount_amt - int(quote.terms["current_amt"]) for one in (quote, less))
    uses = uses_of(connection, quote.quote_id)
    kept = [Use(one.budget_id, -(-one.used_amt * taken // whole)) for one in uses]
    changed = {"amount_amt": less.amount_amt, "terms": _text(less.terms)}
    connection.execute(update(quotes).where(quotes.c.quote_id == quote.quote_id).values(**changed))
    for one in kept:
        of_budget = (quote_uses.c.quote_id == quote.quote_id, quote_uses.c.budget_id == one.budget_id)
        connection.execute(update(quote_uses).where(*of_budget).values(used_amt=one.used_amt))
    if quote.status == STANDING:
        left = [Use(one.budget_id, one.used_amt - now.used_amt) for one, now in zip(uses, kept, strict=True)]
        release(connection, quote.pot, left)
    return less


def revive_quote(connection: Connection, quote: Quote) -> Quote:
    """Let a quote that the customer had declined stand again, and reserve for it anew; gives it as it now is.

    Where another stands in its place meanwhile, it stays as it is. Raises BudgetSpent.
    """
    other = select(quotes.c.quote_id).where(
        quotes.c.customer_id == quote.customer_id, quotes.c.slot == quote.slot, quotes.c.status == STANDING
    )
    if connection.execute(other).first() is not None:
        return quote
    declined = update(quotes).where(quotes.c.quote_id == quote.quote_id, quotes.c.status == "declined")
    if connection.execute(declined.values(status=STANDING, because="", ended_at=None)).rowcount:
        reserve(connection, quote.pot, uses_of(connection, quote.quote_id))
    return read_quote(connection, quote.quote_id)


def prolong_quote(connection: Connection, quote: Quote, until: datetime) -> None:
    """Let a standing quote stand until a later date; never until an earlier one."""
    later = update(quotes).where(
        quotes.c.quote_id == quote.quote_id, quotes.c.status == STANDING, quotes.c.valid_until < until
    )
    connection.execute(later.values(valid_until=until))


def release_expired(ledger: Ledger, at: datetime) -> int:
    """Give back what quotes past their date had reserved; gives how many there were."""
    with ledger.reading() as connection:
        if not _ANY_PAST.rows(connection, {"at": at}):
            return 0
    with ledger.writing() as connection:
        past = [_quote(row) for row in connection.execute(_PAST, {"at": at}).all()]
        return sum(end_quote(connection, one, "expired", "", at) for one in past)
