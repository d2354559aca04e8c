"""One customer's features as a person reads them: each value with its unit and its meaning."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from features.catalogue import FEATURES, definitions_hash
from features.freshness import Freshness, freshness_of
from features.online import MATERIALISE_COMMAND, OnlineStore
from linewise.bank.tables import open_bank
from linewise.core.clock import as_utc
from linewise.core.errors import FeaturesMissing, UnknownCustomer
from linewise.core.home import Home

__all__ = ["CustomerFeatures", "ShownFeature", "show_customer"]


@dataclass(frozen=True, slots=True)
class ShownFeature:
    """One value; None where it is missing."""

    name: str
    value: float | int | None
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class CustomerFeatures:
    """What a decision would read of the customer now, and how old it is: whole days, and the word for them."""

    customer_id: str
    as_of: datetime
    age_days: int
    freshness: Freshness
    definitions_hash: str
    features: tuple[ShownFeature, ...]


def show_customer(home: Home, customer_id: str, now: datetime) -> CustomerFeatures:
    """The customer's row of the online store.

    Raises UnknownCustomer where the bank does not hold the customer, BankMissing, and FeaturesMissing where
    the store is not filled or holds no row of this customer.
    """
    if customer_id not in open_bank(home).read("customers", ["customer_id"])["customer_id"].to_pylist():
        raise UnknownCustomer(customer_id)
    row = OnlineStore(home).read([customer_id])
    if not row.found[0]:
        raise FeaturesMissing(f"The online store has no row of customer {customer_id!r}", MATERIALISE_COMMAND)
    as_of = row.as_of[0].astype(datetime).replace(tzinfo=UTC)
    return CustomerFeatures(
        customer_id=customer_id,
        as_of=as_of,
        age_days=(as_utc(now) - as_of).days,
        freshness=freshness_of(as_of, now),
        definitions_hash=definitions_hash(),
        features=tuple(
            ShownFeature(feature.name, _plain(value, feature.type == "integer"), feature.unit, feature.meaning)
            for feature, value in zip(FEATURES, row.values[0], strict=True)
        ),
    )


def _plain(value: np.float64, is_whole: bool) -> float | int | None:
    if np.isnan(value):
        return None
    return int(value) if is_whole else float(value)
