"""What a release would have decided on past dates, from what was known then."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from features.building import computed
from features.catalogue import FEATURE_NAMES
from features.observation import checked_pairs
from features.online import OnlineRows
from linewise.bank.tables import Bank
from linewise.core.clock import as_utc
from linewise.decisioning.prices import NO_PRICES, Prices
from linewise.decisioning.types import Context
from linewise.ledger.store import Ledger
from linewise.policy.policy import Policy
from serving.scoring.inputs import Known, inputs_from
from serving.scoring.knowing import Knowledge, open_knowledge
from serving.scoring.runners import Runner

__all__ = ["PastDecider", "customers_at"]

CHUNK = 1_000
CHANNEL = "voice"


def customers_at(bank: Bank, at: datetime, sample: int | None = None) -> list[str]:
    """The customers whom the bank served at that moment, in order; with `sample` so many, the same each time.

    Served is who had an account by then and whose history does not end before.
    """
    accounts = bank.read("accounts", ["customer_id", "opened_at"])
    customers = bank.read("customers", ["customer_id", "observed_until"])
    opened = {
        who
        for who, when in zip(accounts["customer_id"].to_pylist(), accounts["opened_at"].to_pylist(), strict=True)
        if when is not None and as_utc(when) <= at
    }
    ends = zip(customers["customer_id"].to_pylist(), customers["observed_until"].to_pylist(), strict=True)
    there = sorted(who for who, until in ends if who in opened and (until is None or as_utc(until) >= at))
    if sample is None or sample >= len(there):
        return there
    return sorted(Random(0).sample(there, sample))  # noqa: S311  a draw to look at, no secret


class PastDecider:
    """A release and a bank; decides for all its customers as of any date of its past.

    Features and facts are those known at the date. The release is as it is: its rules, prices and models
    judge the past by today's standards, whatever day it was.
    """

    def __init__(
        self, bank: Bank, ledger: Ledger, policy: Policy, runner: Runner, seed: int, prices: Prices = NO_PRICES
    ) -> None:
        self._bank, self._ledger, self._policy, self._runner, self._seed = bank, ledger, policy, runner, seed
        self._prices = prices

    def at(
        self, date: datetime, customer_ids: Sequence[str], advance: Callable[[int], None] = lambda done: None
    ) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """Chunk by chunk: the credit decided for each customer, and each action shown to them.

        The first has customer_id, added_amt (minor units, beyond what is in force), binding, pd_12m (at the
        limit in force), income_amt, and offer_rules, what took at least one action away; the second
        customer_id, offer_id, rank.
        """
        knowledge = open_knowledge(self._bank, self._ledger, self._policy, date, self._seed)
        context = Context(CHANNEL, date, "en", explain=False)
        for rows in self._features(date, customer_ids):
            for start in range(0, len(rows.customer_id), CHUNK):
                chunk = _cut(rows, start)
                answers = self._runner.answers(self._inputs(knowledge, chunk, context))
                yield _credit(answers, chunk), _shown(answers)
                advance(len(answers))

    def _features(self, date: datetime, customer_ids: Sequence[str]) -> Iterator[OnlineRows]:
        pairs = pa.table({"customer_id": list(customer_ids), "as_of": [date] * len(customer_ids)})
        known = self._bank.read("customers", ["customer_id"])["customer_id"]
        for _, table in computed(self._bank, checked_pairs(pairs, known)):
            values = np.column_stack([np.asarray(table[name], dtype=np.float64) for name in FEATURE_NAMES])
            ids = np.array(table["customer_id"].to_pylist(), dtype=np.str_)
            as_of = np.full(len(ids), np.datetime64(date.replace(tzinfo=None), "us"))
            yield OnlineRows(ids, np.ones(len(ids), dtype=bool), as_of, values)

    def _inputs(self, knowledge: Knowledge, rows: OnlineRows, context: Context) -> list[dict[str, Any]]:
        ids = rows.customer_id.tolist()
        customers, state = knowledge.of(ids, rows, context)
        known = Known(customers, state, context, self._prices, self._seed)
        known_at = {"known_at": context.decided_at.isoformat()}
        return [inputs_from(known, row) | known_at for row in range(len(ids))]


def _cut(rows: OnlineRows, start: int) -> OnlineRows:
    part = slice(start, start + CHUNK)
    return OnlineRows(rows.customer_id[part], rows.found[part], rows.as_of[part], rows.values[part])


def _credit(answers: Sequence[dict[str, Any]], rows: OnlineRows) -> pl.DataFrame:
    limits = [answer["limit"] for answer in answers]
    income = rows.values[:, FEATURE_NAMES.index("income_mean_amt_6m")]
    return pl.DataFrame(
        {
            "customer_id": [answer["customer_id"] for answer in answers],
            "added_amt": [max(limit["suggested_amt"] - limit["current_amt"], 0) for limit in limits],
            "binding": [limit["binding"] for limit in limits],
            "pd_12m": [limit["curve"][0]["pd_12m"] for limit in limits],
            "income_amt": np.nan_to_num(income),
            "offer_rules": [sorted({drop["rule_id"] for drop in answer["not_offered"]}) for answer in answers],
        },
        schema_overrides={"added_amt": pl.Int64, "pd_12m": pl.Float64, "offer_rules": pl.List(pl.String)},
    )


def _shown(answers: Sequence[dict[str, Any]]) -> pl.DataFrame:
    shown = [
        (answer["customer_id"], offer["offer_id"], offer["rank"]) for answer in answers for offer in answer["offers"]
    ]
    schema = {"customer_id": pl.String, "offer_id": pl.String, "rank": pl.Int64}
    return pl.DataFrame(shown, schema=schema, orient="row")
