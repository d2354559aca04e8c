"""The quotes for what an answer shows: a higher limit, plans, what is granted; and what ends a quote that stood."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from linewise.core.actions import LIMIT_ACTION, TEMPORARY_LIMIT, plan_action
from linewise.core.clock import as_utc
from linewise.decisioning.raises import used_by_raises
from linewise.decisioning.rule import Rule
from linewise.decisioning.types import Decisions
from linewise.ledger.budgets import PROPOSED, REQUESTED
from linewise.ledger.funding import is_as_brought, open_by_release
from linewise.ledger.pots import Use
from linewise.ledger.quotes import Ending, Quote, QuoteKind, end_quote, in_order, make_quote
from linewise.ledger.showings import Showing, spend_shown
from linewise.ledger.within import Transaction
from linewise.policy.promises import PromisePolicy
from serving.scoring.promises import Promises

__all__ = ["Quoted", "QuotedMeanwhile", "Quoting", "quotes_view"]


class QuotedMeanwhile(Exception):
    """Another agent quoted the customer something else while this was decided: decide again, on what now stands."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote on its way into the ledger, and what it uses."""

    quote: Quote
    uses: Sequence[Use]


@dataclass(frozen=True, slots=True)
class Quoting:
    """What one decision promises, and which promises it ends: how, and because of what."""

    quoted: Sequence[Quoted]
    ended: Sequence[tuple[Quote, Ending, str]]
    showing: Showing | None
    promises: Promises
    release_id: str

    @classmethod
    def of(
        cls,
        decisions: Decisions,
        row: int,
        decision_id: str,
        promises: Promises,
        policy: PromisePolicy,
        release_id: str,
    ) -> "Quoting":
        """For one customer of the chunk."""
        one = _One(decisions, row, decision_id, promises, policy)
        quoted = [*one.limit(), *one.plans(), *one.offers()]
        return cls(quoted, list(one.ended()), one.showing(), promises, release_id)

    def write(self, connection: Transaction, *, takes_any: bool = False) -> list[Quote]:
        """Beside the record of the decision, in its transaction; gives the quotes that `quotes_of_decision` reads then.

        Raises BudgetSpent where a budget has not enough left, and QuotedMeanwhile where another quote stands than
        this decision would make (unless it `takes_any`): then nothing is written, and it is to be decided again.
        """
        for quote, how, because in self.ended:
            end_quote(connection, quote, how, because, self.promises.at)
        standing: dict[str, Quote] = {}
        for one in self.quoted:
            for use in one.uses:
                self._open_where_brought(connection, use.budget_id)
            made = make_quote(connection, one.quote, one.uses)
            if not (takes_any or made.says_the_same(one.quote)):
                raise QuotedMeanwhile
            standing[made.quote_id] = made
        if self.showing is not None:
            spend_shown(connection, self.showing)
        return in_order(standing.values())

    def _open_where_brought(self, connection: Transaction, budget_id: str) -> None:
        """Open a budget that the release brings, where the decision has not found it as it brings it."""
        funding = self.promises.grants.fundings.get(budget_id)
        if funding is None:
            return
        found = next((one for one in self.promises.budgets if one.budget_id == budget_id), None)
        if found is None or not is_as_brought(found, funding):
            open_by_release(connection, funding, self.release_id)


