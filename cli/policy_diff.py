"""`linewise policy diff`: who gains and loses what under another policy folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.console import progress, say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    import polars as pl

    from linewise.core.settings import Settings
    from serving.scoring.policy_diff import PolicyDiff

__all__ = ["diff"]

MOST_SEGMENTS = 12
COUNTS = ("customers", "gains", "loses", "more", "less")
SUMS = {"value_amt": "value", "amt": "amount", "expected_loss_amt": "expected loss"}
CHANGES = {"value_amt_change": "value", "exposure_amt_change": "exposure", "expected_loss_amt_change": "expected loss"}
A_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("diff")
@click.argument("old", type=A_FOLDER)
@click.argument("new", type=A_FOLDER)
@click.option("--channel", default="voice", show_default=True, help="voice, app, web, branch or ivr.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Also write the swap set: a .parquet or .csv file."
)
@json_option
@home_options
def diff(settings: "Settings", old: Path, new: Path, channel: str, out: Path | None, as_json: bool) -> None:
    """Decide for every customer of the loaded bank under OLD and under NEW, and say what differs.

    Shown are the sums of both sides (counts, value, exposure, expected loss) and the swap sets by segment:
    kind of action, offer, bands of limit, age and time with the bank, and the rule that makes the difference.

    \b
    Example:
      linewise policy diff linewise/policy/standard my-policy --out swapped.parquet
    """
    import os

    from linewise.core.errors import UsageError
    from serving.scoring.opening import open_decider
    from serving.scoring.policy_diff import compare_policies

    if out is not None and out.suffix not in {".parquet", ".csv"}:
        raise UsageError(f"The swap set cannot be written to {out.name!r}.", "A .parquet or .csv file was expected.")
    looking = settings.model_copy(update={"policy": old})
    before = open_decider(looking, threads=os.cpu_count() or 1)
    after = before.under(new)
    with progress(len(before.customer_ids()), "customers decided twice") as advance:
        found = compare_policies(before, after, channel, advance)
    if out is not None:
        _write(found.swapped, out)
    if as_json:
        show_json({"old": old, "new": new, **found.as_json(), "written": out})
    else:
        _show(found)
        say(f"{found.changed_customers:,} of {found.customers:,} customers see something else." + _told(out))


def _told(out: Path | None) -> str:
    return f" The swap set is in {out}." if out else ""


def _write(swapped: "pl.DataFrame", out: Path) -> None:
    from linewise.core.files import written_whole

    with written_whole(out) as draft:
        if out.suffix == ".csv":
            swapped.write_csv(draft)
        else:
            swapped.write_parquet(draft)


def _show(found: "PolicyDiff") -> None:
    from linewise.core.money import minor_units
    from serving.scoring.policy_diff import DIMENSIONS

    unit = 10 ** minor_units(found.currency)
    totals = [
        [row["thing"], *(_both(row, name, unit if name in SUMS else 1) for name in ("count", "customers", *SUMS))]
        for row in found.totals.to_dicts()
    ]
    show_table(f"Shown, before → after ({found.currency})", ["", "shown", "customers", *SUMS.values()], totals)
    for dimension in DIMENSIONS:
        table = found.by(dimension)
        title = f"What changed, by {dimension.replace('_', ' ')}"
        rows = [
            [
                row[dimension],
                *(f"{row[name]:,}" for name in COUNTS),
                *(f"{row[name] / unit:+,.0f}" for name in CHANGES),
            ]
            for row in table.head(MOST_SEGMENTS).to_dicts()
        ]
        more = f" (the first {MOST_SEGMENTS} of {len(table)})" if len(table) > MOST_SEGMENTS else ""
        show_table(title + more, ["", *COUNTS, *CHANGES.values()], rows)


def _both(row: Mapping[str, Any], name: str, unit: int) -> str:
    before, after = (row[f"{side}_{name}"] / unit for side in ("old", "new"))
    return f"{before:,.0f} → {after:,.0f}" if before != after else f"{before:,.0f}"
