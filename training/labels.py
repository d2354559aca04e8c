"""Labelled cases from the contract tables: what was asked when, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from linewise.bank.tables import Bank
from linewise.policy.catalogue import ATTRIBUTE_NAMES
from training.querying import floats, integers, moments, paths_of, query, texts

__all__ = [
    "DAYS_A_MONTH",
    "TAKE_UP_DAYS",
    "AmountLabels",
    "Labels",
    "Offer",
    "ShowingLabels",
    "attributes_of",
    "card_take_up_labels",
    "default_labels",
]

TAKE_UP_DAYS = 365
DAYS_A_MONTH = 365.25 / 12
SECONDS_A_DAY = 86_400


class Offer(Protocol):
    """What training needs to know of an entry of the catalogue."""

    @property
    def offer_id(self) -> str:
        """The catalogue's key."""

    @property
    def product(self) -> str:
        """The product that `holdings` shows once the offer is taken."""

    @property
    def attributes(self) -> dict[str, float]:
        """Numbers that describe the offer, so that a new one is scored by what it is."""


@dataclass(frozen=True, slots=True)
class Labels:
    """One row per labelled case (n_rows,); offer_values is (n_rows, n_offer_attributes), NaN is missing.

    as_of is datetime64[us] in UTC: what is known may come from up to it, the label lies after it.
    horizon_months is the mean time over which the label could show itself. y is 0 or 1. principal_amt (minor
    units): what was lent or by how much the line was raised. ripe_at: from when on the label could be known, None
    where that is horizon_months after as_of. owed_amt (minor units): what is owed on cards at the end of the horizon;
    is_randomised: whether chance alone decided on the raise. offer_ids: whose takings the rows tell of;
    has_control_group: whether some rows tell what happens where the offer is not shown.
    """

    customer_id: tuple[str, ...]
    as_of: npt.NDArray[np.datetime64]
    y: npt.NDArray[np.int64]
    horizon_months: float
    offer_values: npt.NDArray[np.float64]
    offer_attributes: tuple[str, ...] = ()
    principal_amt: npt.NDArray[np.float64] | None = None
    ripe_at: npt.NDArray[np.datetime64] | None = None
    owed_amt: npt.NDArray[np.float64] | None = None
    is_randomised: npt.NDArray[np.bool_] | None = None
    offer_ids: tuple[str, ...] = ()
    has_control_group: bool = False

    @property
    def known_at(self) -> npt.NDArray[np.datetime64]:
        """From when on each label could be known (n_rows,), datetime64[us] in UTC."""
        if self.ripe_at is not None:
            return self.ripe_at
        return self.as_of + np.timedelta64(round(self.horizon_months * DAYS_A_MONTH * SECONDS_A_DAY), "s")

    def pairs(self) -> pa.Table:
        """(customer_id, as_of) of each row, as the feature builder takes them."""
        moments = pa.array(self.as_of, pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))
        return pa.table({"customer_id": pa.array(self.customer_id, pa.string()), "as_of": moments})


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountLabels(Labels):
    """Labels of an amount, minor units (n_rows,), beside the raise of the line; y says whether there is any.

    is_share: the amounts are shares already, of customers and not of the line.
    """

    principal_amt: npt.NDArray[np.float64]
    amount_amt: npt.NDArray[np.float64]
    is_share: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingLabels(Labels):
    """Offers that were shown, beside others that were not, (n_rows,) each.

    is_shown: 1 or 0; offer_place: which offer, among those asked about. Of what was shown: is_pitched, whether an agent
    put it to the customer (NaN where nobody noted it); is_censored, whether the customer put the answer off, so that y
    says nothing; agent_id, empty without one; pscore, the probability with which it was chosen, NaN where nobody wrote
    it down. propensity: where a lot decided, with what probability a row is one of an offer that was shown, else NaN.
    """

    is_shown: npt.NDArray[np.int64]
    is_pitched: npt.NDArray[np.float64]
    is_censored: npt.NDArray[np.bool_]
    agent_id: npt.NDArray[np.str_]
    offer_place: npt.NDArray[np.int64]
    pscore: npt.NDArray[np.float64]
    propensity: npt.NDArray[np.float64] | None = None


