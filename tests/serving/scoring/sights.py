"""A bank of one customer as a test writes it: rows of contract tables by name."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from linewise.bank.dictionary import load_dictionary
from serving.scoring.facts import BankFacts, facts_of
from serving.scoring.sight import Sight, sight_of
from tests.linewise.bank.builders import a_customer, a_row, rows_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CUT = NOW - timedelta(days=400)
"""Where an extract was cut: what came later is not known."""

EARLIER, LATER = CUT - timedelta(days=30), CUT + timedelta(days=30)


def facts(*, absent: tuple[str, ...] = (), customer: Mapping[str, Any] | None = None, **tables: Any) -> BankFacts:
    """What the bank knows of C1, and of nobody else; each table is a list of rows without the customer_id."""
    given = {
        name: rows_of(name, *[_row(name, {"customer_id": "C1"} | dict(row)) for row in rows])
        for name, rows in tables.items()
    }
    given["customers"] = rows_of("customers", a_customer("C1", **(customer or {})))
    return facts_of(given, "CNY", "Asia/Shanghai", frozenset(absent))


def sight(known: BankFacts | None = None, now: datetime = NOW, **given: Any) -> Sight:
    """The sight on C1."""
    return sight_of(known or facts(**given), ["C1"], now)


def _row(table: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A row recorded when it happened, in the bank's currency, unless something else is said."""
    columns = load_dictionary()[table].arrow_schema.names
    event = load_dictionary()[table].event_time
    known = {"recorded_at": given.get(event or "opened_at"), "currency": "CNY"}
    return a_row(table, **{name: value for name, value in (known | dict(given)).items() if name in columns})
