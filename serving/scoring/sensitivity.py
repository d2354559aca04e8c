"""What each assumption of the register does to decisions: the same customers with it a fifth lower and higher."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np

from linewise.core.errors import UsageError
from linewise.decisioning.economics import Economics
from linewise.decisioning.types import Bools, Decisions
from serving.scoring.deciding import Decider

__all__ = ["MEANINGS", "Effect", "Sensitivity", "names_of", "sensitivity_of", "varied"]

CHUNK = 2_000

MEANINGS = {
    "limit_changed_ratio": "share of customers whose suggested limit is another one",
    "offer_changed_ratio": "share of customers whose primary suggestion is another one",
    "raises_count": "customers to whom a higher limit is suggested",
    "raised_amt": "what these raises add to their lines",
    "value_amt": "what the suggested limits and primary offers are worth, as believed then",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """One assumption at one factor; see MEANINGS. Counts and amounts (minor units) beside those at `Sensitivity`."""

    assumption: str
    factor: float
    limit_changed_ratio: float
    offer_changed_ratio: float
    raises_count: int
    raised_amt: int
    value_amt: int


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How decisions answer to the assumptions, the most telling first; the sums as they are without a change."""

    currency: str
    customers: int
    change_ratio: float
    raises_count: int
    raised_amt: int
    value_amt: int
    effects: Sequence[Effect]

    def as_json(self) -> dict[str, Any]:
        """All of it by name."""
        return asdict(self) | {"meanings": MEANINGS}


def names_of(economics: Economics) -> list[str]:
    """The assumptions, in the order of the register."""
    return [one.name for one in fields(economics)]


def varied(economics: Economics, name: str, factor: float) -> Economics:
    """The same with one assumption multiplied; bands by their share of the limit. A share of something ends at 1."""
    value = getattr(economics, name)
    if isinstance(value, tuple):
        bands: dict[str, Any] = {name: tuple((used, share * factor) for used, share in value)}
        return replace(economics, **bands)
    changed = round(value * factor) if isinstance(value, int) else value * factor
    if name.endswith("_ratio") and value <= 1.0:
        changed = min(changed, 1.0)
    moved: dict[str, Any] = {name: changed}
    return replace(economics, **moved)


@dataclass(frozen=True, slots=True)
class _Sums:
    limits: Any
    primary: Any
    raises_count: int
    raised_amt: int
    value_amt: int

    @classmethod
    def of(cls, decisions: Decisions) -> "_Sums":
        limit, offers = decisions.limit, decisions.offers
        rows = np.arange(len(limit.suggested_amt))
        at = (limit.candidate_amt == limit.suggested_amt[:, None]).argmax(axis=1)
        is_raised: Bools = limit.suggested_amt > limit.current_amt
        is_primary = offers.rank == 0
        primary = np.where(is_primary.any(axis=1), is_primary.argmax(axis=1), -1)
        worth = np.where(is_raised, limit.gain_amt[rows, at], 0).sum() + offers.priority[is_primary].sum()
        raised = np.where(is_raised, limit.suggested_amt - limit.current_amt, 0)
        return cls(limit.suggested_amt, primary, int(is_raised.sum()), int(raised.sum()), int(worth))


def _chunks(customer_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(customer_ids), CHUNK):
        yield customer_ids[start : start + CHUNK]


def _sample(customer_ids: Sequence[str], most: int | None) -> Sequence[str]:
    """Evenly over the base, the same ones every time."""
    if most is None or most >= len(customer_ids):
        return customer_ids
    places = np.linspace(0, len(customer_ids) - 1, most).round().astype(int)
    return [customer_ids[place] for place in places.tolist()]


def sensitivity_of(
    recommender: Decider,
    names: Sequence[str] = (),
    change_ratio: float = 0.2,
    sample: int | None = 500,
    channel: str = "voice",
    advance: Callable[[int], None] = lambda steps: None,
) -> Sensitivity:
    """Decide for a sample of the base (None: all of it) with each assumption lower and higher by change_ratio.

    names: of assumptions (empty: all). `advance` is called with the number of customers decided once. Nothing
    is recorded. Raises UsageError for an unknown name and for a change that is none.
    """
    economics = recommender.policy.decision.economics
    known = names_of(economics)
    for name in names:
        if name not in known:
            raise UsageError(f"There is no assumption {name!r}.", f"There are: {', '.join(known)}.")
    if not 0.0 < change_ratio < 1.0:
        raise UsageError(f"A change of {change_ratio} tells nothing.", "Above 0 and below 1 was expected.")
    asked = list(names) or known
    cases = [(name, factor) for name in asked for factor in (1.0 - change_ratio, 1.0 + change_ratio)]
    sides = [recommender.on(varied(economics, name, factor)) for name, factor in cases]
    customer_ids = _sample(recommender.customer_ids(), sample)
    context, generation = recommender.context(channel, explain=False), recommender.generation()
    base, found = np.zeros(3), np.zeros((len(cases), 5))
    for chunk in _chunks(customer_ids):
        before = _Sums.of(recommender.decide(chunk, context, generation))
        base += (before.raises_count, before.raised_amt, before.value_amt)
        advance(len(chunk))
        for place, side in enumerate(sides):
            after = _Sums.of(side.decide(chunk, context, generation))
            changed = ((after.limits != before.limits).sum(), (after.primary != before.primary).sum())
            found[place] += (*changed, after.raises_count, after.raised_amt, after.value_amt)
            advance(len(chunk))
    count = max(len(customer_ids), 1)
    effects = [
        Effect(name, factor, one[0] / count, one[1] / count, *(int(value) for value in one[2:]))
        for (name, factor), one in zip(cases, found.tolist(), strict=True)
    ]
    worst = {
        name: max(e.limit_changed_ratio + e.offer_changed_ratio for e in effects if e.assumption == name)
        for name in asked
    }
    effects.sort(key=lambda one: (-worst[one.assumption], known.index(one.assumption), one.factor))
    return Sensitivity(
        currency=recommender.bank.manifest.currency,
        customers=len(customer_ids),
        change_ratio=change_ratio,
        raises_count=int(base[0]),
        raised_amt=int(base[1]),
        value_amt=int(base[2]),
        effects=effects,
    )
