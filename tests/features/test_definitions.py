"""Feast's own commands find what they need below features/, and nothing twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from feast.repo_operations import get_repo_files

from features.catalogue import FEATURE_NAMES, definitions_hash
from features.feast_objects import feast_objects
from features.online import OnlineStore
from features.packed_online_store import HASH_TAG
from linewise.core.home import Home
from linewise.core.settings import checkout_dir
from tests.features.builders import NOW, bank_of, txn

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


@pytest.mark.slow
def test_feasts_own_commands_apply_and_fill_a_home(home: Home) -> None:
    from features.building import build_features, observation_pairs
    from features.store import applied_store

    build_features(home, observation_pairs(bank_of(home, [txn(3)]), NOW))
    applied_store(home)
    (home.feast_dir / "registry.db").unlink()
    # Both commands in one process: Feast alone takes seconds to import.
    place = ["-c", str(FEATURES_DIR), "-f", str(home.feast_dir / "feature_store.yaml")]
    commands = (["apply"], ["materialize", "2026-06-01T00:00:00", "2026-06-30T00:00:00"])
    code = f"""
from feast.cli.cli import cli
for command in {commands}:
    cli([*{place}, *command], standalone_mode=False)
"""
    environment = {**os.environ, "LINEWISE_HOME": str(home.root)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert OnlineStore(home).read(["c1"]).found.all()
