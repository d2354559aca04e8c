"""The rival of the simulated bank: one numpy generator a customer and a loop over the months.

As a competent user would write it: each month's purchases are drawn as vectors, nothing loops over
transactions, columns are put together once a chunk, and text is written as Arrow dictionaries. It has the
festivals, shops and tickets of the same profile and the same three tables of money, and leaves out all that
the simulated bank has besides: the past of the bank, offers, calls, plans, other lenders and the truth.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from linewise.bank.dictionary import load_dictionary
from linewise.simulation.calendar import DAY_S, Calendar
from linewise.simulation.profile import SEASON_CLASSES

__all__ = ["PlainBank"]

CHUNK = 10_000
PURCHASES_A_MONTH = 5.0
KINDS = ("purchase", "refund", "fee", "interest", "transfer_in", "transfer_out", "payment")
PURCHASE, REFUND, FEE, INTEREST, TRANSFER_IN, TRANSFER_OUT, PAYMENT = range(7)
PURPOSES = ("salary", "household", "insurance", "leasing", "loan", "card")
CHANNELS = ("pos", "online", "transfer")
COUNTRIES = ("CN", "HK", "JP", "US", "GB")
CURRENCIES = ("CNY", "HKD", "JPY", "USD", "GBP")
POSTING = np.dtype(
    [
        ("customer", "i8"), ("at_s", "i8"), ("amount", "i8"), ("original", "i8"), ("merchant", "i4"),
        ("group", "i1"), ("kind", "i1"), ("purpose", "i1"), ("channel", "i1"), ("country", "i1"),
        ("on_card", "?"), ("is_credit", "?"), ("is_declined", "?"),
    ]
)  # fmt: skip
STATEMENT = np.dtype(
    [
        ("customer", "i8"), ("cycle_end_s", "i8"), ("balance", "i8"), ("minimum", "i8"), ("paid", "i8"),
        ("days_past_due", "i8"),
    ]
)  # fmt: skip
# Of customer, moment and so on; -1 is none.
EMPTY = np.array((0, 0, 0, -1, -1, -1, 0, -1, -1, -1, False, False, False), POSTING)


class Book:
    """Rows of a chunk in one array that grows, since to join a hundred thousand small ones would cost more."""

    def __init__(self) -> None:
        self.rows, self.count = np.full(1 << 16, EMPTY, POSTING), 0

    def take(self, customer: int, count: int) -> Any:
        """So many new rows of that customer, to be filled in."""
        while self.count + count > len(self.rows):
            self.rows = np.concatenate([self.rows, np.full(len(self.rows), EMPTY, POSTING)])
        taken = self.rows[self.count : self.count + count]
        self.count += count
        taken["customer"] = customer
        return taken


class PlainBank:
    """A bank of a calendar's months, written customer by customer."""

    def __init__(self, calendar: Calendar, seed: int) -> None:
        self.calendar, self.seed = calendar, seed
        groups = calendar.profile.merchant_groups
        self.mccs = [group.mcc for group in groups]
        self.share = np.array([group.share for group in groups]) / sum(group.share for group in groups)
        self.log_ticket = np.log([group.ticket_amt for group in groups])
        self.log_merchants = np.log([group.merchants + 1 for group in groups])
        self.groups = np.arange(len(groups))
        self.spread, self.online = (
            np.array([getattr(group, name) for group in groups]) for name in ("spread", "online")
        )
        self.season = np.array([SEASON_CLASSES.index(group.season) for group in groups])
        self.rates = np.array([1.0, *(calendar.profile.foreign_rates[code] for code in ("HK", "JP", "US", "GB"))])
        self.months = [self._month(month) for month in range(calendar.month_count)]

    def _month(self, month: int) -> tuple[Any, Any, Any]:
        """Midnights of the month's days, days' worth of buying by season, and where its days end, cumulated."""
        begin = int(self.calendar.cycle_end_day(np.array(1), month))
        end = min(int(self.calendar.cycle_end_day(np.array(1), month + 1)), self.calendar.last_day + 1)
        days = np.arange(begin, end)
        weights = self.calendar.day_weights[:, days - self.calendar.base_day]
        # One search finds the days of all shops: the season class is the whole part.
        ends = np.cumsum(weights, axis=1) / weights.sum(axis=1)[:, None] + np.arange(len(weights))[:, None]
        return self.calendar.midnight_s(days), weights.sum(axis=1)[self.season] / 30.4, ends.ravel()

    def write(self, customer_count: int, folder: Path) -> int:
        """Write so many customers, in files of 10,000; how many transactions they have."""
        count = 0
        for start in range(1, customer_count + 1, CHUNK):
            numbers = range(start, min(start + CHUNK, customer_count + 1))
            book, statements = Book(), np.zeros((len(numbers), len(self.months)), STATEMENT)
            for number, months in zip(numbers, statements, strict=True):
                self._live(number, book, months)
            tables = _tables(book.rows[: book.count], statements.ravel(), self.mccs)
            count += tables["transactions"].num_rows
            for name, table in tables.items():
                (folder / name).mkdir(parents=True, exist_ok=True)
                pq.write_table(table, folder / name / f"{start:08}.parquet")
        return count

    def _live(self, number: int, book: Book, statements: Any) -> None:
        dice = np.random.default_rng([self.seed, number])
        income = np.exp(13.6 + 0.5 * dice.standard_normal())
        limit = max(round(income * dice.uniform(0.8, 3.0), -5), 300_000)
        risk, activity = dice.standard_normal(), PURCHASES_A_MONTH * dice.gamma(2.0, 0.5)
        ticket, travel = np.exp(0.4 * dice.standard_normal()), dice.gamma(1.0, 0.6)
        payday, pays_in_full, has_payroll = dice.integers(1, 28), dice.random() < 0.6, dice.random() < 0.7
        orders = np.array([0.25 * income, 0.03 * income, 0.08 * income * (dice.random() < 0.2)]).astype(np.int64)
        owed, bucket = 0, 0
        for month, (midnights, weight, ends) in enumerate(self.months):
            group = np.repeat(self.groups, dice.poisson(activity * self.share * weight))
            bought = book.take(number, len(group))
            self._buy(bought, dice, group, ends, midnights, ticket, travel)
            is_booked = np.cumsum(bought["amount"]) <= limit - owed
            bought["is_declined"] = ~is_booked
            owed += int(bought["amount"] @ is_booked)
            regretted = np.flatnonzero(is_booked & (dice.random(len(bought)) < 0.03))
            if len(regretted):
                back = book.take(number, len(regretted))
                back[:] = bought[regretted]
                back["kind"], back["is_credit"] = REFUND, True
                back["at_s"] = np.minimum(back["at_s"] + 4 * DAY_S, midnights[-1])
                owed -= int(back["amount"].sum())
            paid, minimum = 0, max(owed // 10, min(owed, 5_000), 0)
            if owed > 0 and dice.random() > 0.02 * np.exp(0.8 * risk + 0.9 * bucket):
                paid = owed if pays_in_full else max(minimum, int(owed * dice.beta(1.0, 6.0)))
            bucket = 0 if paid >= minimum else bucket + 1
            charged = [(FEE, 2_000)] * (bucket > 0) + [(INTEREST, (owed - paid) // 66)] * (0 < paid < owed)
            day = midnights[min(payday, len(midnights) - 1)]
            others = [(kind, amount, -1, True, False) for kind, amount in charged]
            others += [(PAYMENT, paid, -1, True, True)] * (paid > 0)
            if has_payroll:
                salary = int(income * np.exp(0.05 * dice.standard_normal()))
                others += [(TRANSFER_IN, salary, 0, False, True)]
                others += [(TRANSFER_OUT, int(a), 1 + at, False, False) for at, a in enumerate(orders) if a]
                others += [(TRANSFER_OUT, paid, 5, False, False)] * (paid > 0)
            statements[month] = (number, midnights[-1], owed, minimum, paid, 30 * bucket)
            owed += sum(amount for _, amount in charged) - paid
            moved = book.take(number, len(others))
            if others:
                moved["kind"], moved["amount"], moved["purpose"], moved["on_card"], moved["is_credit"] = zip(
                    *others, strict=True
                )
                moved["at_s"], moved["channel"] = day + dice.integers(0, DAY_S, len(moved)), 2

    def _buy(self, rows: Any, dice: Any, group: Any, ends: Any, midnights: Any, ticket: float, travel: float) -> None:
        """Fill in the purchases of a month, whose groups are given, in the order of their moments."""
        count, season = len(group), self.season[group]
        draw = dice.random((4, count))
        day = np.minimum(np.searchsorted(ends, season + draw[0]) - season * len(midnights), len(midnights) - 1)
        at_s = midnights[day] + (DAY_S * (0.33 + 0.6 * draw[1])).astype(np.int64)
        order = np.argsort(at_s)
        group, day = group[order], day[order]
        amounts = ticket * np.exp(self.log_ticket[group] + self.spread[group] * dice.standard_normal(count))
        rows["at_s"], rows["amount"], rows["group"] = at_s[order], np.maximum(amounts, 100), group
        # Zipf's law: the logarithm of a merchant's rank is uniform.
        rows["merchant"] = np.exp(draw[2] * self.log_merchants[group]) - 1
        rows["channel"], rows["country"], rows["on_card"] = draw[3] < self.online[group], 0, True
        if dice.random() < travel / 12:
            first, country = dice.integers(0, len(midnights)), dice.integers(1, len(COUNTRIES))
            is_abroad = (day >= first) & (day < first + 6) & (rows["channel"] == 0)
            rows["country"][is_abroad] = country
            rows["original"][is_abroad] = rows["amount"][is_abroad] * self.rates[country]


def _tables(postings: Any, statements: Any, mccs: list[str]) -> dict[str, pa.Table]:
    rows = postings[np.lexsort((postings["at_s"], postings["customer"]))]
    payments, rows = rows[rows["kind"] == PAYMENT], rows[rows["kind"] != PAYMENT]
    on_card = pa.array(rows["on_card"])
    card, current = _ids("K", rows["customer"]), _ids("A", rows["customer"])
    is_abroad = rows["country"] > 0
    has_shop = rows["merchant"] >= 0
    transactions = {
        "transaction_id": _event_ids("T", rows["customer"]),
        "customer_id": _ids("C", rows["customer"]),
        "account_id": pc.if_else(on_card, card, current),
        **_moments("posted_at", rows["at_s"]),
        "direction": _words(rows["is_credit"].astype(np.int8), ("debit", "credit")),
        "kind": _words(rows["kind"], KINDS),
        "category": _words(rows["purpose"], PURPOSES),
        "billing_amt": pa.array(rows["amount"]),
        "original_amt": pa.array(rows["original"], mask=~is_abroad),
        "original_currency": _words(np.where(is_abroad, rows["country"], -1), CURRENCIES),
        "balance_amt": pa.array(_running_balances(rows), mask=rows["on_card"]),
        "mcc": _words(rows["group"], mccs),
        "merchant_id": pc.if_else(
            pa.array(has_shop), _ids("M", rows["group"].astype(np.int64) * 1_000_000 + rows["merchant"]), None
        ),
        "channel": _words(rows["channel"], CHANNELS),
        "country": _words(rows["country"], COUNTRIES),
        "is_declined": pa.array(rows["is_declined"]),
    }
    paid = {
        "payment_id": _event_ids("Y", payments["customer"]),
        "customer_id": _ids("C", payments["customer"]),
        "account_id": _ids("K", payments["customer"]),
        **_moments("paid_at", payments["at_s"]),
        "payment_amt": pa.array(payments["amount"]),
        "source": _words(np.zeros(len(payments), dtype=np.int8), ("own",)),
    }
    due = {
        "statement_id": _event_ids("S", statements["customer"]),
        "customer_id": _ids("C", statements["customer"]),
        "account_id": _ids("K", statements["customer"]),
        **_moments("cycle_end_at", statements["cycle_end_s"]),
        "due_at": _moments("due_at", statements["cycle_end_s"] + 20 * DAY_S)["due_at"],
        "balance_amt": pa.array(statements["balance"]),
        "minimum_due_amt": pa.array(statements["minimum"]),
        "paid_amt": pa.array(statements["paid"]),
        "days_past_due": pa.array(statements["days_past_due"]),
    }
    return {
        "transactions": _whole("transactions", transactions, len(rows)),
        "payments": _whole("payments", paid, len(payments)),
        "statements": _whole("statements", due, len(statements)),
    }


def _running_balances(rows: Any) -> Any:
    """Of the current account, from 5,000 yuan on: one cumulated sum, begun anew at each customer."""
    signed = np.where(rows["on_card"], 0, np.where(rows["is_credit"], rows["amount"], -rows["amount"]))
    total = np.cumsum(signed)
    starts = np.flatnonzero(np.append(True, np.diff(rows["customer"]) > 0))
    before = np.repeat(total[starts] - signed[starts], np.diff(np.append(starts, len(rows))))
    return 500_000 + total - before


def _ids(prefix: str, numbers: Any) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 8, "0"), "")


def _event_ids(prefix: str, customers: Any) -> pa.Array:
    starts = np.flatnonzero(np.append(True, np.diff(customers) > 0))
    place = np.arange(len(customers)) - np.repeat(starts, np.diff(np.append(starts, len(customers))))
    return _ids(prefix, customers * 100_000 + place)


def _words(codes: Any, words: Any) -> pa.Array:
    indices = pa.array(np.asarray(codes, dtype=np.int8), mask=np.asarray(codes) < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words))


def _moments(name: str, at_s: Any) -> dict[str, pa.Array]:
    kind = pa.timestamp("us", tz="UTC")
    recorded_s = (at_s // DAY_S + 1) * DAY_S + 3_600
    return {name: pa.array(at_s * 1_000_000).cast(kind), "recorded_at": pa.array(recorded_s * 1_000_000).cast(kind)}


def _whole(name: str, columns: dict[str, Any], count: int) -> pa.Table:
    """The contract's columns in their order; what is not given is empty."""
    given = {"currency": _words(np.zeros(count, dtype=np.int8), ("CNY",)), **columns}
    return pa.table(
        {
            column.name: given[column.name] if column.name in given else pa.nulls(count, column.arrow_type)
            for column in load_dictionary()[name].columns
        }
    )
