"""A bank's extract made into contract tables: find the mapping, run its SQL, check and write."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from linewise.bank.extracting import extract
from linewise.bank.manifest import BankManifest
from linewise.bank.mappings import find_mapping
from linewise.bank.writing import write_bank
from linewise.core.home import Home

__all__ = ["ImportReport", "import_bank"]


class ImportReport(BaseModel):
    """What an import did; `bank` is what now stands in the home."""

    model_config = ConfigDict(frozen=True)

    mapping: str
    source: str
    home: str
    rows: int
    quarantined_rows: int
    absent: tuple[str, ...]
    bank: BankManifest


def import_bank(
    mapping: str | Path,
    source: Path,
    home: Home,
    now: datetime,
    advance: Callable[[int], None] = lambda steps: None,
) -> ImportReport:
    """Import the extract in the folder `source` by the mapping of that name or folder.

    `advance` is called once for every table that is read and once for every contract table written.
    Raises MappingInvalid where the mapping cannot be used and DataCheckFailed where the extract breaks
    the contract; the home is untouched by both.
    """
    found = find_mapping(mapping)
    header = found.header
    bank = write_bank(
        home,
        header.name,
        extract(found, source, advance),
        clock=header.clock,
        currency=header.currency,
        time_zone=header.time_zone,
        data_until=header.data_until,
        declared_absent=header.declared_absent,
        imported_at=now,
        mapping_version=header.version,
        extra_columns=header.extra_columns,
        advance=advance,
    )
    tables = bank.manifest.tables
    return ImportReport(
        mapping=str(mapping),
        source=str(source),
        home=str(home.root),
        rows=sum(facts.rows for facts in tables.values()),
        quarantined_rows=sum(facts.quarantined_rows for facts in tables.values()),
        absent=tuple(name for name, facts in tables.items() if facts.is_absent),
        bank=bank.manifest,
    )
