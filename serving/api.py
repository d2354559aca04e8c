"""The HTTP interface as one FastAPI app, mounted into the BentoML service: its doors and pages."""

from collections.abc import Callable

from fastapi import FastAPI, Response
from fastapi.responses import RedirectResponse
from prometheus_client import CONTENT_TYPE_LATEST

from linewise import __version__
from serving.access import Access
from serving.agent.pages import agent_app
from serving.calls import CallDesk
from serving.calls import router as calls
from serving.doors import bookings, decisions, outcomes
from serving.doors.errors import tell_errors_plainly
from serving.doors.sizes import BoundedBodies
from serving.metrics import exposition
from serving.own_act import gateway, own_act_app
from serving.scoring.recommender import Recommender

__all__ = ["make_app"]

DOORS = (decisions, outcomes, bookings, calls, gateway)
"""The modules whose `router` is a part of `/v1`."""


def make_app(recommender: Callable[[], Recommender], access: Access, language: str = "zh-CN") -> FastAPI:
    """The app over a recommender, with the agent's pages under `/agent/` in `language` by default.

    `recommender` is asked at each request, so that a service that started before its bank, features or
    models were there answers 503 with what to run, and works as soon as they are. `access` says who asks.
    """
    app = FastAPI(title="Linewise", version=__version__, docs_url=None, redoc_url=None)
    app.state.recommender, app.state.access = recommender, access
    app.state.calls = desk = CallDesk(recommender, language)
    tell_errors_plainly(app)
    app.add_middleware(BoundedBodies)
    for door in DOORS:
        app.include_router(door.router)

    @app.get("/", include_in_schema=False)
    def root() -> Response:
        """Whoever opens the bare address is an agent looking for the screen."""
        return RedirectResponse("/agent/")

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        """What Prometheus reads, over all workers; nobody's id is in it."""
        return Response(exposition(), media_type=CONTENT_TYPE_LATEST)

    app.mount("/agent", agent_app(recommender, access, language, desk))
    app.mount("/own", own_act_app(recommender, access, language))
    return app
