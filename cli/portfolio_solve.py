"""`linewise portfolio solve`: prices of scarce things for the release that decides."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.options import home_options, json_option
from cli.portfolio_base import budget_options, read_base, show_budgets

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["solve_command"]


@click.command("solve")
@budget_options
@click.option("--dry-run", is_flag=True, help="Solve and show, and write no prices.")
@json_option
@home_options
def solve_command(
    settings: "Settings", asked: tuple[Sequence[str], Path | None, int, str], dry_run: bool, as_json: bool
) -> None:
    """Allocate the base under its budgets and write the prices at which the bank's proposals are ranked.

    Budgets come from --budget, else --from-file, else the ledger, else the bank's facts. The prices are good
    for the models, rules and code that they were solved with, and make a new release, which in production
    decides once it is approved. What customers ask for is never priced.

    \b
    Example:
      linewise portfolio solve --budget money=50000 --budget loss=120000 --days 30
    """
    from serving.portfolio.solving import publish, solve_portfolio

    base = read_base(settings, asked)
    recommender = base.recommender
    solved = solve_portfolio(base.candidates, base.budgets, settings.seed)
    told = base.told | solved.as_json() | {"prices": asdict(solved.prices)}
    path, release_id = None, recommender.versions.release_id
    if not dry_run:
        path, release_id = publish(settings.paths, recommender.versions, solved, base.told)
    if as_json:
        show_json(told | {"release_id": release_id, "written": path})
        return
    show_budgets(base, solved)
    if path is None:
        say("Nothing was written.")
        return
    say(f"Written to {path}. Release {release_id} decides by these prices.")
    if settings.profile == "production":
        say(f"It needs its signatures: linewise release propose, then linewise release approve {release_id}.")
