"""`linewise campaign plan`: from campaigns' files to who is contacted with what, when and by which channel."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.console import progress, say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from serving.campaigns.planning.writing import Planned

__all__ = ["plan_command"]


@click.command("plan")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--by", "planned_by", help="Who plans it (default: the owner that the file names).")
@click.option("--dry-run", is_flag=True, help="Plan and show, and write nothing.")
@json_option
@home_options
def plan_command(
    settings: "Settings", files: Sequence[Path], planned_by: str | None, dry_run: bool, as_json: bool
) -> None:
    """Decide for everybody whom the campaigns address, by the same decision as a call, and make a list of each.

    Several files are planned together: nobody gets more than the one offer that is best over all of them. The plan
    of each is written to data/campaigns/ID/plan: plan.json, list.parquet and report.html.

    \b
    Example:
      linewise campaign plan spring.yaml
      linewise campaign plan spring.yaml travel.yaml --dry-run
    """
    import os

    from serving.campaigns.planning.together import plan_campaigns

    with progress(None, "customers looked at") as advance:
        planned = plan_campaigns(
            settings, files, planned_by, dry_run=dry_run, processes=os.cpu_count() or 1, advance=advance
        )
    if as_json:
        show_json([{**one.told, "folder": one.folder} for one in planned])
        return
    for one in planned:
        _show(one)


def _show(planned: "Planned") -> None:
    from linewise.core.formatters import show_money

    told, brief = planned.told, planned.brief
    show_table(
        f"{brief.campaign_id}: who is left",
        ["step", "removed", "left", "why"],
        [(one["step"], f"{one['removed']:,}", f"{one['left']:,}", _reasons(one)) for one in told["waterfall"]],
    )
    expected, arms = told["expected"], told["arms"]
    detectable = told["minimum_detectable_effect"]
    least = detectable["effect_ratio"]

    def money(amount: int) -> str:
        return show_money(amount, told["currency"], "en")

    say(
        f"{arms['treated']:,} are contacted and {arms['control']:,} kept as control: value "
        f"{money(expected['value_amt'])} for {money(expected['cost_amt'])}, {expected['responses']:,.1f} responses, "
        f"of which {expected['added_responses']:,.1f} because of it."
    )
    if least is None:
        say("No lift could be shown: an arm is empty.")
    else:
        say(f"A lift of {least:.2%} or more would be shown, on {detectable['base_ratio']:.2%} without a contact.")
    for note in told["notes"]:
        say(note)
    say("Nothing was written." if planned.folder is None else f"Written to {planned.folder}; read report.html there.")


def _reasons(step: Any) -> str:
    return ", ".join(f"{code} {count:,}" for code, count in list(step["reasons"].items())[:3])
