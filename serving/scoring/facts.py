"""What the bank's tables say of its customers, read once at the start of a service or a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linewise.bank.coded import coded
from linewise.bank.dictionary import load_dictionary
from linewise.bank.rates import in_home_currency, rates_of
from linewise.bank.tables import Bank
from linewise.core.clock import as_utc
from linewise.core.moments import NEVER, from_microseconds, microseconds
from linewise.decisioning.types import Floats, Ints
from serving.scoring.keyed import KeyedTable, keyed

__all__ = ["BankFacts", "Roster", "facts_of", "read_bank_facts", "read_roster"]

WORDS_AND_MOMENTS: Mapping[str, Sequence[str]] = {
    "customers": (
        "birth_date", "is_student", "is_staff", "is_related_party", "is_vulnerable", "vulnerable_until", "time_zone",
        "contact_point_changed_at", "device_changed_at", "customer_since",
    ),
    "accounts": (
        "card_role", "product", "opened_at", "closed_at", "recorded_at", "temporary_limit_from",
        "temporary_limit_until", "limit_group", "provision_stage", "status", "minimum_payment_ratio",
    ),
    "holdings": ("product", "opened_at", "closed_at", "recorded_at"),
    "cases": ("kind", "opened_at", "closed_at", "recorded_at"),
    "contact_points": ("channel", "time_zone", "is_opted_out", "changed_at", "recorded_at"),
    "incomes": ("evidence_class", "evidenced_at", "recorded_at"),
    "obligations": ("kind", "lender", "enquired_at", "purpose", "is_authorised", "recorded_at"),
    "instalments": ("kind", "opened_at", "recorded_at", "term_months", "status", "status_at"),
    "limit_requests": ("requested_at", "recorded_at", "kind", "decision", "initiated_by"),
    "limit_changes": ("changed_at", "recorded_at", "initiated_by"),
    "exposures": ("decision_id", "offer_id", "shown_at", "recorded_at", "is_pitched", "channel"),
    "outcomes": ("decision_id", "offer_id", "outcome", "occurred_at", "recorded_at", "reason_code"),
    "calls": ("started_at", "recorded_at", "reason", "tone"),
    "consents": ("purpose", "scope", "channel", "is_own_act", "given_at", "withdrawn_at", "recorded_at"),
    "notices": ("purpose", "channel", "sent_at", "recorded_at"),
    "statements": ("account_id", "cycle_end_at", "due_at", "recorded_at", "days_past_due"),
}  # fmt: skip
"""The tables that live state and rules look at, and their columns; transactions come as features alone."""

MONEY: Mapping[str, Sequence[str]] = {
    "accounts": (
        "permanent_limit_amt", "temporary_limit_amt", "cash_limit_amt", "instalment_limit_amt",
        "minimum_payment_floor_amt",
    ),
    "incomes": ("income_amt",),
    "obligations": ("limit_amt", "balance_amt", "payment_amt"),
    "instalments": ("principal_amt", "remaining_amt", "payment_amt"),
    "limit_requests": ("asked_amt", "offered_amt", "taken_amt"),
    "limit_changes": ("old_limit_amt", "new_limit_amt"),
    "statements": ("balance_amt", "minimum_due_amt", "paid_amt"),
}  # fmt: skip
"""Columns of money, which are brought into the bank's own currency."""

BESIDE: Mapping[str, tuple[str, ...]] = {"customers": ("observed_until",), "accounts": ("account_id",)}
"""What is read to make something else of it."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who the customers are, in order of id: row_of id to place; observed_until (n_all,) microseconds or NEVER."""

    row_of: Mapping[str, int]
    observed_until: Ints

    def __contains__(self, customer_id: str) -> bool:
        return customer_id in self.row_of

    @property
    def ids(self) -> pa.Array:
        """Their ids, (n_all,)."""
        return pa.array(list(self.row_of), pa.string())

    def stranger_among(self, customer_ids: Sequence[str]) -> str | None:
        """The first of these who is no customer; None where all are."""
        if all(map(self.row_of.__contains__, customer_ids)):
            return None
        return next(one for one in customer_ids if one not in self.row_of)

    def places_of(self, customer_ids: Sequence[str]) -> Ints:
        """The places (n_customers,) of these customers; raises KeyError for one that is not there."""
        return np.fromiter(map(self.row_of.__getitem__, customer_ids), dtype=np.int64, count=len(customer_ids))

    def moments(self, places: Ints, now: datetime) -> Ints:
        """Up to when each is known, microseconds: now, or the end of an extract that was cut before."""
        return np.minimum(self.observed_until[places], microseconds(now))

    def observed_at(self, customer_id: str, now: datetime) -> datetime:
        """The same for one customer, as a datetime in UTC."""
        place = self.row_of[customer_id]
        until = int(self.observed_until[place])
        return as_utc(now) if until == NEVER else min(as_utc(now), from_microseconds(until))


