"""What Prometheus reads: how long answers and their stages take, what was decided, on what features, and why not."""

import time
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from threading import Lock
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import MutexValue, ValueClass
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.scoring.observing import Observer, Stage
from serving.scoring.outcomes import actions_for_sale

__all__ = ["DecisionMetrics", "exposition", "made_once", "measured"]

ROOMS = ("v1", "agent", "own")
"""The first parts of paths that lead somewhere."""

NOT_FOUND = 404

STREAM_TYPE = b"text/event-stream; charset=utf-8"

BUCKETS_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.0, 2.0)


STAGE_BUCKETS_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)

AGE_BUCKETS_DAYS = (1.0, 2.0, 3.0, 5.0, 8.0, 14.0, 31.0)
"""Three days withhold limits and plans, fourteen withhold offers."""


def made_once(make: Callable[[], Any]) -> Callable[[], Any]:
    """A series that is made by whoever asks first, and kept: threads that ask at once would register it twice."""
    guard, kept = Lock(), cache(make)

    def series() -> Any:
        with guard:
            return kept()

    return series


@made_once
def _stage_seconds() -> Any:
    return Histogram(
        name="linewise_stage_seconds",
        documentation="seconds of a stage of a decision that was served",
        labelnames=["stage"],
        buckets=STAGE_BUCKETS_SECONDS,
    )


@made_once
def _decisions() -> Any:
    return Counter(
        name="linewise_decisions_total",
        documentation="decisions recorded, by channel and by what they put forward first",
        labelnames=["channel", "outcome"],
    )


@made_once
def _outcomes() -> Any:
    return Counter(name="linewise_outcomes_total", documentation="outcomes recorded, by kind", labelnames=["outcome"])


@made_once
def _rule_hits() -> Any:
    return Counter(
        name="linewise_rule_hits_total",
        documentation="decisions in which a rule took something away",
        labelnames=["rule"],
    )


@made_once
def _feature_age_days() -> Any:
    return Histogram(
        name="linewise_feature_age_days",
        documentation="how old the features of a decision were, days",
        buckets=AGE_BUCKETS_DAYS,
    )


# A series is looked up under a lock by the text of its labels; a decision counts in thirty of them.


@cache
def _seconds_of(stage: Stage) -> Any:
    return _stage_seconds().labels(stage=stage)


@cache
def _decisions_of(channel: str, outcome: str) -> Any:
    return _decisions().labels(channel=channel, outcome=outcome)


@cache
def _hits_of(rule: str) -> Any:
    return _rule_hits().labels(rule=rule)


class DecisionMetrics(Observer):
    """Counts what it is told, over all workers of the service."""

    def took(self, stage: Stage, seconds: float) -> None:
        """Into the histogram of its stage."""
        _seconds_of(stage).observe(seconds)

    def decided(self, answer: Mapping[str, Any]) -> None:
        """By channel and what it put forward; the age of its features; each rule that took something away, once."""
        _decisions_of(answer["channel"], outcome_of(answer)).inc()
        _feature_age_days().observe(answer["feature_age_days"])
        for rule in rules_of(answer):
            _hits_of(rule).inc()

    def told(self, outcome: str) -> None:
        """By its kind."""
        _outcomes().labels(outcome=outcome).inc()


def outcome_of(answer: Mapping[str, Any]) -> str:
    """What a decision put forward first: `prepared` (last night's), `hardship`, `offer`, `limit`, `plan`, or `none`."""
    if answer.get("prepared_at"):
        return "prepared"
    if answer["hardship"] is not None:
        return "hardship"
    sold = actions_for_sale(answer)
    if answer["offers"]:
        return "offer"
    if not sold:
        return "none"
    return "limit" if len(sold) > len(answer["plans"]) else "plan"


def rules_of(answer: Mapping[str, Any]) -> set[str]:
    """The rules that took an offer, the limit or the plans away."""
    hits = (*answer["not_offered"], *answer["limit"]["why_not"], *answer["plans_not_offered"])
    return {one["rule_id"] for one in hits if one.get("rule_id")}


@made_once
def _answer_seconds() -> Any:
    # Made at the first request and not at import: a series made before the workers fork is lost.
    return Histogram(
        name="linewise_answer_seconds",
        documentation="seconds from request to answer, by door and status",
        labelnames=["door", "status"],
        buckets=BUCKETS_SECONDS,
    )


def exposition() -> bytes:
    """All series over all workers, in the text that Prometheus reads.

    BentoML's own are switched off: it names each by the whole path, ids and the secret of a customer's link with it.
    """
    if ValueClass is MutexValue:  # one process alone keeps its series to itself
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _door(path: str, *, leads_somewhere: bool) -> str:
    """The first two parts of the path: ids must not become series, nor the secret of a customer's link.

    Where it leads nowhere anybody may have made it up: there it is the first part alone, or `other`.
    """
    first, _, rest = path.strip("/").partition("/")
    if not leads_somewhere and first:
        return f"/{first}" if first in ROOMS else "other"
    return "/own" if first == "own" else f"/{first}/{rest.partition('/')[0]}".rstrip("/") or "/"


def measured(app: ASGIApp) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The app, each of its answers timed."""

    async def timed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began, statuses, is_stream = time.perf_counter(), [500], [False]
        before = scope.get("endpoint")

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses[0] = message["status"]
                # A stream lasts as long as somebody follows it: how long says nothing of how fast it was.
                is_stream[0] = (b"content-type", STREAM_TYPE) in message.get("headers", ())
            await send(message)

        try:
            await app(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - began
            if not is_stream[0]:
                # What is refused before it is routed, as a body too large, has found no endpoint.
                found = statuses[0] != NOT_FOUND and scope.get("endpoint") is not before
                door = _door(scope["path"], leads_somewhere=found)
                _answer_seconds().labels(door=door, status=str(statuses[0])).observe(seconds)

    return timed
