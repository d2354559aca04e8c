"""`linewise model drift` as a scheduler calls it: quiet with 0, an alarm with 5."""

import json
from pathlib import Path

from linewise.core.home import Home
from tests.cli.test_cli import run
from training.drift.thresholds import STANDARD


def test_quiet_ends_with_nothing_and_an_alarm_with_five(served_home: Home, tmp_path: Path):
    quiet = run("model", "drift", "--part", "mix", "--part", "vintage", "--json", home=served_home)
    assert quiet.exit_code == 0, quiet.output
    told = json.loads(quiet.stdout)
    assert told["alarm_count"] == 0
    assert {one["part"] for one in told["moved"]} <= {"mix", "vintage"}
    anxious = tmp_path / "drift.yaml"
    text = STANDARD.read_text(encoding="utf-8")
    anxious.write_text(text.replace("mix_psi_most: 0.10", "mix_psi_most: 0.000001"), encoding="utf-8")
    alarmed = run("model", "drift", "--part", "mix", "--thresholds", str(anxious), home=served_home)
    assert alarmed.exit_code == 5
    assert "ALARM" in alarmed.stderr
    assert "transactions.channel of purchase" in alarmed.stderr


def test_a_home_without_a_bank_says_what_to_run(home: Home):
    done = run("model", "drift", home=home)
    assert (done.exit_code, "linewise bank import" in done.stderr) == (1, True)