@dataclass(frozen=True, slots=True)
class _One:
    decisions: Decisions
    row: int
    decision_id: str
    promises: Promises
    policy: PromisePolicy

    def _quoted(
        self,
        kind: QuoteKind,
        action_id: str,
        amount_amt: int,
        terms: dict[str, Any],
        uses: Sequence[Use],
        slot: str = "",
    ) -> Quoted:
        at = as_utc(self.decisions.context.decided_at)
        is_asked = bool(self.decisions.asks_for(kind)[self.row])
        slot = slot or action_id
        quote = Quote(
            quote_id=str(uuid5(NAMESPACE_URL, f"linewise:{self.decision_id}:quote:{slot}")),
            customer_id=str(self.decisions.customers.customer_id[self.row]),
            decision_id=self.decision_id,
            kind=kind,
            action_id=action_id,
            amount_amt=amount_amt,
            made_at=at,
            valid_until=at + self.policy.quote_valid[kind],
            terms=terms,
            pot=REQUESTED if is_asked and kind == "limit" else PROPOSED,
            slot=slot,
        )
        return Quoted(quote, uses)

    def limit(self) -> Iterator[Quoted]:
        """The raise that is suggested, or is granted for a time, with what it uses of exposure, loss and capital."""
        limit, row, context = self.decisions.limit, self.row, self.decisions.context
        suggested, current = int(limit.suggested_amt[row]), int(limit.current_amt[row])
        temporary = int(limit.temporary_amt[row])
        if temporary > current:
            uses = [
                Use(one.budget_id, temporary - current)
                for one in self.promises.raise_budgets()
                if one.kind == "exposure"
            ]
            terms = {"current_amt": current, "exposure_amt": temporary - current, "days": context.asked_days}
            action_id = f"{TEMPORARY_LIMIT}-{context.asked_days}"
            yield self._quoted("limit", action_id, temporary, terms, uses, TEMPORARY_LIMIT)
        if suggested <= current:
            return
        at = int((limit.candidate_amt[row] == suggested).argmax())
        used = used_by_raises(limit)
        uses = [Use(one.budget_id, int(used[one.kind][row, at])) for one in self.promises.raise_budgets()]
        terms = {"current_amt": current, "exposure_amt": suggested - current}
        yield self._quoted("limit", LIMIT_ACTION, suggested, terms, uses)

    def plans(self) -> Iterator[Quoted]:
        """Each plan that is shown: it lends what the limit allows already, so no budget is reserved for it."""
        plans, row = self.decisions.plans, self.row
        amount, kind = int(plans.amount_amt[row]), str(plans.kind[row])
        for column in np.flatnonzero(plans.is_shown[row]).tolist():
            action_id = plan_action(int(plans.term_months[column]))
            terms = {
                "kind": kind,
                "term_months": int(plans.term_months[column]),
                "payment_amt": int(plans.payment_amt[row, column]),
                "total_cost_amt": int(plans.total_cost_amt[row, column]),
                "annualised_rate_ratio": float(plans.annualised_rate_ratio[row, column]),
            }
            yield self._quoted("plan", action_id, amount, terms, [], f"{action_id}:{kind}:{amount}")

    def offers(self) -> Iterator[Quoted]:
        """Each offer that is shown and given out of a pot or a quota."""
        offers, row = self.decisions.offers, self.row
        for column in np.flatnonzero(offers.rank[row] >= 0).tolist():
            offer_id = offers.offer_id[column]
            uses = self.promises.grants.uses.get(offer_id, ())
            if uses:
                yield self._quoted("offer", offer_id, self.promises.grants.grant_amt.get(offer_id, 1), {}, uses)

    def showing(self) -> Showing | None:
        """What proposing the primary offer uses, as the portfolio counts it; None where the customer asks for one."""
        offers, row = self.decisions.offers, self.row
        primary = np.flatnonzero(offers.rank[row] == 0)
        if not len(primary) or self.decisions.asks_for("offer")[row]:
            return None
        offer_id = offers.offer_id[int(primary[0])]
        customer_id = str(self.decisions.customers.customer_id[row])
        shown_on = as_utc(self.decisions.context.decided_at).date()
        return Showing(customer_id, self.decision_id, offer_id, shown_on, self.promises.uses_of_showing(offer_id))

    def ended(self) -> Iterator[tuple[Quote, Ending, str]]:
        """A limit quoted before, where a fact recorded since forbids the credit: a BLOCK at the stage suitability.

        What only keeps it off the screen in this call (who calls, how, how often) leaves the promise where it is.
        Who asks for another limit and is granted it has that one in its place.
        """
        standing = self.promises.limit_quote(str(self.decisions.customers.customer_id[self.row]))
        if standing is None:
            return
        limit = self.decisions.limit
        rules: list[Rule] = [limit.rules[place] for place in np.flatnonzero(limit.hits[self.row]).tolist()]
        against = [rule.rule_id for rule in rules if rule.stage == "suitability" and rule.effect == "BLOCK"]
        suggested = int(limit.suggested_amt[self.row])
        is_another = suggested not in (standing.amount_amt, int(limit.current_amt[self.row]))
        if against:
            yield standing, "withdrawn", against[0]
        elif is_another and bool(self.decisions.asks_for("limit")[self.row]):
            yield standing, "replaced", f"asked for another limit in {self.decision_id}"


SEEN: dict[str, tuple[str, ...]] = {
    "customer": ("quote_id", "action_id", "amount_amt", "valid_until", "status"),
    "agent": ("quote_id", "kind", "action_id", "amount_amt", "valid_until", "status", "terms"),
}


def quotes_view(quotes: Sequence[Quote], view: str) -> list[dict[str, Any]]:
    """The quotes of a decision as a door shows them: customer and agent learn what stands until when."""
    every = [
        {
            "quote_id": one.quote_id,
            "kind": one.kind,
            "action_id": one.action_id,
            "amount_amt": one.amount_amt,
            "valid_until": _text(one.valid_until),
            "status": one.status,
            "terms": dict(one.terms),
            "decision_id": one.decision_id,
            "made_at": _text(one.made_at),
            "pot": one.pot,
            "because": one.because,
        }
        for one in quotes
    ]
    kept = SEEN.get(view)
    return every if kept is None else [{name: one[name] for name in kept} for one in every]


def _text(moment: datetime) -> str:
    return moment.isoformat()
