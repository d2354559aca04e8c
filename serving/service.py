"""The BentoML service: workers, probes, metrics and build around the one HTTP app."""

import bentoml

from linewise.core.settings import load_settings
from serving.api import make_app
from serving.metrics import measured
from serving.scoring.reopening import ReopeningRecommender

__all__ = ["LinewiseService"]

settings = load_settings()
app = make_app(ReopeningRecommender(settings))


@bentoml.service(
    name="linewise",
    workers=settings.workers,
    # Each request keeps a timer and its context alive for this long: short, or full collections grow.
    traffic={"timeout": 5},
)
@bentoml.asgi_app(measured(app), path="/")
class LinewiseService:
    """Decisions over HTTP and the agent's screen under `/agent/`."""
