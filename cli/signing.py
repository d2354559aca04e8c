"""What the commands on releases and duties share: the ledger, the moment, and a person's key file."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from linewise.ledger.store import Ledger

__all__ = ["bank_now", "key_option", "opened_ledger", "signing_now"]

key_option = click.option(
    "--key", "key_path", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The signer's key file."
)


@contextmanager
def opened_ledger(settings: "Settings") -> Iterator["Ledger"]:
    """The ledger of the home, given back at the end."""
    from linewise.ledger.store import open_ledger

    ledger = open_ledger(settings.paths)
    try:
        yield ledger
    finally:
        ledger.close()


def signing_now(settings: "Settings") -> datetime:
    """The moment of a signature: people sign by the wall clock, also where the bank's data end earlier."""
    return settings.bank_clock(None).now()


def bank_now(settings: "Settings") -> datetime:
    """The moment by the bank's clock, by which its duties are due; raises BankMissing."""
    from linewise.bank.tables import open_bank

    return open_bank(settings.paths).clock(settings).now()
