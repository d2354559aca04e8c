"""The BentoML service: workers, probes, metrics and build around the one HTTP app."""

import contextlib

import bentoml

from linewise.core.errors import ApprovalMissing, NotReady
from linewise.core.log_scrubbing import scrub_logs
from linewise.core.settings import load_settings
from serving.access import Access
from serving.access.safety import enforce_safe
from serving.api import make_app
from serving.metrics import measured
from serving.scoring.reopening import ReopeningRecommender

__all__ = ["LinewiseService"]

scrub_logs()
settings = load_settings()
enforce_safe(settings)
recommender = ReopeningRecommender(settings)
app = make_app(recommender, Access(settings), settings.language)


@bentoml.service(
    name="linewise",
    workers=settings.workers,
    # Each request keeps a timer and its context alive for this long: short, or full collections grow.
    traffic={"timeout": 5},
)
@bentoml.asgi_app(measured(app), path="/")
class LinewiseService:
    """Decisions over HTTP and the agent's screen under `/agent/`."""

    def __init__(self) -> None:
        # The first caller must not wait for models to load. What is missing now is said to each caller, also that
        # somebody stopped the release or has not signed it: a worker that started anew must answer so all the same.
        with contextlib.suppress(NotReady, ApprovalMissing):
            desk = recommender()
            # Nor for equations to be compiled, which takes a new installation longer than a request may.
            desk.decide(desk.customer_ids()[:1], desk.context("voice"))
