"""`linewise model`: train, evaluate, promote, and what was promoted when."""

from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linewise.core.settings import Settings
    from training.evaluation import Evaluation

__all__ = ["command"]


@click.group("model")
def command() -> None:
    """Train, evaluate and promote models; show their history.

    \b
    Example:
      linewise model train
      linewise model evaluate
      linewise model promote default 2 --reason "better ranking on the 1998 loans"
    """


@command.command("train")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("-S", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a field of the spec.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of folds and trees (default: the settings').")
@json_option
@home_options
def train_command(
    settings: "Settings", names: tuple[str, ...], overrides: tuple[str, ...], seed: int | None, as_json: bool
) -> None:
    """Train, cross-validate and register models; the first of a name becomes champion.

    \b
    Example:
      linewise model train
      linewise model train default -S tree_count=40 --seed 7
    """
    from training.retraining import fold_count, train

    chosen = settings if seed is None else settings.model_copy(update={"seed": seed})
    with progress(fold_count(names, overrides), "cross-validation") as advance:
        report = train(chosen, names, overrides, advance)
    for one in report.models:
        role = "champion" if one.is_champion else "challenger"
        _show_figures(f"{one.name}, version {one.version} ({role})", [("LightGBM", one.evaluation)])
    _pull(settings)
    if as_json:
        show_json(report.model_dump(mode="json"))


@command.command("evaluate")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@json_option
@home_options
def evaluate_command(settings: "Settings", names: tuple[str, ...], as_json: bool) -> None:
    """Champion beside the latest version, as both were judged out of fold.

    \b
    Example:
      linewise model evaluate default
    """
    from training.comparing import evaluate

    reports = evaluate(settings, names)
    if as_json:
        show_json([report.model_dump(mode="json") for report in reports])
        return
    for report in reports:
        standings = [(f"champion, version {report.champion.version}", report.champion.evaluation)]
        if report.latest.version != report.champion.version:
            standings.append((f"latest, version {report.latest.version}", report.latest.evaluation))
        _show_figures(report.name, standings)
        if report.latest_minus_champion_auc is not None:
            say(f"AUC, latest minus champion on the same folds: {report.latest_minus_champion_auc}")
        elif report.latest.version != report.champion.version:
            say("They were judged on other data or other folds: the two figures are not comparable.")


@command.command("promote")
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1))
@click.option("--reason", required=True, help="Why, in a sentence that a later reader understands.")
@json_option
@home_options
def promote_command(settings: "Settings", name: str, version: int, reason: str, as_json: bool) -> None:
    """Make a version the champion, write down why, and release it for serving.

    \b
    Example:
      linewise model promote default 2 --reason "better ranking on the loans of 1998"
    """
    from training.promotion import promote

    promotion = promote(settings, name, version, reason)
    before = "none" if promotion.previous_version is None else f"version {promotion.previous_version}"
    say(f"Champion of {name!r} is now version {version} (before: {before}).")
    _pull(settings)
    if as_json:
        show_json(promotion.model_dump(mode="json"))


@command.command("history")
@json_option
@home_options
def history_command(settings: "Settings", as_json: bool) -> None:
    """Every promotion of this home, oldest first.

    \b
    Example:
      linewise model history
    """
    from training.promotion import history

    rows = history(settings)
    if as_json:
        show_json([row.model_dump(mode="json") for row in rows])
        return
    show_table(
        "Promotions",
        ("at (UTC)", "model", "version", "before", "reason"),
        [
            (f"{row.at:%Y-%m-%d %H:%M:%S}", row.name, row.version, row.previous_version or "none", row.reason)
            for row in rows
        ],
    )


def _show_figures(title: str, evaluations: "Sequence[tuple[str, Evaluation]]") -> None:
    """Each evaluation beside the logistic regression on its folds, with 95% intervals."""
    rows: list[tuple[object, ...]] = []
    for label, evaluation in evaluations:
        auc, brier = evaluation.auc, evaluation.brier
        rows.append((label, auc.model, brier.model))
        rows.append(("  logistic regression", auc.logistic, brier.logistic))
        rows.append(("  difference", auc.difference, brier.difference))
    show_table(title, ("out of fold, 95% interval", "AUC", "Brier score"), rows)
    for label, evaluation in evaluations:
        say(
            f"{label}: {evaluation.positive_count} of {evaluation.row_count} rows have the label, "
            f"calibration slope {evaluation.calibration_slope:.2f}."
        )


def _pull(settings: "Settings") -> None:
    """Put the champions on local disk for serving; say so where one is still missing."""
    from linewise.core.errors import ModelMissing
    from serving.scoring.registry import pull_release

    try:
        release = pull_release(settings.paths)
    except ModelMissing as err:
        say(f"Nothing is released for serving yet. {err}")
    else:
        say(f"Released for serving: {release.key}.")
