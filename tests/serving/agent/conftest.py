"""A desk, its pages served on loopback, and a real Chromium where one is installed."""

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, sync_playwright

from serving.agent import agent_app
from tests.serving.agent.memory_desk import MemoryDesk

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def app_with(desk: MemoryDesk) -> FastAPI:
    """The pages where the service mounts them."""
    app = FastAPI()
    app.mount("/agent", agent_app(lambda: desk))
    return app


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of an app on a free port; the socket queues requests until the server takes them."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture
def desk() -> MemoryDesk:
    return MemoryDesk()


@pytest.fixture
def client(desk: MemoryDesk) -> TestClient:
    return TestClient(app_with(desk), base_url="http://desk.test")


@pytest.fixture
def site(desk: MemoryDesk) -> Iterator[str]:
    with served(app_with(desk)) as address:
        yield f"{address}/agent/"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; its tests skip where it is not installed."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip("no chromium on the PATH: install it (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages in a browser of their own that fail the test where the console shows an error."""
    contexts, complaints = [], []

    def opened(width: int = 1280, *, may_complain: bool = False, **options: object) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        if may_complain:
            return page
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
