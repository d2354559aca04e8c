"""Ten thousand decisions of one release, decided again after code and policy have moved on."""

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.by_release import made_by
from linewise.ledger.erasing import erase_customer
from linewise.ledger.store import open_ledger
from linewise.ledger.verifying import verify_record
from linewise.policy.standard_folder import policy_folder
from serving.scoring.call import CHANNELS
from serving.scoring.opening import open_recommender
from serving.scoring.replay import replay
from tests.serving.scoring.former_release import CAUTIOUS, a_home_beside, code_of_yesterday, decided_yesterday

pytestmark = pytest.mark.soak

DECISIONS = 10_000
ERASED = 100
MOST_SECONDS = 600  # about one minute of one core; a shared machine takes its time


def test_ten_thousand_decisions_replay_identically_after_the_code_has_moved_and_the_rest_after_erasures(
    served_home: Home, tmp_path: Path
) -> None:
    home = a_home_beside(served_home, tmp_path / "home")
    today = open_recommender(load_settings(home=home.root))
    customers = today.customer_ids()[: DECISIONS // len(CHANNELS)]
    policy = Path(shutil.copytree(policy_folder(None), tmp_path / "policy"))
    with (policy / "parameters.yaml").open("a", encoding="utf-8") as file:
        file.write("# as it was yesterday\n")
    code = code_of_yesterday(tmp_path / "code", CAUTIOUS)
    former = decided_yesterday(code, home, customers, [(channel, "en") for channel in CHANNELS], policy)
    for gone in (code, policy):
        shutil.rmtree(gone)
    assert former.release_id != today.versions.release_id

    ledger, began = open_ledger(home), time.monotonic()
    report = replay(home, ledger, made_by(ledger, former.release_id))
    took = time.monotonic() - began
    assert [one for one in report.replayed if one.verdict != "identical"][:3] == []
    assert len(report.replayed) == DECISIONS
    assert took < MOST_SECONDS, f"{took:.0f} s"

    for customer_id in customers[:ERASED]:
        erase_customer(ledger, customer_id, "asked for it", "privacy.officer", datetime(2026, 11, 25, tzinfo=UTC))
    assert verify_record(ledger).is_whole
    rest = replay(home, ledger, made_by(ledger, former.release_id))
    assert len(rest.of("missing")) == ERASED * len(CHANNELS)
    assert len(rest.of("identical")) == DECISIONS - ERASED * len(CHANNELS)
