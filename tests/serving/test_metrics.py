"""What Prometheus reads names doors and never whom they were opened for."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.parser import text_string_to_metric_families

from linewise.core.home import Home
from serving.access import Access
from serving.api import make_app
from serving.doors.sizes import BoundedBodies
from serving.metrics import exposition, made_once, measured
from tests.serving.access.people import quick_settings


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()

    @app.get("/v1/decisions/{decision_id}")
    @app.get("/own/{secret}")
    @app.get("/agent/calls/{call_id}")
    def answer() -> str:
        return "here"

    app.add_middleware(BoundedBodies)
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


@pytest.mark.parametrize(("path", "door"), [("/v1/{one}", "/v1"), ("/{one}/x", "other")])
def test_what_is_refused_before_anybody_looks_where_it_goes_is_no_door_of_its_own(
    client: TestClient, path: str, door: str
):
    one = uuid4().hex
    assert client.post(path.format(one=one), content=b"x" * 2_000_000).status_code == 413
    assert f'door="{door}",status="413"' in exposition().decode()
    assert one not in exposition().decode()


def paths_of(routes: Sequence[Any], before: str = "") -> Iterator[str]:
    for one in routes:
        path = before + getattr(one, "path", "")  # a router that was included has none of its own
        yield path
        within = getattr(one, "original_router", one)
        yield from paths_of(getattr(within, "routes", None) or [], path)


def test_no_door_of_ours_has_an_id_where_its_name_is_read(home: Home):
    access = Access(quick_settings(home, workers=1))
    paths = set(paths_of(make_app(lambda: pytest.fail("nobody is decided on"), access).routes))
    access.close()
    assert {"/v1/decisions", "/agent/calls/{call_id}", "/metrics"} <= paths
    named = {"/".join(one.split("/")[:3]) for one in paths if not one.startswith("/own")}
    assert [one for one in sorted(named) if "{" in one] == []


def test_it_is_the_text_that_prometheus_reads(client: TestClient):
    client.get("/v1/decisions/D1")
    families = {one.name: one.type for one in text_string_to_metric_families(exposition().decode())}
    assert families["linewise_answer_seconds"] == "histogram"


def test_a_series_that_threads_ask_for_at_once_is_made_once():
    registry, all_ask = CollectorRegistry(), Barrier(8)

    @made_once
    def series() -> Counter:
        sleep(0.02)
        return Counter("asked", "by many threads at once", registry=registry)

    def ask(_: int) -> Counter:
        all_ask.wait()
        return series()

    with ThreadPoolExecutor(8) as pool:
        assert len({*pool.map(ask, range(8))}) == 1
