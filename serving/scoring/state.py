"""From look-ups to arrays: who the customers are and what is in force for them, as of what may be known."""

from collections.abc import Sequence
from functools import lru_cache

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


def _line_in_force(rows: OnlineRows) -> Ints:
    """The open credit lines together, (n_customers,), as they stood at the features' date; 0 where there is none.

    By the feature and not by the accounts, which tell of the end of the extract: a past date is decided on the
    line of then, and the models learnt on the same one.
    """
    line = rows.values[:, FEATURE_NAMES.index("credit_limit_amt")]
    return np.rint(np.nan_to_num(line)).astype(np.int64)


def customers_of(customer_ids: Sequence[str], rows: OnlineRows, sight: Sight) -> Customers:
    """The customers of a chunk, (n_customers,), with their features; what rules name beside them is added later."""
    return Customers(
        customer_id=np.array(customer_ids, dtype=np.str_),
        as_of=rows.as_of,
        currency=sight.facts.currency,
        feature_names=FEATURE_NAMES,
        features=rows.values,
        current_limit_amt=_line_in_force(rows),
    )


@lru_cache(maxsize=16)
def _tiers_by_group(offers: Offers) -> tuple[tuple[Bools, dict[str, float]], ...]:
    """Of each group of offers which ones are in it, (n_offers,), and the tier of each of its products."""
    found = []
    for group in dict.fromkeys(offers.group):
        members = np.array([one == group for one in offers.group])
        products = {offers.product[i]: float(offers.tier[i]) for i in np.flatnonzero(members) if offers.product[i]}
        found.append((members, products))
    return tuple(found)


def _held_tiers(sight: Sight, offers: Offers) -> Floats:
    """The highest tier of each offer's group that the customer holds, (n_customers, n_offers), NaN if none."""
    held = in_force(sight.rows("holdings"), sight.at)
    tiers = np.full((len(sight), len(offers)), np.nan)
    if not len(held.owner):
        return tiers
    known = held.table.words["product"]
    for members, products in _tiers_by_group(offers):
        if not known.keys().isdisjoint(products):
            tiers[:, members] = held.most(held.translated("product", products))[:, None]
    return tiers


def state_of(sight: Sight, contacts: Contacts, offers: Offers, context: Context) -> State:
    """What is in force for the customers of a chunk.

    Holdings and cases count as they stood when the customer was last observed, so that a cut extract
    cannot leak what came later; contacts count up to the bank's present moment, in whatever channel. What is reported
    in this very call is a case before anybody has opened one.
    """
    cases = in_force(sight.rows("cases"), sight.at).by_word("kind")
    refuses_all = np.zeros(len(sight), dtype=bool)
    refuses_all[contacts.owner[contacts.refuses_all]] = True
    return State(
        held_tier=_held_tiers(sight, offers),
        **offer_contacts(contacts, sight, offers),
        # The ledger's budgets and campaigns are read once a decision, after this.
        is_grant_budget_spent=np.zeros((len(sight), len(offers)), dtype=bool),
        is_contact_budget_spent=np.zeros((len(sight), len(offers)), dtype=bool),
        is_campaign_control=np.zeros((len(sight), len(offers)), dtype=bool),
        has_open_complaint=cases.any("complaint"),
        has_open_fraud_case=cases.any(*FRAUD_CASES) | context.has_reported_fraud,
        is_in_hardship=cases.any(*HARDSHIP_CASES),
        is_opted_out=refuses_all | is_opted_out(sight.rows("contact_points"), context.channel),
    )
