"""The type of an open transaction of the ledger, for those who write beside a record without knowing its toolkit."""

from sqlalchemy import Connection

__all__ = ["Transaction"]

Transaction = Connection
