"""`linewise campaign`: marketing's work on the whole base."""

import click

from cli.campaign_approve import approve_command
from cli.campaign_export import export_command
from cli.campaign_holdouts import holdouts_command
from cli.campaign_list import list_command
from cli.campaign_plan import plan_command
from cli.campaign_propose import propose_command
from cli.campaign_report import report_command
from cli.campaign_stop import stop_command

__all__ = ["command"]


@click.group("campaign")
def command() -> None:
    """Campaigns: who of the whole base gets which offer under a budget, with a control group and what it lifted.

    \b
    Example:
      linewise campaign plan spring.yaml
      linewise campaign propose SPRING_CARDS --key mei.pem
      linewise campaign approve SPRING_CARDS --key lin.pem --meaning "words and disclosures read"
      linewise campaign export SPRING_CARDS --by mei
      linewise campaign report SPRING_CARDS --responses responses.csv
    """


command.add_command(plan_command)
command.add_command(propose_command)
command.add_command(approve_command)
command.add_command(export_command)
command.add_command(list_command)
command.add_command(stop_command)
command.add_command(report_command)
command.add_command(holdouts_command)
