"""A desk, and its pages served on loopback."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from serving.agent import agent_app
from tests.serving.agent.known_agent import KnownAgent
from tests.serving.agent.memory_desk import MemoryDesk


def app_with(desk: MemoryDesk) -> FastAPI:
    """The pages where the service mounts them."""
    app = FastAPI()
    app.mount("/agent", agent_app(lambda: desk, KnownAgent()))
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
