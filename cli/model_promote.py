"""`linewise model promote`: make a version the champion."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.options import dry_run_option, home_options, json_option, thresholds_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["promote_command"]


@click.command("promote")
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1))
@click.option("--reason", required=True, help="Why, in a sentence that a later reader understands.")
@thresholds_option
@dry_run_option
@json_option
@home_options
def promote_command(
    settings: "Settings",
    name: str,
    version: int,
    *,
    reason: str,
    thresholds: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make a version the champion, write down why, and release it for serving.

    It must have passed the gate (exit 3). Its release is kept first, so that it can be looked at and signed. In
    production it needs the signatures of two other people (exit 6 before them): run it, let them sign the release
    that it names, and run it again.

    \b
    Example:
      linewise model promote default 2 --reason "better ranking on the loans of 1998"
    """
    from cli.promoting import carry_out, gate_of, planned_promotion
    from training.promotion_log import promoting

    with promoting(settings.paths):
        gate_sha256 = gate_of(settings, name, version, thresholds)
        planned = planned_promotion(settings, name, version, reason)
        if dry_run:
            show_plan(planned.as_json(), as_json=as_json)
            return
        moved = carry_out(settings, planned, gate_sha256)
    before = "none" if moved.previous_version is None else f"version {moved.previous_version}"
    say(f"Champion of {name!r} is now version {version} (before: {before}).")
    say(f"Released for serving: {planned.staged.release.key}.")
    if as_json:
        show_json(moved.model_dump(mode="json"))


def show_plan(planned: dict[str, object], *, as_json: bool) -> None:
    """What would be done, and that nothing was."""
    say(f"Would {planned['act']}: {planned['name']} version {planned['version']}. Nothing was changed.")
    if planned["release_id"]:
        say(f"The release {planned['release_id']} would serve in the place of {planned['release_before'] or 'none'}.")
    if planned["lacks"]:
        say(f"It may not yet: {planned['lacks']}.")
    if as_json:
        show_json(planned)
