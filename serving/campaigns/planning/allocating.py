"""Who gets what: candidates and their actions under the campaigns' budgets, by the solver of the portfolio.

Nobody gets more than one action over all campaigns. A control uses nothing, and what it would have been sent follows
from the same prices; so do those whom the bank holds out of everything.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from linewise.decisioning.portfolio import NONE, solve
from linewise.decisioning.types import Bools, Floats, Ints
from serving.campaigns.gathering.candidates import NOT_HELD, Candidates
from serving.campaigns.gathering.several import Several

__all__ = ["Allocated", "Limit", "allocate", "chosen_campaign", "kept_campaigns", "limits_of"]

THREADS = os.cpu_count() or 1
UNCHOSEN, SHARED_CONTACT, NOT_WORTH_IT, OTHER_CAMPAIGN = "UNCHOSEN", "SHARED_CONTACT", "NOT_WORTH_ITS_COST", "OTHER"


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing of a campaign that runs out: so much of it, by which actions (n_actions,), one each or their cost.

    step, code: how the waterfall tells of whom it leaves out.
    """

    campaign: int
    amount: float
    used_by: Bools
    is_money: bool
    step: str
    code: str


def limits_of(several: Several, money_amt: Mapping[int, float]) -> tuple[Limit, ...]:
    """What runs out: each campaign's money, its channels over the window, its contacts in all, and its offers.

    money_amt: by campaign, where a budget of the ledger has less than its file names.
    """
    return tuple(limit for campaign in range(len(several.briefs)) for limit in _of_one(several, campaign, money_amt))


def _of_one(several: Several, campaign: int, money_amt: Mapping[int, float]) -> Iterator[Limit]:
    brief, actions = several.briefs[campaign], several.actions
    ours = np.array([one.campaign == campaign for one in actions], dtype=np.bool_)
    for channel in brief.channels:
        place = several.channels.index(channel.channel)
        by = ours & np.array([one.channel == place for one in actions], dtype=np.bool_)
        held = float(channel.most_a_day * brief.window.day_count)
        yield Limit(campaign, held, by, False, "capacity", f"CHANNEL_FULL_{channel.channel.upper()}")
    if brief.most_contacts is not None:
        yield Limit(campaign, float(brief.most_contacts), ours, False, "capacity", "MOST_CONTACTS")
    for offer in brief.offers:
        if offer.most_count is not None:
            place = several.offered.offers.offer_id.index(offer.offer_id)
            by = ours & np.array([one.offer == place for one in actions], dtype=np.bool_)
            yield Limit(campaign, float(offer.most_count), by, False, "capacity", f"OFFER_SPENT_{offer.offer_id}")
    amount = min(money_amt.get(campaign, np.inf), float(several.terms[campaign].budget_amt))
    yield Limit(campaign, amount, ours, True, "budget", "BUDGET_SPENT")


@dataclass(frozen=True, slots=True)
class Allocated:
    """The place of each candidate's chosen action among its own, (n_candidates,), NONE where none is.

    step, code (n_candidates,): why none is, empty where one is chosen. prices by limit, in value a unit. gap_ratio: at
    most so far below the best.
    """

    choice: Ints
    step: np.ndarray[tuple[int], np.dtype[np.object_]]
    code: np.ndarray[tuple[int], np.dtype[np.object_]]
    prices: Floats
    gap_ratio: float
    method: str


def allocate(candidates: Candidates, several: Several, limits: Sequence[Limit], seed: int) -> Allocated:
    """The best choice under the limits; what is not worth its cost is not chosen, whatever is left of a budget."""
    values = np.where(candidates.action >= 0, candidates.priority.astype(np.float64), -np.inf)
    values[_is_shared(candidates, several)] = -np.inf
    is_shared = ~np.isfinite(values).any(axis=1)
    is_worth_it = np.isfinite(values) & (values > 0)
    open_values = np.where(is_worth_it, values, -np.inf)
    uses = _Uses(candidates, several, limits)
    solved = np.flatnonzero((candidates.held == NOT_HELD) & is_worth_it.any(axis=1))
    choice, prices, gap, method = _solved(open_values, uses, solved, limits, candidates.draw, seed)
    beside = np.flatnonzero(candidates.held != NOT_HELD)
    choice[beside] = _at_prices(open_values[beside], uses.priced(beside, prices, whole=True))
    # A control used nothing in the solving: at the prices it is chosen for like those beside it.
    controls = solved[uses.is_control[solved].any(axis=1)]
    choice[controls] = _at_prices(open_values[controls], uses.priced(controls, prices, whole=True))
    step, code = _why_not(open_values, uses, prices, limits, choice)
    nothing = np.flatnonzero(~is_worth_it.any(axis=1))
    step[nothing], code[nothing] = "budget", NOT_WORTH_IT
    step[is_shared], code[is_shared] = "duplicates", SHARED_CONTACT
    return Allocated(choice, step, code, prices, gap, method)


