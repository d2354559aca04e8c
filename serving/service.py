"""The BentoML service: workers, probes, metrics and build around the one HTTP app."""

import contextlib

import bentoml

from linewise.core.errors import ApprovalMissing, NotReady
from linewise.core.log_scrubbing import scrub_logs
from linewise.core.settings import load_settings
from serving.access import Access
from serving.access.safety import enforce_safe
from serving.api import make_app
from serving.health import can_serve
from serving.metrics import DecisionMetrics, measured
from serving.quiet_memory import settle
from serving.scoring.chunking import CHUNK_MOST
from serving.scoring.reopening import ReopeningRecommender
from serving.sharing import shared_out

__all__ = ["LinewiseService"]

scrub_logs()
settings = load_settings()
enforce_safe(settings)
recommender = ReopeningRecommender(settings, DecisionMetrics())
app = make_app(recommender, Access(settings), settings.language)


@bentoml.service(
    name="linewise",
    workers=settings.workers,
    # Each request keeps a timer and its context alive for this long: short, or full collections grow.
    traffic={"timeout": 5},
    # Who looked at whom stands in the ledger, and how long answers took in the metrics: a line a request costs a
    # twentieth of a decision and tells neither.
    logging={"access": {"enabled": False}},
    # They carry whole paths as labels, with the secrets of customers' links: `/metrics` is ours.
    metrics={"enabled": False},
    # Where no traces are collected (`tracing.sample_rate`, nought by default) they are prepared all the same, which
    # costs as much: who collects some names what is to be left out, or nothing.
    tracing={"excluded_urls": ".*"},
)
@bentoml.asgi_app(shared_out(measured(app), settings.workers), path="/")
class LinewiseService:
    """Decisions over HTTP and the agent's screen under `/agent/`."""

    def __init__(self) -> None:
        # The first caller must not wait for models to load. What is missing now is said to each caller, also that
        # somebody stopped the release or has not signed it: a worker that started anew must answer so all the same.
        with contextlib.suppress(NotReady, ApprovalMissing):
            desk = recommender()
            # Nor for equations to be compiled, which takes a new installation longer than a request may: they are
            # others for one customer, for two and for many.
            for count in (1, 2, CHUNK_MOST):
                desk.decide(desk.customer_ids()[:count], desk.context("voice"))
        settle()

    def __is_ready__(self) -> bool:
        """What `/readyz` says: whether a call can be served, with suggestions or without."""
        return can_serve(recommender)
