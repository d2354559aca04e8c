"""A small telephone system for a demo: a plausible day of calls for the loaded bank, rung one at a time."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from linewise.core.clock import BankClock
from linewise.core.errors import Conflict
from linewise.ledger.call_kinds import CALL_REASONS, TONES, Flag
from linewise.ledger.call_watching import calls_named
from linewise.ledger.calls import PhoneCall, events_of_call, live_calls_of
from linewise.ledger.reaching import reaching
from linewise.ledger.store import Ledger
from serving.calls.desk import CallDesk
from serving.calls.models import heard_by_menu
from serving.scoring.facts import BankFacts
from serving.scoring.recommender import Recommender

__all__ = ["SimulatedCall", "Telephony", "call_of_day"]

PREFIX = "sim-"
PAUSE = timedelta(seconds=8)
"""Between the end of a call and the next one that rings by itself."""

REASON_SHARES = {
    "balance": 0.16, "bill": 0.24, "limit": 0.14, "card": 0.16, "loan": 0.06, "payment_difficulty": 0.07,
    "complaint": 0.05, "other": 0.12,
}  # fmt: skip
"""Why people call where a bank has no calls of its own: our default, bills and cards first."""

MEAN_SECONDS = {
    "balance": 130, "bill": 260, "limit": 240, "card": 220, "loan": 330, "payment_difficulty": 480, "complaint": 520,
    "other": 200,
}  # fmt: skip

UPSET_SHARE = {"complaint": 0.75, "payment_difficulty": 0.30}
FLAGS_OF: dict[str, tuple[tuple[Flag, float], ...]] = {
    "complaint": (("complaint", 0.90),),
    "payment_difficulty": (("hardship", 0.65),),
    "card": (("lost_card", 0.15), ("fraud", 0.06)),
    "bill": (("dispute", 0.08), ("fraud", 0.02)),
}
ANY_FLAGS: tuple[tuple[Flag, float], ...] = (("third_person", 0.02), ("vulnerable", 0.01), ("bereavement", 0.005))

VERIFIED_SHARE = 0.93


@dataclass(frozen=True, slots=True)
class SimulatedCall:
    """One call of the day: who calls, why and how, what comes up, and how long it lasts.

    confidence: of the menu that heard the reason. flags: what the customer says that has to be marked.
    """

    number: int
    customer_id: str
    reason: str
    confidence: float
    tone: str
    flags: tuple[Flag, ...]
    is_identity_verified: bool
    length_seconds: int

    @property
    def call_id(self) -> str:
        """The id under which it rings."""
        return f"{PREFIX}{self.number:06}"


def call_of_day(facts: BankFacts, seed: int, number: int) -> SimulatedCall:
    """The call of that number: the same for a bank and a seed, whichever were drawn before.

    A bank with calls of its own is called again by those who called, for what they called about; another one by
    anybody, for what people usually want.
    """
    chance = np.random.default_rng([seed, number])
    customer_id, reason, tone = _who_and_why(facts, chance)
    flags = [flag for flag, share in (*FLAGS_OF.get(reason, ()), *ANY_FLAGS) if chance.random() < share]
    if tone is None:
        upset = UPSET_SHARE.get(reason, 0.06)
        tone = str(chance.choice(TONES, p=[(1 - upset) * 0.75, (1 - upset) * 0.25, upset]))
    # A log-normal of half its mean's spread: few calls are very long.
    length = MEAN_SECONDS[reason] * float(np.exp(chance.normal(-0.125, 0.5)))
    return SimulatedCall(
        number=number,
        customer_id=customer_id,
        reason=reason,
        confidence=round(float(chance.uniform(0.55, 0.98)), 2),
        tone=tone,
        flags=tuple(flags),
        is_identity_verified=bool(chance.random() < VERIFIED_SHARE),
        length_seconds=max(30, round(length)),
    )


def _who_and_why(facts: BankFacts, chance: np.random.Generator) -> tuple[str, str, str | None]:
    ids, calls = list(facts.roster.row_of), facts.tables["calls"]
    count = int(calls.starts[-1])
    if count:
        row = int(chance.integers(count))
        reason, tone = (_word(facts, name, row) for name in ("reason", "tone"))
        if reason in CALL_REASONS:
            owner = int(np.searchsorted(calls.starts, row, side="right")) - 1
            return ids[owner], reason, tone if tone in TONES else None
    reasons = list(REASON_SHARES)
    reason = str(chance.choice(reasons, p=[REASON_SHARES[one] for one in reasons]))
    return ids[int(chance.integers(len(ids)))], reason, None


def _word(facts: BankFacts, column: str, row: int) -> str | None:
    calls = facts.tables["calls"]
    code = int(calls.columns[column][row])
    return calls.names_of(column)[code] if code >= 0 else None


class Telephony:
    """Rings the calls of a day at one agent, never more than one at a time; what it rang stands in the ledger alone.

    Several workers may ring at once: a call's number follows from those that are there, so they ring the same one.
    """

    def __init__(self, desk: CallDesk, recommender: Recommender) -> None:
        self._desk, self._bank = desk, recommender

    def next_call(self, agent_id: str) -> SimulatedCall:
        """Ring the next call at the agent; raises Conflict while the agent has one."""
        with reaching():
            if live_calls_of(self._ledger, agent_id):
                raise Conflict(
                    f"The agent {agent_id!r} has a call.", "One call at a time rings.", "End it first, and ask again."
                )
            return self._ring(agent_id)

    def ring_if_idle(self, agent_id: str) -> SimulatedCall | None:
        """Ring the next call where the agent has none, and had none for a moment; None where it is not time yet."""
        with reaching():
            if live_calls_of(self._ledger, agent_id):
                return None
            names = calls_named(self._ledger, PREFIX)
            if names:
                last = events_of_call(self._ledger, max(names))[-1].recorded_at
                if BankClock().now() - last < PAUSE:
                    return None
            return self._ring(agent_id)

    @property
    def _ledger(self) -> Ledger:
        return self._bank.ledger

    def _ring(self, agent_id: str) -> SimulatedCall:
        drawn = call_of_day(self._bank.facts, self._bank.settings.seed, len(calls_named(self._ledger, PREFIX)) + 1)
        now, wall = self._bank.clock.now(), BankClock().now()
        self._desk.ring(
            PhoneCall(
                drawn.call_id,
                drawn.customer_id,
                rang_at=now,
                recorded_at=wall,
                agent_id=agent_id,
                team="demo",
                is_identity_verified=drawn.is_identity_verified,
            ),
            heard=heard_by_menu(now, wall, drawn.reason, drawn.confidence),
        )
        return drawn
