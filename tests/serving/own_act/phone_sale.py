"""A small bank's record in which a plan and a limit were said yes to on the phone, and wait for the customer."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from linewise.core.clock import BankClock
from linewise.core.settings import Settings
from linewise.ledger.call_telling import ring, tell
from linewise.ledger.calls import PhoneCall
from linewise.ledger.calls import Told as ToldOfCall
from linewise.ledger.duties import Duty, open_duties
from linewise.ledger.outbox import secret_of
from linewise.ledger.own_acts import OwnAct, acts_of_decision
from linewise.ledger.quotes import Quote, make_quote
from linewise.ledger.record import DecisionRecord, read_decision, write_decisions
from linewise.ledger.store import Ledger
from serving.scoring.observing import UNOBSERVED, Observer
from serving.scoring.outcomes import Recording, Told, record_outcome
from tests.builders import a_policy
from tests.linewise.ledger.builders import a_decision

NOW = datetime.fromisoformat("2026-11-23T09:30:00+00:00")
HOUR = timedelta(hours=1)
TABLE_RULE, PAPER_RULE = "CN-APR-2", "CN-CC-40B"
numbers = count(1)

SCHEDULE = [
    {"number": n, "due_on": f"2026-{11 + n % 2}-23", "payment_amt": 40_800, "interest_amt": 800,
     "principal_amt": 40_000, "remaining_amt": 120_000 - 40_000 * n}
    for n in (1, 2, 3)
]  # fmt: skip
PLAN = {
    "kind": "statement", "term_months": 3, "amount_amt": 120_000, "payment_amt": 40_800, "last_payment_amt": 40_800,
    "total_cost_amt": 2_400, "annualised_rate_ratio": 0.1192, "fee_form": "flat", "schedule": SCHEDULE,
    "early_settlement": [{"after_months": 1, "payoff_amt": 80_000, "charge_amt": 0, "total_cost_amt": 800,
                          "saved_amt": 1_600, "annualised_rate_ratio": 0.0801}],
}  # fmt: skip
ANSWER = {
    "currency": "CNY", "language": "zh-CN", "offers": [], "help": [], "plans": [PLAN],
    "limit": {"current_amt": 2_000_000, "suggested_amt": 3_000_000, "temporary": None},
}  # fmt: skip
QUOTED = {
    "PLAN-3": ("plan", 120_000, {
        "kind": "statement", "term_months": 3, "payment_amt": 40_800, "total_cost_amt": 2_400,
        "annualised_rate_ratio": 0.1192,
    }),
    "LIMIT": ("limit", 3_000_000, {"current_amt": 2_000_000, "exposure_amt": 1_000_000}),
}  # fmt: skip


@dataclass
class Walls:
    """A wall clock and a bank's, moved by hand: `bank` stands where it is unless somebody moves it."""

    wall: datetime = NOW
    bank: datetime = NOW

    def on(self, **by: float) -> None:
        """Both move on."""
        self.wall, self.bank = self.wall + timedelta(**by), self.bank + timedelta(**by)


@dataclass
class Sale:
    """One decision of a customer in a call, and what records for its bank (as a recommender does)."""

    ledger: Ledger
    walls: Walls = field(default_factory=Walls)
    channel: str = "voice"
    quote_days: float = 7.0
    observer: Observer = UNOBSERVED
    settings: Settings = field(default_factory=lambda: Settings(public_address="https://bank.test", language="en"))

    def __post_init__(self) -> None:
        number = next(numbers)
        self.customer_id, self.decision_id, self.call_id = f"C{number:08}", f"D{number}", f"call-{number}"
        self.recording = replace(_recording(), done_by_own_act=frozenset({TABLE_RULE}))
        call = PhoneCall(self.call_id, self.customer_id, self.walls.bank, self.walls.wall, is_identity_verified=True)
        record = a_decision(
            self.decision_id, self.customer_id, channel=self.channel, answer=ANSWER, decided_at=self.walls.bank,
            inputs={"call": {"call_id": self.call_id}, "context": {"is_identity_verified": True}},
        )  # fmt: skip
        write_decisions(self.ledger, [record], self._beside)
        with self.ledger.writing() as connection:
            ring(connection, call, self.walls.bank)
            tell(connection, self.call_id, self._told("answered", agent_id="anna"), self.walls.bank)

    def _beside(self, connection: Any) -> None:
        for action_id, (kind, amount_amt, terms) in QUOTED.items():
            until = self.walls.bank + timedelta(days=self.quote_days)
            quote = Quote(
                f"{self.decision_id}-{action_id}", self.customer_id, self.decision_id, kind, action_id, amount_amt,
                self.walls.bank, until, terms,
            )  # fmt: skip
            make_quote(connection, quote, [])
        open_duties(connection, [self.duty("DISCLOSE", "agent", "CN-13-17"), self.duty("DISCLOSE", "customer")])

    def duty(self, effect: str, audience: str, rule_id: str = TABLE_RULE, action_id: str = "PLAN-3") -> Duty:
        return Duty(
            f"{self.decision_id}-{rule_id}-{action_id}", self.decision_id, self.customer_id, rule_id, action_id,
            effect, "say it", audience, audience, self.walls.bank, True, self.walls.bank,
        )  # fmt: skip

    def _told(self, kind: str, **more: Any) -> ToldOfCall:
        source = "telephony" if kind == "answered" else "agent"
        return ToldOfCall(
            f"e{next(numbers)}", kind, source, self.walls.bank, self.walls.wall, **{"agent_id": "anna"} | more
        )

    def flag(self, flag: str) -> None:
        """Something is marked in the call."""
        with self.ledger.writing() as connection:
            tell(connection, self.call_id, self._told("flagged", details={"flag": flag}), self.walls.bank)

    def say(self, outcome: str, action_id: str = "PLAN-3", **more: str) -> tuple[str, bool]:
        """An outcome as the agent tells it."""
        given = {"agent_id": "anna", "call_id": self.call_id} | more
        told = Told(action_id, outcome, **given)
        return record_outcome(self.ledger, self.decision, self.recording, told, self.walls.bank)

    def yes(self, action_id: str = "PLAN-3") -> "Sale":
        """Accepted, disclosed, consented: it waits for the customer."""
        for outcome in ("accepted", "disclosure_read", "consent_captured"):
            self.say(outcome, action_id)
        return self

    @property
    def decision(self) -> DecisionRecord:
        return read_decision(self.ledger, self.decision_id)

    @property
    def act(self) -> OwnAct:
        """The latest act."""
        with self.ledger.engine.connect() as connection:
            return acts_of_decision(connection, self.decision_id)[-1]

    @property
    def token(self) -> str:
        return secret_of(self.ledger, self.act.act_id, "link", self.walls.wall)

    @property
    def clock(self) -> BankClock:
        return BankClock(wall=lambda: self.walls.bank)


@cache
def _recording() -> Recording:
    policy = a_policy()
    return Recording(policy.catalogue, policy.promises, limit_step_amt=100_000)


MakeSale = Callable[..., Sale]
