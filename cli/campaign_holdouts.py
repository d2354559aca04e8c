"""`linewise campaign holdouts`: who is shown nothing at all, and how that turned over with the year."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.options import home_options, json_option
from cli.signing import bank_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["holdouts_command"]


@click.command("holdouts")
@json_option
@home_options
def holdouts_command(settings: "Settings", as_json: bool) -> None:
    """Count the global holdout of this year and of the next, and who is in two years' at once.

    Its salt is the calendar year (UTC): who was shown nothing promotional in one year is as any other customer in the
    next. Whoever is in both is counted apart in a comparison that reaches over the turn of the year.

    \b
    Example:
      linewise campaign holdouts
    """
    from dataclasses import asdict

    import numpy as np

    from linewise.bank.tables import open_bank
    from linewise.decisioning.cells import turnover_of
    from linewise.policy.standard_folder import policy_folder
    from linewise.policy.terms import load_cells
    from serving.scoring.facts import read_roster

    ids = np.array(list(read_roster(open_bank(settings.paths)).row_of), dtype=np.str_)
    policy, year = load_cells(policy_folder(settings.policy)), bank_now(settings).year
    found = [turnover_of(ids, policy, settings.seed, one) for one in (year, year + 1)]
    if as_json:
        show_json({
            "share_ratio": policy.global_holdout_ratio,
            "years": [asdict(one) | {"expected_both_count": one.expected_both_count} for one in found],
        })  # fmt: skip
        return
    show_table(
        f"Global holdout: {policy.global_holdout_ratio:.1%} of {len(ids):,} customers",
        ["year", "in it", "in the year before", "in both", "by chance"],
        [
            (str(one.year), f"{one.member_count:,}", f"{one.former_count:,}", f"{one.both_count:,}",
             f"{one.expected_both_count:,.1f}")
            for one in found
        ],
    )  # fmt: skip
    if not policy.global_holdout_ratio:
        say("Nobody: global_holdout_share_ratio of parameters.yaml is not set.")
