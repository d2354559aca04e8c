"""`linewise model train`: train, cross-validate and register models."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json, show_table
from cli.model_figures import show_figures
from cli.model_release import release_for_serving
from cli.model_search import show_search
from cli.options import dry_run_option, home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["train_command"]


@click.command("train")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("-S", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a field of the spec.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of folds and trees (default: the settings').")
@click.option(
    "--wait", "wait_minutes", type=click.FloatRange(min=0), default=60.0, show_default=True, metavar="MINUTES",
    help="How long another training in this home is waited for.",
)  # fmt: skip
@click.option(
    "--search", "trials", type=click.IntRange(min=1), metavar="TRIALS",
    help="Try so many sets of parameters first and take the smallest of the good ones.",
)  # fmt: skip
@click.option(
    "--search-minutes", type=click.FloatRange(min=0, min_open=True), default=30.0, show_default=True,
    metavar="MINUTES", help="Longest that a model's search may take.",
)  # fmt: skip
@click.option(
    "--config", "config_path", type=click.Path(dir_okay=False, path_type=Path),
    help="A file with seed and models (NAME: {KEY: VALUE}); what the command line says wins.",
)  # fmt: skip
@dry_run_option
@json_option
@home_options
def train_command(  # noqa: PLR0913  each is an option
    settings: "Settings",
    names: tuple[str, ...],
    *,
    overrides: tuple[str, ...],
    seed: int | None,
    wait_minutes: float,
    trials: int | None,
    search_minutes: float,
    config_path: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Train, cross-validate and register models; the first of a name becomes champion.

    Without names all that the loaded bank can teach are trained, and what is left out is told with the reason.

    \b
    Example:
      linewise model train
      linewise model train default -S tree_count=40 --seed 7
      linewise model train card_default --search 30
      linewise model train --config monthly.yaml --dry-run
    """
    from training.config import load_train_config
    from training.retraining import Patience, fold_count, train
    from training.search import Budget

    config = load_train_config(config_path)
    names, overrides = names or config.names, (*_of(config.overrides, names), *overrides)
    seed = config.seed if seed is None else seed
    chosen = settings if seed is None else settings.model_copy(update={"seed": seed})
    if dry_run:
        _show_plan(chosen, names, overrides, as_json=as_json)
        return
    budget = None if trials is None else Budget(trials=trials, minutes=search_minutes)
    with progress(fold_count(names, overrides, budget), "cross-validation") as advance:
        report = train(chosen, names, overrides, advance, Patience(60 * wait_minutes, say), budget)
    for one in report.models:
        role = "champion" if one.is_champion else "challenger"
        show_figures(f"{one.name}, version {one.version} ({role})", [("LightGBM", one.evaluation)])
        if one.search is not None:
            show_search(one.name, one.search)
    for left_out in report.skipped:
        say(f"Left out, {left_out.name}: {left_out.why}")
    release_for_serving(settings)
    if as_json:
        show_json(report.model_dump(mode="json"))


def _of(overrides: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """Of a file's overrides those of the models that the command line names, all where it names none."""
    return tuple(one for one in overrides if not names or one.partition(".")[0] in names)


def _show_plan(settings: "Settings", names: tuple[str, ...], overrides: tuple[str, ...], *, as_json: bool) -> None:
    """What would be learnt from; nothing is fitted or registered."""
    from training.dry_run import planned_training

    plan = planned_training(settings, names, overrides)
    if as_json:
        show_json(plan.model_dump(mode="json"))
        return
    show_table(
        f"Would train on {plan.snapshot.bank} with seed {plan.seed}",
        ("model", "rows", "with the label", "customers", "inputs", "data", "settings"),
        [
            (one.name, one.row_count, one.positive_count, one.customer_count, one.input_count, one.data_hash[:12],
             one.config_hash[:12])
            for one in plan.models
        ],
    )  # fmt: skip
    for name, why in plan.skipped.items():
        say(f"Would be left out, {name}: {why}")