class _Uses:
    """What each action of each candidate uses of each limit, made for some of them at a time."""

    def __init__(self, candidates: Candidates, several: Several, limits: Sequence[Limit]) -> None:
        self._candidates, self._limits = candidates, limits
        campaign_of = np.array([one.campaign for one in several.actions])[np.maximum(candidates.action, 0)]
        self.is_control: Bools = np.take_along_axis(candidates.is_control, campaign_of, axis=1)

    def of(self, rows: Ints, limits: Sequence[int], *, whole: bool = False) -> Floats:
        """(n_rows, n_kept, n_limits); a control uses nothing, but for `whole`."""
        action = np.maximum(self._candidates.action[rows], 0)
        used = np.empty((*action.shape, len(limits)))
        for at, limit in enumerate(limits):
            amount = self._candidates.cost_amt[rows] if self._limits[limit].is_money else 1.0
            used[:, :, at] = np.where(self._limits[limit].used_by[action], amount, 0.0)
        if not whole:
            used[self.is_control[rows]] = 0.0
        return used

    def priced(self, rows: Ints, prices: Floats, *, whole: bool) -> Floats:
        """Σ price × use, (n_rows, n_kept)."""
        scarce = np.flatnonzero(prices > 0).tolist()
        return np.asarray(self.of(rows, scarce, whole=whole) @ prices[scarce])


def _is_shared(candidates: Candidates, several: Several) -> Bools:
    """Actions by an address that somebody of a higher priority is reached by as well, (n_candidates, n_kept)."""
    channel_of = np.array([one.channel for one in several.actions])[np.maximum(candidates.action, 0)]
    best = candidates.priority.max(axis=1)
    order = np.lexsort((candidates.draw, -best))
    shared = np.zeros_like(candidates.contact, dtype=np.bool_)
    for channel in range(candidates.contact.shape[1]):
        numbers = candidates.contact[order, channel]
        _, first = np.unique(numbers, return_index=True)
        is_first = np.zeros(len(numbers), dtype=np.bool_)
        is_first[first] = True
        shared[order, channel] = ~is_first & (numbers != 0)
    return np.take_along_axis(shared, channel_of, axis=1)


def _solved(
    values: Floats, uses: _Uses, rows: Ints, limits: Sequence[Limit], draw: Floats, seed: int
) -> tuple[Ints, Floats, float, str]:
    """The choice of everybody (NONE for who is not among the rows), and the prices of the limits.

    Only limits that would be broken are put to the solver, and others as soon as its answer would break them.
    """
    choice = np.full(len(values), NONE, dtype=np.int64)
    prices, gap, method = np.zeros(len(limits)), 0.0, "nothing scarce"
    amounts = np.array([limit.amount for limit in limits])
    everything = list(range(len(limits)))
    # Two draws of a million may fall together; their places in the order of draws never do.
    keys = np.argsort(np.argsort(draw[rows], kind="stable"), kind="stable").astype(np.uint64)
    binding: list[int] = []
    choice[rows] = _best(values[rows])
    while True:
        broken = [
            limit
            for limit in everything
            if limit not in binding and _used(uses, rows, choice[rows], limit) > amounts[limit]
        ]
        if not broken:
            return choice, prices, gap, method
        binding = sorted([*binding, *broken])
        found = solve(values[rows], uses.of(rows, binding), amounts[binding], seed=seed, keys=keys, threads=THREADS)
        choice[rows], gap, method = found.choice, found.gap_ratio, found.method
        prices = np.zeros(len(limits))
        prices[binding] = found.prices


def _used(uses: _Uses, rows: Ints, choice: Ints, limit: int) -> float:
    given = np.flatnonzero(choice != NONE)
    return float(uses.of(rows[given], [limit])[np.arange(len(given)), choice[given], 0].sum())


def _best(values: Floats) -> Ints:
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    best = values.argmax(axis=1)
    return np.where(np.isfinite(values.max(axis=1)), best, NONE)


def _at_prices(values: Floats, priced: Floats) -> Ints:
    left = np.where(np.isfinite(values), values - priced, -np.inf)
    return _best(np.where(left > 0, left, -np.inf))


def _why_not(
    values: Floats, uses: _Uses, prices: Floats, limits: Sequence[Limit], choice: Ints
) -> tuple[np.ndarray[tuple[int], np.dtype[np.object_]], np.ndarray[tuple[int], np.dtype[np.object_]]]:
    """The step and the limit that left each one out: of its best action the one that weighs most at the prices."""
    step, code = np.full(len(values), "", dtype=object), np.full(len(values), "", dtype=object)
    rows = np.flatnonzero((choice == NONE) & np.isfinite(values).any(axis=1))
    scarce = np.flatnonzero(prices > 0).tolist()
    if not len(rows) or not scarce:
        step[rows], code[rows] = "capacity", UNCHOSEN
        return step, code
    best = values[rows].argmax(axis=1)
    weight = uses.of(rows, scarce, whole=True)[np.arange(len(rows)), best] * prices[scarce]
    heaviest = weight.argmax(axis=1)
    steps = np.array([limits[one].step for one in scarce], dtype=object)
    codes = np.array([limits[one].code for one in scarce], dtype=object)
    step[rows], code[rows] = steps[heaviest], codes[heaviest]
    return step, code


def kept_campaigns(candidates: Candidates, several: Several) -> Ints:
    """The campaign of each kept action, (n_candidates, n_kept), -1 where there is none."""
    of_action = np.array([one.campaign for one in several.actions])
    return np.where(candidates.action >= 0, of_action[np.maximum(candidates.action, 0)], -1)


def chosen_campaign(campaign_of: Ints, allocated: Allocated) -> Ints:
    """The campaign that each candidate goes to, (n_candidates,), -1 where nobody gets them."""
    at = np.maximum(allocated.choice, 0)[:, None]
    return np.where(allocated.choice == NONE, -1, np.take_along_axis(campaign_of, at, axis=1)[:, 0])
