"""A release's name: one hash over everything that decides, the same wherever the same files lie."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from features.catalogue import FEATURE_NAMES
from linewise.decisioning.prices import Prices
from linewise.policy.policy import load_policy
from linewise.policy.standard_folder import policy_folder
from serving.scoring.deciding_code import code_files, hash_of_files, hash_of_zip, zip_code
from serving.scoring.registry import ModelFiles, Release
from serving.scoring.release import Versions, release_id_of, versions_of
from tests.builders import TODAY, a_policy

MODELS = Release(
    "key",
    {name: ModelFiles(name, 1, "run", Path(), {}, sha256=f"hash of {name}") for name in ("card_take_up", "default")},
)


def versions(folder: Path | None = None, models: Release = MODELS, prices: Prices | None = None) -> Versions:
    return versions_of(models, a_policy(), policy_folder(folder), prices or Prices())


@pytest.fixture
def own_policy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(policy_folder(None), tmp_path / "policy"))


def differing(one: Versions, other: Versions) -> set[str]:
    return {
        name for name in one.digests.keys() | other.digests.keys() if one.digests.get(name) != other.digests.get(name)
    }


def test_every_part_that_decides_has_a_name_and_a_short_hash():
    parts = versions().parts
    assert parts.keys() >= {
        "code", "lock", "features", "models", "prices", "rules", "catalogue", "economics", "parameters", "reasons",
        "disclosures", "in_force",
    }  # fmt: skip
    assert {len(digest) for digest in parts.values()} == {12}


def test_the_same_files_elsewhere_make_the_same_release(own_policy: Path):
    assert versions(own_policy).release_id == versions().release_id


def test_a_changed_line_of_a_policy_file_changes_that_part_and_the_release(own_policy: Path):
    for name in ("economics", "reasons"):
        with (own_policy / f"{name}.yaml").open("a", encoding="utf-8") as file:
            file.write("# another line\n")
    changed = versions(own_policy)
    assert differing(changed, versions()) == {"economics", "reasons"}
    assert changed.release_id != versions().release_id


def test_a_rule_file_that_is_added_changes_the_rules(own_policy: Path):
    (own_policy / "rules" / "more.yaml").write_text("pack: more\n", encoding="utf-8")
    assert differing(versions(own_policy), versions()) == {"rules"}


def test_prices_and_models_are_parts(own_policy: Path):
    assert differing(versions(prices=Prices(contact_amt=1)), versions()) == {"prices"}
    other = {**MODELS.models, "default": replace(MODELS.models["default"], sha256="other")}
    assert differing(versions(models=Release("key", other)), versions()) == {"models"}


def test_a_models_number_in_a_registry_is_no_part_of_what_decides():
    renumbered = {name: replace(model, version=7, run_id="r7") for name, model in MODELS.models.items()}
    assert versions(models=Release("other", renumbered)).release_id == versions().release_id


def test_the_rules_in_force_are_a_part_though_their_files_are_the_same():
    kronen = load_policy(None, "CZK", FEATURE_NAMES, TODAY)
    assert "in_force" in differing(versions_of(MODELS, kronen, policy_folder(None), Prices()), versions())


def test_the_release_depends_on_the_names_of_its_parts_and_on_their_order_never():
    assert release_id_of({"a": "1", "b": "2"}) == release_id_of({"b": "2", "a": "1"})
    assert release_id_of({"a": "1", "b": "2"}) != release_id_of({"a": "2", "b": "1"})


def test_the_code_of_a_decision_leaves_out_what_no_decision_reads():
    names = [name for name, _ in code_files()]
    assert names == sorted(names)
    assert {"linewise/decisioning/decide.py", "features/catalogue.py", "serving/scoring/replayer.py"} <= set(names)
    left_out = ("linewise/simulation", "linewise/policy/standard/", "serving/agent", "training", "cli", "tests")
    assert not [name for name in names if name.startswith(left_out) or "__pycache__" in name]


def test_a_zip_of_the_code_has_the_hash_of_the_files_and_the_same_bytes_twice(tmp_path: Path):
    files = code_files()
    for name in ("one.zip", "two.zip"):
        zip_code(tmp_path / name, files)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert hash_of_zip(tmp_path / "one.zip") == hash_of_files((name, path.read_bytes()) for name, path in files)


def test_what_moves_from_one_file_to_the_next_changes_the_hash():
    assert hash_of_files([("a", b"12"), ("b", b"3")]) != hash_of_files([("a", b"1"), ("b", b"23")])
