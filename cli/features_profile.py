"""`linewise features profile`: what the features look like as of a date, and how far they have moved."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.console import progress, say, show_json, show_table
from cli.options import MOMENT, home_options, json_option

if TYPE_CHECKING:
    from features.profiling.report import Profile
    from linewise.core.settings import Settings

__all__ = ["profile"]


@click.command()
@click.option("--as-of", type=MOMENT, help="Observation date in UTC (default: the newest there are rows of).")
@click.option(
    "--reference", type=MOMENT,
    help="Observation date to compare with (default: the oldest other one with at least a tenth as many rows).",
)  # fmt: skip
@click.option(
    "--out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
    help="The page to write (default: data/features/profile-DATE.html in the home).",
)  # fmt: skip
@json_option
@home_options
def profile(
    settings: "Settings", as_of: datetime | None, reference: datetime | None, out: Path | None, as_json: bool
) -> None:
    """Write a page of every feature's distribution as of a date beside that of a reference date.

    A feature that has shifted is told and is no failure: the exit code stays 0.

    \b
    Example:
      linewise features profile --as-of 1998-12-31 --reference 1997-12-31
    """
    from features.profiling.page import profile_page
    from features.profiling.profiling import profile_features
    from linewise.bank.tables import open_bank
    from linewise.core.files import write_text_whole

    home = settings.paths
    now = open_bank(home).clock(settings).now()
    with progress(None, "rows") as advance:
        made = profile_features(home, now, as_of, reference, advance)
    path = out or home.features_dir / f"profile-{made.current.as_of:%Y-%m-%d}.html"
    write_text_whole(path, profile_page(made))
    if as_json:
        show_json(_figures(made, path))
    else:
        _show(made, path)


def _figures(made: "Profile", path: Path) -> dict[str, Any]:
    """All but the bars of the plots."""
    figures = asdict(made)
    del figures["bars"]
    return {"page": str(path), **figures}


def _show(made: "Profile", path: Path) -> None:
    from features.freshness import MEANINGS
    from features.profiling.dates import show_moment

    shown, compared = made.current, made.reference
    if compared is None:
        say("No other observation date holds enough rows to compare with: nothing is said about shifts.")
    else:
        moved = [*made.in_band("shifted"), *made.in_band("watch")]
        show_table(
            f"Features moved between {show_moment(compared.as_of)} and {show_moment(shown.as_of)}",
            ["feature", "PSI", "band", "meaning"],
            [(one.name, f"{one.psi:.3f}", one.band, one.meaning) for one in moved],
        )
    say(
        f"{len(made.features)} features of {shown.rows:,} customers as of {show_moment(shown.as_of)}: "
        f"{len(made.constant)} constant, {len(made.mostly_missing)} mostly missing, "
        f"{len(made.beyond_range)} with values out of range."
    )
    say(f"The rows are {made.age_days} days old and {made.freshness}: {MEANINGS[made.freshness]}.")
    say(f"Written: {path}")
