"""`linewise campaign export`: the files of an approved campaign, once."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.signing import KEY_FILE, bank_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from serving.campaigns.exporting.asking import ExportOptions
    from serving.campaigns.exporting.export import Exported
    from serving.campaigns.plan.files import Plan

__all__ = ["export_command", "who_exports"]


@click.command("export")
@click.argument("campaign_id", metavar="CAMPAIGN")
@click.option("--by", help="Who exports it; in production --key instead. Not needed with --verify.")
@click.option("--key", "key_path", type=KEY_FILE, help="The key file of whoever exports it.")
@click.option("--supersede", is_flag=True, help="Take the place of an export whose files are sent to nobody.")
@click.option("--bom", "has_bom", is_flag=True, help="Begin every CSV with a byte order mark, for older spreadsheets.")
@click.option(
    "--abandon", is_flag=True, help="Give up the latest export: its files are not sent, its contacts are freed."
)
@click.option(
    "--verify", is_flag=True, help="Hold the files of the latest export against its manifest; exit 4 if not so."
)
@json_option
@home_options
def export_command(  # noqa: PLR0913  each is one thing that an export may be asked
    settings: "Settings",
    *,
    campaign_id: str,
    by: str | None,
    key_path: Path | None,
    supersede: bool,
    has_bom: bool,
    abandon: bool,
    verify: bool,
    as_json: bool,
) -> None:
    """Write the files of an approved campaign: one for each template, signature and segment, and lists for agents.

    Every row is looked at once more; who refused meanwhile is left out and counted. Every contact is claimed in the
    record, so that every door counts it. Exit 6 where the plan is not approved as it stands. An export that was
    interrupted is gone on with by the same command.

    \b
    Example:
      linewise campaign export SPRING_CARDS --by mei
      linewise campaign export SPRING_CARDS --verify
    """
    from serving.campaigns.exporting.asking import ExportOptions
    from serving.campaigns.exporting.batches import abandon_export
    from serving.campaigns.plan.files import exports_dir, read_plan

    if verify:
        _verify(settings, campaign_id, as_json=as_json)
        return
    who = who_exports(settings, by, key_path)
    plan = read_plan(settings.paths, campaign_id)
    if abandon:
        with opened_ledger(settings) as ledger:
            folder = exports_dir(settings.paths, campaign_id)
            batch_id, count = abandon_export(ledger, plan, folder, who, bank_now(settings))
        say(f"{batch_id} is abandoned: {count:,} contacts are freed. Send none of its files.")
        if as_json:
            show_json({"batch_id": batch_id, "freed": count})
        return
    made = _export(settings, plan, ExportOptions(who, supersede, has_bom))
    _show(made)
    if as_json:
        show_json({"folder": made.folder, "is_resumed": made.is_resumed, **made.manifest})


def who_exports(settings: "Settings", by: str | None, key_path: Path | None) -> str:
    """Who acts; in production whoever holds a registered key, for a name that was typed is nobody's."""
    from linewise.core.errors import UsageError
    from linewise.ledger.authors import author_of
    from linewise.ledger.signing import read_key_file

    if (by is None) == (key_path is None):
        raise UsageError("Either --by NAME or --key FILE was expected.", "One of the two says who exports it.")
    if key_path is None and settings.profile == "production":
        raise UsageError("A name alone was given in production.", "--key FILE was expected of whoever exports it.")
    with opened_ledger(settings) as ledger, ledger.engine.connect() as connection:
        return author_of(connection, by or "" if key_path is None else read_key_file(key_path))["name"]


def _export(settings: "Settings", plan: "Plan", options: "ExportOptions") -> "Exported":
    from serving.campaigns.exporting.signed import export_signed
    from serving.scoring.opening import open_to_send

    recommender = open_to_send(settings)
    with progress(sum(plan.told["arms"].values()), "rows written") as advance:
        return export_signed(recommender, plan, options, advance)


def _show(made: "Exported") -> None:
    counts = made.manifest["export"]
    left_out = sum(sum(arms.values()) for arms in counts["withheld"].values())
    say(
        f"{made.batch_id}: {counts['written']['treated']:,} contacts in {len(made.manifest['files'])} files, "
        f"{counts['written']['control']:,} controls apart, {left_out:,} left out as they were looked at again."
    )
    for why, arms in counts["withheld"].items():
        say(f"  {why}: {sum(arms.values()):,}")
    say(f"Written to {made.folder}.")


def _verify(settings: "Settings", campaign_id: str, *, as_json: bool) -> None:
    from linewise.core.errors import DataCheckFailed, NotFound
    from linewise.ledger.campaign_batches import batches_of
    from serving.campaigns.exporting.manifest import problems_of
    from serving.campaigns.plan.files import exports_dir

    with opened_ledger(settings) as ledger:
        exported = [one for one in batches_of(ledger, campaign_id) if one.status == "exported"]
    if not exported:
        raise NotFound(f"The campaign {campaign_id!r} has no export that stands.", "An exported campaign was expected.")
    folder: Path = exports_dir(settings.paths, campaign_id) / exported[-1].batch_id
    problems = problems_of(folder, exported[-1].manifest_sha256)
    if as_json:
        show_json({"folder": folder, "problems": problems})
    if problems:
        raise DataCheckFailed(
            f"The export in {folder} is not what was written: {'; '.join(problems)}.",
            "Files as their manifest names them were expected.",
            "Send none of it; take its place with --supersede.",
        )
    say(f"{folder}: every file is as the manifest names it.")
