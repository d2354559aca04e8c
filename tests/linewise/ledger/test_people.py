"""Who may sign: registered by an operator's signature, and in roles that do not check each other."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import update

from linewise.core.errors import ApprovalMissing, Conflict, NotFound, UsageError
from linewise.ledger.people import read_people, register_person, withdraw_key
from linewise.ledger.release_tables import people
from linewise.ledger.signing import PersonKey, make_key_file, read_key_file
from linewise.ledger.store import Ledger
from tests.linewise.ledger.signers import CAST, INCOMPATIBLE, NOW, a_cast


@pytest.fixture
def keys(ledger: Ledger, tmp_path: Path) -> dict[str, PersonKey]:
    return a_cast(ledger, tmp_path)


def registered(ledger: Ledger) -> dict[str, str]:
    with ledger.engine.connect() as connection:
        return {one.name: one.role for one in read_people(connection).by_key.values()}


def test_a_key_file_is_its_holders_alone_and_is_never_written_over(tmp_path: Path):
    made = make_key_file(tmp_path / "keys" / "ada.pem")
    assert stat.S_IMODE((tmp_path / "keys" / "ada.pem").stat().st_mode) == 0o600
    assert read_key_file(tmp_path / "keys" / "ada.pem").key_id == made.key_id
    with pytest.raises(Conflict, match="already"):
        make_key_file(tmp_path / "keys" / "ada.pem")


@pytest.mark.parametrize(
    "content", [None, b"", b"hello", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"]
)
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes | None):
    path = tmp_path / "no.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match="no key"):
        read_key_file(path)


def test_the_first_key_is_an_operators_who_registers_all_others(ledger: Ledger, keys: dict[str, PersonKey]):
    assert registered(ledger) == CAST


def test_nobody_but_an_operator_is_registered_first(ledger: Ledger, tmp_path: Path):
    key = make_key_file(tmp_path / "bo.pem")
    with pytest.raises(ApprovalMissing, match="first key"):
        register_person(ledger, "bo", "policy_approver", key.public, key, INCOMPATIBLE, NOW)


@pytest.mark.parametrize("registrar", ["ada", "bo", "stranger"])
def test_whoever_is_no_operator_registers_nobody(
    ledger: Ledger, keys: dict[str, PersonKey], tmp_path: Path, registrar: str
):
    keys["stranger"] = make_key_file(tmp_path / "stranger.pem")
    fresh = make_key_file(tmp_path / "fresh.pem")
    with pytest.raises(ApprovalMissing):
        register_person(ledger, "new", "policy_approver", fresh.public, keys[registrar], INCOMPATIBLE, NOW)


@pytest.mark.parametrize(
    ("name", "role", "error", "said"),
    [
        ("ada", "policy_approver", Conflict, "policy_author already"),
        ("olga", "validator", Conflict, "operator already"),
        ("Ada", "reviewer", Conflict, "spelt"),
        ("new", "king", UsageError, "'king'"),
        (" ", "reviewer", UsageError, "name"),
    ],
)
def test_roles_that_check_each_other_are_never_one_persons(
    ledger: Ledger, keys: dict[str, PersonKey], tmp_path: Path, name: str, role: str, error: type, said: str
):
    fresh = make_key_file(tmp_path / "fresh.pem")
    with pytest.raises(error, match=said):
        register_person(ledger, name, role, fresh.public, keys["olga"], INCOMPATIBLE, NOW)


def test_one_key_is_registered_once(ledger: Ledger, keys: dict[str, PersonKey]):
    with pytest.raises(Conflict, match="registered already"):
        register_person(ledger, "new", "reviewer", keys["bo"].public, keys["olga"], INCOMPATIBLE, NOW)


@pytest.mark.parametrize("public", ["", "zz", "ab" * 31])
def test_what_is_no_public_key_is_refused(ledger: Ledger, keys: dict[str, PersonKey], public: str):
    with pytest.raises(UsageError, match="no public key"):
        register_person(ledger, "new", "reviewer", public, keys["olga"], INCOMPATIBLE, NOW)


@pytest.mark.parametrize("change", [{"role": "policy_approver"}, {"name": "bo2"}, {"public_key": "ab" * 32}])
def test_a_registration_that_was_altered_counts_as_absent_and_is_told(
    ledger: Ledger, keys: dict[str, PersonKey], change: dict[str, str]
):
    with ledger.engine.begin() as connection:
        connection.execute(update(people).where(people.c.name == "ada").values(**change))
        found = read_people(connection)
    assert keys["ada"].key_id not in found.by_key
    assert len(found.problems) == 1


def test_a_withdrawn_key_signs_nothing_and_whom_it_registered_stays(ledger: Ledger, keys: dict[str, PersonKey]):
    withdraw_key(ledger, keys["bo"].key_id, "lost on a train", "anna", NOW)
    withdraw_key(ledger, keys["olga"].key_id, "stolen", "anna", NOW)
    assert set(registered(ledger)) == set(CAST) - {"bo", "olga"}
    with pytest.raises(NotFound, match="no key"):
        withdraw_key(ledger, keys["bo"].key_id, "again", "anna", NOW)
    with pytest.raises(UsageError, match="reason"):
        withdraw_key(ledger, keys["cy"].key_id, " ", "anna", NOW)
    with pytest.raises(ApprovalMissing):
        register_person(ledger, "bo", "policy_approver", keys["bo"].public, keys["olga"], INCOMPATIBLE, NOW)


def test_where_every_key_was_withdrawn_nobody_begins_anew(ledger: Ledger, tmp_path: Path):
    first, second = (make_key_file(tmp_path / f"{name}.pem") for name in ("first", "second"))
    register_person(ledger, "olga", "operator", first.public, first, INCOMPATIBLE, NOW)
    withdraw_key(ledger, first.key_id, "stolen", "anna", NOW)
    with pytest.raises(ApprovalMissing, match="nobody registered"):
        register_person(ledger, "eve", "operator", second.public, second, INCOMPATIBLE, NOW)
