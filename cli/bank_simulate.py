"""`linewise bank simulate`: a bank whose truth is known, or the report of how true to life it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.console import progress, say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from linewise.simulation.world import World

__all__ = ["COUNTRIES", "DEFAULTS", "WORLD_NAMES", "simulate"]

# Said here as well as in the world, so that help needs none of it; a test holds the two together.
COUNTRIES = ("cn", "us")
WORLD_NAMES = ("base", "downturn", "thin-margin", "drift", "dirty", "tiny")
DEFAULTS = {"customer_count": 10_000, "month_count": 24, "hidden_confounding": 0.8, "exploration_ratio": 0.04}


@click.command()
@click.option("--customers", "customer_count", default=DEFAULTS["customer_count"], show_default=True, type=int)
@click.option(
    "--months", "month_count", default=DEFAULTS["month_count"], show_default=True, type=int,
    help="Months with data; the last is November 2026.",
)  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same bank, to the byte.")
@click.option("--country", type=click.Choice(COUNTRIES), default="cn", show_default=True)
@click.option(
    "--world", "name", type=click.Choice(WORLD_NAMES), default="base", show_default=True,
    help="The state of the world; downturn, thin-margin and drift differ from the published figures on purpose.",
)  # fmt: skip
@click.option(
    "--hidden-confounding", default=DEFAULTS["hidden_confounding"], show_default=True,
    help="How far the bank's past decisions followed what its data do not hold, 0 to 2.",
)  # fmt: skip
@click.option(
    "--exploration", "exploration_ratio", default=DEFAULTS["exploration_ratio"], show_default=True,
    help="Share of customers whose limits were reviewed at random, 0 to 0.5.",
)  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Threads.")
@click.option("--overwrite", is_flag=True, help="Replace the bank that stands in the home.")
@click.option(
    "--report", "wants_report", is_flag=True,
    help="Write no bank; compare this world with published figures. Exit code 3 where one is out of range.",
)  # fmt: skip
@click.option(
    "--plot", "plot_path", metavar="FILE.png", type=click.Path(dir_okay=False, path_type=Path),
    help="Write no bank; draw this world on one page.",
)  # fmt: skip
@json_option
@home_options
def simulate(
    settings: "Settings", workers: int, overwrite: bool, wants_report: bool, plot_path: Path | None, as_json: bool,
    **world: Any,
) -> None:  # fmt: skip
    """Simulate a bank and make it the bank of this home, or measure one against published figures.

    The same settings give the same bank, and customer i is the same in a bank of any size. With --report or
    --plot the customers are lived and measured but no bank is written or replaced. The report judges from
    100,000 customers on; with fewer it shows and does not judge.

    \b
    Example:
      linewise bank simulate --customers 100000 --months 12 --seed 7
      linewise bank simulate --customers 100000 --report --plot docs/simulated-bank.png
    """
    from linewise.simulation.world import world_of

    chosen = world_of(**world)
    if wants_report or plot_path is not None:
        _measure(chosen, workers, plot_path, wants_report=wants_report, as_json=as_json)
    else:
        _write(settings, chosen, workers, overwrite=overwrite, as_json=as_json)


def _write(settings: "Settings", world: "World", workers: int, *, overwrite: bool, as_json: bool) -> None:
    from linewise.simulation.simulating import simulate_bank

    with progress(world.customer_count, "customers") as advance:
        bank = simulate_bank(settings.paths, world, overwrite=overwrite, workers=workers, advance=advance)
    manifest = bank.manifest
    if as_json:
        show_json(manifest.model_dump(mode="json"))
        return
    rows = [(name, f"{facts.rows:,}") for name, facts in manifest.tables.items() if not facts.is_absent]
    show_table(
        f"{manifest.name}: {sum(facts.rows for facts in manifest.tables.values()):,} rows", ["table", "rows"], rows
    )
    say(f"Data hash {manifest.data_hash[:16]}; written to {settings.paths.root}. Next: linewise features build")


def _measure(world: "World", workers: int, plot_path: Path | None, *, wants_report: bool, as_json: bool) -> None:
    from cli.calibration_figures import show_calibration
    from linewise.core.errors import GateNotPassed
    from linewise.simulation.report.calibration import report_of
    from linewise.simulation.report.measures import measured

    with progress(world.customer_count, "customers measured") as advance:
        sums = measured(world, workers=workers, advance=advance)
    report = report_of(world, sums)
    if plot_path is not None:
        from linewise.simulation.report.plot import draw_bank

        draw_bank(plot_path, world, sums, report)
        say(f"Drawn: {plot_path}")
    if not wants_report:
        return
    if as_json:
        show_json(report.model_dump(mode="json"))
    else:
        show_calibration(report, world.calendar.currency)
    if report.out_of_range:
        raise GateNotPassed(
            f"{len(report.out_of_range)} of {len(report.rows)} figures of {report.bank} are out of range: "
            f"{', '.join(row.id for row in report.out_of_range)}.",
            "Every figure within its tolerance or three standard errors was expected.",
        )
