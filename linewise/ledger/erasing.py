"""Erasing a customer: the key is destroyed, a tombstone stands, and the chain goes on verifying."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, select, update

from linewise.core.errors import NotFound
from linewise.ledger.acts import Act
from linewise.ledger.customers import CustomerKey
from linewise.ledger.decision_tables import decisions, record_customers
from linewise.ledger.entries import Call
from linewise.ledger.holds import enforce_not_held
from linewise.ledger.looks import forget_in_looks
from linewise.ledger.said import enforce_said
from linewise.ledger.schema import PERSONAL, SCHEMA
from linewise.ledger.store import Ledger

__all__ = ["Erasure", "erase_customer"]


@dataclass(frozen=True, slots=True)
class Erasure:
    """The tombstone: the reference that stands for the customer from now on, and how much was erased."""

    customer_ref: str
    erased_at: datetime
    decisions: int
    other_rows: int


def erase_customer(
    ledger: Ledger, customer_id: str, reason: str, by: str, at: datetime, *, is_known: bool = False
) -> Erasure:
    """Destroy the customer's keys and payloads and leave a tombstone in the chain, in one transaction.

    What other rooms of the ledger keep of the customer stays counted under a reference that nothing leads
    to. The same customer, coming back, is a new one to the record. is_known: whether something outside of the record
    holds the customer, for whom a tombstone is then written in any case. Raises NotFound where nothing does, and
    Conflict where a legal hold stands.
    """
    enforce_said(by=by, reason=reason)
    done: list[Erasure] = []
    _enforce_may_erase(ledger, customer_id, is_known=is_known)

    def destroy(connection: Connection, keys: Mapping[str, CustomerKey]) -> None:
        reference = keys[customer_id].customer_ref
        enforce_not_held(connection, reference)
        others = sum(_forget(connection, table, customer_id, reference) for table in _tables_with_customers())
        others += forget_in_looks(connection, ledger.keys, customer_id, reference)
        done.append(Erasure(reference, at, _destroy(connection, reference), others))

    ledger.writer.write(Call([Act("erase", by, at, reason, customer_id)], destroy))
    ledger.writer.customers.forget()
    ledger.database.empty_log()
    return done[-1]


def _enforce_may_erase(ledger: Ledger, customer_id: str, *, is_known: bool) -> None:
    with ledger.engine.connect() as connection:
        found = ledger.writer.customers.find(connection, [customer_id]).get(customer_id)
        if found is None and not is_known:
            raise NotFound(
                f"The record holds nothing of a customer {customer_id!r}.",
                "A customer on whom something was decided, and who was not erased before, was expected.",
            )
        if found is not None:
            enforce_not_held(connection, found.customer_ref)


def _destroy(connection: Connection, customer_ref: str) -> int:
    of_customer = decisions.c.customer_ref == customer_ref
    count = connection.execute(select(func.count()).select_from(decisions).where(of_customer)).scalar_one()
    connection.execute(update(decisions).where(of_customer).values(payload=None))
    connection.execute(delete(record_customers).where(record_customers.c.customer_ref == customer_ref))
    return count


def _tables_with_customers() -> list[Table]:
    return [table for table in SCHEMA.sorted_tables if "customer_id" in table.columns]


def _forget(connection: Connection, table: Table, customer_id: str, customer_ref: str) -> int:
    blank = {"customer_id": customer_ref} | table.info.get(PERSONAL, {})
    return connection.execute(update(table).where(table.c.customer_id == customer_id).values(blank)).rowcount
