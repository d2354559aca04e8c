"""Files that other systems and people give, CSV or Parquet: opened by DuckDB, which reads them in pieces, as texts."""

import codecs
from collections.abc import Sequence
from pathlib import Path

import duckdb

from linewise.bank.database import literal
from linewise.core.errors import DataCheckFailed

__all__ = ["given_columns", "given_source"]

PIECE_BYTES = 1 << 20


def given_source(path: Path, holding: str) -> str:
    """The file as a source of DuckDB's; `holding` says what it was expected to hold.

    Raises DataCheckFailed where it is missing, of another kind, or a CSV in another encoding than UTF-8.
    """
    if not path.is_file():
        raise DataCheckFailed(f"There is no file {path}.", f"A CSV or Parquet file of {holding} was expected.")
    match path.suffix.lower():
        case ".parquet":
            return f"read_parquet({literal(str(path))})"
        case ".csv":
            _enforce_utf8(path)
            # Strict: a row with a column too many is told, and not read askew.
            return f"read_csv({literal(str(path))}, header = true, all_varchar = true, strict_mode = true)"
        case _:
            raise DataCheckFailed(
                f"{path} ends in {path.suffix or 'nothing'!r}.", "A file that ends in .csv or .parquet was expected."
            )


def given_columns(
    database: duckdb.DuckDBPyConnection, path: Path, source: str, required: Sequence[str], optional: Sequence[str] = ()
) -> list[str]:
    """The columns of the file; raises DataCheckFailed where it cannot be read, or lacks a required one."""
    try:
        names = [str(row[0]) for row in database.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]  # noqa: S608
    except duckdb.Error as err:
        raise DataCheckFailed(
            f"{path} cannot be read: {str(err).splitlines()[0]}.", "A CSV with a header, or Parquet, was expected."
        ) from None
    missing = [name for name in required if name not in names]
    if missing:
        also = f", and where they are known {', '.join(optional)}" if optional else ""
        raise DataCheckFailed(
            f"{path} has no column {missing[0]!r}; it has {', '.join(names) or 'none'}.",
            f"{' and '.join(required)} {'were' if len(required) > 1 else 'was'} expected{also}.",
        )
    return names


def _enforce_utf8(path: Path) -> None:
    decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            try:
                decoder.decode(piece)
                at = piece.find(b"\0")
            except UnicodeDecodeError as err:
                at = err.start
            if at >= 0:
                line += piece.count(b"\n", 0, at)
                raise DataCheckFailed(
                    f"{path} line {line}: the byte {piece[min(at, len(piece) - 1)]:#04x} is no text in UTF-8.",
                    "A file in UTF-8, with or without BOM, was expected, not in GBK, Latin-1 or UTF-16.",
                    f"Write it again as UTF-8, for example: iconv -f GBK -t UTF-8 {path.name} > new.csv",
                )
            line += piece.count(b"\n")
