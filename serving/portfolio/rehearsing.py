"""Many rehearsed months of one base, with the ledger and without it, side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from linewise.ledger.budgets import Kind
from linewise.ledger.pacing import PacingPolicy
from serving.portfolio.raise_mix import RaiseMix, limit_calls, mix_of
from serving.portfolio.rehearsal import Month, Plan, Rehearsed, plan_of, rehearse_by_ledger, rehearse_by_prices
from serving.scoring.deciding import Decider
from serving.scoring.facts import read_bank_facts

__all__ = ["Rehearsal", "mix_of_base", "rehearse"]

CALLERS_SHARE = 1 / 6
"""How much of a base calls in a month of the rehearsal."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The months of all seeds: by prices alone, and by the ledger; what was planned."""

    plan: Plan
    by_prices: Sequence[Rehearsed]
    by_ledger: Sequence[Rehearsed]

    @property
    def held_count(self) -> Mapping[str, int]:
        """In how many months every budget held."""
        return {
            "prices_alone": sum(one.holds for one in self.by_prices),
            "ledger": sum(one.holds for one in self.by_ledger),
        }

    def used_ratio(self, months: Sequence[Rehearsed], name: Kind) -> tuple[float, float]:
        """The mean and the largest share of a budget that the months used."""
        shares = [one.used_ratio[name] for one in months]
        return sum(shares) / len(shares), max(shares)


def mix_of_base(desk: Decider) -> RaiseMix:
    """The loaded bank's customers as a month of calls sees them; raises what `mix_of` raises."""
    decided = desk.decide(desk.customer_ids(), desk.context("voice", explain=False))
    return mix_of(decided, limit_calls(read_bank_facts(desk.bank)))


def rehearse(
    mix: RaiseMix,
    seeds: Sequence[int],
    pacing: PacingPolicy,
    calls_count: int | None = None,
    advance: Callable[[int], None] = lambda steps: None,
) -> Rehearsal:
    """A month for each seed; `advance` is told of each that is done. calls_count: a sixth of the base by default."""
    month = Month(calls_count=round(CALLERS_SHARE * len(mix)) if calls_count is None else calls_count)
    plan = plan_of(mix, month)
    by_prices, by_ledger = [], []
    for seed in seeds:
        by_prices.append(rehearse_by_prices(mix, plan, month, seed))
        by_ledger.append(rehearse_by_ledger(mix, plan, month, seed, pacing))
        advance(1)
    return Rehearsal(plan, by_prices, by_ledger)
