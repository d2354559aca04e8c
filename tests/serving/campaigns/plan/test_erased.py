"""A list without its erased customers is the one that was signed, and no other change passes for an erasure."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from linewise.core.errors import PlanDamaged
from linewise.ledger.keys import FileKeys
from serving.campaigns.plan.erased import ERASED, Erasures, read_erasures

SAID = Erasures("plan", "list", ("ref",))


@pytest.fixture
def keys(tmp_path: Path) -> FileKeys:
    return FileKeys(tmp_path / "keys.json")


def test_what_the_record_signed_is_read_back_and_holds(tmp_path: Path, keys: FileKeys) -> None:
    signed = SAID.signed(keys)
    (tmp_path / ERASED).write_text(signed.as_json(), encoding="utf-8")
    found = read_erasures(tmp_path, "SPRING")
    assert found == signed
    signed.enforce_signed("SPRING", keys)


def test_where_nobody_was_erased_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert read_erasures(tmp_path, "SPRING") is None


@pytest.mark.parametrize(
    "change",
    [{"plan_sha256": "other"}, {"list_sha256": "other"}, {"customer_refs": ()}, {"signature": "z"}, {"signature": ""}],
)
def test_what_somebody_else_wrote_is_refused(keys: FileKeys, change: dict[str, Any]) -> None:
    with pytest.raises(PlanDamaged, match="not signed by this record"):
        replace(SAID.signed(keys), **change).enforce_signed("SPRING", keys)


def test_the_signature_of_another_record_is_refused(tmp_path: Path, keys: FileKeys) -> None:
    with pytest.raises(PlanDamaged, match="not signed"):
        SAID.signed(FileKeys(tmp_path / "others.json")).enforce_signed("SPRING", keys)


@pytest.mark.parametrize("content", ["", "[]", '{"plan_sha256": "a"}'])
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / ERASED).write_text(content, encoding="utf-8")
    with pytest.raises(PlanDamaged, match="cannot be read"):
        read_erasures(tmp_path, "SPRING")
