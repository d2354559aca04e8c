"""What a second of an agent's time costs those who wait: a queue of M/M/c, with the load as it is measured."""

from dataclasses import dataclass

__all__ = [
    "MOST_LOAD",
    "PROHIBITIVE_AMT",
    "QueueLoad",
    "customers_delayed",
    "expected_wait_seconds",
    "second_price_amt",
    "waiting_ratio",
]

MOST_LOAD = 0.98
"""Above this load a queue does not come to rest: the formulas would go beyond all bounds, and are held here."""

PROHIBITIVE_AMT = 1e9
"""Minor units a second: no proposal of any bank is worth so much, and every sum with it is still exact."""


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """A queue as it is: who waits, how many agents there are, the mean time of a call.

    arrivals_per_hour: None where nobody counts them; then the load is estimated from how many wait.
    """

    waiting_count: int
    agent_count: int
    handling_seconds: float
    arrivals_per_hour: float | None = None

    @property
    def load_ratio(self) -> float:
        """ρ = arrivals per second × mean time / agents, at most MOST_LOAD.

        Where arrivals are not counted: while all agents talk, L waiting on average mean ρ = L / (1 + L).
        """
        if self.arrivals_per_hour is None:
            return min(self.waiting_count / (1.0 + self.waiting_count), MOST_LOAD)
        return min(self.arrivals_per_hour / 3_600.0 * self.handling_seconds / self.agent_count, MOST_LOAD)


def waiting_ratio(agent_count: int, load_ratio: float) -> float:
    """Erlang's C: the probability that a call has to wait, of M/M/c at load ρ < 1.

    By his recursion for B over the number of agents (A. K. Erlang, 1917), which neither over- nor underflows:
    B(k) = a B(k-1) / (k + a B(k-1)) with a = c ρ, and C = B / (1 - ρ (1 - B)).
    """
    offered, blocked = agent_count * load_ratio, 1.0
    for busy in range(1, agent_count + 1):
        blocked = offered * blocked / (busy + offered * blocked)
    return blocked / (1.0 - load_ratio * (1.0 - blocked))


def expected_wait_seconds(load: QueueLoad) -> float:
    """How long the next caller waits on average.

    With someone waiting: the line before them is served by c agents, (L + 1) × time / c. With nobody: C(c, ρ) × time /
    (c (1 - ρ)), the mean over the steady state.
    """
    if load.waiting_count:
        return (load.waiting_count + 1) * load.handling_seconds / load.agent_count
    chance = waiting_ratio(load.agent_count, load.load_ratio)
    return chance * load.handling_seconds / (load.agent_count * (1.0 - load.load_ratio))


def customers_delayed(load: QueueLoad) -> float:
    """By how many customer-seconds of waiting one more second of one agent's time lengthens the queue.

    A second more of work makes each who waits, and each who comes before the queue is empty, wait 1/c longer. L wait
    now, and while c agents work off L calls at load ρ there come L ρ / (1 - ρ) more: L / (c (1 - ρ)) together. Nobody
    waits, nobody is delayed.
    """
    return load.waiting_count / (load.agent_count * (1.0 - load.load_ratio))


def second_price_amt(load: QueueLoad, waiting_second_amt: float, longest_wait_seconds: float) -> float:
    """The price of a second of an agent's time, minor units, at which proposals still have to be worth it.

    waiting_second_amt × the customers delayed / (1 - wait / longest wait): what a customer's second of waiting costs,
    dearer the nearer the queue comes to the wait that the bank holds for too long. From there on the price is
    PROHIBITIVE_AMT: calls get no longer by what the bank would like to say.
    """
    if not load.waiting_count:
        return 0.0
    left_ratio = 1.0 - expected_wait_seconds(load) / longest_wait_seconds
    if left_ratio <= 0.0:
        return PROHIBITIVE_AMT
    return min(waiting_second_amt * customers_delayed(load) / left_ratio, PROHIBITIVE_AMT)
