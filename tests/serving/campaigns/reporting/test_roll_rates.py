"""After a raise it is told how many accounts have rolled into arrears since, where the bank delivers it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from linewise.bank.tables import Bank
from linewise.core.home import Home
from serving.campaigns.plan.files import LIST_SCHEMA, Plan
from serving.campaigns.reporting.roll_rates import RollRates, roll_rates_of
from tests.linewise.bank.builders import a_row, rows_of, small_tables, write_small
from tests.serving.campaigns.plans import list_of, plan_in

SENT = datetime(2026, 12, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
UNTIL = SENT + 200 * DAY


def a_raise(after: timedelta = 5 * DAY, of: str = "1", new_amt: int = 200, **given: Any) -> dict[str, Any]:
    at = SENT + after
    plain = {"change_id": f"x{of}{after}", "customer_id": f"c{of}", "account_id": f"a{of}", "changed_at": at}
    more = {"old_limit_amt": 100, "new_limit_amt": new_amt, "initiated_by": "bank", "decision": "raise"}
    return a_row("limit_changes", **{**plain, **more, "recorded_at": at, "currency": "CNY", **given})


def a_statement(after: timedelta, days_past_due: int | None, of: str = "1", **given: Any) -> dict[str, Any]:
    at = SENT + after
    plain = {"statement_id": f"s{of}{after}", "customer_id": f"c{of}", "account_id": f"a{of}", "cycle_end_at": at}
    more = {"due_at": at + 20 * DAY, "balance_amt": 0, "paid_amt": 0, "minimum_due_amt": 0, "currency": "CNY"}
    return a_row("statements", **{**plain, **more, "recorded_at": at, "days_past_due": days_past_due, **given})


def rates(folder: Path, raises: list[dict[str, Any]], statements: list[dict[str, Any]]) -> RollRates | None:
    """Of a list on which c1 is treated and c2 is control."""
    tables = {
        "limit_changes": rows_of("limit_changes", *raises),
        "statements": rows_of("statements", *statements),
    }
    return roll_rates_of(_plan(folder), _bank(folder, tables), UNTIL)


def _plan(folder: Path) -> Plan:
    rows = list_of(2).drop_columns(["customer_id", "arm"])
    named = {"customer_id": ["c1", "c2"], "arm": ["treated", "control"]} | {n: rows[n] for n in rows.column_names}
    return plan_in(folder / "plans", pa.table(named).select(LIST_SCHEMA.names).cast(LIST_SCHEMA))


def _bank(folder: Path, tables: dict[str, pa.Table]) -> Bank:
    return write_small(Home(folder / "bank"), small_tables() | tables, data_until=UNTIL)


def told(found: RollRates | None) -> list[tuple[str, str, int, int]]:
    assert found is not None
    return [(one.arm, one.bucket, one.account_count, one.worse_count) for one in found.rolls]


def test_an_account_that_was_current_and_fell_behind_has_rolled(tmp_path: Path):
    found = rates(
        tmp_path,
        [a_raise(), a_raise(of="2")],
        [a_statement(-3 * DAY, 0), a_statement(27 * DAY, 0), a_statement(57 * DAY, 35),
         a_statement(-3 * DAY, 0, "2"), a_statement(27 * DAY, 0, "2")],
    )  # fmt: skip
    assert told(found) == [("treated", "current", 1, 1), ("control", "current", 1, 0)]
    assert found is not None and found.raised_count == 2


def test_what_was_bad_before_and_gets_no_worse_has_not_rolled(tmp_path: Path):
    found = rates(tmp_path, [a_raise()], [a_statement(-3 * DAY, 40), a_statement(27 * DAY, 45)])
    assert told(found) == [("treated", "30 to 59 days", 1, 0)]


def test_cuts_raises_outside_the_days_and_accounts_without_a_statement_since_are_no_case(tmp_path: Path):
    found = rates(
        tmp_path,
        [a_raise(new_amt=50), a_raise(31 * DAY), a_raise(-DAY), a_raise(of="2")],
        [a_statement(-3 * DAY, 0), a_statement(57 * DAY, 35), a_statement(-3 * DAY, 0, "2")],
    )
    assert told(found) == []
    assert found is not None and found.raised_count == 1


def test_a_bank_without_these_tables_has_no_roll_rates(tmp_path: Path):
    assert roll_rates_of(_plan(tmp_path), _bank(tmp_path, {}), UNTIL) is None
