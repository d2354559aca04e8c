"""The ledger of a home, opened for one command and given back at its end."""

from contextlib import AbstractContextManager, closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from linewise.ledger.store import Ledger

__all__ = ["opened_ledger", "opened_record"]


def opened_ledger(settings: "Settings") -> AbstractContextManager["Ledger"]:
    """For whoever reads and writes no decision, above all for a stop: it waits for no key service."""
    from linewise.ledger.store import open_ledger

    return closing(open_ledger(settings.paths))


def opened_record(settings: "Settings") -> AbstractContextManager["Ledger"]:
    """With the key store and the folder for checkpoints that the settings name."""
    from linewise.ledger.store import ledger_of

    return closing(ledger_of(settings))
