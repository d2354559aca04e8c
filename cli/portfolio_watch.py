"""`linewise portfolio watch`: whether raises must stop by themselves."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["watch_command"]


@click.command("watch")
@json_option
@home_options
def watch_command(settings: "Settings", as_json: bool) -> None:
    """Look at what was booked in raises, and at what is overdue on them early; stop raises above the bounds.

    The exposure is also looked at with every booking, and both whenever a service opens the bank, as it does anew
    after each sync; a bank without a service runs this command then. A person lets raises go on:
    linewise release revive limit --key FILE --reason TEXT.

    \b
    Example:
      linewise portfolio watch
    """
    from linewise.bank.tables import open_bank
    from linewise.policy.promises import load_promises
    from linewise.policy.standard_folder import policy_folder
    from serving.scoring.facts import read_bank_facts
    from serving.scoring.watching import watch

    bank = open_bank(settings.paths)
    policy = load_promises(policy_folder(settings.policy)).breaker
    facts = read_bank_facts(bank)
    with opened_ledger(settings) as ledger:
        seen = watch(facts, ledger, policy, bank.clock(settings).now(), settings.bank_clock(None).now())
    if as_json:
        show_json(asdict(seen))
        return
    say(f"Booked in raises: {seen.exposure_amt:,} of {seen.exposure_bound_amt:,} minor units.")
    say(f"Overdue early on them: {seen.early_loss_amt:,} of {seen.early_loss_bound_amt:,}.")
    say("Raises are stopped." if seen.is_stopped else "Raises go on.")
