"""The call: rung, decided before it is answered, told of in events, followed live; workers meet in the ledger alone."""

from serving.calls.desk import CallDesk

__all__ = ["CallDesk"]
