"""A back-test: a release decides on past dates of the loaded bank, and the bank's own past stands beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from features.catalogue import definitions_hash
from features.observation import Every, dates_between
from linewise.bank.tables import Bank
from linewise.core.errors import NotReady, UsageError
from linewise.ledger.store import Ledger
from serving.backtesting.bank_past import BankPast, read_bank_past
from serving.backtesting.past_decisions import PastDecider, customers_at
from serving.backtesting.swaps import (
    HeldBack,
    OfferSwap,
    Support,
    Swap,
    credit_swaps,
    held_back_by,
    offer_swaps,
    support_of,
)
from serving.backtesting.warnings import warnings_of
from serving.scoring.archive import ArchivedRelease
from serving.scoring.runners import running

__all__ = ["Asked", "Backtest", "backtest"]

CASES: Mapping[str, pl.DataType] = {
    "as_of": pl.Datetime("us", "UTC"),
    "customer_id": pl.String(),
    "added_amt": pl.Int64(),
    "binding": pl.String(),
    "pd_12m": pl.Float64(),
    "income_amt": pl.Float64(),
    "offer_rules": pl.List(pl.String()),
    "granted_amt": pl.Int64(),
    "taken_amt": pl.Int64(),
    "refused_count": pl.Int64(),
    "is_defaulted": pl.Boolean(),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which past is looked at: dates from `first` to `last`, and how far ahead what became of it is followed.

    sample: so many customers a date, None for all of them.
    """

    first: datetime
    last: datetime
    every: Every
    horizon_months: int
    sample: int | None = None

    def windows(self) -> list[tuple[datetime, datetime]]:
        """Each date with the next one: what the bank did between them stands beside the decisions of the first."""
        dates = dates_between(self.first, self.last, self.every)
        span = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=31)}[self.every]
        beyond = dates_between(self.first, dates[-1] + span, self.every)
        return list(zip(dates, beyond[1 : len(dates) + 1], strict=True))


@dataclass(frozen=True, slots=True)
class Backtest:
    """What came of it; `cases` has one row a decision (CASES), amounts in minor units of `currency`."""

    release_id: str
    bank: str
    currency: str
    asked: Asked
    credit: Sequence[Swap]
    offers: Sequence[OfferSwap]
    support: Support
    held_back: Sequence[HeldBack]
    warnings: Sequence[str]
    cases: pl.DataFrame

    @property
    def decisions(self) -> int:
        """How many decisions were made."""
        return len(self.cases)


def backtest(
    bank: Bank,
    ledger: Ledger,
    release: ArchivedRelease,
    asked: Asked,
    now: datetime,
    seed: int,
    advance: Callable[[int], None] = lambda done: None,
) -> Backtest:
    """Decide on the dates asked for and compare; `advance` is told how many more decisions are made.

    Raises UsageError for dates after the bank's present moment, NotReady for a release made of other feature
    definitions than are computed here, ReplayFailed where the release cannot decide on what is known here.
    """
    _enforce_past(asked, now)
    _enforce_same_features(release)
    past, windows = read_bank_past(bank, now), asked.windows()
    cases, shown, exposed = [], [], []
    policy = release.terms.load(release.policy_folder)
    with running(release) as runner:
        decider = PastDecider(bank, ledger, policy, runner, seed, release.prices)
        for start, end in windows:
            as_of = pl.lit(start).cast(pl.Datetime("us", "UTC")).alias("as_of")
            customer_ids = customers_at(bank, start, asked.sample)
            for credit, offered in decider.at(start, customer_ids, advance):
                cases.append(_beside(credit, past, start, end, asked.horizon_months).select(as_of, *list(CASES)[1:]))
                shown.append(offered.select(as_of, "customer_id", "offer_id"))
            there = pl.DataFrame({"customer_id": customer_ids}, schema={"customer_id": pl.String})
            exposed.append(past.exposed_in(start, end).join(there, on="customer_id", how="semi").with_columns(as_of))
    found = pl.concat([pl.DataFrame(schema=CASES), *cases])
    swaps = offer_swaps(pl.concat(shown), pl.concat(exposed)) if shown else []
    span = asked.first, windows[-1][1]
    credit_groups, support, held_back = credit_swaps(found), support_of(found), held_back_by(found)
    return Backtest(
        release_id=release.versions.release_id,
        bank=bank.manifest.name,
        currency=bank.manifest.currency,
        asked=asked,
        credit=credit_groups,
        offers=swaps,
        support=support,
        held_back=held_back,
        warnings=warnings_of(release, past.absent, credit_groups, swaps, support, held_back, span, now),
        cases=found,
    )


def _beside(credit: pl.DataFrame, past: BankPast, start: datetime, end: datetime, horizon_months: int) -> pl.DataFrame:
    """The decisions of one date with what the bank did in its window and what became of the customers."""
    nothing = ("granted_amt", "taken_amt", "refused_count")
    return (
        credit.join(past.credit_in(start, end), on="customer_id", how="left")
        .join(past.defaulted_after(start, horizon_months), on="customer_id", how="left")
        .with_columns(pl.col(name).fill_null(0).cast(pl.Int64) for name in nothing)
    )


def _enforce_past(asked: Asked, now: datetime) -> None:
    if asked.last > now:
        raise UsageError(
            f"A back-test up to {asked.last:%Y-%m-%d} was asked for, after the bank's present moment.",
            f"A date up to {now:%Y-%m-%d} was expected: of later ones nothing is known.",
        )


def _enforce_same_features(release: ArchivedRelease) -> None:
    if release.versions.digests["features"] != definitions_hash():
        raise NotReady(
            f"The release {release.versions.release_id} is made of other feature definitions than are computed here.",
            "A release of the same definitions was expected.",
            "Run the back-test with the version of Linewise that made it.",
        )
