"""Columns of contact policy: what was shown and answered, in all channels, counted once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.actions import LIMIT_ACTION, PLAN_GROUP
from linewise.core.moments import DAY_US, NEVER
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Floats, Ints
from serving.scoring.contacts import (
    ACCEPTED,
    DECLINED,
    IMPRESSION,
    POSTPONED,
    Contacts,
    by_offer,
    days_since,
    holdings_changed_us,
)
from serving.scoring.sight import Sight

__all__ = ["contact_columns", "impression_count", "offer_contacts"]

WINDOW_DAYS = 30
YEAR_DAYS = 365
PROMOTIONAL = "promotional"


def contact_columns(contacts: Contacts, sight: Sight, offers: Offers, last_cycle_end: Ints) -> dict[str, NDArray[Any]]:
    """Counters of the customer, (n_customers,)."""
    shown = contacts.of_kind(IMPRESSION)
    # Without a statement a cycle is taken to be a month.
    cycle = np.where(last_cycle_end == NEVER, sight.now_us - WINDOW_DAYS * DAY_US, last_cycle_end)
    plans = shown.of_group(PLAN_GROUP)
    in_cycle = plans.only(plans.at > cycle[plans.owner])
    declined = days_since(contacts.of_kind(DECLINED).of_group(LIMIT_ACTION), sight.now_us, len(sight))
    return {
        "impression_count_30d": impression_count(contacts, sight, offers),
        "instalment_pitch_count_cycle": _count(in_cycle, len(sight)),
        "days_since_limit_declined": np.fmin(declined, _days_since_bank_raise_declined(sight)),
        "is_on_do_not_call": _refusing(contacts, len(sight)),
    }


def impression_count(contacts: Contacts, sight: Sight, offers: Offers) -> Floats:
    """How many promotional offers the customer heard or saw within thirty days, (n_customers,)."""
    shown = contacts.of_kind(IMPRESSION)
    is_promotional = np.array([*(kind == PROMOTIONAL for kind in offers.kind), True], dtype=bool)
    recent = shown.only(is_promotional[shown.offer] & (shown.at > sight.now_us - WINDOW_DAYS * DAY_US))
    return _count(recent, len(sight))


def _count(contacts: Contacts, count: int) -> Floats:
    return np.bincount(contacts.owner, minlength=count).astype(np.float64)


def _refusing(contacts: Contacts, count: int) -> Floats:
    found = np.zeros(count)
    found[contacts.owner[contacts.refuses_all]] = 1.0
    return found


def _days_since_bank_raise_declined(sight: Sight) -> Floats:
    """Raises that the bank proposed and the customer did not want, by the bank's own table of requests."""
    rows = sight.rows("limit_requests")
    unwanted = rows.is_word("initiated_by", "bank") & rows.is_word("decision", "withdrawn")
    declined = rows.only(unwanted & rows.is_word("kind", "increase", "temporary"))
    latest = declined.most(declined["requested_at"].astype(np.float64))
    return np.asarray((sight.now_us - latest) / DAY_US, dtype=np.float64)


def offer_contacts(contacts: Contacts, sight: Sight, offers: Offers) -> dict[str, NDArray[Any]]:
    """Contact columns of each offer, (n_customers, n_offers)."""
    shape = (len(sight), len(offers))
    of_group = np.array([contacts.groups.index(group) for group in offers.group], dtype=np.int64)
    groups = (len(sight), len(contacts.groups))
    declined, postponed = contacts.of_kind(DECLINED), contacts.of_kind(POSTPONED)
    latest = by_offer(declined, declined.offer, declined.at, shape)
    latest_of_group = by_offer(declined, declined.group, declined.at, groups)[:, of_group]
    rests = by_offer(postponed, postponed.offer, postponed.rests_until, shape)
    return {
        "days_since_declined": _days(latest, sight.now_us),
        "days_since_group_declined": _days(latest_of_group, sight.now_us),
        "postponed_until_days": -_days(rests, sight.now_us),
        "granted_amt_365d": _granted(contacts.of_kind(ACCEPTED), sight, offers),
        "has_said_already_has": _already_has(declined.only(declined.holds), sight, offers),
    }


def _granted(taken: Contacts, sight: Sight, offers: Offers) -> Floats:
    """What the customer took of each retention action within a year, minor units."""
    recent = taken.only((taken.offer >= 0) & (taken.at > sight.now_us - YEAR_DAYS * DAY_US))
    granted = np.zeros((len(sight), len(offers)))
    np.add.at(granted, (recent.owner, recent.offer), np.nan_to_num(offers.grant_amt)[recent.offer])
    return granted


def _days(moments: Ints, now_us: int) -> Floats:
    return np.where(moments < 0, np.nan, (now_us - moments) / DAY_US)


def _already_has(said: Contacts, sight: Sight, offers: Offers) -> NDArray[np.bool_]:
    """Whether the customer said to have it and has neither taken nor given up a product of its group since."""
    moments = by_offer(said, said.offer, said.at, (len(sight), len(offers)))
    holds = moments >= 0
    for group in {offers.group[column] for column in np.flatnonzero(holds.any(axis=0)).tolist()}:
        members = np.array([one == group for one in offers.group])
        products = [offers.product[i] for i in np.flatnonzero(members).tolist()]
        changed = holdings_changed_us(sight, products)
        holds[:, members] &= moments[:, members] >= changed[:, None]
    return holds
