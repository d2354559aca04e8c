"""`linewise portfolio frontier`: profit against expected loss and exposure, and what each constraint costs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json, show_table
from cli.options import home_options, json_option
from cli.portfolio_base import budget_options, read_base, show_budgets

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from serving.portfolio.frontier import Frontier

__all__ = ["frontier_command"]


@click.command("frontier")
@budget_options
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="The picture to write, .png or .svg.")
@json_option
@home_options
def frontier_command(
    settings: "Settings", asked: tuple[Sequence[str], Path | None, int, str], plot: Path | None, as_json: bool
) -> None:
    """Draw the most that the base can bring for each amount of expected loss, and of new credit.

    The other budgets stay as they are (see portfolio solve). Every constraint has its price in money: what one
    more unit of it would earn. Nothing is written but the picture.

    \b
    Example:
      linewise portfolio frontier --budget exposure=2000000 --budget loss=60000 --plot frontier.svg
    """
    from serving.portfolio.frontier import SHARES, SWEPT, frontier_of

    base = read_base(settings, asked)
    bank = base.recommender.bank.manifest
    with progress(1 + len(SWEPT) * (len(SHARES) + 1), "allocations") as advance:
        made = frontier_of(base.candidates, base.budgets, bank.currency, settings.seed, advance)
    if plot is not None:
        from serving.portfolio.drawing import draw_frontier

        draw_frontier(plot, made, f"{bank.name}: {base.days} days, release {base.recommender.versions.release_id}")
    if as_json:
        show_json(base.told | made.as_json() | {"plot": plot})
        return
    _show(made)
    show_budgets(base, made.solved)
    if plot is not None:
        say(f"Drawn to {plot}.")


def _show(made: "Frontier") -> None:
    from linewise.core.formatters import show_money

    def money(amount: float) -> str:
        return show_money(round(amount), made.currency, "en")

    for name, points in made.points.items():
        show_table(
            f"Value against {name}",
            [f"{name} allowed", "used", "value, cautious", "value, expected", "one more unit earns"],
            [
                (
                    money(one.allowed),
                    money(one.used),
                    money(one.value_amt),
                    money(one.expected_amt),
                    f"{one.price:,.4g}",
                )
                for one in points
            ],
        )
