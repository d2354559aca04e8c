"""The gates: every rule is evaluated for every candidate and every hit is kept: why-not is complete."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.offers import Offers
from linewise.decisioning.rule import CandidateKind, Hits, Rule
from linewise.decisioning.types import Context, Customers, State

__all__ = ["COLUMNS", "OFFER_COLUMNS", "Hits", "Rule", "Rules", "customer_columns", "offer_columns"]

COLUMNS: Mapping[str, str] = {
    # What a rule may name of a customer beside the features; the meaning is shown to policy authors.
    "current_limit_amt": "the limit in force, minor units",
    "is_student": "1 where the bank knows the customer to be a student",
    "is_staff": "1 for the bank's own people",
    "is_vulnerable": "1 while a vulnerability marker is in force",
    "contact_point_changed_days": "days since a contact point or device last changed",
    "has_open_complaint": "1 while a complaint is open",
    "has_open_fraud_case": "1 while a fraud, dispute or lost-card case is open",
    "is_in_hardship": "1 while hardship, collections or a bereavement is open",
    "is_opted_out": "1 where the customer refuses marketing in this channel",
    "is_identity_verified": "1 where the caller's identity was verified",
    "channel": "the channel of the request",
}

OFFER_COLUMNS: Mapping[str, str] = {
    "offer_tier": "the rank of the offered product in its group",
    "offer_minimum_age_years": "youngest age the product is meant for",
    "offer_maximum_age_years": "oldest age the product is meant for",
    "offer_minimum_income_amt": "monthly income the product asks for, minor units",
    "offer_annual_fee_amt": "the product's yearly fee, minor units",
    "held_tier": "the highest tier of the offer's group that the customer holds; missing if none",
    "days_since_declined": "days since the customer declined this offer",
    "days_since_group_declined": "days since the customer declined an offer of the same group",
}


class Rules(Protocol):
    """A compiled rule pack."""

    def evaluate(self, applies_to: CandidateKind, columns: Mapping[str, NDArray[Any]]) -> Hits:
        """All rules of that kind over columns of equal length, with SQL's NULL logic; NaN is NULL."""


def customer_columns(customers: Customers, state: State, context: Context) -> dict[str, NDArray[Any]]:
    """What a rule may name of a customer, each (n_customers,)."""
    missing = np.full(len(customers), np.nan)
    columns: dict[str, NDArray[Any]] = {
        name: customers.features[:, i] for i, name in enumerate(customers.feature_names)
    }
    facts = ("is_student", "is_staff", "is_vulnerable", "contact_point_changed_days")
    columns |= {name: customers.facts.get(name, missing) for name in facts}
    columns |= {
        "current_limit_amt": customers.current_limit_amt.astype(np.float64),
        "has_open_complaint": state.has_open_complaint.astype(np.float64),
        "has_open_fraud_case": state.has_open_fraud_case.astype(np.float64),
        "is_in_hardship": state.is_in_hardship.astype(np.float64),
        "is_opted_out": state.is_opted_out.astype(np.float64),
        "is_identity_verified": np.full(len(customers), float(context.is_identity_verified)),
        "channel": np.full(len(customers), context.channel),
    }
    return columns


def offer_columns(customers: Customers, state: State, context: Context, offers: Offers) -> dict[str, NDArray[Any]]:
    """What a rule may name of a pair, each (n_customers * n_offers,), customers outermost."""
    shape = (len(customers), len(offers))
    pairs = {
        name: np.repeat(column, len(offers)) for name, column in customer_columns(customers, state, context).items()
    }
    of_offer = {
        "offer_tier": offers.tier,
        "offer_minimum_age_years": offers.minimum_age_years,
        "offer_maximum_age_years": offers.maximum_age_years,
        "offer_minimum_income_amt": offers.minimum_income_amt,
        "offer_annual_fee_amt": offers.annual_fee_amt,
    }
    pairs |= {name: np.broadcast_to(column.astype(np.float64), shape).ravel() for name, column in of_offer.items()}
    pairs |= {
        "held_tier": state.held_tier.ravel(),
        "days_since_declined": state.days_since_declined.ravel(),
        "days_since_group_declined": state.days_since_group_declined.ravel(),
    }
    return pairs
