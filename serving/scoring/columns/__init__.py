"""The values of the columns that rules may name: every customer-level one that is neither live state nor context."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.card_use.use import CardUse
from linewise.decisioning.affordability import AffordabilityPolicy
from linewise.decisioning.cells import Cells
from linewise.decisioning.columns import RULE_COLUMNS
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Context, Customers
from serving.scoring.columns.bank_wide import bank_columns
from serving.scoring.columns.card_use import card_use_columns
from serving.scoring.columns.consents import consent_columns
from serving.scoring.columns.contact import contact_columns
from serving.scoring.columns.credit_here import account_columns, component_columns, loan_columns, request_columns
from serving.scoring.columns.derived import CapPolicy, derived_columns
from serving.scoring.columns.lenders import income_columns, lender_columns
from serving.scoring.columns.people import clock_columns, person_columns
from serving.scoring.columns.request import cut_notice_columns, feature_age_days, request_facts
from serving.scoring.columns.statements import Grace, statement_columns
from serving.scoring.contacts import Contacts
from serving.scoring.reach import phones_of
from serving.scoring.sight import Sight

__all__ = ["ColumnTerms", "with_facts"]


@dataclass(frozen=True, slots=True)
class ColumnTerms:
    """What the policy says of how columns are made; amounts in minor units of the bank's currency."""

    affordability: AffordabilityPolicy
    annual_rate_ratio: float
    limit_step_amt: int
    caps: CapPolicy
    grace: Grace
    holidays: frozenset[date]


def with_facts(
    customers: Customers,
    sight: Sight,
    context: Context,
    contacts: Contacts,
    offers: Offers,
    cells: Cells,
    use: CardUse | None,
    terms: ColumnTerms,
) -> Customers:
    """The customers with every column of the register that their tables, features and contacts tell.

    What cannot be known is missing (NaN, None for a text): where a value is not there, and where the bank
    declares a table absent that the column needs.
    """
    statements = statement_columns(sight, terms.grace)
    columns = person_columns(sight)
    if context.needs_specialist:
        columns["is_vulnerable"] = np.ones(len(sight))
    columns |= consent_columns(sight, context.channel)
    columns |= income_columns(sight, terms.affordability.income_class_days) | lender_columns(sight)
    columns |= account_columns(sight) | component_columns(sight) | loan_columns(sight) | request_columns(sight)
    columns |= statements | bank_columns(sight) | cut_notice_columns(sight)
    columns |= {} if use is None else card_use_columns(use, sight)
    columns |= contact_columns(contacts, sight, offers, statements["last_cycle_end"])
    columns |= clock_columns(sight, phones_of(sight), terms.holidays)
    columns |= {
        "is_held_out": cells.is_held_out.astype(np.float64),
        "standing_cell": cells.cell.astype(object),
        "feature_age_days": feature_age_days(customers, sight),
        "is_willing_to_repay": np.full(len(sight), _flag(context.is_willing_to_repay)),
        "has_asked_for_human": np.full(len(sight), float(context.has_asked_for_human)),
    }
    columns |= request_facts(customers, columns, context, terms.limit_step_amt)
    columns |= derived_columns(customers, columns, terms.affordability, terms.caps, terms.annual_rate_ratio)
    columns["is_personalisation_off"] = np.maximum(
        columns["is_personalisation_off"], columns["has_withdrawn_profiling"]
    )
    return replace(customers, facts=_known(columns, sight))


def _flag(value: bool | None) -> float:
    return float("nan") if value is None else float(value)


@lru_cache(maxsize=16)
def _unknowable(absent: frozenset[str]) -> frozenset[str]:
    """The columns that cannot be known without these tables."""
    return frozenset(name for name, column in RULE_COLUMNS.items() if not absent.isdisjoint(column.needs))


def _known(columns: Mapping[str, NDArray[Any]], sight: Sight) -> dict[str, NDArray[Any]]:
    """The columns of the register alone, those of absent tables missing, in the order of their names."""
    unknowable, count = _unknowable(sight.facts.absent), len(sight)
    facts = {name: columns[name] for name in sorted(RULE_COLUMNS.keys() & columns.keys())}
    for name in unknowable & facts.keys():
        is_text = RULE_COLUMNS[name].kind == "text"
        facts[name] = np.full(count, None, dtype=object) if is_text else np.full(count, np.nan)
    return facts
