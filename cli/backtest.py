"""`linewise backtest`: a release on past dates of the loaded bank, beside what the bank did."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.console import progress, say, show_json, show_table
from cli.ledgers import opened_record
from cli.options import MOMENT, home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from serving.backtesting.backtest import Backtest

__all__ = ["command"]

HELD_BACK_SHOWN = 20


@click.command()
@click.option("--from", "first", type=MOMENT, required=True, help="The first past date, UTC.")
@click.option("--to", "last", type=MOMENT, required=True, help="The last past date, UTC.")
@click.option("--every", type=click.Choice(["day", "week", "month"]), default="month", show_default=True)
@click.option("--release", "release_id", metavar="R", help="An archived release (default: the one that runs).")
@click.option(
    "--horizon", "horizon_months", type=click.IntRange(1, 60), default=12, show_default=True,
    help="Months over which defaults are followed.",
)  # fmt: skip
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="So many customers a date (default: all).")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="A folder for page, figures and cases.")
@json_option
@home_options
def command(  # noqa: PLR0913  each is an option
    settings: "Settings",
    *,
    first: datetime,
    last: datetime,
    every: Any,
    release_id: str | None,
    horizon_months: int,
    sample: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Decide on past dates with what was known then: who gets what instead, and what became of them.

    It compares decisions and claims no cause. Where the bank's past holds no such cases, it says so.

    \b
    Example:
      linewise backtest --from 2025-01-31 --to 2025-10-31 --every month --out backtest
    """
    from linewise.bank.tables import open_bank
    from serving.backtesting.backtest import Asked, backtest
    from serving.backtesting.report import as_json as figures
    from serving.scoring.archive import open_archived
    from serving.scoring.opening import open_recommender

    release_id = release_id or open_recommender(settings).versions.release_id
    bank, release = open_bank(settings.paths), open_archived(settings.paths, release_id)
    asked = Asked(first.replace(tzinfo=UTC), last.replace(tzinfo=UTC), every, horizon_months, sample)
    with opened_record(settings) as ledger, progress(None, "decisions") as advance:
        now = bank.clock(settings).now()
        made = backtest(bank, ledger, release, asked, now, settings.seed, advance)
    written = _write(made, out) if out else None
    if as_json:
        show_json(figures(made) | ({"written": written} if written else {}))
    else:
        _show(made)
        if written:
            say(f"Written to {written}.")


def _write(made: "Backtest", out: Path) -> Path:
    import json

    from linewise.core.files import folder_written_whole
    from serving.backtesting.report import as_json as figures
    from serving.backtesting.report import page

    with folder_written_whole(out) as draft:
        (draft / "backtest.html").write_text(page(made), encoding="utf-8")
        told = json.dumps(figures(made), ensure_ascii=False, indent=2, default=str)
        (draft / "backtest.json").write_text(told + "\n", encoding="utf-8")
        made.cases.write_parquet(draft / "cases.parquet")
    return out


def _show(made: "Backtest") -> None:
    from linewise.core.formatters import show_money, show_percent
    from serving.backtesting.report import MEANINGS
    from serving.backtesting.warnings import NOT_CAUSAL

    def money(amount_amt: int) -> str:
        return show_money(amount_amt, made.currency, "en")

    say(f"Release {made.release_id} on {made.bank}: {made.decisions:,} decisions. {NOT_CAUSAL}")
    show_table(
        "Credit",
        ["granted by", "decisions", "release adds", "bank granted", "taken", "observed", "in default", "rate"],
        [
            (
                MEANINGS[one.group], f"{one.decisions:,}", money(one.release_amt), money(one.bank_amt),
                money(one.taken_amt), f"{one.observed_count:,}", f"{one.defaulted_count:,}",
                "" if one.default_ratio is None else show_percent(one.default_ratio, "en"),
            )
            for one in made.credit
        ],
    )  # fmt: skip
    show_table(
        "Offers",
        ["offer", "shown by", "customers and dates", "taken"],
        [(one.offer_id, MEANINGS[one.group], f"{one.pairs:,}", one.taken_count) for one in made.offers],
    )
    show_table(
        "Held back",
        ["what", "by", "decisions"],
        [
            (one.what, one.rule_id, f"{one.decisions:,}")
            for one in made.held_back
            if one.decisions * 20 > made.decisions
        ],
    )
    for warning in made.warnings:
        say(f"- {warning}")
