"""`linewise release impact`: what a release decided, from the record."""

from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json, show_table
from cli.ledgers import opened_record
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from serving.scoring.impact import Impact, Tally

__all__ = ["impact_command"]


@click.command("impact")
@click.option("--release", "release_id", required=True, metavar="R", help="The release_id that answers carry.")
@json_option
@home_options
def impact_command(settings: "Settings", release_id: str, as_json: bool) -> None:
    """Count what a release decided: shown, suggested, refused, answered and owed, by channel and week.

    \b
    Example:
      linewise release impact --release 32af95203abe8cc0
    """
    from serving.scoring.impact import impact_of

    with opened_record(settings) as ledger, progress(None, "decisions counted") as advance:
        impact = impact_of(ledger, release_id, advance)
    if as_json:
        show_json(impact.as_json())
    else:
        _show(impact, settings.language)


def _show(impact: "Impact", language: str) -> None:
    total = impact.total
    if not total.decisions and not impact.unreadable:
        say(f"The release {impact.release_id} has decided nothing in this home.")
        return
    gone = f"; {impact.unreadable:,} more are erased or no longer kept" if impact.unreadable else ""
    say(f"Release {impact.release_id}: {total.decisions:,} decisions{gone}.")
    slices = [("all", total), *sorted(impact.by_channel.items()), *sorted(impact.by_week.items())]
    columns = ["of", "decisions", "nothing shown", "limits", "sum", "median", "answered", "duties"]
    show_table("Decisions", columns, [(name, *_cells(tally, impact.currency, language)) for name, tally in slices])
    for title, counted in (
        ("Shown", total.shown),
        ("No limit suggested, by headline reason", total.refused),
        ("Answers", total.outcomes),
        ("Duties", total.duties),
    ):
        show_table(title, ["what", "times"], [(name, f"{count:,}") for name, count in counted.most_common()])


def _cells(tally: "Tally", currency: str, language: str) -> tuple[str, ...]:
    from statistics import median

    from linewise.core.formatters import show_money

    amounts = tally.suggested_amt
    return (
        f"{tally.decisions:,}",
        f"{tally.with_nothing_shown:,}",
        f"{len(amounts):,}",
        show_money(sum(amounts), currency, language) if amounts else "",
        show_money(round(median(amounts)), currency, language) if amounts else "",
        f"{tally.outcomes.total():,}",
        f"{tally.duties.total():,}",
    )
