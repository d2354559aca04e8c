"""All contract tables of some customers' lives."""

from collections.abc import Callable

import pyarrow as pa

from linewise.simulation.tables.accounts import account_table, holding_table, statement_table
from linewise.simulation.tables.chunk import Chunk
from linewise.simulation.tables.consents import consent_table
from linewise.simulation.tables.contact_points import contact_point_table
from linewise.simulation.tables.credit_file import income_table, instalment_table
from linewise.simulation.tables.customers import customer_table, protected_attribute_table
from linewise.simulation.tables.limits import limit_change_table, limit_request_table
from linewise.simulation.tables.notices import notice_table
from linewise.simulation.tables.obligations import obligation_table
from linewise.simulation.tables.offers import exposure_table, outcome_table
from linewise.simulation.tables.service import call_table, case_table
from linewise.simulation.tables.transactions import payment_table, transaction_table

__all__ = ["contract_tables"]

_TABLES: dict[str, Callable[[Chunk], pa.Table]] = {
    "customers": customer_table,
    "accounts": account_table,
    "transactions": transaction_table,
    "payments": payment_table,
    "statements": statement_table,
    "instalments": instalment_table,
    "incomes": income_table,
    "obligations": obligation_table,
    "limit_requests": limit_request_table,
    "limit_changes": limit_change_table,
    "exposures": exposure_table,
    "outcomes": outcome_table,
    "holdings": holding_table,
    "contact_points": contact_point_table,
    "calls": call_table,
    "cases": case_table,
    "consents": consent_table,
    "notices": notice_table,
    "protected_attributes": protected_attribute_table,
}


def contract_tables(chunk: Chunk) -> dict[str, pa.Table]:
    """Every contract table but `bank_facts`, each sorted by customer, event time and key.

    The columns are the dictionary's and EXTRA_COLUMNS; texts may be dictionary-encoded. A customer's rows are
    the same whoever else is in the lives. The lives must be in the order of the customers' numbers.
    """
    return {name: table(chunk) for name, table in _TABLES.items()}
