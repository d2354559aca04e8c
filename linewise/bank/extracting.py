"""A mapping's SQL run over the bank's own files, in a database that can read nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from linewise.bank.database import literal, name_quoted, utc_database
from linewise.bank.mappings import BankMapping
from linewise.core.errors import MappingInvalid

__all__ = ["extract"]

_DATABASES = {".duckdb": "DUCKDB", ".db": "DUCKDB", ".sqlite": "SQLITE", ".sqlite3": "SQLITE"}


def extract(
    mapping: BankMapping, source: Path, advance: Callable[[int], None] = lambda steps: None
) -> dict[str, pa.Table]:
    """What each SQL file of the mapping selects, by contract table, not yet checked.

    CSV columns arrive as text, so that no leading zero is lost and nothing is guessed: the SQL casts.
    Raises MappingInvalid, naming the file, where a source is missing or the SQL does not run.
    """
    tables = {}
    with utc_database() as database:
        for view, file_name in mapping.header.sources.items():
            _open_source(database, view, source, file_name)
        # From here on the SQL sees what lies under the source folder, and nothing else of this machine.
        database.execute(f"SET allowed_directories = [{literal(str(source.resolve()))}]")
        database.execute("SET enable_external_access = false")
        database.execute("SET lock_configuration = true")
        for view, path in mapping.views.items():
            _create_view(database, view, path)
        for table, path in mapping.sql.items():
            tables[table] = _select(database, path)
            advance(1)
    return tables


def _open_source(database: duckdb.DuckDBPyConnection, view: str, source: Path, file_name: str) -> None:
    path = source.resolve() / file_name
    if not any(source.glob(file_name)):
        raise MappingInvalid(
            f"{source} holds no {file_name}.",
            f"The mapping reads it as {view!r}.",
            "Give the extract's folder with --source.",
        )
    place, name = literal(str(path)), name_quoted(view)
    suffix = Path(file_name.removesuffix(".gz").removesuffix(".zst")).suffix.lower()
    try:
        if suffix in _DATABASES:
            database.execute(f"ATTACH {place} AS {name} (TYPE {_DATABASES[suffix]}, READ_ONLY)")
        elif suffix == ".parquet":
            database.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({place})")
        elif suffix in (".csv", ".tsv"):
            database.execute(f"CREATE VIEW {name} AS SELECT * FROM read_csv({place}, all_varchar = true)")
        else:
            raise MappingInvalid(
                f"The source {file_name} of the mapping is of no kind that can be read.",
                "A .parquet, .csv or .tsv file, or a .duckdb or .sqlite database, was expected.",
            )
    except duckdb.Error as err:
        raise MappingInvalid(f"The source {file_name} ({view!r}) cannot be read: {err}.") from err


def _create_view(database: duckdb.DuckDBPyConnection, view: str, path: Path) -> None:
    with _refused(path):
        database.execute(f"CREATE VIEW {name_quoted(view)} AS {_select_in(database, path)}")


def _select(database: duckdb.DuckDBPyConnection, path: Path) -> pa.Table:
    with _refused(path):
        return database.sql(_select_in(database, path)).to_arrow_table()


def _select_in(database: duckdb.DuckDBPyConnection, path: Path) -> str:
    statements = database.extract_statements(path.read_text(encoding="utf-8"))
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise MappingInvalid(f"{path} holds {len(statements)} statements.", "One SELECT was expected.")
    return str(statements[0].query)


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    """What DuckDB says of a file, with its name."""
    try:
        yield
    except duckdb.Error as err:
        raise MappingInvalid(
            f"{path} does not run: {err}", "A SELECT over the sources of mapping.yaml was expected."
        ) from err
