"""The users' file: who is let in, in which roles, and what is refused before it is written."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from linewise.core.errors import Conflict, NotFound, SettingsInvalid, UsageError
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.policy.roles import load_roles
from serving.access.identity import Person
from serving.access.local_users import LocalUsers
from serving.access.passwords import Passwords, enforce_good_password
from tests.serving.access.people import PASSWORD, quick_settings, with_users

INCOMPATIBLE = load_roles(None).incompatible


@pytest.fixture
def users(home: Home) -> LocalUsers:
    return with_users(quick_settings(home), {"li.na": ("agent",), "wang.wei": ("supervisor", "reviewer")})


def test_who_gives_the_password_is_let_in_under_the_name_as_it_was_made(users: LocalUsers) -> None:
    assert users.check("LI.NA", PASSWORD) == Person("li.na", frozenset({"agent"}))
    assert users.find("wang.wei") == Person("wang.wei", frozenset({"supervisor", "reviewer"}))


@pytest.mark.parametrize(
    ("name", "password"),
    [("li.na", PASSWORD + "x"), ("li.na", ""), ("nobody", PASSWORD), ("", ""), ("li.na", "x" * 5000)],
)
def test_a_wrong_name_and_a_wrong_password_are_the_same(users: LocalUsers, name: str, password: str) -> None:
    assert users.check(name, password) is None


def test_a_name_that_nobody_has_costs_as_much_as_a_wrong_password(
    users: LocalUsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[bool] = []
    honest = Passwords.check
    monkeypatch.setattr(
        Passwords, "check", lambda self, kept, given: checked.append(kept is None) or honest(self, kept, given)
    )
    for name in ("nobody", "li.na"):
        users.check(name, "wrong")
    assert checked == [True, False]


def test_the_hash_that_nobody_has_is_made_with_the_same_cost(home: Home) -> None:
    passwords = Passwords(load_settings(home=home.root))
    assert passwords._nobody.split("$")[:4] == ["", "argon2id", "v=19", "m=65536,t=3,p=4"]


def test_only_the_owner_may_read_the_file_and_no_password_stands_in_it(users: LocalUsers) -> None:
    assert stat.S_IMODE(users.path.stat().st_mode) == 0o600
    assert PASSWORD not in users.path.read_text(encoding="utf-8")


def test_who_is_disabled_is_out_at_once_and_the_name_stays_taken(users: LocalUsers) -> None:
    users.change("li.na", is_disabled=True)
    assert users.check("li.na", PASSWORD) is users.find("li.na") is None
    with pytest.raises(Conflict, match="There is a user"):
        users.add("Li.Na", ["agent"], PASSWORD, ())
    users.change("li.na", is_disabled=False)
    assert users.find("li.na")


def test_another_process_s_change_is_seen(users: LocalUsers, home: Home) -> None:
    other = LocalUsers(quick_settings(home))
    assert other.find("li.na")
    users.change("li.na", roles=("auditor",))
    assert other.find("li.na") == Person("li.na", frozenset({"auditor"}))
    with pytest.raises(NotFound):
        other.change("nobody", is_disabled=True)


def test_users_added_at_once_are_all_there(home: Home) -> None:
    settings = quick_settings(home)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: LocalUsers(settings).add(f"u{number}", ["agent"], PASSWORD, ()), range(16)))
    assert len(LocalUsers(settings).all()) == 16


@pytest.mark.parametrize(
    ("name", "roles", "error"),
    [
        ("li na", ["agent"], UsageError),
        ("", ["agent"], UsageError),
        ("x" * 65, ["agent"], UsageError),
        ("../li", ["agent"], UsageError),
        ("李娜", [], UsageError),
        ("bo", ["king"], UsageError),
        ("bo", ["agent", "supervisor"], Conflict),
        ("bo", ["auditor", "operator"], Conflict),
    ],
)
def test_an_impossible_user_is_not_written(home: Home, name: str, roles: list[str], error: type[Exception]) -> None:
    users = LocalUsers(quick_settings(home))
    with pytest.raises(error):
        users.add(name, roles, PASSWORD, INCOMPATIBLE)
    assert not users.path.exists()


def test_roles_that_go_together_are_held_together(home: Home) -> None:
    made = LocalUsers(quick_settings(home)).add("李娜", ["reviewer", "supervisor"], PASSWORD, INCOMPATIBLE)
    assert made.roles == ("supervisor", "reviewer")


@pytest.mark.parametrize("text", ["", "{}", '{"users": [{"name": "x"}]}', '{"users": 7}', "[" * 10])
def test_a_file_that_cannot_be_read_lets_nobody_in_and_says_so(home: Home, text: str) -> None:
    home.users_path.parent.mkdir(parents=True)
    home.users_path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        LocalUsers(quick_settings(home)).find("li.na")


def test_the_demo_s_people_are_let_in_by_the_demo_alone(home: Home) -> None:
    LocalUsers(quick_settings(home)).add("demo.agent", ["agent"], PASSWORD, (), is_demo=True)
    assert LocalUsers(quick_settings(home)).has_anybody()
    outside = LocalUsers(load_settings(home=home.root))
    assert (outside.find("demo.agent"), outside.has_anybody()) == (None, False)
    assert json.loads(home.users_path.read_text(encoding="utf-8"))["users"][0]["is_demo"]


@pytest.mark.parametrize("password", ["short", "x" * 12, "li.na-likes-tea", "y" * 257, "abababababababab"])
def test_a_password_that_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(UsageError):
        enforce_good_password("li.na", password)


def test_any_long_sentence_is_a_password() -> None:
    for password in (PASSWORD, "一句别人猜不到的很长的中文话语", "correct horse battery staple"):
        enforce_good_password("li.na", password)


def test_quick_hashing_is_refused_outside_the_demo(home: Home) -> None:
    with pytest.raises(SettingsInvalid, match="hashing_cost 'low' is for profile 'demo'"):
        load_settings(home=home.root, hashing_cost="low")
