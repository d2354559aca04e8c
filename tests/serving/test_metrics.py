"""What Prometheus reads names doors and never whom they were opened for."""

import re
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from serving.metrics import CONTENT_TYPE, exposition, measured


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()

    @app.get("/v1/decisions/{decision_id}")
    @app.get("/own/{secret}")
    @app.get("/agent/calls/{call_id}")
    def answer() -> str:
        return "here"

    return TestClient(measured(app))


def doors() -> set[str]:
    told = exposition().decode()
    return set(re.findall(r'linewise_answer_seconds_count\{door="([^"]*)"', told))


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/v1/decisions/{one}", "/v1/decisions"),
        ("/own/{one}", "/own"),
        ("/agent/calls/{one}", "/agent/calls"),
        ("/v1/{one}", "/v1"),
        ("/agent/{one}/more", "/agent"),
        ("/own/{one}/more", "/own"),
        ("/{one}", "other"),
        ("/{one}/admin.php", "other"),
    ],
)
def test_a_path_is_counted_under_its_door_and_stands_nowhere(client: TestClient, path: str, door: str):
    one = uuid4().hex
    client.get(path.format(one=one))
    assert door in doors()
    assert one not in exposition().decode()


def test_it_is_prometheus_text(client: TestClient):
    client.get("/v1/decisions/D1")
    assert "# TYPE linewise_answer_seconds histogram" in exposition().decode()
    assert CONTENT_TYPE.startswith("text/plain; version=")
