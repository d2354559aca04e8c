"""Stopping needs one person, at once; going on needs another person's signature."""

from pathlib import Path

import pytest
from sqlalchemy import update

from linewise.core.errors import ApprovalMissing, Conflict, UnknownRelease, UsageError
from linewise.ledger.release_tables import stops
from linewise.ledger.signing import PersonKey
from linewise.ledger.stops import enforce_may_decide, lift, read_stops, stop
from linewise.ledger.store import Ledger
from tests.linewise.ledger.signers import NOW, a_cast, a_release


@pytest.fixture
def keys(ledger: Ledger, tmp_path: Path) -> dict[str, PersonKey]:
    made = a_cast(ledger, tmp_path)
    a_release(ledger)
    return made


@pytest.mark.parametrize("profile", ["demo", "embedded", "production"])
def test_a_stopped_release_decides_in_no_profile(ledger: Ledger, keys: dict[str, PersonKey], profile: str):
    stop(ledger, "release", "r1", "wrong limits", "anna", NOW)
    with pytest.raises(ApprovalMissing, match=r"stopped by anna .*wrong limits"):
        enforce_may_decide(ledger, "r1", profile)


def test_another_person_lets_it_go_on(ledger: Ledger, keys: dict[str, PersonKey]):
    stop(ledger, "release", "r1", "wrong limits", keys["bo"], NOW)
    with pytest.raises(ApprovalMissing, match=r"bo .*cannot let r1 go on"):
        lift(ledger, "release", "r1", "all well", keys["bo"], NOW)
    with pytest.raises(ApprovalMissing, match=r"ada .*cannot"):
        lift(ledger, "release", "r1", "all well", keys["ada"], NOW)
    lift(ledger, "release", "r1", "checked the limits", keys["cy"], NOW)
    enforce_may_decide(ledger, "r1", "embedded")
    with pytest.raises(Conflict, match="not stopped"):
        lift(ledger, "release", "r1", "again", keys["cy"], NOW)


@pytest.mark.parametrize("kind", ["service", "retention", "promotional", "mandatory", "limit", "plan"])
def test_each_kind_of_action_has_its_switch(ledger: Ledger, keys: dict[str, PersonKey], kind: str):
    stop(ledger, "action_kind", kind, "regulator called", "anna", NOW)
    assert [(one, told.reason) for one, told in enforce_may_decide(ledger, "r1", "embedded").items()] == [
        (kind, "regulator called")
    ]
    lift(ledger, "action_kind", kind, "settled", keys["sue"], NOW)
    assert enforce_may_decide(ledger, "r1", "embedded") == {}


@pytest.mark.parametrize(
    ("kind", "target", "reason", "by", "error", "said"),
    [
        ("release", "r9", "x", "anna", UnknownRelease, "'r9'"),
        ("action_kind", "cards", "x", "anna", UsageError, "'cards'"),
        ("action_kind", "limit", " ", "anna", UsageError, "'reason'"),
        ("action_kind", "limit", "x", " ", UsageError, "'by'"),
    ],
)
def test_a_stop_names_what_why_and_who(
    ledger: Ledger, keys: dict[str, PersonKey], kind: str, target: str, reason: str, by: str, error: type, said: str
):
    with pytest.raises(error, match=said):
        stop(ledger, kind, target, reason, by, NOW)


def test_what_is_stopped_is_not_stopped_again(ledger: Ledger, keys: dict[str, PersonKey]):
    stop(ledger, "action_kind", "limit", "x", "anna", NOW)
    with pytest.raises(Conflict, match="stopped by anna"):
        stop(ledger, "action_kind", "limit", "y", "otto", NOW)


@pytest.mark.parametrize("change", [{"reason": "better"}, {"name": "di"}, {"role": "supervisor"}, {"signature": ""}])
def test_a_lifting_that_was_altered_counts_as_absent_and_the_stop_holds(
    ledger: Ledger, keys: dict[str, PersonKey], change: dict[str, str]
):
    stop(ledger, "action_kind", "limit", "x", "anna", NOW)
    lift(ledger, "action_kind", "limit", "settled", keys["cy"], NOW)
    with ledger.engine.begin() as connection:
        connection.execute(update(stops).where(stops.c.act == "lift").values(**change))
        found = read_stops(connection)
    assert (list(found.kinds), len(found.problems)) == (["limit"], 1)
