"""From look-ups to arrays: who the customers are and what is in force for them, as of what may be known."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from features.catalogue import FEATURE_NAMES
from features.online import OnlineRows
from linewise.core.clock import as_utc
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Bools, Context, Customers, Floats, Ints, State
from linewise.ledger.outcomes import Decline
from serving.scoring.keyed import NEVER, Rows, days_between
from serving.scoring.sight import Sight, in_force

__all__ = ["customers_of", "state_of"]

FRAUD_CASES = ("fraud", "dispute", "lost_card")
HARDSHIP_CASES = ("hardship", "collections", "bereavement")
DO_NOT_CONTACT = "do_not_contact"


def _is_vulnerable(rows: Rows, at: Ints) -> Floats:
    return np.where(rows["vulnerable_until"] <= at, 0.0, rows["is_vulnerable"])


def _contact_point_changed_days(rows: Rows, at: Ints) -> Floats:
    changed = [rows[name] for name in ("contact_point_changed_at", "device_changed_at")]
    known = [np.where(moments <= at, moments, -1) for moments in changed]
    latest = np.maximum(*known)
    return days_between(np.where(latest < 0, NEVER, latest), at)


def _current_limit_amt(sight: Sight) -> Ints:
    """The special lines for instalments that the bank's books show, summed over accounts."""
    accounts = sight.facts.tables["accounts"].rows_of(sight.places)
    return np.asarray(accounts.total(np.nan_to_num(accounts["instalment_limit_amt"])), dtype=np.int64)


def customers_of(customer_ids: Sequence[str], rows: OnlineRows, sight: Sight) -> Customers:
    """The customers of a chunk, (n_customers,), with their features and master data."""
    known = sight.customers()
    return Customers(
        customer_id=np.array(customer_ids, dtype=np.str_),
        as_of=rows.as_of,
        currency=sight.facts.currency,
        feature_names=FEATURE_NAMES,
        features=rows.values,
        current_limit_amt=_current_limit_amt(sight),
        facts={
            "is_student": known["is_student"],
            "is_staff": known["is_staff"],
            "is_vulnerable": _is_vulnerable(known, sight.at),
            "contact_point_changed_days": _contact_point_changed_days(known, sight.at),
        },
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


def _days_since_declined(
    customer_ids: Sequence[str], declines: Sequence[Decline], offers: Offers, sight: Sight
) -> tuple[Floats, Floats]:
    """Days since the latest refusal of each offer and of its group, (n_customers, n_offers) each."""
    row_of = {customer_id: i for i, customer_id in enumerate(customer_ids)}
    of_offer = np.full((len(customer_ids), len(offers)), np.nan)
    of_group = of_offer.copy()
    for decline in declines:
        i = row_of[decline.customer_id]
        days = (as_utc(sight.now) - decline.declined_at) / timedelta(days=1)
        is_offer = np.array([one == decline.offer_id for one in offers.offer_id])
        is_group = np.array([one == decline.offer_group for one in offers.group])
        of_offer[i] = np.where(is_offer, np.fmin(of_offer[i], days), of_offer[i])
        of_group[i] = np.where(is_group, np.fmin(of_group[i], days), of_group[i])
    return of_offer, of_group


def state_of(
    customer_ids: Sequence[str], sight: Sight, declines: Sequence[Decline], offers: Offers, context: Context
) -> State:
    """What is in force for the customers of a chunk.

    Holdings and cases count as they stood when the customer was last observed, so that a cut extract
    cannot leak what came later; contacts of our own count up to the bank's present moment.
    """
    cases = in_force(sight.rows("cases"), sight.at)
    refused_all = {decline.customer_id for decline in declines if decline.reason_code == DO_NOT_CONTACT}
    of_offer, of_group = _days_since_declined(customer_ids, declines, offers, sight)
    return State(
        held_tier=_held_tiers(sight, offers),
        days_since_declined=of_offer,
        days_since_group_declined=of_group,
        has_open_complaint=cases.only(cases.is_word("kind", "complaint")).any(),
        has_open_fraud_case=cases.only(cases.is_word("kind", *FRAUD_CASES)).any(),
        is_in_hardship=cases.only(cases.is_word("kind", *HARDSHIP_CASES)).any(),
        is_opted_out=np.array([one in refused_all for one in customer_ids]) | _is_opted_out(sight, context.channel),
    )


def _is_opted_out(sight: Sight, channel: str) -> Bools:
    """Whether the latest known word of the customer for this channel is a refusal."""
    points = sight.rows("contact_points")
    last = points.only(points.is_word("channel", channel)).latest("changed_at", "recorded_at")
    return last.only(last["is_opted_out"] == 1.0).any()
