"""The queue guard: while callers wait an agent's second costs more, and what the bank would sell goes first."""

import math

from linewise.core.clock import BankClock
from linewise.decisioning.queueing import PROHIBITIVE_AMT, QueueLoad, expected_wait_seconds, second_price_amt
from linewise.ledger.call_state import CallState
from linewise.ledger.queues import MeasuredQueue, queue_as_measured
from serving.scoring.recommender import Recommender

__all__ = ["band_of", "priced", "second_amt_in"]


def priced(desk: Recommender, measured: MeasuredQueue) -> tuple[float, float]:
    """How long the next caller waits, seconds, and what a second of an agent costs by it, minor units."""
    policy = desk.policy.promises.queue
    load = QueueLoad(
        measured.waiting_count, measured.agent_count, measured.handling_seconds, measured.arrivals_per_hour
    )
    price = 0.0 if policy is None else second_price_amt(load, policy.waiting_second_amt, policy.longest_wait_seconds)
    return expected_wait_seconds(load), price


def second_amt_in(desk: Recommender, state: CallState) -> float:
    """What a second of the agent's time costs in this call, minor units; 0 where its queue was not measured lately.

    Once the service is done the price stands: what was put forward is not taken from under the agent's words by a
    queue that grows.
    """
    if state.is_need_resolved and state.decision_id:
        return state.second_amt
    measured = queue_as_measured(desk.ledger, state.call.queue, BankClock().now()) if state.call.queue else None
    return 0.0 if measured is None else priced(desk, measured)[1]


def band_of(second_amt: float) -> int:
    """The doublings of a price: within one nothing is decided anew."""
    if second_amt <= 0.0:
        return -1
    return 99 if second_amt >= PROHIBITIVE_AMT else max(0, math.ceil(math.log2(second_amt * 100.0)))
