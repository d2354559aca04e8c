"""An approval is another person's signature on the hash of a release, and nothing less."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from linewise.core.errors import ApprovalMissing, Conflict, UnknownRelease, UsageError
from linewise.ledger.approvals import enforce_approved, sign_act, signatures_of
from linewise.ledger.people import register_person, withdraw_key
from linewise.ledger.release_tables import releases, signed_acts
from linewise.ledger.releases import note_release, read_release, releases_seen
from linewise.ledger.signing import PersonKey, make_key_file
from linewise.ledger.stops import enforce_may_decide
from linewise.ledger.store import Ledger
from tests.linewise.ledger.signers import INCOMPATIBLE, NOW, PARTS, a_cast, a_release


@pytest.fixture
def keys(ledger: Ledger, tmp_path: Path) -> dict[str, PersonKey]:
    made = a_cast(ledger, tmp_path)
    a_release(ledger)
    return made


def sign(ledger: Ledger, key: PersonKey, act: str = "approve", release_id: str = "r1") -> None:
    sign_act(ledger, release_id, act, key, "I have read the impact.", NOW)


def problems(ledger: Ledger) -> list[str]:
    with ledger.engine.connect() as connection:
        return list(signatures_of(connection, read_release(connection, "r1")).problems)


def may_decide(ledger: Ledger) -> bool:
    try:
        enforce_may_decide(ledger, "r1", "production")
    except ApprovalMissing:
        return False
    return True


def test_a_release_of_two_other_peoples_signatures_decides_in_production(ledger: Ledger, keys: dict[str, PersonKey]):
    steps = []
    for name, act in (("ada", "propose"), ("bo", "approve"), ("cy", "approve")):
        sign(ledger, keys[name], act)
        steps.append(may_decide(ledger))
    assert steps == [False, False, True]


@pytest.mark.parametrize("profile", ["demo", "embedded"])
def test_outside_production_nobody_needs_to_sign(ledger: Ledger, keys: dict[str, PersonKey], profile: str):
    enforce_may_decide(ledger, "r1", profile)


def test_what_is_missing_is_said(ledger: Ledger, keys: dict[str, PersonKey]):
    with pytest.raises(ApprovalMissing, match="nobody has signed for having made it"):
        enforce_may_decide(ledger, "r1", "production")
    sign(ledger, keys["ada"], "propose")
    sign(ledger, keys["bo"])
    with pytest.raises(ApprovalMissing, match="1 of 2 people") as missing:
        enforce_may_decide(ledger, "r1", "production")
    assert (missing.value.http_status, missing.value.exit_code) == (403, 6)


def test_nobody_approves_before_an_author_has_signed(ledger: Ledger, keys: dict[str, PersonKey]):
    with pytest.raises(ApprovalMissing, match="having made"):
        sign(ledger, keys["bo"])


def test_the_author_cannot_approve_their_own_release(ledger: Ledger, keys: dict[str, PersonKey]):
    sign(ledger, keys["bo"], "propose")
    with pytest.raises(ApprovalMissing, match="bo cannot approve r1: bo made"):
        sign(ledger, keys["bo"])


def test_whoever_approved_a_release_cannot_turn_out_to_be_its_author(ledger: Ledger, keys: dict[str, PersonKey]):
    sign(ledger, keys["ada"], "propose")
    sign(ledger, keys["bo"])
    with pytest.raises(Conflict, match="has approved"):
        sign(ledger, keys["bo"], "propose")


def test_one_person_with_two_keys_is_one_person(ledger: Ledger, keys: dict[str, PersonKey], tmp_path: Path):
    second = make_key_file(tmp_path / "second.pem")
    register_person(ledger, "bo", "validator", second.public, keys["olga"], INCOMPATIBLE, NOW)
    sign(ledger, keys["ada"], "propose")
    sign(ledger, keys["bo"])
    with pytest.raises(Conflict, match="bo has signed this before"):
        sign(ledger, second)
    assert not may_decide(ledger)


def test_an_author_who_registers_a_key_gains_no_approver(ledger: Ledger, keys: dict[str, PersonKey], tmp_path: Path):
    sign(ledger, keys["olga"], "propose")
    with pytest.raises(ApprovalMissing, match="olga registered that key"):
        sign(ledger, keys["bo"])


def test_a_role_that_is_not_asked_for_does_not_count(ledger: Ledger, keys: dict[str, PersonKey]):
    sign(ledger, keys["ada"], "propose")
    sign(ledger, keys["rex"])
    sign(ledger, keys["bo"])
    assert not may_decide(ledger)
    sign(ledger, keys["di"])
    assert may_decide(ledger)


def test_a_typed_name_is_no_approval(ledger: Ledger, keys: dict[str, PersonKey]):
    sign(ledger, keys["ada"], "propose")
    sign(ledger, keys["bo"])
    with ledger.engine.begin() as connection:
        release = read_release(connection, "r1")
        row = {
            "act": "approve", "subject": "r1", "subject_sha256": release.sha256, "meaning": "fine", "name": "cy",
            "role": "validator", "key_id": keys["cy"].key_id, "at": NOW.isoformat(), "signature": "ab" * 64,
        }  # fmt: skip
        connection.execute(insert(signed_acts).values(**row))
    assert not may_decide(ledger)
    assert problems(ledger) == ["approve by cy: the signature does not verify"]


@pytest.mark.parametrize(
    "change",
    [{"meaning": "everything"}, {"at": (NOW + timedelta(days=1)).isoformat()}, {"signature": "00" * 64},
     {"signature": "zz"}, {"name": "di"}, {"role": "supervisor"}, {"key_id": "0" * 32}, {"subject_sha256": "0" * 64}],
    ids=str,
)  # fmt: skip
def test_a_signature_of_which_a_field_was_altered_counts_as_absent_and_is_told(
    ledger: Ledger, keys: dict[str, PersonKey], change: dict[str, str]
):
    for name, act in (("ada", "propose"), ("bo", "approve"), ("cy", "approve")):
        sign(ledger, keys[name], act)
    with ledger.engine.begin() as connection:
        connection.execute(update(signed_acts).where(signed_acts.c.name == "cy").values(**change))
    assert not may_decide(ledger)
    assert len(problems(ledger)) == 1


def test_signatures_do_not_outlive_a_change_of_the_parts_that_were_signed(ledger: Ledger, keys: dict[str, PersonKey]):
    for name, act in (("ada", "propose"), ("bo", "approve"), ("cy", "approve")):
        sign(ledger, keys[name], act)
    with ledger.engine.begin() as connection:
        connection.execute(update(releases).values(parts='{"models":"m2"}'))
    assert not may_decide(ledger)
    assert len(problems(ledger)) == 3


def test_a_signature_is_for_one_release_alone(ledger: Ledger, keys: dict[str, PersonKey]):
    a_release(ledger, "r2")
    for name, act in (("ada", "propose"), ("bo", "approve"), ("cy", "approve")):
        sign(ledger, keys[name], act, "r2")
    with ledger.engine.begin() as connection:
        connection.execute(update(signed_acts).values(subject="r1"))
    assert not may_decide(ledger)


def test_a_release_that_was_never_opened_here_is_not_found(ledger: Ledger, keys: dict[str, PersonKey]):
    with pytest.raises(UnknownRelease, match="'r9'"):
        sign(ledger, keys["bo"], "approve", "r9")
    with pytest.raises(UnknownRelease, match="'r9'"), ledger.engine.connect() as connection:
        enforce_approved(connection, "r9")


def test_an_unknown_act_is_refused(ledger: Ledger, keys: dict[str, PersonKey]):
    with pytest.raises(UsageError, match="'bless'"):
        sign(ledger, keys["bo"], "bless")


def test_an_unknown_key_is_nobodys(ledger: Ledger, keys: dict[str, PersonKey], tmp_path: Path):
    with pytest.raises(ApprovalMissing, match="nobody registered"):
        sign(ledger, make_key_file(tmp_path / "x.pem"))


def test_a_release_is_noted_once_and_stands_for_one_set_of_parts(ledger: Ledger, keys: dict[str, PersonKey]):
    note_release(ledger, "r1", PARTS | {"id": "r1"}, "somebody else", NOW + timedelta(days=1))
    (seen,) = releases_seen(ledger)
    assert (seen.made_by, seen.first_seen_at) == ("service", NOW)
    with pytest.raises(Conflict, match="other parts"):
        note_release(ledger, "r1", PARTS, "service", NOW)


def test_an_approval_by_a_key_that_was_withdrawn_counts_no_more(ledger: Ledger, keys: dict[str, PersonKey]):
    for name, act in (("ada", "propose"), ("bo", "approve"), ("cy", "approve")):
        sign(ledger, keys[name], act)
    assert may_decide(ledger)
    withdraw_key(ledger, keys["cy"].key_id, "stolen", "anna", NOW)
    assert not may_decide(ledger)
