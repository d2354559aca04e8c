"""What the commands on releases and duties share: the moment, and a person's key file."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["KEY_FILE", "bank_now", "key_option", "signing_now"]

KEY_FILE = click.Path(dir_okay=False, path_type=Path)

key_option = click.option("--key", "key_path", type=KEY_FILE, required=True, help="The signer's key file.")


def signing_now(settings: "Settings") -> datetime:
    """The moment of a signature: people sign by the wall clock, also where the bank's data end earlier."""
    return settings.bank_clock(None).now()


def bank_now(settings: "Settings") -> datetime:
    """The moment by the bank's clock, by which its duties are due; raises BankMissing."""
    from linewise.bank.tables import open_bank

    return open_bank(settings.paths).clock(settings).now()
