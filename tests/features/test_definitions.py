"""Feast's own commands find what they need below features/, and nothing twice."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from feast.cli.cli import cli as feast
from feast.repo_operations import get_repo_files

from features.catalogue import FEATURE_NAMES, definitions_hash
from features.feast_objects import feast_objects
from features.on_call import CALL_FEATURES
from features.online import OnlineStore
from features.packed_online_store import HASH_TAG
from features.store import applied_store
from linewise.core.home import Home
from linewise.core.settings import checkout_dir
from tests.features.builders import NOW, feature_rows, write_row_files

FEATURES_DIR = checkout_dir() / "features"


def test_feast_imports_the_definitions_and_no_other_module() -> None:
    assert get_repo_files(FEATURES_DIR) == [FEATURES_DIR / "definitions.py"]


def test_feastignore_names_only_what_is_there() -> None:
    lines = (FEATURES_DIR / ".feastignore").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#") and not (FEATURES_DIR / line).exists()] == []


def test_the_view_holds_every_feature_in_order_and_the_services_their_share() -> None:
    objects = feast_objects(Home(Path("anywhere")))
    assert tuple(field.name for field in objects.view.features) == FEATURE_NAMES
    assert objects.view.tags[HASH_TAG] == definitions_hash()
    assert objects.view.ttl
    by_name = {service.name: service for service in objects.services}
    assert set(by_name) == {"default_model", "card_take_up_model", "decisioning", "pricing", "decisioning_in_call"}
    inputs = {field.name for field in by_name["default_model"].feature_view_projections[0].features}
    assert "age_years" not in inputs
    assert "income_p25_amt_6m" in inputs


@pytest.fixture
def with_rows(home: Home) -> Home:
    """A real folder: rows of two customers, Feast's configuration beside its registry, nothing applied yet."""
    write_row_files(home, feature_rows(("c1", NOW, 1), ("c2", NOW, 2)))
    applied_store(home)
    (home.feast_dir / "registry.db").unlink()
    return home


def feast_command(home: Home, *words: str) -> list[str]:
    program = str(Path(sys.executable).with_name("feast"))
    return [program, "-c", str(FEATURES_DIR), "-f", str(home.feast_dir / "feature_store.yaml"), *words]


def environment_of(home: Home) -> dict[str, str]:
    return {**os.environ, "LINEWISE_HOME": str(home.root), "PYTHONPATH": str(checkout_dir())}


@pytest.mark.slow
def test_feasts_own_commands_apply_list_and_fill_a_home(with_rows: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    words = feast_command(with_rows, "apply")
    applied = subprocess.run(words, env=environment_of(with_rows), capture_output=True, text=True, check=False)
    assert applied.returncode == 0, applied.stderr
    assert "Deploying infrastructure for customer_features" in applied.stdout
    # A process of Feast's takes some seconds to import it; what its other commands do is the same in this one.
    monkeypatch.setenv("LINEWISE_HOME", str(with_rows.root))

    def run(*words: str) -> Result:
        return CliRunner().invoke(feast, feast_command(with_rows, *words)[1:])

    filled = run("materialize", "2026-06-01T00:00:00", "2026-06-30T00:00:00")
    assert filled.exit_code == 0, filled.output
    generation = OnlineStore(with_rows).generation()
    assert generation.read(["c1", "c2"]).values[:, 0].tolist() == [1, 2]
    # Feast itself would report success, and a morning's decisions would be made on nothing.
    empty = run("materialize", "2025-06-01T00:00:00", "2025-06-30T00:00:00")
    assert empty.exit_code != 0
    assert "There is no feature row from 2025-06-01 to 2025-06-30" in str(empty.exception)
    assert OnlineStore(with_rows).generation().id == generation.id
    listed = run("feature-views", "list").stdout
    assert [line.split()[0] for line in listed.splitlines()[-2:]] == ["customer_features", "call_features"]
    assert "AVAILABLE_ONLINE" in listed


@pytest.mark.slow
def test_feasts_own_screen_shows_the_views_and_services_of_a_home(with_rows: Home, tmp_path: Path) -> None:
    applied_store(with_rows)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = feast_command(with_rows, "ui", "-h", "127.0.0.1", "-p", str(port))
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment_of(with_rows), stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as screen:
            wait_for(lambda: screen.get("/health").is_success, process)
            assert "<title>Feast Feature Store</title>" in screen.get("/").text
            assert [one["id"] for one in screen.get("/projects-list.json").json()["projects"]] == ["linewise"]
            views = screen.get("/api/v1/feature_views", params={"project": "linewise"}).json()["featureViews"]
            services = screen.get("/api/v1/feature_services", params={"project": "linewise"}).json()["featureServices"]
    except Exception as err:
        err.add_note((tmp_path / "log").read_text(encoding="utf-8"))
        raise
    finally:
        process.terminate()
        process.wait(30)
    by_name = {view["spec"]["name"]: view["spec"] for view in views}
    assert [field["name"] for field in by_name["customer_features"]["features"]] == list(FEATURE_NAMES)
    assert by_name["customer_features"]["features"][0]["description"]
    assert {feature["name"] for feature in by_name["call_features"]["features"]} == {one.name for one in CALL_FEATURES}
    assert {one["spec"]["name"] for one in services} == {one.name for one in feast_objects(with_rows).services}


def wait_for(is_there: Callable[[], bool], process: "subprocess.Popen[bytes]", seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if is_there():
                return
        except httpx.TransportError:
            pass
        assert process.poll() is None, "it has ended"
        assert time.monotonic() < end, f"it did not answer within {seconds} seconds"
        time.sleep(0.2)
