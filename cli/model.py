"""`linewise model`: train, evaluate, promote, and what was promoted when."""

from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["command"]


@click.group("model")
def command() -> None:
    r"""Train, evaluate and promote models; show their history.

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
    r"""Train, cross-validate and register models; the first of a name becomes champion.

    \b
    Example:
      linewise model train
      linewise model train default -S tree_count=40 --seed 7
    """
    from training.retraining import fold_count, train

    chosen = settings if seed is None else settings.model_copy(update={"seed": seed})
    with progress(fold_count(names, overrides), "cross-validation") as advance:
        report = train(chosen, names, overrides, advance)
    show_table(
        "Trained: out-of-fold AUC with 95% interval",
        ("model", "version", "role", "rows", "positives", "LightGBM", "logistic regression", "difference"),
        [
            (
                one.name,
                one.version,
                "champion" if one.is_champion else "challenger",
                one.evaluation.row_count,
                one.evaluation.positive_count,
                one.evaluation.auc.model,
                one.evaluation.auc.logistic,
                one.evaluation.auc.difference,
            )
            for one in report.models
        ],
    )
    _pull(settings)
    if as_json:
        show_json(report.model_dump(mode="json"))


@command.command("evaluate")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@json_option
@home_options
def evaluate_command(settings: "Settings", names: tuple[str, ...], as_json: bool) -> None:
    r"""Champion beside the latest version, as both were judged out of fold.

    \b
    Example:
      linewise model evaluate default
    """
    from training.retraining import evaluate

    reports = evaluate(settings, names)
    if as_json:
        show_json([report.model_dump(mode="json") for report in reports])
        return
    for report in reports:
        standings = [("champion", report.champion), ("latest", report.latest)]
        show_table(
            report.name,
            (
                "role",
                "version",
                "rows",
                "positives",
                "AUC",
                "logistic regression",
                "Brier",
                "calibration slope",
            ),
            [
                (
                    role,
                    one.version,
                    one.evaluation.row_count,
                    one.evaluation.positive_count,
                    one.evaluation.auc.model,
                    one.evaluation.auc.logistic,
                    one.evaluation.brier.model,
                    f"{one.evaluation.calibration_slope:.2f}",
                )
                for role, one in standings
            ],
        )
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
    r"""Make a version the champion, write down why, and release it for serving.

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
    r"""Every promotion of this home, oldest first.

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
