"""A home with a plan of some customers, made by hand, and a desk that exports it without a model or a feature.

`python -m tests.serving.campaigns.exports FOLDER` exports the plan that lies there, for whoever kills it meanwhile.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from linewise.core.home import Home
from linewise.ledger.campaign_batches import batches_of
from linewise.ledger.store import Ledger, open_ledger
from linewise.ledger.within import Transaction
from serving.campaigns.exporting.asking import ExportOptions
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.exporting.export import export_campaign
from serving.campaigns.exporting.facts_by_frame import FactsOfRows
from serving.campaigns.plan.files import (
    LIST_SCHEMA,
    STEPS,
    Plan,
    list_path,
    read_plan,
)
from serving.scoring.facts import BankFacts, facts_of
from serving.scoring.release import Versions
from tests.builders import a_policy
from tests.linewise.bank.builders import a_customer, a_row, rows_of
from tests.serving.campaigns.briefs import BRIEF
from tests.serving.campaigns.plans import kept


@dataclass(slots=True)
class Signed:
    """A plan that these people have approved; `marked` says who exported it."""

    people: Sequence[Mapping[str, Any]]
    marked: list[str] = field(default_factory=list)

    def approvers(self) -> Sequence[Mapping[str, Any]]:
        return self.people

    def mark_exported(self, _connection: Transaction, by: str, _at: datetime) -> None:
        self.marked.append(by)


ID = "SPRING_CARDS"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PLANNED_AT = NOW - timedelta(days=1)
DAY = date(2026, 12, 1)
APPROVERS = ({"name": "bo", "role": "supervisor", "at": "2026-11-23T08:00:00+00:00"},)
SIGNED_BY = Signed(APPROVERS)
VERSIONS = Versions({"take_up": "3"}, "2026-11-1", "2026-11-3", "f1", "r1", {})


def a_row_of_the_list(customer_id: str, **given: Any) -> dict[str, Any]:
    """A treated customer who gets a message at nine in the morning, Shanghai time, on the first day."""
    zone = ZoneInfo(given.get("time_zone", "Asia/Shanghai"))
    day = given.get("send_on", DAY)
    usual = {
        "customer_id": customer_id,
        "arm": "treated",
        "offer_id": "CARD_GOLD",
        "channel": "sms",
        "template_code": "SMS_2201",
        "signature": "某某银行",
        "segment": "rest",
        "language": "zh-CN",
        "time_zone": "Asia/Shanghai",
        "send_on": day,
        "send_not_before": datetime(day.year, day.month, day.day, 9, tzinfo=zone),
        "send_not_after": datetime(day.year, day.month, day.day, 18, tzinfo=zone),
        "priority": 1_000,
        "propensity": 0.125,
        "uplift": 0.0625,
        "value_amt": 12_000,
        "cost_amt": 5,
        "decile": 1,
        "contact_ref": f"tok-{customer_id}",
        "consent_ref": None,
        "expires_on": date(2026, 12, 7),
    }
    return usual | given


def a_list(count: int) -> list[dict[str, Any]]:
    """So many customers: most by message, some young, every seventh by an agent, every tenth a control."""
    rows = []
    for n in range(count):
        by_agent = {"channel": "voice", "template_code": None, "signature": None, "offer_id": "CARD_TRAVEL"}
        rows.append(
            a_row_of_the_list(
                f"C{n:06}",
                arm="control" if n % 10 == 3 else "treated",
                segment="young" if n % 3 == 0 else "rest",
                decile=1 + n * 10 // max(count, 1),
                priority=100_000 - n % 97,
                **(by_agent if n % 7 == 0 else {}),
            )
        )
    return rows


def write_plan(home: Home, rows: Sequence[Mapping[str, Any]], brief: str = BRIEF, **told: Any) -> Plan:
    """The plan of these rows, as planning would have left it."""
    table = pa.Table.from_pylist(sorted(rows, key=lambda row: row["customer_id"]), schema=LIST_SCHEMA)
    usual = {
        "campaign_id": ID,
        "planned_at": PLANNED_AT.isoformat(),
        "planned_by": "mei",
        "currency": "CNY",
        "seed": 7,
        "versions": {"release_id": "r1", "policy": "2026-11-1"},
        "waterfall": [{"step": step, "removed": 0, "left": len(rows), "reasons": {}} for step in STEPS],
    }
    return kept(home, table, usual | told, brief)


def facts_about(
    customer_ids: Sequence[str], customers: Mapping[str, Mapping[str, Any]] | None = None, **tables: Any
) -> BankFacts:
    """What the bank knows of them: each table is a list of rows with their customer_id."""
    given = {name: rows_of(name, *[a_row(name, **row) for row in rows]) for name, rows in tables.items()}
    more = customers or {}
    given["customers"] = rows_of("customers", *[a_customer(one, **more.get(one, {})) for one in customer_ids])
    return facts_of(given, "CNY", "Asia/Shanghai")


def a_desk(
    home: Home, ledger: Ledger, facts: BankFacts, now: Callable[[], datetime] = lambda: NOW, **given: Any
) -> ExportDesk:
    """An open home in which the standard policy decides."""
    return ExportDesk(home, ledger, whole(facts), facts.currency, a_policy(), VERSIONS, now, **given)


def whole(facts: BankFacts) -> FactsOfRows:
    """These facts of all customers, in one frame."""
    return lambda ids: iter([(np.arange(len(ids), dtype=np.int64), facts)])


def desk_of_plan(home: Home, ledger: Ledger, **given: Any) -> ExportDesk:
    """A desk whose bank knows the customers of the plan and nothing about them."""
    ids = pq.read_table(list_path(home, ID), columns=["customer_id"])["customer_id"].to_pylist()
    return a_desk(home, ledger, facts_about(ids), **given)


def main(folder: Path) -> None:
    """Export what lies there; a line on standard output once everything is open."""
    home = Home(folder)
    plan, ledger = read_plan(home, ID), open_ledger(home)
    desk = desk_of_plan(home, ledger)
    sys.stdout.write("open\n")
    sys.stdout.flush()
    # Killed after its work was done, it has nothing left to do.
    if "exported" not in {one.status for one in batches_of(ledger, ID)}:
        export_campaign(desk, plan, SIGNED_BY, ExportOptions(by="mei"))
    ledger.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
