"""From look-ups to arrays: who the customers are and what is in force for them, as of what may be known."""

from collections.abc import Sequence

import numpy as np

from features.catalogue import FEATURE_NAMES
from features.online import OnlineRows
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Bools, Context, Customers, Floats, Ints, State
from serving.scoring.columns.consents import is_opted_out
from serving.scoring.columns.contact import offer_contacts
from serving.scoring.contacts import Contacts
from serving.scoring.sight import Sight, in_force

__all__ = ["customers_of", "state_of"]

FRAUD_CASES = ("fraud", "dispute", "lost_card")
HARDSHIP_CASES = ("hardship", "collections", "bereavement")


def _current_limit_amt(sight: Sight) -> Ints:
    """The special lines for instalments that the bank's books show, summed over accounts."""
    accounts = sight.facts.tables["accounts"].rows_of(sight.places)
    return np.asarray(accounts.total(np.nan_to_num(accounts["instalment_limit_amt"])), dtype=np.int64)


def customers_of(customer_ids: Sequence[str], rows: OnlineRows, sight: Sight) -> Customers:
    """The customers of a chunk, (n_customers,), with their features; what rules name beside them is added later."""
    return Customers(
        customer_id=np.array(customer_ids, dtype=np.str_),
        as_of=rows.as_of,
        currency=sight.facts.currency,
        feature_names=FEATURE_NAMES,
        features=rows.values,
        current_limit_amt=_current_limit_amt(sight),
    )


def _held_tiers(sight: Sight, offers: Offers) -> Floats:
    """The highest tier of each offer's group that the customer holds, (n_customers, n_offers), NaN if none."""
    held = in_force(sight.rows("holdings"), sight.at)
    tiers = np.full((len(sight), len(offers)), np.nan)
    for group in sorted(set(offers.group)):
        members = np.array([one == group for one in offers.group])
        tier_of = {offers.product[i]: float(offers.tier[i]) for i in np.flatnonzero(members)}
        tier = held.translated("product", tier_of)
        tiers[:, members] = held.most(tier)[:, None]
    return tiers


def state_of(sight: Sight, contacts: Contacts, offers: Offers, context: Context) -> State:
    """What is in force for the customers of a chunk.

    Holdings and cases count as they stood when the customer was last observed, so that a cut extract
    cannot leak what came later; contacts count up to the bank's present moment, in whatever channel.
    """
    cases = in_force(sight.rows("cases"), sight.at)

    def is_open(*kinds: str) -> Bools:
        return cases.only(cases.is_word("kind", *kinds)).any()

    refuses_all = np.zeros(len(sight), dtype=bool)
    refuses_all[contacts.owner[contacts.refuses_all]] = True
    return State(
        held_tier=_held_tiers(sight, offers),
        **offer_contacts(contacts, sight, offers),
        has_open_complaint=is_open("complaint"),
        has_open_fraud_case=is_open(*FRAUD_CASES),
        is_in_hardship=is_open(*HARDSHIP_CASES),
        is_opted_out=refuses_all | is_opted_out(sight.rows("contact_points"), context.channel),
    )
