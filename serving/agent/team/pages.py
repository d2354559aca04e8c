"""`/agent/team`: what becomes of suggestions in a team, by day or week; a supervisor's, and of nobody in person."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from serving.access import Caller, needing
from serving.access.caller import access_of
from serving.agent.desk import AgentDesk
from serving.agent.languages import language_of
from serving.agent.on_call.words import NOT_PITCHED
from serving.agent.rendering import render
from serving.agent.team.words import KINDS_OF_COMPLAINTS, PERIOD_WORDS, SIGN_WORDS
from serving.agent.wording import DECLINE_REASONS
from serving.team.charts import bars, shares
from serving.team.figures import team_figures
from serving.team.periods import PERIODS

__all__ = ["router"]

router = APIRouter()


@router.get("/team")
def team_page(
    request: Request,
    _supervisor: Annotated[Caller, Depends(needing("team:read"))],
    period: str = "days",
    team: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The figures up to today; an unknown period is the first one."""
    desk: AgentDesk = request.app.state.open_desk()
    now, zone = desk.now_and_zone()
    period = period if period in PERIODS else next(iter(PERIODS))
    figures = team_figures(access_of(request).ledger, now, zone, period, team.strip())
    buckets = figures.buckets
    values = {
        "figures": figures,
        "spoken_chart": bars([(one.pitched_count, max(0, one.shown_count - one.pitched_count)) for one in buckets]),
        "accepted_chart": shares([one.accepted for one in buckets]),
        "complaints_chart": bars([(count,) for count in figures.complaints.totals]),
        "titles": desk.titles_of_actions(language_of(request)),
        "periods": PERIOD_WORDS,
        "signs": SIGN_WORDS,
        "kinds": KINDS_OF_COMPLAINTS,
        "reason_words": {**DECLINE_REASONS, **NOT_PITCHED},
    }
    return render(request, "team.html", values)
