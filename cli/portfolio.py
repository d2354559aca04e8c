"""`linewise portfolio`: the commands on the base as a whole, its budgets and what became of them."""

import click

from cli.portfolio_approve_budget import approve_budget_command
from cli.portfolio_budgets import budgets_command
from cli.portfolio_frontier import frontier_command
from cli.portfolio_reconcile import command as reconcile_command
from cli.portfolio_rehearse import rehearse_command
from cli.portfolio_sensitivity import sensitivity
from cli.portfolio_set_budget import set_budget_command
from cli.portfolio_solve import solve_command
from cli.portfolio_watch import watch_command

__all__ = ["command"]


@click.group("portfolio")
def command() -> None:
    """The base as a whole: its budgets, what is left of them, and what the core system made of decisions.

    \b
    Example:
      linewise portfolio set-budget raises-11 --kind exposure --amount 5000000 --from 2026-11-01 --until 2026-12-01 \\
        --reason "the plan of November" --by ada
      linewise portfolio budgets
      linewise portfolio solve --budget loss=120000
      linewise portfolio frontier --plot frontier.png
      linewise portfolio reconcile --since 2026-11-01
      linewise portfolio sensitivity
    """


command.add_command(solve_command)
command.add_command(frontier_command)
command.add_command(set_budget_command)
command.add_command(approve_budget_command)
command.add_command(budgets_command)
command.add_command(watch_command)
command.add_command(rehearse_command)
command.add_command(reconcile_command, "reconcile")
command.add_command(sensitivity)