@dataclass(frozen=True, slots=True)
class BankFacts:
    """The small tables by customer, figures of the bank as a whole, and which tables the bank does not have.

    figures: fact to (as_of, recorded_at, value), each (n_facts,), microseconds and numbers.
    """

    roster: Roster
    tables: Mapping[str, KeyedTable]
    currency: str
    time_zone: str = "UTC"
    absent: frozenset[str] = frozenset()
    figures: Mapping[str, tuple[Ints, Ints, Floats]] = field(default_factory=dict)

    def observed_at(self, customer_id: str, now: datetime) -> datetime:
        """Up to when this customer is known."""
        return self.roster.observed_at(customer_id, now)

    def figure(self, fact: str, now: datetime) -> float:
        """The latest figure of that name that the bank knew by now; NaN where it knew none."""
        if fact not in self.figures:
            return float("nan")
        as_of, recorded_at, value = self.figures[fact]
        at = microseconds(now)
        known = np.flatnonzero((as_of <= at) & (recorded_at <= at))
        if not len(known):
            return float("nan")
        return float(value[known[np.lexsort((recorded_at[known], as_of[known]))[-1]]])


def _roster(customers: pa.Table) -> tuple[Roster, pa.Array]:
    ids = customers["customer_id"].combine_chunks().cast(pa.string()).sort()
    until = keyed(customers, ids, ["observed_until"], None).columns["observed_until"]
    row_of = {customer_id: place for place, customer_id in enumerate(ids.to_pylist())}
    return Roster(row_of, until), ids


def read_roster(bank: Bank) -> Roster:
    """The customers of the loaded bank and nothing else of it."""
    return _roster(bank.read("customers", ["customer_id", "observed_until"]))[0]


def facts_of(
    tables: Mapping[str, pa.Table], currency: str, time_zone: str = "UTC", absent: frozenset[str] = frozenset()
) -> BankFacts:
    """The facts in contract tables; one that is not given has no rows."""
    roster, ids = _roster(tables["customers"])
    figures = tables.get("bank_facts")
    rates = None if figures is None else rates_of(figures)
    dictionary = load_dictionary()
    found = {}
    accounts = dictionary["accounts"].arrow_schema.empty_table()
    for name, columns in WORDS_AND_MOMENTS.items():
        table = tables.get(name)
        if table is None:
            table = dictionary[name].arrow_schema.empty_table()
        money = MONEY.get(name, ())
        if money and rates is not None:
            table = in_home_currency(table, rates, currency, money)
        if name == "statements":
            table = _with_lines(table, accounts)
        accounts = table if name == "accounts" else accounts
        more = ("line_amt",) if name == "statements" else ()
        found[name] = keyed(table, ids, (*columns, *more), dictionary[name].event_time, money)
    return BankFacts(roster, found, currency, time_zone, absent, {} if figures is None else _figures(figures))


def _with_lines(statements: pa.Table, accounts: pa.Table) -> pa.Table:
    """Beside each statement the line of its account at the end of the cycle, missing where it has none."""
    among = coded(statements["account_id"]).among(accounts["account_id"].combine_chunks().cast(pa.string()))
    place = pa.array(among, mask=among < 0)
    permanent, temporary, begins, ends = (
        accounts[name].combine_chunks().take(place)
        for name in ("permanent_limit_amt", "temporary_limit_amt", "temporary_limit_from", "temporary_limit_until")
    )
    closed = statements["cycle_end_at"]
    is_temporary = pc.and_(pc.less_equal(begins, closed), pc.less(closed, ends))
    line = pc.if_else(pc.fill_null(is_temporary, False), temporary, permanent)
    return statements.append_column("line_amt", line.cast(pa.float64()))


def _figures(facts: pa.Table) -> dict[str, tuple[Ints, Ints, Floats]]:
    names = np.array(facts["fact"].to_pylist(), dtype=object)
    as_of, recorded_at = (
        np.asarray(facts[name].cast(pa.timestamp("us", "UTC")).cast(pa.int64()), dtype=np.int64)
        for name in ("as_of", "recorded_at")
    )
    value = np.asarray(facts["value"], dtype=np.float64)
    return {
        str(name): (as_of[names == name], recorded_at[names == name], value[names == name]) for name in sorted({*names})
    }


def read_bank_facts(bank: Bank, among: tuple[str, str] | None = None) -> BankFacts:
    """Read the tables of the loaded bank; among: of the customers from the first of these ids to the last alone."""
    tables, dictionary = {"bank_facts": bank.read("bank_facts")}, load_dictionary()
    for name, columns in WORDS_AND_MOMENTS.items():
        money = MONEY.get(name, ())
        # Without currency and time of record an amount could not be brought into the bank's own currency.
        more: tuple[str, ...] = ("currency", "recorded_at") if money else ()
        more += BESIDE.get(name, ())
        wanted = list(dict.fromkeys(("customer_id", *columns, *money, *more)))
        schema = dictionary[name].arrow_schema
        words = [one for one in wanted if pa.types.is_string(schema.field(one).type)]
        tables[name] = bank.read(name, wanted, among, coded=words)
    manifest = bank.manifest
    return facts_of(tables, manifest.currency, manifest.time_zone, bank.absent_tables)