def attributes_of(offers: Sequence[Offer]) -> npt.NDArray[np.float64]:
    """(n_offers, n_attributes), in the order of ATTRIBUTE_NAMES."""
    rows = [[offer.attributes[name] for name in ATTRIBUTE_NAMES] for offer in offers]
    return np.array(rows, dtype=np.float64).reshape(len(offers), len(ATTRIBUTE_NAMES))


def default_labels(bank: Bank, until: datetime) -> Labels:
    """One row per loan: 1 where it ended unpaid or was in arrears when its status was last seen.

    The case is (customer, moment of opening); a status seen after `until` is not known yet and left out.
    So is a loan opened before the bank's first transaction: a model would learn from it what follows when
    nothing at all is known of a customer, which is so of none to whom a loan is offered now.
    A loan was at risk for min(term, opening to status) months. Running loans have not shown all they may,
    so the label is over the observed life, of mean length `horizon_months`, not over a fixed window;
    serving brings it to 12 months by a constant hazard. All labels were known at once, when the last loan was looked
    at: those known earlier are the loans that ended, and to learn from them alone would be to learn who ends.
    """
    rows = query(
        """
        select customer_id,
               opened_at as as_of,
               max(greatest(status_at, recorded_at)) over () as ripe_at,
               (status in ('defaulted', 'in_arrears'))::int8 as y,
               principal_amt::double as principal_amt,
               least(term_months, greatest(epoch(status_at) - epoch(opened_at), 0) / 86400 / $month) as months
        from instalments
        where kind = 'loan' and status_at <= $until and recorded_at <= $until
          and opened_at >= (select min(posted_at) from read_parquet($transactions))
        order by opened_at, customer_id, instalment_id
        """,
        {"instalments": bank.read("instalments")},
        {
            "until": until,
            "month": DAYS_A_MONTH,
            "transactions": paths_of(bank, "transactions"),
        },
    )
    months = floats(rows, "months")
    return Labels(
        customer_id=texts(rows, "customer_id"),
        as_of=moments(rows),
        y=integers(rows, "y"),
        horizon_months=float(months.mean()) if len(months) else 12.0,
        offer_values=np.empty((rows.num_rows, 0)),
        principal_amt=floats(rows, "principal_amt"),
        ripe_at=moments(rows, "ripe_at"),
    )


def card_take_up_labels(bank: Bank, offers: Sequence[Offer], until: datetime) -> Labels:
    """One row per loan request and card offer: 1 where that card was opened within TAKE_UP_DAYS.

    A case is a moment at which the customer asked for a loan (limit_requests of kind loan) while holding
    none of the offered cards, and which `until` leaves TAKE_UP_DAYS of follow-up. The offer enters by its
    attributes only, so that a new offer starts warm.
    """
    rows = query(
        """
        with cards as (
            select customer_id, product, opened_at, closed_at from holdings
            where recorded_at <= $until and product in (select product from offers)
        ),
        cases as (
            select distinct customer_id, requested_at as as_of from limit_requests as request
            where kind = 'loan' and recorded_at <= $until and requested_at + to_days($days) <= $until
              and not exists (
                select 1 from cards
                where cards.customer_id = request.customer_id and cards.opened_at <= request.requested_at
                  and (cards.closed_at is null or cards.closed_at > request.requested_at)
              )
        )
        select cases.customer_id, cases.as_of, offers.place,
               exists (
                 select 1 from cards
                 where cards.customer_id = cases.customer_id and cards.product = offers.product
                   and cards.opened_at > cases.as_of and cards.opened_at <= cases.as_of + to_days($days)
               )::int8 as y
        from cases cross join offers
        order by cases.as_of, cases.customer_id, offers.place
        """,
        {
            "limit_requests": bank.read("limit_requests"),
            "holdings": bank.read("holdings"),
            "offers": pa.table(
                {
                    "place": np.arange(len(offers)),
                    "product": pa.array([one.product for one in offers], pa.string()),
                }
            ),
        },
        {"until": until, "days": TAKE_UP_DAYS},
    )
    return Labels(
        customer_id=texts(rows, "customer_id"),
        as_of=moments(rows),
        y=integers(rows, "y"),
        horizon_months=TAKE_UP_DAYS / DAYS_A_MONTH,
        offer_attributes=ATTRIBUTE_NAMES,
        offer_values=attributes_of(offers)[integers(rows, "place")],
    )
