"""What the bank did in a window and what became of it afterwards, by customer, from the contract tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from dateutil.relativedelta import relativedelta

from linewise.bank.rates import bank_rates, in_home_currency
from linewise.bank.tables import Bank

__all__ = ["DEFAULT_DAYS", "BankPast", "read_bank_past"]

DEFAULT_DAYS = 90
"""Days past due from which a customer counts as in default (Basel Framework, CRE36.69)."""

GRANTED = ("approved", "countered")
NEW_CREDIT = ("loan", "new_line", "cash")
"""Requests whose grant stands in no change of a limit: the others would be counted twice."""

TAKEN = ("ordered", "accepted")


@dataclass(frozen=True, slots=True)
class BankPast:
    """The past as frames, amounts in minor units of the bank's currency, moments in UTC without a zone.

    grants: customer_id, at, granted_amt, taken_amt. refusals: customer_id, at. defaults: customer_id, at.
    exposures: customer_id, offer_id, at, is_taken. observed_until: customer_id, until. known_until: the end of what
    is known of the bank. absent: tables that the bank does not deliver.
    """

    grants: pl.DataFrame
    refusals: pl.DataFrame
    defaults: pl.DataFrame
    exposures: pl.DataFrame
    observed_until: pl.DataFrame
    known_until: datetime
    absent: frozenset[str]

    def credit_in(self, start: datetime, end: datetime) -> pl.DataFrame:
        """By customer what was granted, taken and refused after `start` up to `end`."""
        window = (pl.col("at") > _naive(start)) & (pl.col("at") <= _naive(end))
        granted = self.grants.filter(window).group_by("customer_id").agg(pl.sum("granted_amt"), pl.sum("taken_amt"))
        refused = self.refusals.filter(window).group_by("customer_id").agg(pl.len().alias("refused_count"))
        return granted.join(refused, on="customer_id", how="full", coalesce=True)

    def exposed_in(self, start: datetime, end: datetime) -> pl.DataFrame:
        """By customer and offer whether it was put before them after `start` up to `end`, and taken."""
        window = (pl.col("at") > _naive(start)) & (pl.col("at") <= _naive(end))
        return self.exposures.filter(window).group_by("customer_id", "offer_id").agg(pl.any("is_taken"))

    def defaulted_after(self, start: datetime, horizon_months: int) -> pl.DataFrame:
        """By customer whether they were in default within the horizon; null where nobody can know.

        Unknown are customers whose history ends before the horizon does, and those who had been in default
        in the quarter before: theirs is no new one.
        """
        end = start + relativedelta(months=horizon_months)
        until = pl.min_horizontal(pl.col("until").fill_null(_naive(self.known_until)), pl.lit(_naive(self.known_until)))
        quarter = _naive(start - timedelta(days=DEFAULT_DAYS))
        at = pl.col("at")
        within = self.defaults.filter((at > _naive(start)) & (at <= _naive(end)))["customer_id"].unique()
        before = self.defaults.filter((at > quarter) & (at <= _naive(start)))["customer_id"].unique()
        who = pl.col("customer_id")
        is_unknown = who.is_in(before.implode()) | (until < _naive(end))
        defaulted = pl.when(is_unknown).then(None).otherwise(who.is_in(within.implode()))
        return self.observed_until.select("customer_id", defaulted.alias("is_defaulted"))


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _frame(table: pa.Table) -> pl.DataFrame:
    """As polars, its moments in UTC without a zone, its words as text."""
    columns = {
        name: (
            column.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))
            if pa.types.is_timestamp(column.type)
            else column.cast(pa.string())
            if pa.types.is_dictionary(column.type)
            else column
        )
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    made = pl.from_arrow(pa.table(columns))
    assert isinstance(made, pl.DataFrame)  # noqa: S101  a table becomes a frame, a column would become a series
    return made


def _money(bank: Bank, table: str, words: Sequence[str], amounts: Sequence[str]) -> pl.DataFrame:
    rows = bank.read(table, ["customer_id", *words, *amounts, "currency", "recorded_at"])
    return _frame(in_home_currency(rows, bank_rates(bank), bank.manifest.currency, amounts))


def _grants_and_refusals(bank: Bank) -> tuple[pl.DataFrame, pl.DataFrame]:
    changes = _money(bank, "limit_changes", ["changed_at"], ["old_limit_amt", "new_limit_amt"])
    raised = (pl.col("new_limit_amt") - pl.col("old_limit_amt")).cast(pl.Int64)
    raises = changes.select(
        "customer_id", pl.col("changed_at").alias("at"), raised.alias("granted_amt"), raised.alias("taken_amt")
    ).filter(pl.col("granted_amt") > 0)
    requests = _money(bank, "limit_requests", ["requested_at", "kind", "decision"], ["offered_amt", "taken_amt"])
    granted = requests.filter(pl.col("decision").is_in(GRANTED) & pl.col("kind").is_in(NEW_CREDIT)).select(
        "customer_id",
        pl.col("requested_at").alias("at"),
        pl.col("offered_amt").cast(pl.Int64).fill_null(0).alias("granted_amt"),
        pl.col("taken_amt").cast(pl.Int64).fill_null(0),
    )
    refused = requests.filter(pl.col("decision") == "refused").select("customer_id", pl.col("requested_at").alias("at"))
    return pl.concat([raises, granted.filter(pl.col("granted_amt") > 0)]), refused


def _defaults(bank: Bank) -> pl.DataFrame:
    statements = bank.read("statements", ["customer_id", "recorded_at", "days_past_due"])
    late = _frame(statements.filter(pc.greater_equal(statements["days_past_due"], DEFAULT_DAYS)))
    instalments = _frame(bank.read("instalments", ["customer_id", "status", "status_at"]))
    failed = instalments.filter((pl.col("status") == "defaulted") & pl.col("status_at").is_not_null())
    return pl.concat(
        [
            late.select("customer_id", pl.col("recorded_at").alias("at")),
            failed.select("customer_id", pl.col("status_at").alias("at")),
        ]
    )


def _exposures(bank: Bank) -> pl.DataFrame:
    shown = _frame(bank.read("exposures", ["exposure_id", "customer_id", "offer_id", "shown_at"]))
    answers = _frame(bank.read("outcomes", ["exposure_id", "outcome"]))
    taken = answers.filter(pl.col("outcome").is_in(TAKEN))["exposure_id"].drop_nulls().unique()
    is_taken = pl.col("exposure_id").is_in(taken.implode())
    return shown.select("customer_id", "offer_id", pl.col("shown_at").alias("at"), is_taken.alias("is_taken"))


def read_bank_past(bank: Bank, now: datetime) -> BankPast:
    """Read the tables once; `now` is the bank's present moment, after which nothing is known."""
    grants, refusals = _grants_and_refusals(bank)
    customers = _frame(bank.read("customers", ["customer_id", "observed_until"]))
    tables = ("limit_changes", "limit_requests", "exposures", "outcomes", "statements", "instalments")
    return BankPast(
        grants=grants,
        refusals=refusals,
        defaults=_defaults(bank),
        exposures=_exposures(bank),
        observed_until=customers.select("customer_id", pl.col("observed_until").alias("until")),
        known_until=now,
        absent=frozenset(name for name in tables if not bank.has(name)),
    )
