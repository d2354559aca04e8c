"""What a decision writes and reads back: the record, what was shown, what the customer answered."""

from linewise.ledger.store import Ledger, open_ledger

__all__ = ["Ledger", "open_ledger"]
