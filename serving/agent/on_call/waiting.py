"""The calls that wait for an agent, on the page where they search: a call that rings opens by itself."""

from typing import Any

from fastapi import Request

from linewise.ledger.calls import live_calls_of
from linewise.ledger.reaching import reaching
from serving.agent.on_call.screen import masked
from serving.calls.desk import CallDesk

__all__ = ["waiting_calls"]


def waiting_calls(request: Request, agent_id: str) -> dict[str, Any]:
    """`waiting`: the agent's live calls; `has_calls`: whether there is a telephone at all; `is_demo`: of a demo."""
    calls: CallDesk | None = request.app.state.calls
    if calls is None:
        return {"has_calls": False, "waiting": [], "is_demo": False}
    with reaching():
        live = live_calls_of(calls.ledger, agent_id)
    waiting = [{"call_id": one.call_id, "caller_id": masked(one.customer_id), "phase": one.phase} for one in live]
    is_demo = request.app.state.open_desk().settings.profile == "demo"
    return {"has_calls": True, "waiting": waiting, "is_demo": is_demo}
