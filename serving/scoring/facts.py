"""What the bank's tables say of its customers, laid out for look-ups by customer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linewise.bank.tables import Bank
from linewise.core.clock import as_utc

__all__ = ["BankFacts", "read_bank_facts"]

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BankFacts:
    """Rows of the small tables by customer_id; events carry when they happened and when they were recorded."""

    customers: Mapping[str, Row]
    holdings: Mapping[str, list[Row]]
    cases: Mapping[str, list[Row]]
    contact_points: Mapping[str, list[Row]]
    instalment_limit_amt: Mapping[str, int]

    def observed_at(self, customer_id: str, now: datetime) -> datetime:
        """Up to when this customer is known: now, or the end of an extract that was cut before."""
        until = self.customers[customer_id]["observed_until"]
        return as_utc(now) if until is None else min(as_utc(now), as_utc(until))


def _by_customer(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["customer_id"]].append(row)
    return dict(grouped)


def read_bank_facts(bank: Bank) -> BankFacts:
    """Read the tables once, at the start of a service or a batch."""
    limits: dict[str, int] = defaultdict(int)
    for row in bank.read("accounts", ["customer_id", "instalment_limit_amt"]).to_pylist():
        limits[row["customer_id"]] += row["instalment_limit_amt"] or 0
    return BankFacts(
        customers={row["customer_id"]: row for row in bank.read("customers").to_pylist()},
        holdings=_by_customer(bank.read("holdings").to_pylist()),
        cases=_by_customer(bank.read("cases").to_pylist()),
        contact_points=_by_customer(bank.read("contact_points").to_pylist()),
        instalment_limit_amt=dict(limits),
    )
