"""The definition of all features as it stands, computed by DuckDB: what the engine of the builds is held against."""

from collections.abc import Mapping

import duckdb
import ibis
import pyarrow as pa

from features.buckets import READ_TABLES
from features.compute import wide_table
from features.observation import PAIRS_SCHEMA
from features.rows import SCHEMA
from linewise.bank.dictionary import load_dictionary


class FeatureComputer:
    """Computes feature rows over contract tables (READ_TABLES), which it holds in an engine of its own.

    The expression is compiled and the query planned once: for a few rows that takes far longer than the answer.
    """

    def __init__(self, time_zone: str = "UTC") -> None:
        connection = ibis.duckdb.connect()
        self._engine: duckdb.DuckDBPyConnection = connection.con
        schemas = {name: load_dictionary()[name].arrow_schema for name in READ_TABLES} | {"pairs": PAIRS_SCHEMA}
        for name, schema in schemas.items():
            self._engine.register("empty", schema.empty_table())
            self._engine.execute(f"CREATE TABLE {name} AS FROM empty")
        tables = {name: connection.table(name) for name in READ_TABLES}
        # Of what a table holds today the plan may know nothing: tomorrow it holds other rows.
        self._engine.execute("SET disabled_optimizers = 'statistics_propagation'")
        sql = connection.compile(wide_table(connection.table("pairs"), tables, time_zone))
        self._engine.execute(f"PREPARE defined AS {sql}")

    def rows(self, tables: Mapping[str, pa.Table], pairs: pa.Table) -> pa.Table:
        """One row of SCHEMA per pair (PAIRS_SCHEMA), in no particular order; pairs may not repeat."""
        for name, table in {**tables, "pairs": pairs}.items():
            self._engine.execute(f"TRUNCATE {name}")
            if table.num_rows:
                self._engine.register("given", table)
                self._engine.execute(f"INSERT INTO {name} BY NAME FROM given")
        return self._engine.sql("EXECUTE defined").to_arrow_table().cast(SCHEMA)

    def close(self) -> None:
        """Let the engine go."""
        self._engine.close()
