"""Suggestions for the whole base or a list of it, chunk by chunk through the same decision as a call."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from linewise.core.files import written_whole
from linewise.decisioning.types import Decisions
from serving.scoring.deciding import Decider
from serving.scoring.listed import CustomerList

__all__ = ["SCHEMA", "ScoreReport", "score_base"]

CHUNK = 5_000
MOMENT = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        ("customer_id", pa.string()),
        ("as_of", MOMENT),
        ("decided_at", MOMENT),
        ("currency", pa.string()),
        ("standing_cell", pa.string()),
        ("is_held_out", pa.bool_()),
        ("offer_1_id", pa.string()),
        ("offer_1_propensity", pa.float64()),
        ("offer_1_value_amt", pa.int64()),
        ("offer_1_priority", pa.int64()),
        ("offer_1_pscore", pa.float64()),
        ("offer_2_id", pa.string()),
        ("offer_3_id", pa.string()),
        ("current_limit_amt", pa.int64()),
        ("suggested_limit_amt", pa.int64()),
        ("max_limit_amt", pa.int64()),
        ("limit_binding", pa.string()),
        ("pd_12m", pa.float64()),
        ("plan_term_months", pa.int64()),
        ("plan_payment_amt", pa.int64()),
        ("plan_total_cost_amt", pa.int64()),
        ("plan_annualised_rate_ratio", pa.float64()),
        ("release_id", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """What was written: rows (one a customer), how many carry an offer, a limit, and the two files."""

    customers: int
    with_offer: int
    with_limit: int
    parquet: Path
    csv: Path


def _chunk_table(decisions: Decisions, release_id: str) -> pa.Table:
    """One row a customer: the primary suggestion, up to two alternates, the limit, the plan that suits best."""
    count = len(decisions.customers)
    offers, limit, plans = decisions.offers, decisions.limit, decisions.plans
    ids = np.array(offers.offer_id, dtype=object)

    def at_rank(rank: int) -> tuple[Any, Any]:
        is_there = offers.rank == rank
        return is_there.any(axis=1), is_there.argmax(axis=1)

    (has_1, place_1), (has_2, place_2), (has_3, place_3) = (at_rank(rank) for rank in range(3))
    rows = np.arange(count)
    has_plan, plan = plans.suggested >= 0, np.maximum(plans.suggested, 0)
    chosen = (limit.candidate_amt == limit.suggested_amt[:, None]).argmax(axis=1)

    def of_primary(values: Any) -> pa.Array:
        return pa.array(values[rows, place_1], mask=~has_1)

    def of_plan(values: Any) -> pa.Array:
        return pa.array(values, mask=~has_plan)

    columns = {
        "customer_id": pa.array(decisions.customers.customer_id.tolist()),
        "as_of": pa.array(decisions.customers.as_of.astype("datetime64[us]")).cast(MOMENT),
        "decided_at": pa.array([decisions.context.decided_at] * count, MOMENT),
        "currency": pa.array([decisions.customers.currency] * count),
        "standing_cell": pa.array(decisions.customers.facts["standing_cell"].tolist(), pa.string()),
        "is_held_out": pa.array(decisions.customers.facts["is_held_out"] == 1.0),
        "offer_1_id": pa.array(ids[place_1], pa.string(), mask=~has_1),
        "offer_1_propensity": of_primary(offers.propensity),
        "offer_1_value_amt": of_primary(offers.value_amt),
        "offer_1_priority": of_primary(offers.priority),
        "offer_1_pscore": of_primary(offers.pscore),
        "offer_2_id": pa.array(ids[place_2], pa.string(), mask=~has_2),
        "offer_3_id": pa.array(ids[place_3], pa.string(), mask=~has_3),
        "current_limit_amt": pa.array(limit.current_amt),
        "suggested_limit_amt": pa.array(limit.suggested_amt),
        "max_limit_amt": pa.array(limit.max_amt),
        "limit_binding": pa.array(limit.binding.tolist()),
        "pd_12m": pa.array(limit.pd_12m[rows, chosen]),
        "plan_term_months": of_plan(plans.term_months[plan]),
        "plan_payment_amt": of_plan(plans.payment_amt[rows, plan]),
        "plan_total_cost_amt": of_plan(plans.total_cost_amt[rows, plan]),
        "plan_annualised_rate_ratio": of_plan(plans.annualised_rate_ratio[rows, plan]),
        "release_id": pa.array([release_id] * count),
    }
    return pa.table(columns, schema=SCHEMA)


def _whole_base(recommender: Decider) -> Iterator[Sequence[str]]:
    customer_ids = recommender.customer_ids()
    for start in range(0, len(customer_ids), CHUNK):
        yield customer_ids[start : start + CHUNK]


def _tables(recommender: Decider, chunks: Iterable[Sequence[str]], channel: str) -> Iterator[pa.Table]:
    context, generation = recommender.context(channel, explain=False), recommender.generation()
    for customer_ids in chunks:
        decisions = recommender.decide(customer_ids, context, generation)
        yield _chunk_table(decisions, recommender.versions.release_id)


def score_base(
    recommender: Decider,
    out: Path,
    channel: str = "voice",
    advance: Callable[[int], None] = lambda steps: None,
    listed: CustomerList | None = None,
) -> ScoreReport:
    """Decide for every customer of the loaded bank, or of a list, and write Parquet and CSV, both whole or neither.

    `out` names the Parquet file; the CSV stands beside it. Rows stand in the order of the list, of the whole base by
    customer. The same bank, release and moment give the same bytes. `advance` is called with the customers done.
    Nothing is recorded: nobody has seen it yet.
    """
    chunks = _whole_base(recommender) if listed is None else listed.in_chunks(CHUNK)
    parquet, comma_separated = out.with_suffix(".parquet"), out.with_suffix(".csv")
    customers = with_offer = with_limit = 0
    with (
        written_whole(parquet) as draft,
        written_whole(comma_separated) as csv_draft,
        pq.ParquetWriter(draft, SCHEMA, compression="zstd") as writer,
        csv_draft.open("w", newline="", encoding="utf-8") as file,
    ):
        lines = csv.DictWriter(file, SCHEMA.names)
        lines.writeheader()
        for table in _tables(recommender, chunks, channel):
            writer.write_table(table)
            lines.writerows(table.to_pylist())
            customers += table.num_rows
            with_offer += table.num_rows - table["offer_1_id"].null_count
            with_limit += int(np.count_nonzero(table["suggested_limit_amt"].to_numpy() > 0))
            advance(table.num_rows)
    return ScoreReport(customers, with_offer, with_limit, parquet, comma_separated)
