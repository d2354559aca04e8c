"""Short transactions for tests: what happened how many days before NOW."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from features import rows
from features.buckets import Bucket
from features.observation import PAIRS_SCHEMA
from features.rows import SCHEMA, RowsManifest
from features.rows_draft import Merged, rows_draft
from linewise.bank.dictionary import load_dictionary
from linewise.bank.tables import Bank
from linewise.core.home import Home
from tests.linewise.bank.builders import END, a_customer, a_row, an_account, rows_of, write_small

NOW = END

_CREDITS = ("refund", "cash_deposit", "transfer_in", "interest")


def txn(days_ago: float = 1, amt: int = 100, kind: str = "purchase", **given: Any) -> dict[str, Any]:
    """A transaction of `amt` minor units, posted and recorded `days_ago` days of 24 hours before NOW."""
    posted_at = NOW - timedelta(days=days_ago)
    plain = {
        "customer_id": "c1",
        "posted_at": posted_at,
        "recorded_at": posted_at,
        "direction": "credit" if kind in _CREDITS else "debit",
        "kind": kind,
        "billing_amt": amt,
        "currency": "CNY",
        "is_declined": False,
    }
    row = {**plain, **given}
    row.setdefault("account_id", row["customer_id"].replace("c", "a"))
    return a_row("transactions", **row)


def numbered(transactions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The transactions with an id each, in the order given."""
    return [{**row, "transaction_id": f"t{place:06}"} for place, row in enumerate(transactions)]


def pairs_of(*pairs: tuple[str, datetime]) -> pa.Table:
    """Pairs of customer and observation date."""
    return pa.Table.from_pylist([{"customer_id": c, "as_of": t} for c, t in pairs], schema=PAIRS_SCHEMA)


def bank_of(
    home: Home,
    transactions: Sequence[Mapping[str, Any]],
    customers: Sequence[Mapping[str, Any]] = (),
    **given: Any,
) -> Bank:
    """A bank of these transactions; customers and accounts follow from them where not given."""
    known = {row["customer_id"]: row for row in customers} or {"c1": a_customer("c1")}
    owners = {row["account_id"]: row["customer_id"] for row in transactions}
    for customer_id in owners.values():
        known.setdefault(customer_id, a_customer(customer_id))
    tables = {
        "customers": rows_of("customers", *known.values()),
        "accounts": rows_of("accounts", *(an_account(account, owner) for account, owner in owners.items())),
        "transactions": rows_of("transactions", *numbered(transactions)),
    }
    return write_small(home, tables, **given)


def merge_rows(home: Home, fresh: pa.Table, bank: str, data_hash: str) -> Merged:
    """Write rows (features.rows.SCHEMA) as a build of one bucket does, without computing them."""
    manifest = RowsManifest(rows.definitions_hash(), bank, data_hash, ())
    with rows_draft(home, manifest, fresh["event_timestamp"], str(fresh)) as draft:
        draft.write(Bucket(0, None, None, {}), fresh)
        return draft.finish()


def feature_rows(*rows_of_pairs: tuple[str, datetime, float], created_at: datetime | None = None) -> pa.Table:
    """Rows of SCHEMA: customer, observation date, and a value for every feature (NaN stands for a missing one)."""
    customers, moments, values = zip(*rows_of_pairs, strict=True) if rows_of_pairs else ((), (), ())
    value = pa.array(values, pa.float64(), from_pandas=True)
    created = moments if created_at is None else [created_at] * len(moments)
    columns = [
        pa.array(column, field.type) for column, field in zip((customers, moments, created), SCHEMA, strict=False)
    ]
    return pa.table([*columns, *[value] * (len(SCHEMA) - 3)], schema=SCHEMA)


def write_row_files(home: Home, fresh: pa.Table, bucket_starts: Sequence[str] = ()) -> None:
    """Write rows as a build does whose second and further buckets begin with these customers."""
    manifest = RowsManifest(rows.definitions_hash(), "small", "hash", tuple(bucket_starts))
    with rows_draft(home, manifest, fresh["event_timestamp"], str(fresh)) as draft:
        for number, (start, end) in enumerate(pairwise((None, *bucket_starts, None))):
            is_own = pc.and_(
                pc.greater_equal(fresh["customer_id"], start or ""), pc.less(fresh["customer_id"], end or "\U0010ffff")
            )
            draft.write(Bucket(number, start, end, {}), fresh.filter(is_own))
        draft.finish()


_PLAIN: dict[str, dict[str, Any]] = {
    "statements": {"due_at": NOW, "balance_amt": 0, "minimum_due_amt": 0, "paid_amt": 0, "days_past_due": 0},
    "limit_changes": {"old_limit_amt": 1_000, "new_limit_amt": 2_000, "initiated_by": "bank"},
    "limit_requests": {"kind": "increase", "asked_amt": 500, "decision": "approved", "initiated_by": "customer"},
    "exposures": {"offer_id": "CARD_GOLD", "channel": "voice"},
    "outcomes": {"offer_id": "CARD_GOLD", "outcome": "accepted"},
    "calls": {},
    "cases": {"kind": "complaint"},
    "obligations": {"kind": "card", "is_authorised": True},
    "incomes": {"income_amt": 900, "evidence_class": "A"},
    "instalments": {
        "kind": "purchase",
        "principal_amt": 1_200,
        "term_months": 12,
        "payment_amt": 110,
        "status": "running",
        "status_at": NOW + timedelta(days=1),
    },
    "payments": {"payment_amt": 100, "source": "own"},
}


def event(table: str, days_ago: float = 1, *, number: int = 0, **given: Any) -> dict[str, Any]:
    """A row of an event table: what happened, and was recorded, so many days of 24 hours before NOW."""
    meaning = load_dictionary()[table]
    moment = NOW - timedelta(days=days_ago)
    (key,) = meaning.key
    known = {"customer_id": "c1", key: f"{table}-{number:06}", meaning.event_time: moment, "recorded_at": moment}
    account = {"account_id": "a1"} if "account_id" in meaning.arrow_schema.names else {}
    return a_row(table, **{**account, "currency": "CNY", **_PLAIN[table], **known, **given})


def events(table: str, *days_ago: float, **given: Any) -> list[dict[str, Any]]:
    """Such rows, one for each of these ages."""
    return [event(table, days, number=place, **given) for place, days in enumerate(days_ago)]
