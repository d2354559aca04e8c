"""What budgets.yaml says: how long quotes stand, what is put aside, how prices are paced, when raises stop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field

from linewise.ledger.pacing import PacingPolicy
from linewise.ledger.quotes import QuoteKind
from linewise.policy.amounts import MajorAmounts, amount_in
from linewise.policy.economics import Parameter
from linewise.policy.yaml_source import Strict, load_checked

__all__ = ["BreakerPolicy", "PromisePolicy", "QueuePolicy", "load_promises"]

Ratio = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[float, Field(gt=0, le=366)]


class _BudgetsFile(Strict):
    quote_valid_days: Parameter[dict[QuoteKind, Days]]
    order_valid_days: Parameter[Days]
    request_share_ratio: Parameter[Ratio]
    pacing_gain: Parameter[Annotated[float, Field(ge=0, le=100)]]
    pacing_most_ratio: Parameter[Annotated[float, Field(ge=1, le=1_000)]]
    breaker_exposure_ratio: Parameter[Ratio]
    breaker_early_loss_ratio: Parameter[Ratio]
    breaker_days: Parameter[Days]
    early_loss_past_due_days: Parameter[Days]
    early_loss_window_days: Parameter[Days]
    # A folder of before queues were priced names neither: then a queue changes nothing.
    waiting_second: Parameter[MajorAmounts] | None = None
    longest_wait_seconds: Parameter[Annotated[float, Field(gt=0, le=3_600)]] | None = None


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When raises stop by themselves: shares of all credit granted, booked within so many days or overdue early.

    past_due_days, window_days: what is overdue by so much, within so long after its raise, is an early loss.
    """

    exposure_ratio: float = 0.05
    early_loss_ratio: float = 0.001
    days: float = 30.0
    past_due_days: float = 30.0
    window_days: float = 125.0


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """How a queue makes an agent's second dear.

    waiting_second_amt: what a second of a customer's waiting costs, minor units. longest_wait_seconds: from which wait
    of the next caller on nothing is proposed.
    """

    waiting_second_amt: float
    longest_wait_seconds: float


@dataclass(frozen=True, slots=True)
class PromisePolicy:
    """How long quotes stand by kind, and orders; the share put aside for requests; pacing; the breaker; the queue."""

    quote_valid: Mapping[QuoteKind, timedelta]
    order_valid: timedelta = timedelta(days=5)
    request_share_ratio: float = 0.3
    pacing: PacingPolicy = field(default_factory=PacingPolicy)
    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)
    queue: QueuePolicy | None = None


def load_promises(folder: Path, currency: str | None = None) -> PromisePolicy:
    """What a policy folder says of promises; raises PolicyInvalid with file and line.

    currency: of the bank. Without one what a queue costs is left out, which is an amount.
    """
    path = folder / "budgets.yaml"
    file = load_checked(path, _BudgetsFile)
    valid = file.quote_valid_days.value
    return PromisePolicy(
        # A kind that is left out stands for the shortest time of those named, never for ever.
        quote_valid={kind: timedelta(days=valid.get(kind, min(valid.values(), default=1.0))) for kind in KINDS},
        order_valid=timedelta(days=file.order_valid_days.value),
        request_share_ratio=file.request_share_ratio.value,
        pacing=PacingPolicy(gain=file.pacing_gain.value, most_ratio=file.pacing_most_ratio.value),
        breaker=BreakerPolicy(
            exposure_ratio=file.breaker_exposure_ratio.value,
            early_loss_ratio=file.breaker_early_loss_ratio.value,
            days=file.breaker_days.value,
            past_due_days=file.early_loss_past_due_days.value,
            window_days=file.early_loss_window_days.value,
        ),
        queue=_queue(file, currency, path),
    )


def _queue(file: _BudgetsFile, currency: str | None, path: Path) -> QueuePolicy | None:
    if currency is None or file.waiting_second is None or file.longest_wait_seconds is None:
        return None
    amounts = file.waiting_second.value
    # A second costs less than one minor unit in some currency, so the amount of an hour is what is rounded.
    an_hour = {code: amount * 3_600.0 for code, amount in amounts.items()}
    return QueuePolicy(amount_in(an_hour, currency, "waiting_second", path) / 3_600.0, file.longest_wait_seconds.value)


KINDS: tuple[QuoteKind, ...] = ("limit", "plan", "offer")
