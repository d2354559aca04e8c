"""What is promised, left and kept apart, as a decision sees it: quotes, spent budgets, paced prices, controls."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import prod
from typing import Any

import numpy as np

from linewise.core.actions import LIMIT_ACTION
from linewise.core.errors import PolicyInvalid
from linewise.core.moments import microseconds
from linewise.decisioning.offers import Offers
from linewise.decisioning.prices import PRICE_OF, Prices
from linewise.decisioning.types import Bools, Customers, Ints, State
from linewise.ledger.approvals import Needed
from linewise.ledger.bookings import Booking, booked_limits
from linewise.ledger.budgets import PROPOSED, REQUESTED, Budget, Kind
from linewise.ledger.pacing import PacingPolicy, pace_of
from linewise.ledger.pots import Use
from linewise.ledger.quotes import Quote, standing_quotes
from linewise.ledger.store import Ledger
from linewise.ledger.usable_budgets import usable_budgets
from serving.scoring.grants import Grants
from serving.scoring.held import NOBODY_HELD, Held, read_held, with_held

__all__ = ["RAISE_KINDS", "Promises", "enforce_heeded", "paced", "read_promises", "with_promises"]

RAISE_KINDS: tuple[Kind, ...] = ("exposure", "loss", "capital")
"""The kinds of budget that a raise draws on, in the order in which arrays hold them."""

DAY = timedelta(days=1)

BOOKS_BEHIND = timedelta(days=400)
"""How far the bank's tables may lie behind what was booked."""


@dataclass(frozen=True, slots=True)
class Promises:
    """At one moment: the quotes that stand by customer, the budgets that are open, what the catalogue grants.

    booked: the limit that was booked last, by customer. found_spent: budgets that had not enough left when a
    quote was to be made, each with the pot. second_amt: what a second of an agent's time costs now, minor units.
    held: whom live campaigns keep in their controls.
    """

    at: datetime
    quotes: Mapping[str, Sequence[Quote]]
    budgets: Sequence[Budget]
    grants: Grants
    booked: Mapping[str, Booking] = field(default_factory=dict)
    found_spent: Collection[tuple[str, str]] = frozenset()
    second_amt: float = 0.0
    held: Held = NOBODY_HELD

    def limit_quote(self, customer_id: str) -> Quote | None:
        """The limit that the customer was quoted and may still take."""
        return next((one for one in self.quotes.get(customer_id, ()) if one.slot == LIMIT_ACTION), None)

    def raise_budgets(self) -> list[Budget]:
        """The budgets that a raise draws on."""
        return [one for one in self.budgets if one.kind in RAISE_KINDS and not one.covers]

    def uses_of_showing(self, offer_id: str) -> list[Use]:
        """What proposing an offer takes of the budgets of contacts and of money for all actions; help takes nothing."""
        if offer_id not in self.grants.cost_amt:
            return []
        used = {"contacts": 1, "money": self.grants.cost_amt[offer_id]}
        return [Use(one.budget_id, used[one.kind]) for one in self.budgets if one.kind in used and not one.covers]

    def is_spent(self, pot: str) -> bool:
        """Whether a pot of a budget for raises has nothing left."""
        return any(
            one.pot(pot).left_amt <= 0 or (one.budget_id, pot) in self.found_spent for one in self.raise_budgets()
        )


def read_promises(
    ledger: Ledger,
    customer_ids: Sequence[str],
    at: datetime,
    grants: Grants,
    needed: Needed | None,
    found_spent: Collection[tuple[str, str]] = frozenset(),
    apart_from: Collection[str] = (),
) -> Promises:
    """What stands for these customers, and what is left, in one look.

    needed: whose signatures budgets need; apart_from: campaigns whose controls do not count.
    """
    by_customer: defaultdict[str, list[Quote]] = defaultdict(list)
    with ledger.reading() as connection:
        budgets = usable_budgets(connection, at, needed, grants.fundings)
        for quote in standing_quotes(connection, customer_ids, at):
            by_customer[quote.customer_id].append(quote)
        booked = booked_limits(connection, customer_ids, at - BOOKS_BEHIND)
        held = read_held(connection, customer_ids, at, apart_from)
    return Promises(at, by_customer, budgets, grants, booked, found_spent, held=held)


