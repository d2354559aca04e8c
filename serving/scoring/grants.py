"""What the catalogue gives away: the pots and quotas of its offers as budgets of the ledger, by year, month or day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from dateutil.relativedelta import relativedelta

from linewise.decisioning.offers import SERVES
from linewise.ledger.funding import Funding
from linewise.ledger.pots import Use
from linewise.policy.catalogue import Catalogue
from serving.scoring.reach import zone_info

__all__ = ["Grants", "grants_at"]

FIRST: Mapping[str, Mapping[str, Any]] = {
    # Where a period begins, in the bank's own zone.
    "day": {},
    "month": {"day": 1},
    "year": {"month": 1, "day": 1},
}
LASTS = {"day": relativedelta(days=1), "month": relativedelta(months=1), "year": relativedelta(years=1)}
NAMED = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
EVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Grants:
    """The catalogue's budgets that are open at a moment, by id, and what one of each offer takes of them.

    grant_amt, cost_amt: what an offer gives, and what proposing it costs, minor units; of those for sale.
    """

    fundings: Mapping[str, Funding]
    uses: Mapping[str, Sequence[Use]]
    grant_amt: Mapping[str, int]
    cost_amt: Mapping[str, int]


def grants_at(catalogue: Catalogue, time_zone: str, at: datetime) -> Grants:
    """The pots and quotas of the offers, for the year, month or day of that moment where the bank is.

    Offers that name one pot draw on it together. A quota counts one for each that is taken.
    """
    fundings: dict[str, Funding] = {}
    uses: dict[str, list[Use]] = {}
    for offer in catalogue.offers:
        found = []
        if offer.budget is not None:
            found.append((_funding(offer.budget.budget_id, "money", offer.budget.year_amt, "year", time_zone, at),
                          offer.budget.grant_amt))  # fmt: skip
        if offer.quota is not None:
            quota = _funding(f"quota:{offer.offer_id}", "quota", offer.quota.most_count, offer.quota.per, time_zone, at)
            found.append((quota, 1))
        for funding, used_amt in found:
            fundings[funding.budget_id] = funding
            uses.setdefault(offer.offer_id, []).append(Use(funding.budget_id, used_amt))
    amounts = {one.offer_id: one.budget.grant_amt for one in catalogue.offers if one.budget is not None}
    costs = {one.offer_id: one.cost_amt for one in catalogue.offers if one.kind not in SERVES}
    return Grants(fundings, uses, amounts, costs)


def _funding(name: str, kind: Any, amount_amt: int, period: str, time_zone: str, at: datetime) -> Funding:
    if period == "ever":
        return Funding(name, kind, *EVER, amount_amt=amount_amt, covers=name)
    named, begins, ends = _period(period, time_zone, at.astimezone(zone_info(time_zone)).date())
    return Funding(f"{name}:{named}", kind, begins, ends, amount_amt=amount_amt, covers=name)


@lru_cache(maxsize=64)
def _period(period: str, time_zone: str, day: date) -> tuple[str, datetime, datetime]:
    """The name, begin and end (UTC) of the year, month or day in which a day of the bank lies."""
    begins = datetime(day.year, day.month, day.day, tzinfo=zone_info(time_zone)).replace(**FIRST[period])
    ends = begins + LASTS[period]
    return begins.strftime(NAMED[period]), begins.astimezone(UTC), ends.astimezone(UTC)
