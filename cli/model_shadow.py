"""`linewise model shadow`: a challenger that scores live calls and is shown to nobody."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from training.shadow_report import ShadowReport

__all__ = ["shadow_command"]


@click.command("shadow")
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1), required=False)
@click.option("--start", is_flag=True, help="Let the version score every call from now on.")
@click.option("--stop", is_flag=True, help="Let no challenger of the model score any more.")
@json_option
@home_options
def shadow_command(
    settings: "Settings", name: str, version: int | None, *, start: bool, stop: bool, as_json: bool
) -> None:
    """What a challenger (default: the latest version) would have said of the calls it has scored in the shadow.

    A running service takes up a start or a stop within a moment, and no answer waits for a challenger.

    \b
    Example:
      linewise model shadow card_default 2 --start
      linewise model shadow card_default 2
    """
    from linewise.core.errors import UsageError
    from linewise.ledger.model_findings import Subject
    from linewise.ledger.shadows import ordered_decisions, shadows_of
    from serving.scoring.challengers import start_shadow, stop_shadow
    from training.gate.judging import latest_of
    from training.shadow_report import shadow_report

    if start and stop:
        raise UsageError("Both --start and --stop were given.", "One of them was expected.")
    if stop:
        stop_shadow(settings.paths, name)
        say(f"No challenger of {name!r} scores in the shadow any more.")
        return
    found = latest_of(settings, name, version)
    if start:
        start_shadow(settings.paths, name, found.version)
        say(f"Version {found.version} of {name!r} scores every call from now on, and is shown to nobody.")
    subject = Subject(found.name, found.version, found.artefact_sha256)
    with opened_ledger(settings) as ledger:
        report = shadow_report(name, found.version, shadows_of(ledger, subject), ordered_decisions(ledger, subject))
    if as_json:
        show_json(report.model_dump(mode="json"))
    elif not start:
        _show(report)


def _show(report: "ShadowReport") -> None:
    rows = [
        (what, pair.decision_count, f"{pair.champion_mean:.4f}", f"{pair.challenger_mean:.4f}",
         "" if pair.correlation is None else f"{pair.correlation:.3f}")
        for what, pair in (("default within 12 months", report.pd), ("take-up of what was shown", report.take_up))
        if pair is not None
    ]  # fmt: skip
    title = f"{report.model}, version {report.version}: {report.decision_count} decisions on {report.days} days"
    show_table(title, ("score", "decisions", "champion", "challenger", "correlation of ranks"), rows)
    say(
        f"Another primary offer in {report.other_offer_ratio:.1%}, another limit in {report.other_limit_ratio:.1%}; "
        f"{report.order_count} orders"
        + (
            f", told by the champion with AUC {report.champion_auc:.3f}, by the challenger {report.challenger_auc:.3f}."
            if report.champion_auc is not None
            else ", too few to say whose take-up tells them better."
        )
    )
