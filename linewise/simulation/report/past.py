"""What the bank and chance did: raises of limits, offers taken by channel, harm done by promotion, lost jobs."""

import numpy as np

from linewise.simulation.lives.record import EMPLOYMENTS, EXPOSURE, OUTCOME, OUTCOMES, SHOWN_IN
from linewise.simulation.report.sample import Sample, whole_months
from linewise.simulation.report.sums import Sums, Totals, ratio
from linewise.simulation.world import World

__all__ = ["collect", "job_loss_rate", "raised_a_quarter", "sleeping_dog_share", "take_up"]

_BEHAVIOURS = ("inactive", "transactor", "revolver")
_PROMOTIONS_COUNT = 5
_CHANNELS = ("outbound", "inbound")
_VOICE = SHOWN_IN.index("voice")
_ORDERED = OUTCOMES.index("ordered")
_AT_WORK = (EMPLOYMENTS.index("salaried"), EMPLOYMENTS.index("self_employed"))


def collect(sample: Sample, sums: Sums) -> None:
    """Add raises and account-months by behaviour, exposures and orders by channel, and jobs lost."""
    last = whole_months(sample.world)
    group, months = sample.group[:, None], sample.months[:, :last]
    kinds = len(_BEHAVIOURS)
    sums.add("carried_count", group, at=months["behaviour"][:, :-1], size=kinds, where=sample.is_open[:, : last - 1])
    raises = sample.raises
    within = (raises.month >= 1) & (raises.month < last)
    person, before = raises.person[within], raises.month[within] - 1
    behaviour = sample.months["behaviour"][person, before]
    sums.add("raised_count", sample.group[person], at=behaviour, size=kinds)
    jobless = months["is_jobless"]
    has_job = np.isin(sample.people["employment"], _AT_WORK)[:, None] & (jobless[:, :-1] == 0)
    sums.add("at_work_count", group, where=has_job)
    sums.add("job_lost_count", group, where=has_job & (jobless[:, 1:] == 1))
    sums.add("people_count", sample.group)
    sums.add("sleeping_dog_count", sample.group, where=sample.people["is_sleeping_dog"] == 1)
    _collect_offers(sample, sums)


def _collect_offers(sample: Sample, sums: Sums) -> None:
    shown = sample.events(EXPOSURE)
    # An offer that the agent did not pitch was heard by nobody.
    told = (shown["a"] < _PROMOTIONS_COUNT) & (shown["c"] != 0)
    inbound = (shown["b"] == _VOICE).astype(np.int64)
    sums.add("shown_count", sample.group[shown["person"]], at=inbound, size=len(_CHANNELS), where=told)
    outcomes = sample.events(OUTCOME)
    orders = outcomes[(outcomes["b"] == _ORDERED) & (outcomes["d"] >= 0) & (outcomes["a"] < _PROMOTIONS_COUNT)]
    first = np.searchsorted(shown["person"], orders["person"])
    place = first + orders["d"]
    sums.add("taken_count", sample.group[orders["person"]], at=inbound[place], size=len(_CHANNELS))


def raised_a_quarter(totals: Totals, _: World, of: str) -> float:
    """Accounts that behaved so the month before and whose limit the bank raised, a quarter."""
    at = _BEHAVIOURS.index(of)
    return 3.0 * ratio(totals["raised_count"][at], totals["carried_count"][at])


def take_up(totals: Totals, _: World, channel: str) -> float:
    """Promotional offers ordered, of those put to a customer: inbound those pitched in a call, outbound the others."""
    at = _CHANNELS.index(channel)
    return ratio(totals["taken_count"][at], totals["shown_count"][at])


def sleeping_dog_share(totals: Totals, _: World) -> float:
    """Customers to whom promotion does harm."""
    return ratio(totals["sleeping_dog_count"], totals["people_count"])


def job_loss_rate(totals: Totals, _: World) -> float:
    """Of those at work in a month, who is without work in the next."""
    return ratio(totals["job_lost_count"], totals["at_work_count"])