def with_promises(customers: Customers, state: State, promises: Promises, offers: Offers) -> tuple[Customers, State]:
    """The customers with their standing quotes and what is spent, (n_customers,); the state with what is spent or held.

    A limit that was booked after the customer was last observed is the one in force. Who holds a quote is not told
    that the budget is spent: theirs is reserved.
    """
    customers, state = with_held(customers, state, promises.held, offers)
    amount, until = np.full((2, len(customers)), np.nan)
    for row, customer_id in _rows_of(customers, promises.quotes):
        quote = promises.limit_quote(customer_id)
        if quote is not None:
            amount[row], until[row] = float(quote.amount_amt), (quote.valid_until - promises.at) / DAY
    has_quote = ~np.isnan(amount)
    facts = {
        "standing_limit_quote_amt": amount,
        "standing_limit_quote_until_days": until,
        "is_raise_budget_spent": np.where(has_quote, 0.0, float(promises.is_spent(PROPOSED))),
        "is_request_share_spent": np.where(has_quote, 0.0, float(promises.is_spent(REQUESTED))),
    }
    return (
        replace(
            customers,
            current_limit_amt=_limits_in_force(customers, promises),
            facts={**customers.facts, **facts},
        ),
        replace(
            state,
            is_grant_budget_spent=_spent_grants(customers, promises, offers),
            is_contact_budget_spent=np.broadcast_to(_cannot_be_shown(promises, offers), (len(customers), len(offers))),
        ),
    )


def _rows_of(customers: Customers, told: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Place and id of those of whom something is told, few of a base; whoever has no entry is not asked for."""
    if not told:
        return
    for row, customer_id in enumerate(customers.customer_id.tolist()):
        if customer_id in told:
            yield row, customer_id


def _limits_in_force(customers: Customers, promises: Promises) -> Ints:
    current = customers.current_limit_amt.copy()
    for row, customer_id in _rows_of(customers, promises.booked):
        booking = promises.booked[customer_id]
        if microseconds(booking.booked_at) > customers.as_of[row].astype(np.int64):
            current[row] = booking.amount_amt
    return current


def _cannot_be_shown(promises: Promises, offers: Offers) -> Bools:
    """The offers for which no contact, or not the cost, is left to propose one more, (n_offers,)."""
    left = {one.budget_id: one.proposed.left_amt for one in promises.budgets}
    return np.array(
        [
            any(
                left[use.budget_id] < use.used_amt or (use.budget_id, PROPOSED) in promises.found_spent
                for use in promises.uses_of_showing(offer_id)
            )
            for offer_id in offers.offer_id
        ],
        dtype=bool,
    )


def _spent_grants(customers: Customers, promises: Promises, offers: Offers) -> Bools:
    left = {one.budget_id: one.proposed.left_amt for one in promises.budgets}
    left = {name: funding.amount_amt for name, funding in promises.grants.fundings.items()} | left
    spent = np.array(
        [
            any(
                left.get(use.budget_id, 0) < use.used_amt or (use.budget_id, PROPOSED) in promises.found_spent
                for use in promises.grants.uses.get(offer_id, ())
            )
            for offer_id in offers.offer_id
        ],
        dtype=bool,
    )
    spent_of_all = np.broadcast_to(spent, (len(customers), len(offers))).copy()
    for row, customer_id in _rows_of(customers, promises.quotes):
        for quote in promises.quotes[customer_id]:
            if quote.kind == "offer" and quote.action_id in offers.offer_id:
                spent_of_all[row, offers.offer_id.index(quote.action_id)] = False
    return spent_of_all


def enforce_heeded(spent: tuple[str, str], found_spent: Collection[tuple[str, str]]) -> None:
    """Raise PolicyInvalid where a decision would promise out of a budget that it was told is spent."""
    if spent in found_spent:
        raise PolicyInvalid(
            f"The budget {spent[0]!r} is spent, and no rule in force keeps the decision from promising out of it.",
            "The rules BANK-BUDGET-* and BANK-REQUEST-SHARE of the pack 'bank' were expected.",
            "Copy rules/bank_budgets.yaml of the standard policy, and name the pack 'bank' in the setting 'packs'.",
        )


def paced(prices: Prices, promises: Promises, policy: PacingPolicy) -> Prices:
    """The prices of the release, each by how far its budgets are ahead of their plan, or behind it.

    Of several budgets of one kind, every one that counts all actions has its say. A second of an agent costs no less
    than those who wait for one.
    """
    factor = {
        kind: prod(
            pace_of(one, promises.at, policy).multiplier
            for one in promises.budgets
            if one.kind == kind and not one.covers
        )
        for kind in PRICE_OF
    }
    now = {name: getattr(prices, name) * factor[kind] for kind, name in PRICE_OF.items()}
    now["second_amt"] = max(now["second_amt"], promises.second_amt)
    return replace(prices, **now)
