"""A policy that changes under a running service: taken up when it is good, and left where it is when it is not."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linewise.core.errors import PolicyInvalid
from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from linewise.policy.standard_folder import policy_folder
from serving.scoring.readiness import examine
from serving.scoring.reopening import ReopeningRecommender


@pytest.fixture
def settings(served_home: Home, home: Home) -> Settings:
    """The served home with a policy of its own, which a test may change."""
    home.data_dir.mkdir(parents=True)
    for part in ("bank", "feast", "features", "releases"):
        (home.data_dir / part).symlink_to(served_home.data_dir / part)
    shutil.copytree(policy_folder(None), home.root / "policy")
    return load_settings(home=home.root, language="en", policy=home.root / "policy")


def change(settings: Settings, old: str, new: str, name: str = "parameters.yaml") -> None:
    """Write the file anew, a moment later than it was."""
    assert settings.policy is not None
    path: Path = settings.policy / name
    before = path.stat().st_mtime_ns
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def test_a_changed_policy_decides_once_it_is_open_and_no_request_waits_for_it(settings: Settings):
    opened = ReopeningRecommender(settings)
    first = opened()
    assert opened() is first
    change(settings, "offers_shown_count: {value: 3", "offers_shown_count: {value: 1")
    assert opened() is first
    second = opened.settled()
    assert second is not first
    assert opened() is second
    assert second.policy.decision.arbitration.shown_count == 1
    assert second.versions.release_id != first.versions.release_id


def test_a_broken_policy_leaves_the_last_good_one_serving_and_says_so(settings: Settings):
    opened = ReopeningRecommender(settings)
    good = opened()
    change(settings, "offers_shown_count: {value: 3", "offers_shown_count: {value: many")
    assert opened.settled() is good
    assert opened() is good
    assert opened.trouble is not None
    assert "parameters.yaml" in opened.trouble
    finding = next(one for one in examine(settings) if one.part == "policy")
    assert finding.state != "ok"
    assert "parameters.yaml" in finding.detail

    change(settings, "offers_shown_count: {value: many", "offers_shown_count: {value: 2")
    assert opened.settled().policy.decision.arbitration.shown_count == 2
    assert opened.trouble is None


def test_a_service_does_not_begin_on_a_broken_policy(settings: Settings):
    change(settings, "offers_shown_count: {value: 3", "offers_shown_count: {value: many")
    with pytest.raises(PolicyInvalid, match=r"parameters\.yaml"):
        ReopeningRecommender(settings)()


def test_doctor_names_an_assumption_a_month_before_it_expires(settings: Settings):
    soon = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
    old = "owner: treasury, effective_from: 2026-11-01, expires_on: 2027-12-31"
    change(settings, old, f"owner: treasury, effective_from: 2020-11-01, expires_on: {soon}", "economics.yaml")
    finding = next(one for one in examine(settings) if one.part == "policy")
    assert finding.state == "stale"
    assert "funding_rate_ratio" in finding.detail
    assert soon in finding.detail
