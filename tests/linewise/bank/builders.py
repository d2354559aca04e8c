"""A small bank for tests: two customers, two accounts, some postings; all else declared absent."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from linewise.bank.dictionary import TABLE_NAMES, load_dictionary
from linewise.bank.tables import Bank
from linewise.bank.writing import write_bank
from linewise.core.home import Home

END = datetime(2026, 6, 30, tzinfo=UTC)


def a_row(table: str, **given: Any) -> dict[str, Any]:
    """One row of a contract table: what is given, and null for the rest."""
    return {name: given.get(name) for name in load_dictionary()[table].arrow_schema.names}


def rows_of(table: str, *rows: Mapping[str, Any]) -> pa.Table:
    """Rows as a table in the contract's types."""
    return pa.Table.from_pylist(list(rows), schema=load_dictionary()[table].arrow_schema)


def a_customer(customer_id: str = "c1", **given: Any) -> dict[str, Any]:
    """A customer of whom only the age is known."""
    return a_row("customers", **{"customer_id": customer_id, "birth_date": date(1980, 2, 29), **given})


def an_account(account_id: str = "a1", customer_id: str = "c1", **given: Any) -> dict[str, Any]:
    """A plain open account."""
    opened_at = datetime(2020, 1, 1, tzinfo=UTC)
    plain = {"card_role": "principal", "product": "card", "currency": "CNY", "status": "open"}
    known = {"account_id": account_id, "customer_id": customer_id, "opened_at": opened_at, "recorded_at": opened_at}
    return a_row("accounts", **{**plain, **known, **given})


def a_transaction(number: int = 0, customer_id: str = "c1", **given: Any) -> dict[str, Any]:
    """A purchase of 1 yuan, an hour after the one with the number before."""
    posted_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
    plain = {
        "transaction_id": f"t{number:05}",
        "customer_id": customer_id,
        "account_id": customer_id.replace("c", "a"),
        "posted_at": posted_at,
        "recorded_at": posted_at,
        "direction": "debit",
        "kind": "purchase",
        "billing_amt": 100,
        "currency": "CNY",
        "is_declined": False,
    }
    return a_row("transactions", **{**plain, **given})


def an_exchange_rate(currency: str = "usd", rate: float = 7.1, **given: Any) -> dict[str, Any]:
    """A fact of the bank: the rate of a currency, known from the beginning of 2026."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    plain = {"fact": f"exchange_rate_{currency}", "value": rate, "as_of": moment, "recorded_at": moment}
    return a_row("bank_facts", **{**plain, **given})


def small_tables(*transactions: Mapping[str, Any]) -> dict[str, pa.Table]:
    """Customers c1 and c2 with their accounts, and these transactions."""
    return {
        "customers": rows_of("customers", a_customer("c1"), a_customer("c2")),
        "accounts": rows_of("accounts", an_account("a1", "c1"), an_account("a2", "c2")),
        "transactions": rows_of("transactions", *transactions),
    }


def write_small(home: Home, tables: Mapping[str, pa.Table], **given: Any) -> Bank:
    """Write these tables as a bank whose data end at END; every other table is declared absent."""
    said = {"clock": "data_end", "currency": "CNY", "data_until": END, "imported_at": END}
    absent = [name for name in TABLE_NAMES if name not in tables]
    return write_bank(home, "small", tables, **{**said, "declared_absent": absent, **given})


def bytes_below(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


CUSTOMERS_CSV = "customer_id,born,student\n007,1980-02-29,yes\n008,1991-12-01,no\n"
CUSTOMERS_SQL = """\
-- CSV arrives as text, so every cast is written here.
SELECT
    customer_id, CAST(born AS DATE) AS birth_date, student = 'yes' AS is_student,
    NULL AS is_staff, NULL AS is_related_party, NULL AS is_vulnerable, NULL AS vulnerable_source,
    NULL AS vulnerable_until, NULL AS time_zone, NULL AS language, NULL AS contact_point_changed_at,
    NULL AS device_changed_at, NULL AS customer_since, NULL AS observed_until
FROM people;
"""


def write_mapping(folder: Path, header: str = "", **sql: str) -> Path:
    """A mapping of customers alone over `people.csv`; `header` is added to it, `sql` replaces or adds tables."""
    files = {"customers": CUSTOMERS_SQL, **sql}
    folder.mkdir(parents=True, exist_ok=True)
    for table, text in files.items():
        (folder / f"{table}.sql").write_text(text, encoding="utf-8")
    absent = "".join(f"  - {name}\n" for name in TABLE_NAMES if name not in files)
    (folder / "mapping.yaml").write_text(
        'name: small\nversion: "1"\ncurrency: CNY\nclock: data_end\ndata_until: 2026-06-30\n'
        f"sources:\n  people: people.csv\ndeclared_absent:\n{absent}{header}",
        encoding="utf-8",
    )
    return folder


def write_extract(folder: Path, people: str = CUSTOMERS_CSV) -> Path:
    """The extract that `write_mapping` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "people.csv").write_text(people, encoding="utf-8")
    return folder
