"""What the core system reports that it changed: limits and plans, from the contract tables of the loaded bank."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from linewise.bank.tables import Bank

__all__ = ["Change", "Consent", "changes_since", "consents_of"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of a limit to amount_amt, or a plan or loan over it; minor units of its own currency.

    names: the decision or quote behind it, as the core system has it; empty where it has none.
    """

    kind: Literal["limit", "plan"]
    change_id: str
    customer_id: str
    at: datetime
    recorded_at: datetime
    amount_amt: int
    before_amt: int
    names: str

    @property
    def lends_more(self) -> bool:
        """Whether the customer may owe more by it; only then must they have agreed."""
        return self.amount_amt > self.before_amt


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent by the customer's own act."""

    consent_id: str
    purpose: str
    given_at: datetime
    withdrawn_at: datetime | None


def changes_since(bank: Bank, since: datetime, until: datetime) -> list[Change]:
    """Every change that stood in the bank's books between the two moments, in the order in which it came to stand."""
    limits = [
        Change(
            "limit", row["change_id"], row["customer_id"], row["changed_at"], row["recorded_at"],
            row["new_limit_amt"], row["old_limit_amt"], row["decision"] or "",
        )
        for row in _rows(bank, "limit_changes", (
            "change_id", "customer_id", "changed_at", "recorded_at", "old_limit_amt", "new_limit_amt", "decision",
        ), since, until)
    ]  # fmt: skip
    plans = [
        Change(
            "plan", row["instalment_id"], row["customer_id"], row["opened_at"], row["recorded_at"],
            row["principal_amt"], 0, "",
        )
        for row in _rows(bank, "instalments", (
            "instalment_id", "customer_id", "opened_at", "recorded_at", "principal_amt",
        ), since, until)
    ]  # fmt: skip
    return sorted(limits + plans, key=lambda one: (one.recorded_at, one.change_id))


def _rows(bank: Bank, table: str, columns: Sequence[str], since: datetime, until: datetime) -> list[dict[str, Any]]:
    if table in bank.absent_tables:
        return []
    read = bank.read(table, list(columns))
    recorded = read["recorded_at"]
    moments = (pa.scalar(one, recorded.type) for one in (since, until))
    first, last = moments
    kept = pc.and_(pc.greater_equal(recorded, first), pc.less_equal(recorded, last))
    found: list[dict[str, Any]] = read.filter(kept).to_pylist()
    return found


def consents_of(bank: Bank, customer_ids: Iterable[str]) -> Mapping[str, Sequence[Consent]]:
    """What these customers agreed to by an act of their own, by customer."""
    if "consents" in bank.absent_tables:
        return {}
    columns = ["consent_id", "customer_id", "purpose", "is_own_act", "given_at", "withdrawn_at"]
    read = bank.read("consents", columns)
    mine = pc.is_in(read["customer_id"], value_set=pa.array(sorted(set(customer_ids)), pa.string()))
    found: dict[str, list[Consent]] = {}
    for row in read.filter(pc.and_(mine, read["is_own_act"])).to_pylist():
        consent = Consent(row["consent_id"], row["purpose"], row["given_at"], row["withdrawn_at"])
        found.setdefault(row["customer_id"], []).append(consent)
    return found
