"""The tables of the bank's earlier offers: what was shown to whom, and what became of it."""

import numpy as np
import pyarrow as pa

from linewise.simulation.lives.record import (
    EXPOSURE,
    NOT_PITCHED,
    OFFERS,
    OUTCOME,
    OUTCOME_REASONS,
    OUTCOMES,
    QUEUES,
    SHOWN_IN,
)
from linewise.simulation.tables.chunk import Chunk
from linewise.simulation.tables.columns import coded, contract_table, moments, optional
from linewise.simulation.tables.texts import CUSTOMER_DIGITS, identifiers

__all__ = ["AGENTS_AT_MOST", "agent_words", "exposure_table", "outcome_table"]

AGENTS_AT_MOST = 1_000
_TEAM_SIZE = 10
_EVENT_DIGITS = 4


def agent_words() -> pa.Array:
    """`agent-017` for agent 17, (AGENTS_AT_MOST,)."""
    return identifiers("agent-", (np.arange(AGENTS_AT_MOST), 3))


def exposure_table(chunk: Chunk) -> pa.Table:
    """The offers shown, by customer and moment."""
    events = chunk.events(EXPOSURE)
    agent, is_pitched, pscore = events["e"], events["c"], events["x"]
    teams = identifiers("team-", (np.arange(AGENTS_AT_MOST // _TEAM_SIZE), 2))
    return contract_table(
        "exposures",
        len(events),
        exposure_id=identifiers("EX", (events.number, CUSTOMER_DIGITS), (events.rank, _EVENT_DIGITS)),
        customer_id=chunk.customer_ids(events.person),
        offer_id=coded(events["a"], OFFERS),
        shown_at=moments(events.at_us),
        recorded_at=moments(events.at_us),
        is_pitched=optional(is_pitched == 1, is_pitched >= 0),
        not_pitched_reason=coded(events["d"], NOT_PITCHED),
        agent_id=coded(agent, agent_words()),
        team=coded(np.where(agent >= 0, agent // _TEAM_SIZE, -1), teams),
        queue=coded(events["f"], QUEUES),
        channel=coded(events["b"], SHOWN_IN),
        pscore=optional(pscore, ~np.isnan(pscore)),
        x_is_randomised=events["g"] == 1,
    )


def outcome_table(chunk: Chunk) -> pa.Table:
    """What customers answered, by customer and moment; it names the showing where there was one."""
    events = chunk.events(OUTCOME)
    shown = events["d"]
    has_exposure = shown >= 0
    person = events.person[has_exposure]
    exposure = np.full(len(events), -1, dtype=np.int32)
    exposure[has_exposure] = np.arange(len(person), dtype=np.int32)
    shown_ids = identifiers("EX", (chunk.number[person], CUSTOMER_DIGITS), (shown[has_exposure], _EVENT_DIGITS))
    return contract_table(
        "outcomes",
        len(events),
        outcome_id=identifiers("OC", (events.number, CUSTOMER_DIGITS), (events.rank, _EVENT_DIGITS)),
        exposure_id=shown_ids.take(pa.array(exposure, mask=~has_exposure)),
        customer_id=chunk.customer_ids(events.person),
        offer_id=coded(events["a"], OFFERS),
        outcome=coded(events["b"], OUTCOMES),
        occurred_at=moments(events.at_us),
        recorded_at=moments(events.at_us),
        reason_code=coded(events["c"], OUTCOME_REASONS),
    )
