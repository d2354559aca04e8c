"""The tables that feature expressions read, each holding only what was known at a pair's `as_of`.

transaction  one row per pair and known transaction
month        one row per pair and 30-day month counted back from `as_of`, up to 12, from the month of the
             first known transaction on: a month before it is not one without income, it is not known
day          one row per pair, account and day with a known balance: transactions of one day have no
             order, so the day's lowest balance stands for it
customer     one row per pair
statement, limit_change, limit_request, exposure, outcome, call, case, obligation, income, instalment, payment
             one row per pair and known row of the table of that name; of obligations, those of authorised reports
line         one row per pair and open credit line; accounts that share a limit are one

A day is 24 hours counted back from `as_of`: `age_days` 0 is the last of them.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from features.feature import Grain
from features.grains import commitments, customers, limits, service, transactions
from features.grains.sources import KEYS, Columns, Source, Tables
from features.grains.versions import as_known

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["GRAIN_COLUMNS", "KEYS", "SOURCES", "Columns", "Source", "Tables", "grain_tables"]

SOURCES: Mapping[Grain, Source] = {
    source.grain: source
    for module in (transactions, limits, commitments, service, customers)
    for source in module.SOURCES
}

GRAIN_COLUMNS: Mapping[Grain, Columns] = {grain: source.columns for grain, source in SOURCES.items()}


def grain_tables(pairs: "Table", tables: Tables, time_zone: str = "UTC") -> "dict[Grain, Table]":
    """The tables by grain, every one with the KEYS and the columns of GRAIN_COLUMNS.

    `pairs` holds customer_id and as_of without repeats; `tables` are the contract tables that features.buckets
    names in READ_TABLES; `time_zone` is the bank's.
    """
    made = transactions.transaction_tables(pairs, tables, time_zone)

    def rows_of(source: Source) -> "Table":
        if source.versions is not None:
            return as_known(pairs, source.versions(tables))
        return made[source.grain] if source.rows is None else source.rows(pairs, tables)

    return {grain: rows_of(source) for grain, source in SOURCES.items()}
