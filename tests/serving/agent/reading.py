"""Reading a page as a person does: its text without markup, and what a form would send."""

import re
from html.parser import HTMLParser

from fastapi.testclient import TestClient
from httpx import Response


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unread += tag in ("script", "style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in ("script", "style", "title")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.words.append(data)


def text_of(response: Response) -> str:
    """The visible words, single spaces between them."""
    reader = _Text()
    reader.feed(response.text)
    return re.sub(r"\s+", " ", " ".join(reader.words)).strip()


def token_in(response: Response) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
    assert found is not None
    return found[1]


def ask_for(client: TestClient, customer_id: str, language: str = "zh-CN") -> Response:
    """Walk from the list to the page of a new decision."""
    token = token_in(client.get(f"/agent/?lang={language}"))
    return client.post("/agent/decisions", data={"csrf_token": token, "customer_id": customer_id})


def answer(client: TestClient, page: Response, **fields: str) -> Response:
    place = page.url.path.removesuffix("/answers")
    return client.post(f"{place}/answers", data={"csrf_token": token_in(page), **fields})
