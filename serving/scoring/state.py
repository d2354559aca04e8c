"""From look-ups to arrays: who the customers are and what is in force for them, as of what may be known."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from features.catalogue import FEATURE_NAMES
from features.online import OnlineRows
from linewise.core.clock import as_utc
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Bools, Context, Customers, Floats, State
from linewise.ledger.outcomes import Decline
from serving.scoring.facts import BankFacts, Row

__all__ = ["customers_of", "state_of"]

FRAUD_CASES = frozenset({"fraud", "dispute", "lost_card"})
HARDSHIP_CASES = frozenset({"hardship", "collections", "bereavement"})
DO_NOT_CONTACT = "do_not_contact"


def _flag(value: bool | None) -> float:
    return float("nan") if value is None else float(value)


def _is_vulnerable(row: Row, at: datetime) -> float:
    until = row["vulnerable_until"]
    expired = until is not None and as_utc(until) <= at
    return 0.0 if expired else _flag(row["is_vulnerable"])


def _contact_point_changed_days(row: Row, at: datetime) -> float:
    changed = [as_utc(row[name]) for name in ("contact_point_changed_at", "device_changed_at") if row[name]]
    known = [moment for moment in changed if moment <= at]
    return (at - max(known)) / timedelta(days=1) if known else float("nan")


def customers_of(
    customer_ids: Sequence[str], rows: OnlineRows, facts: BankFacts, currency: str, now: datetime
) -> Customers:
    """The customers of a chunk, (n_customers,), with their features and master data."""
    known = [(facts.customers[one], facts.observed_at(one, now)) for one in customer_ids]
    return Customers(
        customer_id=np.array(customer_ids, dtype=np.str_),
        as_of=rows.as_of,
        currency=currency,
        feature_names=FEATURE_NAMES,
        features=rows.values,
        current_limit_amt=np.array([facts.instalment_limit_amt.get(one, 0) for one in customer_ids]),
        facts={
            "is_student": np.array([_flag(row["is_student"]) for row, _ in known]),
            "is_staff": np.array([_flag(row["is_staff"]) for row, _ in known]),
            "is_vulnerable": np.array([_is_vulnerable(row, at) for row, at in known]),
            "contact_point_changed_days": np.array([_contact_point_changed_days(row, at) for row, at in known]),
        },
    )


def _in_force(rows: Sequence[Row], at: datetime) -> list[Row]:
    """Rows opened, recorded and not closed at that moment."""
    return [
        row
        for row in rows
        if as_utc(row["opened_at"]) <= at
        and as_utc(row["recorded_at"]) <= at
        and (row["closed_at"] is None or as_utc(row["closed_at"]) > at)
    ]


def _held_tiers(customer_ids: Sequence[str], moments: Sequence[datetime], facts: BankFacts, offers: Offers) -> Floats:
    """The highest tier of each offer's group that the customer holds, (n_customers, n_offers), NaN if none."""
    ranks = zip(offers.product, offers.group, offers.tier, strict=True)
    place = {product: (group, tier) for product, group, tier in ranks}
    held = np.full((len(customer_ids), len(offers)), np.nan)
    for i, (customer_id, at) in enumerate(zip(customer_ids, moments, strict=True)):
        for row in _in_force(facts.holdings.get(customer_id, ()), at):
            group, tier = place.get(row["product"], (None, 0))
            same_group = np.array([one == group for one in offers.group])
            held[i] = np.where(same_group, np.fmax(held[i], tier), held[i])
    return held


def _days_since_declined(
    customer_ids: Sequence[str], declines: Sequence[Decline], offers: Offers, now: datetime
) -> tuple[Floats, Floats]:
    """Days since the latest refusal of each offer and of its group, (n_customers, n_offers) each."""
    row_of = {customer_id: i for i, customer_id in enumerate(customer_ids)}
    of_offer = np.full((len(customer_ids), len(offers)), np.nan)
    of_group = of_offer.copy()
    for decline in declines:
        i = row_of[decline.customer_id]
        days = (as_utc(now) - decline.declined_at) / timedelta(days=1)
        is_offer = np.array([one == decline.offer_id for one in offers.offer_id])
        is_group = np.array([one == decline.offer_group for one in offers.group])
        of_offer[i] = np.where(is_offer, np.fmin(of_offer[i], days), of_offer[i])
        of_group[i] = np.where(is_group, np.fmin(of_group[i], days), of_group[i])
    return of_offer, of_group


def state_of(
    customer_ids: Sequence[str],
    facts: BankFacts,
    declines: Sequence[Decline],
    offers: Offers,
    context: Context,
) -> State:
    """What is in force for the customers of a chunk.

    Holdings and cases count as they stood when the customer was last observed, so that a cut extract
    cannot leak what came later; contacts of our own count up to the bank's present moment.
    """
    moments = [facts.observed_at(one, context.decided_at) for one in customer_ids]
    open_cases = [
        {row["kind"] for row in _in_force(facts.cases.get(one, ()), at)}
        for one, at in zip(customer_ids, moments, strict=True)
    ]
    refused_all = {decline.customer_id for decline in declines if decline.reason_code == DO_NOT_CONTACT}
    of_offer, of_group = _days_since_declined(customer_ids, declines, offers, context.decided_at)
    return State(
        held_tier=_held_tiers(customer_ids, moments, facts, offers),
        days_since_declined=of_offer,
        days_since_group_declined=of_group,
        has_open_complaint=_any_of(open_cases, frozenset({"complaint"})),
        has_open_fraud_case=_any_of(open_cases, FRAUD_CASES),
        is_in_hardship=_any_of(open_cases, HARDSHIP_CASES),
        is_opted_out=np.array(
            [
                one in refused_all or _is_opted_out(facts.contact_points.get(one, ()), context.channel, at)
                for one, at in zip(customer_ids, moments, strict=True)
            ]
        ),
    )


def _any_of(open_cases: Sequence[set[str]], kinds: frozenset[str]) -> Bools:
    return np.array([bool(kinds & open_kinds) for open_kinds in open_cases])


def _is_opted_out(contact_points: Sequence[Row], channel: str, at: datetime) -> bool:
    """Whether the latest known word of the customer for this channel is a refusal."""
    known = [
        row
        for row in contact_points
        if row["channel"] == channel and as_utc(row["changed_at"]) <= at and as_utc(row["recorded_at"]) <= at
    ]
    return bool(known) and bool(max(known, key=lambda row: as_utc(row["changed_at"]))["is_opted_out"])
