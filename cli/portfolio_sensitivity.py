"""`linewise portfolio sensitivity`: what each assumption of value does to decisions."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from serving.scoring.sensitivity import Effect, Sensitivity

__all__ = ["sensitivity"]


@click.command("sensitivity")
@click.option("--assumption", "names", multiple=True, metavar="NAME", help="Only this one (repeat; default: all).")
@click.option("--change", "change_ratio", type=float, default=0.2, show_default=True, help="How far each is moved.")
@click.option(
    "--sample", type=click.IntRange(min=0), default=500, show_default=True, help="So many customers (0: all of them)."
)
@click.option("--channel", default="voice", show_default=True, help="voice, app, web, branch or ivr.")
@json_option
@home_options
def sensitivity(
    settings: "Settings", *, names: tuple[str, ...], change_ratio: float, sample: int, channel: str, as_json: bool
) -> None:
    """Decide again with each assumption of economics.yaml a fifth lower and higher, and say what changes.

    Which numbers decide, and which could be wrong without anybody noticing: the share of customers whose limit
    or primary suggestion is another one, and how raises and value move. Nothing is recorded.

    \b
    Example:
      linewise portfolio sensitivity --assumption loss_given_default_ratio --sample 2000
    """
    import os

    from serving.scoring.opening import open_decider
    from serving.scoring.sensitivity import names_of, sensitivity_of

    recommender = open_decider(settings, threads=os.cpu_count() or 1)
    many = min(sample or len(recommender.customer_ids()), len(recommender.customer_ids()))
    turns = 1 + 2 * (len(names) or len(names_of(recommender.policy.decision.economics)))
    with progress(many * turns, "decisions") as advance:
        found = sensitivity_of(recommender, names, change_ratio, sample or None, channel, advance)
    if as_json:
        show_json(found.as_json())
    else:
        _show(found)


def _show(found: "Sensitivity") -> None:
    from linewise.core.formatters import show_money, show_percent
    from linewise.core.money import to_major

    def money(amount_amt: int) -> str:
        return show_money(amount_amt, found.currency, "en")

    told: tuple[Callable[[Effect], str], ...] = (
        lambda one: show_percent(one.limit_changed_ratio, "en", 1),
        lambda one: show_percent(one.offer_changed_ratio, "en", 1),
        lambda one: f"{one.raises_count - found.raises_count:+,}",
        lambda one: f"{to_major(one.value_amt - found.value_amt, found.currency):+,.0f}",
    )
    by_name: dict[str, list[Effect]] = {}
    for one in found.effects:
        by_name.setdefault(one.assumption, []).append(one)
    rows = [(name, *(" / ".join(map(tell, both)) for tell in told)) for name, both in by_name.items()]
    change = show_percent(found.change_ratio, "en", 0)
    title = f"{found.customers:,} customers; each assumption {change} lower / higher; value in {found.currency}"
    show_table(title, ["assumption", "limits changed", "offers changed", "raises", "value"], rows, whole_names=True)
    say(
        f"As it stands: {found.raises_count:,} raises of {money(found.raised_amt)} in all, "
        f"worth {money(found.value_amt)} with the primary offers."
    )
