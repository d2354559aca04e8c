"""What each customer may be offered and what it uses, as rows of a portfolio: decided as on a call, nothing scarce."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.draws import uniform_draw
from linewise.decisioning.offers import Offers
from linewise.decisioning.personalisation import is_personal
from linewise.decisioning.prices import NO_PRICES
from linewise.decisioning.raises import used_by_raises
from linewise.decisioning.types import Bools, Decisions, Floats, Ints, Texts
from serving.portfolio.callers import Callers
from serving.scoring.deciding import Decider

__all__ = ["OFFER", "RAISE", "USES", "Candidates", "candidates_of"]

CHUNK = 5_000
OFFER, RAISE = "offer", "raise"

USES: Sequence[str] = ("money", "contacts", "exposure", "loss", "capital")
"""What a proposal may use, in this order."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """One row a customer and kind of proposal, of which a call makes one each: an offer and a raise.

    customer_id, kind (n_rows,): whose row it is and whether of offers or raises; values_amt (n_rows,
    n_actions): what decides, of a raise its gain at the cautious end; expected_amt, likewise: as expected; uses
    (n_rows, n_actions, n_uses) in the order of USES. All are expected over the callers: times the probability
    that the customer calls, and of a raise that it is taken. -inf closes an action. keys (n_rows,): a number
    for each row by its customer and kind, so that no order of the base settles a tie. unpriced_uses (n_uses,):
    what goes, whatever the prices, to customers whose offers stand in a fixed order: they have no row.
    """

    customer_id: Texts
    kind: Texts
    values_amt: Floats
    expected_amt: Floats
    uses: Floats
    keys: NDArray[np.uint64]
    unpriced_uses: Floats

    def expected(self, choice: Ints) -> float:
        """What a choice (n_rows,) is expected to be worth, minor units."""
        rows = np.flatnonzero(choice >= 0)
        return float(self.expected_amt[rows, choice[rows]].sum())


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a chunk in which something is open: places (n_rows,) of their customers in it, and the rest."""

    places: Ints
    values_amt: Floats
    expected_amt: Floats
    uses: Floats


def _of_offers(decisions: Decisions, offers: Offers) -> _Rows:
    """The offers that would be shown, of which prices leave the best; it takes a contact and its cost in any case.

    What is open but would stand on no screen, for a month cannot pay for it beside the rest, uses nothing.
    """
    places = np.flatnonzero(~offers.serves)
    priority = decisions.offers.priority[:, places].astype(np.float64)
    is_open = (decisions.offers.rank[:, places] >= 0) & (priority > 0.0) & _personal(decisions)[:, None]
    values = np.where(is_open, priority, -np.inf)
    uses = np.broadcast_to(_uses_of(offers)[places], (*values.shape, len(USES)))
    return _kept(values, values, uses)


def _uses_of(offers: Offers) -> Floats:
    """What proposing each offer uses, (n_offers, n_uses)."""
    uses = np.zeros((len(offers), len(USES)))
    uses[:, USES.index("money")] = offers.cost_amt
    uses[:, USES.index("contacts")] = 1.0
    return uses


def _personal(decisions: Decisions) -> Bools:
    return is_personal(decisions.customers.facts, len(decisions.customers))


def _unpriced(decisions: Decisions, offers: Offers, weight: Floats) -> Floats:
    """What the primary offers of those use whose list no price orders, over their expected calls, (n_uses,)."""
    rows, columns = np.nonzero((decisions.offers.rank == 0) & ~_personal(decisions)[:, None])
    return np.asarray((weight[rows][:, None] * _uses_of(offers)[columns]).sum(axis=0))


def _of_raises(decisions: Decisions, taken_ratio: float) -> _Rows:
    """The rungs up to what would be suggested if nothing were scarce: a price never makes a limit higher.

    A raise that a standing quote promises is spoken for already. What the others use is what the ledger reserves at
    their quotes.
    """
    limit = decisions.limit
    candidate = limit.candidate_amt
    is_open = (candidate > limit.current_amt[:, None]) & (candidate <= limit.suggested_amt[:, None])
    is_open &= (limit.promised_amt == 0)[:, None]
    values = np.where(is_open & (limit.gain_lower_amt > 0), taken_ratio * limit.gain_lower_amt, -np.inf)
    uses = np.zeros((*values.shape, len(USES)))
    for kind, used in used_by_raises(limit).items():
        uses[:, :, USES.index(kind)] = np.where(is_open, taken_ratio * used, 0.0)
    return _kept(values, np.asarray(taken_ratio * limit.gain_amt, dtype=np.float64), uses)


