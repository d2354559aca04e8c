"""One call as a request finds it: who asks for which, and the page that is shown of it."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Request, Response

from linewise.core.errors import UnknownDecision
from serving.access.caller import Caller
from serving.agent.calling import Calls
from serving.agent.desk import AgentDesk
from serving.agent.languages import language_of, translations
from serving.agent.on_call.screen import Typed, screen_of
from serving.agent.on_call.signs import note_shown
from serving.agent.opening import ask_why
from serving.agent.places import see
from serving.agent.preferences import preferences_for
from serving.agent.rendering import render
from serving.agent.wording import N_

__all__ = ["MOVED_ON", "NOT_YOURS", "Room"]

MOVED_ON = N_("Not recorded: the call has moved on meanwhile. This is how it stands now.")
NOT_YOURS = N_("Not recorded: this call is with another agent.")


def _desk(request: Request) -> AgentDesk:
    desk: AgentDesk = request.app.state.open_desk()
    return desk


@dataclass(frozen=True)
class Room:
    """A dependency of the pages of a call."""

    request: Request
    calls: Calls
    desk: Annotated[AgentDesk, Depends(_desk)]
    call_id: str

    def opened(self, agent: Caller, reason: str = "") -> tuple[dict[str, Any], Response | None]:
        """The call, and the page that asks why where this agent may not just look; raises UnknownCall."""
        view = self.calls.view(self.call_id)
        decision_id = view["decision_id"] or ""
        return view, ask_why(self.request, self.desk, agent, view["customer_id"], reason, {}, decision_id)

    def decision_of(self, view: dict[str, Any], decision_id: str) -> dict[str, Any]:
        """A decision as the agent sees it; raises UnknownDecision where it is not of the call's customer."""
        decision = self.desk.decision_for_agent(decision_id)
        if decision["customer_id"] != view["customer_id"]:
            raise UnknownDecision(decision_id)
        return decision

    def say(self, sentence: str, **holes: str) -> str:
        """A sentence of the catalogue in the language of the request."""
        return translations(language_of(self.request)).gettext(sentence) % holes if sentence else ""

    def page(self, view: dict[str, Any], notice: str = "", status: int = 200, typed: Typed | None = None) -> Response:
        """The call as it stands; typed: what was not recorded and stands in its form again."""
        pulled = self.request.query_params.get("show", "")
        prefs = preferences_for(self.request)
        values = screen_of(self.calls, self.desk, view, pulled, typed or Typed(), has_prompts=prefs.has_prompts)
        if values["surface"].is_shown:
            note_shown(self.desk, view, values["outcomes"], self.request.state.caller.name)
        return render(
            self.request, "call.html", values | {"prefs": prefs, "notice": notice, "is_problem": status >= 400}, status
        )

    def refused(self, sentence: str, typed: Typed | None = None, status: int = 409) -> Response:
        """The call as it stands by now, and why nothing was recorded."""
        return self.page(self.calls.view(self.call_id), self.say(sentence), status, typed)

    def show(self, **query: str) -> Response:
        """Go on to the page of the call, with what was asked to be seen there."""
        shown = self.request.query_params.get("show")
        return see(self.request, f"/calls/{quote(self.call_id)}", urlencode(({"show": shown} if shown else {}) | query))
