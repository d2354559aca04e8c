"""`linewise doctor`: what is missing or stale, and what to run."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["command"]


@click.command()
@json_option
@home_options
def command(settings: "Settings", as_json: bool) -> None:
    """Look at every part of the home; exit code 1 where one is missing or stale.

    \b
    Example:
      linewise doctor --home /srv/linewise
    """
    from serving.scoring.readiness import examine

    findings = examine(settings)
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        rows = [(one.part, one.state, one.detail, one.command) for one in findings]
        show_table(f"Home {settings.paths.root}", ["part", "state", "what was found", "what to run"], rows)
    if any(finding.state != "ok" for finding in findings):
        say("Run what stands in the last column, from the top.")
        raise SystemExit(1)
