"""`linewise policy check`: every mistake of a policy folder, with its file, its line and what to do."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.bank.tables import Bank as LoadedBank
    from linewise.core.settings import Settings
    from linewise.policy.checking import Bank, Finding

__all__ = ["check"]

CURRENCY_WITHOUT_BANK = "CNY"


@click.command("check")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--static", is_flag=True, help="Only what the files say; decide for no customer.")
@click.option("--notes/--no-notes", default=True, show_default=True, help="Also show what is only worth knowing.")
@json_option
@home_options
def check(settings: "Settings", folder: Path | None, static: bool, notes: bool, as_json: bool) -> None:
    """Check FOLDER (default: the policy of this home) and run its rules over the loaded bank.

    Finds unknown columns and wrong types, overlapping dates, contradictory rules, examples that fail, rates
    that contradict their own payments, missing disclosures and languages, prohibited words, and rules that
    this bank cannot evaluate or that always or never hit. The exit code is 4 where there are errors.

    \b
    Example:
      linewise policy check my-policy --json
    """
    from linewise.core.errors import PolicyCheckFailed
    from linewise.policy.checking import check_folder
    from linewise.policy.standard_folder import policy_folder

    chosen = folder if folder is not None else settings.policy
    root = policy_folder(chosen)
    loaded = _loaded(settings)
    found = check_folder(root, _bank(settings, loaded))
    if not static and not any(one.grade == "error" for one in found):
        found += _fired(settings, chosen, root)
    shown = [one for one in found if notes or one.grade != "note"]
    counts = {grade: sum(one.grade == grade for one in found) for grade in ("error", "warning", "note")}
    if as_json:
        show_json({"folder": root, "counts": counts, "findings": [one.as_json() for one in shown]})
    else:
        _show(root, shown)
        say(f"{counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes.")
    if counts["error"]:
        raise PolicyCheckFailed(
            f"The policy {root} has {counts['error']} errors.",
            "None was expected.",
            "Mend the lines named and run the command again.",
        )


def _show(root: Path, found: "list[Finding]") -> None:
    rows = [
        (one.grade, f"{one.file}:{one.line}" if one.line else one.file, one.subject, one.problem, one.next_step)
        for one in found
    ]
    show_table(f"Policy {root}", ["", "where", "what", "problem", "what to do"], rows)


def _loaded(settings: "Settings") -> "LoadedBank | None":
    from linewise.bank.tables import open_bank
    from linewise.core.errors import BankMissing

    try:
        return open_bank(settings.paths)
    except BankMissing:
        say(f"No bank is loaded: the files are checked for a bank in {CURRENCY_WITHOUT_BANK}.")
        return None


def _bank(settings: "Settings", loaded: "LoadedBank | None") -> "Bank":
    from features.catalogue import FEATURES
    from features.lineage import columns_needed
    from linewise.bank.dictionary import load_dictionary
    from linewise.core.clock import BankClock
    from linewise.policy.checking import Bank

    absent = () if loaded is None else (name for name in load_dictionary() if not loaded.has(name))
    return Bank(
        currency=CURRENCY_WITHOUT_BANK if loaded is None else loaded.manifest.currency,
        on=BankClock().now().date(),
        packs=settings.packs,
        allowed_for={one.name: one.allowed_for for one in FEATURES},
        feature_tables={
            one.name: frozenset(column.partition(".")[0] for column in columns_needed(one)) for one in FEATURES
        },
        absent_tables=frozenset(absent),
    )


def _fired(settings: "Settings", chosen: Path | None, root: Path) -> "list[Finding]":
    """What the rules do on the customers of the home; nothing, and why, where it cannot decide yet."""
    import os

    from linewise.core.errors import NotReady
    from linewise.policy.checking import firing_findings
    from serving.scoring.firing import rule_firing
    from serving.scoring.opening import open_decider

    try:
        looking = settings.model_copy(update={"policy": chosen})
        recommender = open_decider(looking, threads=os.cpu_count() or 1)
    except NotReady as err:
        say(f"The rules were not run over customers: {err}")
        return []
    with progress(len(recommender.customer_ids()), "customers judged") as advance:
        fired = rule_firing(recommender, advance=advance)
    return list(firing_findings(root, recommender.policy.rules.sources, fired))
