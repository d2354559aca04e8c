"""The one set of tables of the ledger, in one SQL toolkit's terms so that PostgreSQL follows SQLite.

Each room declares its own tables on it, in a module `<room>_tables.py` that `linewise/ledger/layout.py` names.
"""

from sqlalchemy import MetaData

__all__ = ["PERSONAL", "SCHEMA"]

SCHEMA = MetaData()

PERSONAL = "personal"
"""`Table(info={PERSONAL: {"note": ""}})`: columns that say something of a person, and what stands there once erased.

The customer_id of every table is replaced by the tombstone's reference without being named.
"""
