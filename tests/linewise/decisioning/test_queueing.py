"""The queue model: Erlang's figures, a price that rises with the queue, and calls that get no longer by it."""

import heapq
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.queueing import (
    MOST_LOAD,
    PROHIBITIVE_AMT,
    QueueLoad,
    customers_delayed,
    expected_wait_seconds,
    second_price_amt,
    waiting_ratio,
)

BUSY = QueueLoad(waiting_count=10, agent_count=10, handling_seconds=300.0, arrivals_per_hour=114.0)


@pytest.mark.parametrize(
    ("agents", "load", "waits"),
    [
        (1, 0.5, 0.5),  # of one agent a call waits while the agent talks
        (2, 0.5, 1 / 3),  # 2ρ² / (1 + ρ)
        (10, 0.8, 0.40918),  # published tables of Erlang C, 8 erlangs and 10 agents
        (100, 0.95, 0.50608),
    ],
)
def test_the_chance_of_waiting_is_erlangs(agents: int, load: float, waits: float):
    assert waiting_ratio(agents, load) == pytest.approx(waits, abs=5e-4)


loads = st.builds(
    QueueLoad,
    waiting_count=st.integers(0, 500),
    agent_count=st.integers(1, 300),
    handling_seconds=st.floats(1, 3_600),
    arrivals_per_hour=st.none() | st.floats(0, 100_000),
)


@given(loads)
def test_the_price_is_finite_rises_with_who_waits_and_is_nothing_where_nobody_does(load: QueueLoad):
    longer = replace(load, waiting_count=load.waiting_count + 1)
    assert 0.0 <= customers_delayed(load) < customers_delayed(longer) <= longer.waiting_count / (1 - MOST_LOAD)
    assert second_price_amt(replace(load, waiting_count=0), 2.0, 120.0) == 0.0
    prices = [second_price_amt(one, 2.0, 120.0) for one in (load, longer)]
    assert 0.0 <= prices[0] <= prices[1] <= PROHIBITIVE_AMT
    assert (prices[1] == PROHIBITIVE_AMT) == (expected_wait_seconds(longer) >= 120.0)
    assert expected_wait_seconds(load) >= 0.0
    more_agents = replace(load, agent_count=load.agent_count + 1)
    assert customers_delayed(more_agents) <= customers_delayed(load)


def test_ten_waiting_at_ten_busy_agents_delay_twenty_customers_by_a_second():
    assert customers_delayed(BUSY) == pytest.approx(10 / (10 * 0.05))
    assert expected_wait_seconds(BUSY) == pytest.approx(330.0)


# ---- a hotline of many days --------------------------------------------------------------------------------

AGENTS, SERVICE_SECONDS, SAY_SECONDS = 10, 300.0, 45.0
WAITING_SECOND_AMT, LONGEST_WAIT_SECONDS = 2.0, 120.0
COMES_EVERY_SECONDS = SERVICE_SECONDS / AGENTS / 0.85


@dataclass
class Hotline:
    """What became of many calls: seconds added to those begun in a long queue, the mean wait, what was sold."""

    added_seconds: float
    wait_seconds: float
    worth_amt: float


def a_hotline(sells: str, calls: int = 20_000, seed: int = 7) -> Hotline:
    """Ten agents at a load of 0.85 by service alone; worths of offers are exponential around 2,500 minor units."""
    drawn = np.random.default_rng(seed)
    come = np.cumsum(drawn.exponential(COMES_EVERY_SECONDS, calls))
    service, worth = drawn.exponential(SERVICE_SECONDS, calls), drawn.exponential(2_500.0, calls)
    free, added, waits, sold = [0.0] * AGENTS, [], 0.0, 0.0
    for number in range(calls):
        begins = max(come[number], heapq.heappop(free))
        waiting = int(np.searchsorted(come, begins, side="right")) - number - 1
        load = QueueLoad(waiting, AGENTS, SERVICE_SECONDS, 3_600.0 / COMES_EVERY_SECONDS)
        price = second_price_amt(load, WAITING_SECOND_AMT, LONGEST_WAIT_SECONDS)
        is_sold = sells == "always" or (sells == "guarded" and worth[number] > price * SAY_SECONDS)
        heapq.heappush(free, begins + service[number] + SAY_SECONDS * is_sold)
        waits, sold = waits + begins - come[number], sold + worth[number] * is_sold
        if waiting and expected_wait_seconds(load) >= LONGEST_WAIT_SECONDS:
            added.append(SAY_SECONDS * is_sold)
    return Hotline(float(np.mean(added)), waits / calls, sold)


def test_while_the_queue_is_long_calls_get_no_longer_and_a_good_part_of_the_worth_is_kept():
    never, always, guarded = (a_hotline(sells) for sells in ("never", "always", "guarded"))
    assert (never.added_seconds, always.added_seconds, guarded.added_seconds) == (0.0, SAY_SECONDS, 0.0)
    assert guarded.wait_seconds - never.wait_seconds < 0.1 * (always.wait_seconds - never.wait_seconds)
    assert guarded.worth_amt > 0.4 * always.worth_amt
