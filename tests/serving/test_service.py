"""The real service: `bentoml serve` on the source and on a built bento, its probes, metrics and doors."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import httpx
import pytest

from cli.demo import _free_port
from cli.service_process import family_of, start_service, stop_service, wait_until_ready
from linewise.core.errors import NotReady
from linewise.core.home import Home
from linewise.core.settings import Settings, checkout_dir, load_settings
from linewise.ledger.stops import stop
from linewise.ledger.store import ledger_of
from serving.scoring.observing import Stage
from serving.scoring.opening import open_recommender
from tests.serving.doors import headers_of
from tests.serving.homes import home_of_its_own

pytestmark = pytest.mark.slow

BENTOML = Path(sys.executable).with_name("bentoml")


@contextmanager
def running(settings: Settings) -> Iterator[httpx.Client]:
    process = start_service(settings, quiet=True)
    address = f"http://{settings.host}:{settings.port}"
    try:
        wait_until_ready(process, address)
        with httpx.Client(base_url=address, timeout=30, headers=headers_of(settings)) as client:
            yield client
    finally:
        stop_service(process)


def settings_of(home: Home) -> Settings:
    return load_settings(home=home.root, port=_free_port("127.0.0.1"), language="en")


def killed(process: "subprocess.Popen[bytes]") -> None:
    """As a machine dies: nobody is asked to end."""
    for one in family_of(process):
        one.kill()
    process.kill()
    process.wait()


def test_the_service_decides_records_and_measures_and_what_was_answered_survives_a_kill(
    served_home: Home, tmp_path: Path
):
    settings = settings_of(home_of_its_own(served_home, Home(tmp_path / "home")))
    process = start_service(settings, quiet=True)
    address = f"http://{settings.host}:{settings.port}"
    try:
        wait_until_ready(process, address)
        with httpx.Client(base_url=address, timeout=30, headers=headers_of(settings)) as client:
            made = client.post("/v1/decisions", json={"customer_id": "C00000007"})
            assert made.status_code == 201
            answer = made.json()
            again = client.get(f"/v1/decisions/{answer['decision_id']}")
            assert again.json() == answer | {"outcomes": []}
            assert client.get("/agent/").status_code == 200
            assert client.get("/livez").is_success
            assert client.get("/own/a-customers-secret").status_code == 404
            metrics = client.get("/metrics").text
            assert "bentoml" not in metrics
            assert "a-customers-secret" not in metrics
            assert answer["decision_id"] not in metrics
            assert any(settings.paths.service_dir(settings.port).rglob("*.db"))
            assert 'linewise_answer_seconds_count{door="/v1/decisions",status="201"} 1.0' in metrics
            for stage in get_args(Stage):
                assert f'linewise_stage_seconds_count{{stage="{stage}"}} 1.0' in metrics
            assert re.search(r'linewise_decisions_total\{channel="voice",outcome="[a-z]+"\} 1.0', metrics)
            assert "linewise_feature_age_days_count 1.0" in metrics
            for rule in {one["rule_id"] for one in answer["not_offered"] if one["rule_id"]}:
                assert f'linewise_rule_hits_total{{rule="{rule}"}} 1.0' in metrics
    finally:
        killed(process)

    # It starts on a stopped release too, and says so: what was answered can be read all the same.
    desk = open_recommender(settings)
    stop(ledger_of(settings), "release", desk.versions.release_id, "wrong texts", "night shift", desk.clock.now())
    with running(settings) as client:
        assert client.get(f"/v1/decisions/{answer['decision_id']}").json() == answer | {"outcomes": []}
        refused = client.post("/v1/decisions", json={"customer_id": "C00000007"})
        assert (refused.status_code, "wrong texts" in refused.text) == (403, True)


def test_a_service_that_cannot_start_says_so(served_home: Home):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with pytest.raises(NotReady, match="did not become ready"):
        wait_until_ready(ended, "http://127.0.0.1:9")


def test_a_built_bento_serves_the_same_doors(served_home: Home, tmp_path: Path):
    environment = {**os.environ, "BENTOML_HOME": str(tmp_path / "bentoml"), "BENTOML_DO_NOT_TRACK": "true"}
    words = [BENTOML, "build", "--output", "tag"]
    done = subprocess.run(words, cwd=checkout_dir(), env=environment, capture_output=True, text=True, check=True)
    tag = done.stdout.strip().rpartition("__tag__:")[2]
    port = _free_port("127.0.0.1")
    served = subprocess.Popen(
        [BENTOML, "serve", tag, "--port", str(port), "--host", "127.0.0.1"],
        cwd=tmp_path,
        env=environment | {"LINEWISE_HOME": str(served_home.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(served, address)
        body, headers = {"customer_id": "C00000009"}, headers_of(load_settings(home=served_home.root))
        answer = httpx.post(f"{address}/v1/decisions", json=body, headers=headers, timeout=30)
        assert answer.status_code == 201
    finally:
        stop_service(served)


def test_a_service_without_a_bank_lives_but_is_not_ready_and_says_what_to_run(tmp_path: Path):
    settings = settings_of(Home(tmp_path / "empty"))
    process = start_service(settings, quiet=True)
    try:
        with httpx.Client(base_url=f"http://{settings.host}:{settings.port}", timeout=30) as client:
            wait_until_alive(client)
            assert client.get("/readyz").status_code == 503
            refused = client.post("/v1/decisions", json={"customer_id": "C1"}, headers=headers_of(settings))
            assert (refused.status_code, "linewise" in refused.json()["detail"]) == (503, True)
    finally:
        stop_service(process)


def wait_until_alive(client: httpx.Client) -> None:
    for _ in range(600):
        try:
            if client.get("/livez").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError("nobody listens")
