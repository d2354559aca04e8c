"""The tables of a bucket as they are read: texts as codes, money in the bank's currency, customers as numbers."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.engine.classes import encoded
from features.engine.home_money import has_money, money_at_home
from linewise.bank.dictionary import load_dictionary

__all__ = ["numbered", "read_table"]


def read_table(name: str, files: Sequence[Path], columns: Collection[str], currency: str, rates: pa.Table) -> pa.Table:
    """The rows of a contract table with these columns and the customer's, every amount in the bank's currency.

    Texts of transactions, and the customers of any table, are dictionary-encoded. `rates` are RATES_SCHEMA.
    """
    money = {"currency", "recorded_at"} if has_money(name) else set[str]()
    wanted = {*columns, *money, "customer_id"}
    coded = {"customer_id"} | (_TEXTS if name == "transactions" else set())
    read = [_read(path, sorted(wanted), sorted(coded & wanted)) for path in files]
    table = pa.concat_tables(read).unify_dictionaries().combine_chunks()
    return money_at_home(name, table, currency, rates) if money else table


def _read(path: Path, columns: list[str], coded: list[str]) -> pa.Table:
    with pq.ParquetFile(path, read_dictionary=coded, memory_map=True) as file:
        # Other buckets are read meanwhile by threads of their own.
        return file.read(columns, use_threads=False)


def numbered(table: pa.Table, customer_ids: pa.Array) -> pa.Table:
    """The table with each customer's place in `customer_ids` as the customer_id, missing for others.

    DuckDB joins and groups by numbers in a fraction of the time that texts take.
    """
    codes = encoded(table["customer_id"])
    places = pc.index_in(codes.dictionary, customer_ids).take(codes.indices)
    return table.set_column(table.column_names.index("customer_id"), "customer_id", places)


_TEXTS = {column.name for column in load_dictionary()["transactions"].columns if column.type == "string"}