def _kept(values: Floats, expected: Floats, uses: Floats) -> _Rows:
    """The rows in which something is open."""
    places = np.flatnonzero(np.isfinite(values).any(axis=1))
    return _Rows(places, values[places], expected[places], uses[places])


def candidates_of(
    recommender: Decider,
    callers_of: Callable[[Sequence[str]], Callers],
    channel: str = "voice",
    advance: Callable[[int], None] = lambda done: None,
) -> tuple[Candidates, Callers]:
    """Decide for the whole base with nothing scarce, as on a call in which nobody asks for anything.

    `callers_of` gives the expected callers of a base; `advance` is told how many customers are done.
    """
    desk = recommender.at_prices(NO_PRICES)
    ids = desk.customer_ids()
    callers = callers_of(ids)
    parts: dict[str, list[tuple[Texts, _Rows, Floats]]] = {OFFER: [], RAISE: []}
    unpriced = np.zeros(len(USES))
    for start, decisions in _decided(desk, ids, channel):
        rows = {
            OFFER: _of_offers(decisions, desk.policy.decision.offers),
            RAISE: _of_raises(decisions, desk.policy.decision.arbitration.raise_take_up_ratio),
        }
        for kind, found in rows.items():
            weight = callers.calling_ratio[start + found.places]
            parts[kind].append((decisions.customers.customer_id[found.places], found, weight))
        weight = callers.calling_ratio[start : start + len(decisions.customers)]
        unpriced += _unpriced(decisions, desk.policy.decision.offers, weight)
        advance(len(decisions.customers))
    return _together(parts, unpriced, desk.settings.seed), callers


def _decided(desk: Decider, ids: Sequence[str], channel: str) -> Iterator[tuple[int, Decisions]]:
    context, generation = desk.context(channel, explain=False), desk.generation()
    for start in range(0, len(ids), CHUNK):
        yield start, desk.decide(ids[start : start + CHUNK], context, generation)


def _keys(kinds: Texts, customer_id: Texts, seed: int) -> NDArray[np.uint64]:
    draw = uniform_draw(np.char.add(np.char.add(kinds, "|"), customer_id), seed, "portfolio")
    # Two of a million draws may fall together; their places in the order of draws never do.
    return np.argsort(np.argsort(draw, kind="stable"), kind="stable").astype(np.uint64)


def _together(parts: Mapping[str, Sequence[tuple[Texts, _Rows, Floats]]], unpriced: Floats, seed: int) -> Candidates:
    width = max((rows.values_amt.shape[1] for part in parts.values() for _, rows, _ in part), default=0)
    ids, kinds, values, expected, uses = [], [], [], [], []
    for kind, part in parts.items():
        for customer_id, rows, weight in part:
            short = ((0, 0), (0, width - rows.values_amt.shape[1]))
            ids.append(customer_id)
            kinds.append(np.full(len(customer_id), kind))
            # Of who never calls nothing is expected, of a closed action neither: 0 × -inf is no number.
            weighted = np.where(np.isfinite(rows.values_amt), rows.values_amt, 0.0) * weight[:, None]
            open_only = np.where(np.isfinite(rows.values_amt), weighted, -np.inf)
            values.append(np.pad(open_only, short, constant_values=-np.inf))
            expected.append(np.pad(np.where(np.isfinite(open_only), rows.expected_amt, 0.0) * weight[:, None], short))
            uses.append(np.pad(rows.uses * weight[:, None, None], (*short, (0, 0))))
    kind_of, customer_id = np.concatenate(kinds), np.concatenate(ids)
    return Candidates(
        customer_id,
        kind_of,
        np.concatenate(values),
        np.concatenate(expected),
        np.concatenate(uses),
        _keys(kind_of, customer_id, seed),
        unpriced,
    )
