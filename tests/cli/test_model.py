"""`linewise model`, as a person and as a machine call it."""

import json

import pytest

from cli.main import main
from linewise.core.home import Home
from linewise.quality.intervals import Measured
from serving.scoring.registry import local_release
from tests.training.builders import registered, registered_amount, two_champions
from tests.training.gate.builders import an_amount_report
from tests.training.second import let_pass
from training.off_policy import past_calls
from training.off_policy.past_calls import PastCalls, PolicyWorth
from training.promotion import history
from training.report.model_report import REPORT_FILE
from training.tracking import Registry

WORDS = (
    "train", "evaluate", "gate", "finding", "shadow", "promote", "rollback", "history", "card", "drift", "worth",
)  # fmt: skip


@pytest.fixture(scope="module")
def trained_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A registry with a champion of each model and a second version of one."""
    home = Home(tmp_path_factory.mktemp("models"))
    two_champions(home)
    registered(Registry(home), seed=1)
    return home


@pytest.fixture
def at_home(trained_home: Home) -> list[str]:
    return ["--home", str(trained_home.root)]


def exit_code_of(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return int(str(caught.value.code))


def test_champion_and_latest_stand_beside_each_other(at_home: list[str], capsys: pytest.CaptureFixture[str]):
    main(["model", "evaluate", "default", *at_home])
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "champion" in shown.err
    assert "latest" in shown.err
    main(["model", "evaluate", "--json", *at_home])
    reports = json.loads(capsys.readouterr().out)
    assert [report["name"] for report in reports] == ["default", "card_take_up"]
    assert {"value", "low", "high"} == set(reports[0]["champion"]["evaluation"]["auc"]["model"])


def test_an_amount_is_shown_by_how_much_it_explains_and_which_version_does_better(
    home: Home, capsys: pytest.CaptureFixture[str]
):
    registry = Registry(home)
    first = registered_amount(registry)
    registry.set_champion("card_balance", first.version)
    registry.put_text(first, REPORT_FILE, an_amount_report().model_dump_json())
    registered_amount(registry, seed=1)
    arguments = ["model", "evaluate", "--home", str(home.root)]
    main(arguments)
    shown = capsys.readouterr().err
    assert "R²" in shown
    assert "ridge regression" in shown
    assert "tell of a raised line" in shown
    assert "card_balance, version 1" in shown
    assert "Judged on 100 rows" in shown
    main([*arguments, "--json"])
    (report,) = json.loads(capsys.readouterr().out)
    assert report["champion"]["evaluation"]["kind"] == "amount"
    assert report["latest_minus_champion_auc"] is None


def test_promote_releases_for_serving_and_history_shows_it(
    at_home: list[str], trained_home: Home, capsys: pytest.CaptureFixture[str]
):
    let_pass(trained_home, "default", 2)
    main(["model", "promote", "default", "2", "--reason", "better ranking", "--json", *at_home])
    said = capsys.readouterr()
    assert json.loads(said.out)["version"] == 2
    release = local_release(trained_home)
    assert release is not None
    assert release.models["default"].version == 2
    assert f"Released for serving: {release.key}." in said.err
    main(["model", "history", "--json", *at_home])
    rows = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["version"], row["reason"]) for row in rows] == [("default", 2, "better ranking")]
    main(["model", "history", *at_home])
    assert "better ranking" in capsys.readouterr().err
    assert len(history_of(trained_home)) == 1


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["promote", "default", "9", "--reason", "why"], 1, "has no version 9"),
        (["promote", "default", "1"], 2, "--reason"),
        (["promote", "default", "none", "--reason", "why"], 2, "none"),
        (["train", "churn"], 2, "There is no model 'churn'"),
        (["train", "-S", "trees=3"], 2, "tree_count"),
        (["train"], 1, "linewise bank import"),
        (["evaluate", "churn"], 2, "There is no model 'churn'"),
    ],
)
def test_mistakes_end_with_their_code_and_say_what_to_do(
    at_home: list[str], arguments: list[str], exit_code: int, words: str, capsys: pytest.CaptureFixture[str]
):
    assert exit_code_of(["model", *arguments, *at_home]) == exit_code
    assert words in capsys.readouterr().err


def test_an_empty_history_says_so(home: Home, capsys: pytest.CaptureFixture[str]):
    main(["model", "history", "--home", str(home.root)])
    assert "Promotions: none" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], *([one] for one in WORDS)])
def test_help_shows_an_example(words: list[str], capsys: pytest.CaptureFixture[str]):
    main(["model", *words, "--help"])
    assert "Example:" in capsys.readouterr().out


def history_of(home: Home):
    from linewise.core.settings import load_settings

    return history(load_settings(home=home.root))


def test_other_ways_to_choose_offers_stand_beside_what_was_done(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    measured = Measured(value=0.05, low=0.04, high=0.06)
    way = PolicyWorth(
        policy="the highest effect",
        by_method={"ips": measured, "switch_dr": measured},
        effective_count=812.0,
        warnings=("The weights are worth 812 rows.",),
    )
    judged = PastCalls(call_count=900, order_count=40, left_out_count=7, as_logged=measured, policies=(way,))
    monkeypatch.setattr(past_calls, "past_calls", lambda settings: judged)
    main(["model", "worth", "--home", str(home.root)])
    shown = capsys.readouterr()
    assert shown.out == ""
    for word in ("SWITCH-DR", "as it was done", "5.00 [4.00, 6.00]", "812", "left out: 7 calls"):
        assert word in shown.err
    main(["model", "worth", "--json", "--home", str(home.root)])
    assert json.loads(capsys.readouterr().out) == judged.model_dump(mode="json")
