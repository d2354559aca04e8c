"""Everything known of some customers brought together for one decision: features, tables, contacts, cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from features.card_use.reading import read_card_use
from features.card_use.use import CardUse
from features.online import OnlineRows
from linewise.bank.tables import Bank
from linewise.core.clock import as_utc
from linewise.decisioning.cells import CellPolicy, cells_of
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Context, Customers, State
from linewise.ledger.contacts import contacts_of
from linewise.ledger.store import Ledger
from linewise.policy.policy import Policy
from serving.scoring.columns import ColumnTerms, with_facts
from serving.scoring.columns.derived import CapPolicy
from serving.scoring.columns.statements import Grace
from serving.scoring.contacts import contacts_seen
from serving.scoring.facts import BankFacts, read_bank_facts
from serving.scoring.sight import sight_of
from serving.scoring.state import customers_of, state_of

__all__ = ["Knowledge", "open_knowledge", "terms_of"]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a bank knows, opened once: its tables, the use of its cards, the ledger, and how columns are made."""

    facts: BankFacts
    use: CardUse | None
    ledger: Ledger
    offers: Offers
    terms: ColumnTerms
    cells: CellPolicy
    seed: int

    def of(self, customer_ids: Sequence[str], rows: OnlineRows, context: Context) -> tuple[Customers, State]:
        """The customers of a chunk and what is in force for them, as of the context's moment.

        Raises KeyError for a customer who is not in the bank.
        """
        sight = sight_of(self.facts, customer_ids, context.decided_at)
        told = contacts_of(self.ledger, customer_ids, context.decided_at)
        contacts = contacts_seen(customer_ids, sight, told, self.offers)
        customers = customers_of(customer_ids, rows, sight)
        cells = cells_of(customers.customer_id, self.cells, self.seed, as_utc(context.decided_at).year)
        customers = with_facts(customers, sight, context, contacts, self.offers, cells, self.use, self.terms)
        return customers, state_of(sight, contacts, self.offers, context)


def open_knowledge(
    bank: Bank, ledger: Ledger, policy: Policy, now: datetime, seed: int, among: tuple[str, str] | None = None
) -> Knowledge:
    """Read the loaded bank's tables, as they were known at that moment.

    among: of the customers from the first of these ids to the last alone, for a base too large to be kept whole.
    """
    facts = read_bank_facts(bank, among)
    use = read_card_use(bank, facts.roster.ids, facts.roster.observed_until, now)
    return Knowledge(facts, use, ledger, policy.decision.offers, terms_of(policy), policy.cells, seed)


def terms_of(policy: Policy) -> ColumnTerms:
    """What a policy says of how columns are made."""
    decision, terms = policy.decision, policy.terms
    return ColumnTerms(
        affordability=decision.affordability,
        annual_rate_ratio=decision.plan.annual_rate_ratio,
        limit_step_amt=decision.limit.step_amt,
        caps=CapPolicy(terms.own_total_cap_income_months, terms.all_credit_cap_income_months),
        grace=Grace(terms.grace_days, terms.grace_amt),
        holidays=terms.public_holidays,
    )
