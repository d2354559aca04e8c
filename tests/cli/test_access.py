"""Commands on who may: users with their passwords from the terminal or standard input, keys, and who looked."""

import json

import pytest
from click.testing import CliRunner, Result

from cli.apikey import command as apikey
from cli.audit import command as audit
from cli.serve import command as serve
from cli.user import command as user
from linewise.core.errors import Conflict, LinewiseError, NotFound, SettingsInvalid, UsageError
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.api_keys import find_key
from linewise.ledger.looks import Look, write_look
from linewise.ledger.store import open_ledger
from serving.access.local_users import LocalUsers
from tests.linewise.ledger.builders import NOW

PASSWORD = "a sentence nobody guesses"


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEWISE_PROFILE", "demo")
    monkeypatch.setenv("LINEWISE_HASHING_COST", "low")


def run(group: object, home: Home, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(group, [*words, "--home", str(home.root)], input=typed)  # type: ignore[arg-type]


def add(home: Home, name: str, *roles: str, password: str = PASSWORD) -> Result:
    given = [word for role in roles for word in ("--role", role)]
    return run(user, home, "add", name, *given, typed=f"{password}\n")


def test_a_user_is_added_listed_changed_and_disabled_by_commands_alone(home: Home) -> None:
    assert add(home, "li.na", "agent").exit_code == 0
    listed = json.loads(run(user, home, "list", "--json").stdout)
    assert [(one["name"], one["roles"], one["is_disabled"]) for one in listed] == [("li.na", ["agent"], False)]
    assert "argon2" not in run(user, home, "list", "--json").output
    assert run(user, home, "roles", "li.na", "--role", "supervisor", "--role", "reviewer").exit_code == 0
    assert run(user, home, "roles", "li.na", "--password", "--unlock", typed="another long sentence\n").exit_code == 0
    users = LocalUsers(load_settings(home=home.root))
    found = users.check("li.na", "another long sentence")
    assert found is not None
    assert found.roles == {"supervisor", "reviewer"}
    assert run(user, home, "disable", "li.na").exit_code == 0
    assert users.find("li.na") is None
    assert run(user, home, "disable", "li.na", "--enable").exit_code == 0
    assert users.find("li.na")


@pytest.mark.parametrize(
    ("name", "roles", "password", "error", "said"),
    [
        ("li.na", ("agent", "supervisor"), PASSWORD, Conflict, "cannot be agent and supervisor"),
        ("li.na", ("king",), PASSWORD, UsageError, "king"),
        ("li.na", ("agent",), "short", UsageError, "5 characters"),
        ("li.na", ("agent",), "", UsageError, "0 characters"),
        ("li na", ("agent",), PASSWORD, UsageError, "no name"),
    ],
)
def test_an_impossible_user_is_not_added(
    home: Home, name: str, roles: tuple[str, ...], password: str, error: type[LinewiseError], said: str
) -> None:
    done = add(home, name, *roles, password=password)
    assert isinstance(done.exception, error)
    assert said in str(done.exception)
    assert PASSWORD not in str(done.exception)
    assert not home.users_path.exists()


def test_changing_nobody_or_nothing_is_an_error(home: Home) -> None:
    assert isinstance(run(user, home, "disable", "nobody").exception, NotFound)
    assert isinstance(run(user, home, "roles", "nobody").exception, UsageError)


def test_no_command_takes_a_password_as_an_argument(home: Home) -> None:
    assert run(user, home, "add", "li.na", "--role", "agent", "--password", PASSWORD).exit_code == 2


def test_a_key_is_shown_once_listed_without_itself_and_revoked(home: Home) -> None:
    made = run(apikey, home, "create", "app", "--scope", "decisions:write", "--by", "olga")
    key = made.stdout.strip()
    ledger = open_ledger(home)
    found = find_key(ledger, key)
    assert found is not None
    listed = run(apikey, home, "list", "--json")
    assert key.rpartition("_")[2] not in listed.output
    assert [(one["name"], one["holds"]) for one in json.loads(listed.stdout)] == [("app", True)]
    assert run(apikey, home, "revoke", found.key_id, "--reason", "lost", "--by", "olga").exit_code == 0
    assert [one["holds"] for one in json.loads(run(apikey, home, "list", "--json").stdout)] == [False]
    ledger.close()


@pytest.mark.parametrize("scope", ["everything", "looks:grant", "team:read"])
def test_a_key_has_no_scope_that_is_unknown_or_a_person_s(home: Home, scope: str) -> None:
    done = run(apikey, home, "create", "app", "--scope", scope, "--by", "olga")
    assert isinstance(done.exception, UsageError)


def test_who_looked_is_shown_by_customer_and_by_person(home: Home) -> None:
    ledger = open_ledger(home)
    for name, customer_id in (("li.na", "C1"), ("bo", "C2")):
        write_look(ledger, Look(name, "agent", ledger.keys.lookup(customer_id), "reason", NOW, reason="a letter"))
    ledger.close()
    assert [one["who"] for one in json.loads(run(audit, home, "looks", "--json").stdout)] == ["bo", "li.na"]
    shown = json.loads(run(audit, home, "looks", "--json", "--customer", "C1", "--off-call").stdout)
    assert [one["who"] for one in shown] == ["li.na"]
    assert json.loads(run(audit, home, "looks", "--json", "--who", "bo", "--days", "1").stdout) == []
    assert "a letter" in run(audit, home, "looks").stderr


def test_a_service_that_would_be_unsafe_does_not_start(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEWISE_PROFILE", "embedded")
    monkeypatch.delenv("LINEWISE_HASHING_COST")
    done = run(serve, home, "--host", "0.0.0.0")
    assert isinstance(done.exception, SettingsInvalid)
    assert "tls = 'proxy'" in str(done.exception)
