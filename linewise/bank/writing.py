"""The one door into a home's bank: rows are checked, bad ones put aside, and all tables written whole."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import pyarrow as pa
from babel.numbers import list_currencies

from linewise.bank.dictionary import Column, load_dictionary
from linewise.bank.draft import BankDraft
from linewise.bank.judging import QUARANTINE_LIMIT_RATIO
from linewise.bank.manifest import BankLabel, Clock, time_zone_names
from linewise.bank.tables import MANIFEST_NAME, Bank
from linewise.core.clock import as_utc
from linewise.core.errors import MappingInvalid
from linewise.core.files import folder_written_whole
from linewise.core.home import Home

__all__ = ["QUARANTINE_LIMIT_RATIO", "bank_in_parts", "write_bank"]


def write_bank(  # noqa: PLR0913  one keyword for each line of the manifest
    home: Home,
    name: str,
    tables: Mapping[str, pa.Table],
    *,
    clock: Clock,
    currency: str,
    data_until: datetime | None,
    time_zone: str = "UTC",
    declared_absent: Collection[str] = (),
    imported_at: datetime | None = None,
    mapping_version: str = "1",
    extra_columns: Mapping[str, tuple[Column, ...]] | None = None,
    advance: Callable[[int], None] = lambda steps: None,
) -> Bank:
    """Check the tables against the dictionary and make them the bank of this home, in one part.

    `tables` holds every contract table that is not declared absent, each with all columns of the
    contract (nullable ones may be all null) and those that `extra_columns` adds to it. `time_zone` is the
    one of the bank's business day, `imported_at` the wall clock where not given; `advance` is called once a
    table. The former bank stays, byte for byte, unless everything holds.

    Raises MappingInvalid where a table is unknown, or neither delivered nor declared absent,
    DataCheckFailed where columns are missing or of a wrong type, keys of customers or accounts are
    missing or occur twice, or more than 1% of a table's rows are bad, and StorageFull where the disk is.
    """
    _refuse_wrong_tables(tables, declared_absent)
    with bank_in_parts(
        home,
        name,
        clock=clock,
        currency=currency,
        data_until=data_until,
        time_zone=time_zone,
        declared_absent=declared_absent,
        imported_at=imported_at,
        mapping_version=mapping_version,
        extra_columns=extra_columns,
    ) as draft:
        draft.write_part(0, tables, advance=advance)
    return Bank(home)


@contextmanager
def bank_in_parts(  # noqa: PLR0913  one keyword for each line of the manifest
    home: Home,
    name: str,
    *,
    clock: Clock,
    currency: str,
    data_until: datetime | None,
    time_zone: str = "UTC",
    declared_absent: Collection[str] = (),
    imported_at: datetime | None = None,
    mapping_version: str = "1",
    extra_columns: Mapping[str, tuple[Column, ...]] | None = None,
    rate_facts: pa.Table | None = None,
) -> Iterator[BankDraft]:
    """A draft to write parts to, which become the bank of this home if the block ends without an error.

    For a bank larger than memory. Threads that write parts must have ended when the block does. Every
    table that is not declared absent is delivered, be it with no rows in any part. The former bank
    stays, byte for byte, unless everything holds.

    Rows in other currencies than the bank's own are judged by its exchange rates, which must be known before
    the first part comes: a bank of several parts that has any gives its facts of that kind, or all of its
    facts, as `rate_facts`, and delivers the same again among the rows of `bank_facts` in one of the parts. In
    a bank of one part they are found there.

    Raises MappingInvalid where a table is unknown or must not be absent, or currency, time zone or clock cannot
    be, and DataCheckFailed where a fact of `rate_facts` cannot be a rate; at the end of the block DataCheckFailed
    where the parts together break the contract, where keys of two parts are the same or, of any table, more than
    1% of the rows are bad, UsageError where a part was judged by other rates than the bank's, and StorageFull
    where the disk is.
    """
    delivered = [table for table in load_dictionary() if table not in declared_absent]
    _refuse_wrong_tables(delivered, declared_absent)
    _refuse_wrong_words(clock, currency, time_zone, data_until)
    label = BankLabel(
        name=name,
        mapping_version=mapping_version,
        currency=currency,
        time_zone=time_zone,
        clock=clock,
        data_until=None if data_until is None else as_utc(data_until),
        imported_at=as_utc(imported_at or datetime.now(UTC)),
        extra_columns=dict(extra_columns or {}),
    )
    with folder_written_whole(home.bank_dir) as folder:
        draft = BankDraft(folder, label, declared_absent, rate_facts)
        yield draft
        (folder / MANIFEST_NAME).write_text(draft.manifest().model_dump_json(indent=2) + "\n", encoding="utf-8")


def _refuse_wrong_tables(delivered: Collection[str], declared_absent: Collection[str]) -> None:
    dictionary = load_dictionary()
    if unknown := sorted({*delivered, *declared_absent} - set(dictionary)):
        raise MappingInvalid(
            f"No contract table is called {', '.join(unknown)}.", f"There are: {', '.join(dictionary)}."
        )
    if both := sorted(set(delivered) & set(declared_absent)):
        raise MappingInvalid(
            f"Delivered and declared absent at once: {', '.join(both)}.", "One of the two was expected."
        )
    required = [table.name for table in dictionary.values() if table.is_required]
    if silent := [table for table in dictionary if table not in delivered and table not in declared_absent] + [
        table for table in required if table in declared_absent
    ]:
        raise MappingInvalid(
            f"Neither delivered nor declared absent: {', '.join(silent)}.",
            f"Every contract table is one or the other; {', '.join(required)} must be delivered.",
            "Add the table's SQL, or name it under declared_absent.",
        )


def _refuse_wrong_words(clock: Clock, currency: str, time_zone: str, data_until: datetime | None) -> None:
    if currency not in list_currencies():
        raise MappingInvalid(f"{currency!r} is no currency.", "A code of ISO 4217, such as CNY, was expected.")
    if time_zone not in time_zone_names():
        raise MappingInvalid(
            f"{time_zone!r} is no time zone.", "A name of the IANA list, such as Asia/Shanghai or UTC, was expected."
        )
    if clock == "data_end" and data_until is None:
        raise MappingInvalid("The clock stands at the end of the data, and data_until is missing.")
