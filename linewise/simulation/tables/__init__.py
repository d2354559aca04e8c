"""The contract tables of simulated lives, made without a Python object a row."""

from linewise.simulation.tables.bank_facts import BankCounts, bank_fact_table, count_bank
from linewise.simulation.tables.columns import EXTRA_COLUMNS
from linewise.simulation.tables.contract import contract_tables

__all__ = ["EXTRA_COLUMNS", "BankCounts", "bank_fact_table", "contract_tables", "count_bank"]
