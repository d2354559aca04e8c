"""Decisions replay identically after the code and the policy have moved on, or what is missing is named."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linewise.core.errors import UnknownDecision
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.by_release import Made, made_by, who_made
from linewise.ledger.erasing import erase_customer
from linewise.ledger.record import read_decision
from linewise.ledger.store import Ledger, open_ledger
from linewise.ledger.verifying import verify_record
from linewise.policy.standard_folder import policy_folder
from serving.scoring.call import Call
from serving.scoring.comparing import differences
from serving.scoring.opening import open_recommender
from serving.scoring.replay import ReplayReport, replay
from tests.serving.scoring.former_release import (
    CAUTIOUS,
    FormerRelease,
    a_home_beside,
    code_of_yesterday,
    decided_yesterday,
    laid_out,
)

pytestmark = pytest.mark.slow

WAYS = [("voice", "en"), ("app", "zh-CN"), ("branch", "en")]
CUSTOMERS = 40


@pytest.fixture(scope="module")
def desk_home(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return a_home_beside(served_home, tmp_path_factory.mktemp("moved") / "home")


@pytest.fixture(scope="module")
def customers(desk_home: Home) -> list[str]:
    return open_recommender(load_settings(home=desk_home.root)).customer_ids()[:CUSTOMERS]


@pytest.fixture(scope="module")
def former(desk_home: Home, customers: list[str], tmp_path_factory: pytest.TempPathFactory) -> FormerRelease:
    """Decisions of yesterday's code under yesterday's policy, of which nothing is left but the archive."""
    root = tmp_path_factory.mktemp("yesterday")
    code = code_of_yesterday(root / "code", CAUTIOUS)
    policy = Path(shutil.copytree(policy_folder(None), root / "policy"))
    parameters = policy / "parameters.yaml"
    told = parameters.read_text(encoding="utf-8")
    parameters.write_text(
        told.replace("exploration_ratio: {value: 0.02", "exploration_ratio: {value: 0.1"), encoding="utf-8"
    )
    made = decided_yesterday(code, desk_home, customers, WAYS, policy)
    shutil.rmtree(root)
    laid_out(desk_home, made.release_id)
    return made


def all_of(ledger: Ledger, former: FormerRelease) -> list[Made]:
    return made_by(ledger, former.release_id)


def replayed(home: Home, former: FormerRelease, sample: int = 5) -> ReplayReport:
    ledger = open_ledger(home)
    return replay(home, ledger, made_by(ledger, former.release_id, sample))


def test_every_decision_of_a_release_replays_identically_after_code_and_policy_have_moved(
    desk_home: Home, former: FormerRelease
):
    today = open_recommender(load_settings(home=desk_home.root, language="en"))
    assert {name for name, part in former.parts.items() if today.versions.parts[name] != part} == {"code", "parameters"}
    ledger, seen = open_ledger(desk_home), list[int]()
    report = replay(desk_home, ledger, all_of(ledger, former), seen.append)
    assert [one for one in report.replayed if one.verdict != "identical"] == []
    assert len(report.replayed) == len(former.made) == sum(seen) == CUSTOMERS * len(WAYS)
    assert report.warnings == []


def test_todays_code_would_have_answered_otherwise(desk_home: Home, former: FormerRelease):
    today, ledger = open_recommender(load_settings(home=desk_home.root, language="en")), open_ledger(desk_home)
    changed = 0
    for decision_id in former.made[:CUSTOMERS]:
        recorded = read_decision(ledger, decision_id).answer
        now = today.answer(today.decide([recorded["customer_id"]], today.context("voice")), 0)
        changed += any(one.field.startswith("limit.") for one in differences(recorded, now))
    assert changed > CUSTOMERS / 10


def test_a_decision_of_the_release_that_runs_replays_in_this_process(desk_home: Home, customers: list[str]):
    desk = open_recommender(load_settings(home=desk_home.root, language="en"))
    answer = desk.decide_one(customers[0], "ivr", verified=False, call=Call("1"))
    ledger = open_ledger(desk_home)
    report = replay(desk_home, ledger, [who_made(ledger, answer["decision_id"])])
    assert [one.verdict for one in report.replayed] == ["identical"]


def test_releases_are_told_apart_and_samples_are_the_same_twice(desk_home: Home, former: FormerRelease):
    ledger = open_ledger(desk_home)
    drawn = made_by(ledger, former.release_id, 20)
    assert len(drawn) == 20
    assert drawn == made_by(ledger, former.release_id, 20)
    assert {one.release_id for one in drawn} == {former.release_id}
    assert len(made_by(ledger, former.release_id, 10_000)) == len(former.made)
    with pytest.raises(UnknownDecision):
        who_made(ledger, "none")


@pytest.fixture
def worn_home(desk_home: Home, former: FormerRelease, tmp_path: Path) -> Home:
    """A copy of the home, of which a test may break something."""
    return Home(Path(shutil.copytree(desk_home.root, tmp_path / "worn", symlinks=True)))


def test_an_archive_that_is_gone_is_named(worn_home: Home, former: FormerRelease):
    shutil.rmtree(worn_home.archive_dir / former.release_id)
    report = replayed(worn_home, former)
    assert {one.verdict for one in report.replayed} == {"missing"}
    assert f"'{former.release_id}' is not in the archive" in report.replayed[0].missing


def test_the_erased_are_said_to_be_erased_and_the_rest_replays(
    worn_home: Home, former: FormerRelease, customers: list[str]
):
    ledger, gone = open_ledger(worn_home), customers[:10]
    for customer_id in gone:
        erase_customer(ledger, customer_id, "asked for it", "privacy.officer", datetime(2026, 11, 25, tzinfo=UTC))
    assert verify_record(ledger).is_whole
    report = replay(worn_home, ledger, made_by(ledger, former.release_id))
    assert len(report.of("missing")) == len(gone) * len(WAYS)
    assert all("erased on 2026-11-25 by privacy.officer" in one.missing for one in report.of("missing"))
    assert len(report.of("identical")) == (CUSTOMERS - len(gone)) * len(WAYS)


def test_a_model_file_that_is_gone_is_named(worn_home: Home, former: FormerRelease):
    (worn_home.archive_dir / former.release_id / "models" / "default" / "model.txt").unlink()
    assert "model default" in replayed(worn_home, former).replayed[0].missing


def test_other_libraries_are_told_of_and_tried(
    worn_home: Home, former: FormerRelease, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    other = tmp_path / "other.lock"
    other.write_text("numpy==1\n", encoding="utf-8")
    monkeypatch.setattr("serving.scoring.replay.lock_path", lambda: other)
    report = replayed(worn_home, former)
    assert "other libraries" in report.warnings[0]
    assert {one.verdict for one in report.replayed} == {"identical"}


def test_inputs_that_lack_a_part_are_named_and_the_others_replayed(worn_home: Home, former: FormerRelease):
    report = replayed_with(worn_home, former, lambda inputs, _: inputs.pop("prices"))
    assert sorted(one.verdict for one in report.replayed) == ["identical"] * 4 + ["missing"]
    assert "prices" in report.of("missing")[0].missing


def test_an_answer_that_was_rewritten_differs_by_field(worn_home: Home, former: FormerRelease):
    report = replayed_with(worn_home, former, lambda _, answer: answer["limit"].update(suggested_amt=1))
    (differing,) = report.of("differs")
    assert [one.field for one in differing.differences] == ["limit.suggested_amt"]
    assert differing.differences[0].recorded == 1


def replayed_with(home: Home, former: FormerRelease, change) -> ReplayReport:
    """Replay five decisions, of which one comes changed out of the record."""
    import serving.scoring.replay as module

    ledger, changed = open_ledger(home), []

    def reading(ledger: Ledger, decision_id: str):
        record = read_decision(ledger, decision_id)
        if not changed:
            changed.append(decision_id)
            change(record.inputs, record.answer)
        return record

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "read_decision", reading)
        return replay(home, ledger, made_by(ledger, former.release_id, 5))


def test_a_release_whose_code_does_not_start_is_named(worn_home: Home, former: FormerRelease, monkeypatch):
    monkeypatch.setattr("serving.scoring.runners.sys.executable", shutil.which("false"))
    assert "its process ended with 1" in replayed(worn_home, former).replayed[0].missing
