"""Before a customer is shown: the line in the report of looks, or the page that asks why."""

from collections.abc import Mapping

from fastapi import Request, Response

from linewise.core.errors import ReasonNeeded, SecondPersonNeeded
from serving.access.caller import Caller, access_of
from serving.access.looking import SHORTEST_REASON
from serving.agent.desk import AgentDesk
from serving.agent.places import place_of
from serving.agent.rendering import render

__all__ = ["ask_why"]


def ask_why(
    request: Request,
    desk: AgentDesk,
    caller: Caller,
    customer_id: str,
    reason: str,
    fields: Mapping[str, str],
    decision_id: str = "",
) -> Response | None:
    """None where the caller may look, which is then written down; else the page that asks for what is missing.

    fields: what the same form sends again beside the reason.
    """
    is_for_two = desk.is_for_two(customer_id)
    try:
        access_of(request).look(caller, customer_id, is_for_two=is_for_two, reason=reason, decision_id=decision_id)
    except (ReasonNeeded, SecondPersonNeeded) as err:
        place = place_of(request).removesuffix("/answers")
        values = {
            "customer_id": customer_id,
            "place": place,
            "fields": dict(fields),
            "reason": reason,
            "is_too_short": bool(reason.strip()) and isinstance(err, ReasonNeeded),
            "is_for_two": isinstance(err, SecondPersonNeeded),
            "shortest": SHORTEST_REASON,
        }
        return render(request, "why_open.html", values)
    return None
