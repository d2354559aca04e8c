"""A call as telephony rings it and its agent works in it, by the pages alone."""

import re
from itertools import count
from typing import Any, ClassVar

from fastapi.testclient import TestClient
from httpx import Response

from tests.serving.agent.known_agent import AGENT
from tests.serving.agent.reading import text_of, token_in

numbers = count(1)


class Phone:
    """One call; `page` is what the agent sees last. rung: all of them, of whichever app."""

    rung: ClassVar[list["Phone"]] = []

    def __init__(self, client: TestClient, customer_id: str, language: str = "en", **more: Any) -> None:
        self.client, self.customer_id, self.call_id = client, customer_id, f"screen-{next(numbers)}"
        body = {"call_id": self.call_id, "customer_id": customer_id, "agent_id": AGENT.name, "language": language}
        rung = client.post("/v1/calls", json=body | {"is_identity_verified": True} | more)
        assert rung.status_code == 201, rung.text
        self.rung.append(self)
        self.place = f"/agent/calls/{self.call_id}"
        self.page = self.open(lang=language)

    def open(self, **query: str) -> Response:
        self.page = self.client.get(self.place, params=query)
        assert self.page.status_code == 200, text_of(self.page)
        return self.page

    def send(self, to: str, **fields: str) -> Response:
        """One form of the page, as it was rendered last."""
        form = re.search(r'name="form" value="([^"]+)"', self.page.text)
        data = {"csrf_token": token_in(self.page), "form": form[1] if form else ""} | fields
        return self.client.post(f"{self.place}/{to}", data=data)

    def act(self, act: str) -> Response:
        """One button of the bar, and the page after it."""
        self.page = self.send("acts", act=act)
        assert self.page.status_code == 200, text_of(self.page)
        return self.page

    def in_talk(self) -> "Phone":
        """Answered and its need resolved, so that suggestions surface."""
        self.act("answered")
        self.act("need_resolved")
        return self

    @property
    def text(self) -> str:
        return text_of(self.page)

    @property
    def is_sold(self) -> bool:
        return "data-sells" in self.page.text

    @classmethod
    def hush(cls, client: TestClient) -> None:
        """End what other tests have left ringing: who waits for a call is led to the first that rings."""
        for one in cls.rung:
            if one.client.app is client.app:
                told = one.told()
                if (told["phase"], told["agent_id"]) == ("ringing", AGENT.name):
                    one.act("ended")

    def told(self) -> dict[str, Any]:
        return self.client.get(f"/v1/calls/{self.call_id}").json()
