"""`linewise portfolio rehearse`: whether budgets hold when callers select themselves."""

from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linewise.core.settings import Settings
    from serving.portfolio.rehearsal import Rehearsed
    from serving.portfolio.rehearsing import Rehearsal

__all__ = ["rehearse_command"]


@click.command("rehearse")
@click.option("--seeds", "seeds_count", type=click.IntRange(min=1), default=20, show_default=True, help="Months.")
@click.option(
    "--calls", "calls_count", type=click.IntRange(min=1), help="Callers a month (default: a sixth of the base)."
)
@json_option
@home_options
def rehearse_command(settings: "Settings", seeds_count: int, calls_count: int | None, as_json: bool) -> None:
    """Rehearse months of calls about the limit: by prices alone, and by the ledger, with the very same callers.

    Callers are drawn by the bank's own history of such calls, so the needier and riskier call sooner; budgets and
    prices are planned as if all were alike. Nothing is written to this home's ledger.

    \b
    Example:
      linewise portfolio rehearse --seeds 20 --json
    """
    from linewise.core.errors import UsageError
    from serving.portfolio.rehearsing import mix_of_base, rehearse
    from serving.scoring.opening import open_decider

    desk = open_decider(settings)
    mix = mix_of_base(desk)
    if calls_count is not None and calls_count > len(mix):
        raise UsageError(
            f"{calls_count:,} callers were asked for, and {len(mix):,} customers have a line.", "Fewer were expected."
        )
    with progress(seeds_count, "months rehearsed") as advance:
        found = rehearse(mix, range(seeds_count), desk.policy.promises.pacing, calls_count, advance)
    if as_json:
        show_json(_as_json(found))
    else:
        _show(found)


def _show(found: "Rehearsal") -> None:
    rows = []
    for name, months in (("prices alone", found.by_prices), ("the ledger", found.by_ledger)):
        shares = [found.used_ratio(months, budget) for budget in found.plan.budget_amt]
        held = sum(one.holds for one in months)
        rows.append((name, f"{held} of {len(months)}", *(f"{mean:.2f} (at most {most:.2f})" for mean, most in shares)))
    titles = ["kept by", "months in which all held", *(f"{name} used of budget" for name in found.plan.budget_amt)]
    show_table("Months of calls", titles, rows)
    value = [sum(one.value_amt for one in months) / len(months) for months in (found.by_prices, found.by_ledger)]
    say(f"Value booked a month, minor units: {value[0]:,.0f} by prices alone, {value[1]:,.0f} by the ledger.")


def _as_json(found: "Rehearsal") -> dict[str, object]:
    def told(months: "Sequence[Rehearsed]") -> list[dict[str, object]]:
        return [
            {
                "holds": one.holds,
                "used_ratio": one.used_ratio,
                "value_amt": one.value_amt,
                "quoted": one.quoted_count,
                "booked": one.booked_count,
                "refused": one.refused_count,
                "refused_from_day": one.refused_from_day,
            }
            for one in months
        ]

    return {
        "months": len(found.by_ledger),
        "held": dict(found.held_count),
        "budget_amt": dict(found.plan.budget_amt),
        "prices": found.plan.prices.tolist(),
        "prices_alone": told(found.by_prices),
        "ledger": told(found.by_ledger),
    }
