"""The one set of tables of the ledger, in one SQL toolkit's terms so that PostgreSQL follows SQLite.

Each room declares its own tables on it, in a module `<room>_tables.py` that `linewise/ledger/layout.py` names.
"""

from sqlalchemy import MetaData

__all__ = ["SCHEMA"]

SCHEMA = MetaData()
