"""The tables of a bucket as they are read: texts as codes, ids as numbers, money in the bank's currency."""

from collections.abc import Collection, Mapping, Sequence
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

    Texts of transactions, and the customers and accounts of any table, are dictionary-encoded. `rates` are
    RATES_SCHEMA.
    """
    money = {"currency", "recorded_at"} if has_money(name) else set[str]()
    wanted = {*columns, *money, "customer_id"}
    coded = {"customer_id", "account_id"} | (_TEXTS if name == "transactions" else set())
    read = [_read(path, sorted(wanted), sorted(coded & wanted)) for path in files]
    table = pa.concat_tables(read).unify_dictionaries().combine_chunks()
    return money_at_home(name, table, currency, rates) if money else table


def _read(path: Path, columns: list[str], coded: list[str]) -> pa.Table:
    with pq.ParquetFile(path, read_dictionary=coded, memory_map=True) as file:
        # Column by column, what a row group held is put together in memory that the column before has left. Other
        # buckets are read meanwhile by threads of their own.
        groups = [columns] if file.num_row_groups < 2 else [[name] for name in columns]
        read = [file.read(group, use_threads=False).unify_dictionaries().combine_chunks() for group in groups]
    return pa.table({name: part[name] for part in read for name in part.column_names})


def numbered(tables: Mapping[str, pa.Table], customer_ids: pa.Array) -> dict[str, pa.Table]:
    """The tables with a number in the place of each customer_id and account_id.

    A customer's is the place in `customer_ids`, missing for others; an account's is the same in all the tables. DuckDB
    joins and groups by numbers in a fraction of the time that texts take.
    """
    accounts = [encoded(one["account_id"]).dictionary for one in tables.values() if "account_id" in one.column_names]
    ids = {"customer_id": customer_ids, "account_id": pc.unique(pa.chunked_array(accounts, pa.string()))}
    return {name: _with_places(table, ids) for name, table in tables.items()}


def _with_places(table: pa.Table, ids: Mapping[str, pa.Array]) -> pa.Table:
    for name in ids.keys() & set(table.column_names):
        codes = encoded(table[name])
        places = pc.index_in(codes.dictionary, ids[name]).take(codes.indices)
        table = table.set_column(table.column_names.index(name), name, places)
    return table


_TEXTS = {column.name for column in load_dictionary()["transactions"].columns if column.type == "string"}
