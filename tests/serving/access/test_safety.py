"""What is safe enough to serve, profile by profile, and what to do where it is not."""

from datetime import UTC, datetime

import pytest

from linewise.core.errors import SettingsInvalid, UsageError
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.api_keys import list_keys, revoke_key
from linewise.ledger.store import open_ledger
from serving.access.demo import let_in_demo
from serving.access.local_users import LocalUsers
from serving.access.safety import enforce_safe
from tests.serving.access.people import quick_settings


@pytest.mark.parametrize(
    ("given", "is_safe"),
    [
        ({}, True),
        ({"host": "localhost"}, True),
        ({"host": "::1"}, True),
        ({"host": "127.8.0.1"}, True),
        ({"host": "0.0.0.0"}, False),
        ({"host": "10.0.0.7"}, False),
        ({"host": "linewise.bank.example"}, False),
        ({"host": "10.0.0.7", "tls": "proxy"}, True),
        ({"profile": "production", "clock": "wall"}, False),
        ({"profile": "demo", "host": "0.0.0.0"}, True),
    ],
)
def test_passwords_cross_a_network_by_https_alone(home: Home, given: dict, is_safe: bool) -> None:
    settings = load_settings(home=home.root, **given)
    if is_safe:
        enforce_safe(settings)
    else:
        with pytest.raises(SettingsInvalid, match="tls = 'proxy'"):
            enforce_safe(settings)


def test_the_demo_s_people_and_keys_are_refused_outside_it_until_they_are_gone(home: Home) -> None:
    made = let_in_demo(quick_settings(home))
    assert set(made.passwords) == {"demo.agent", "demo.supervisor"}
    outside = load_settings(home=home.root)
    with pytest.raises(SettingsInvalid, match="linewise user disable"):
        enforce_safe(outside)
    for name in made.passwords:
        LocalUsers(outside).change(name, is_disabled=True)
    with pytest.raises(SettingsInvalid, match="linewise apikey revoke"):
        enforce_safe(outside)
    ledger = open_ledger(home)
    revoke_key(ledger, list_keys(ledger)[0].key_id, "over", "olga", datetime.now(UTC))
    ledger.close()
    enforce_safe(outside)


def test_each_start_of_the_demo_prints_others(home: Home) -> None:
    settings = quick_settings(home)
    first, second = let_in_demo(settings), let_in_demo(settings)
    users = LocalUsers(settings)
    assert users.check("demo.agent", first.passwords["demo.agent"]) is None
    assert users.check("demo.agent", second.passwords["demo.agent"])
    ledger = open_ledger(home)
    assert [one.holds(datetime.now(UTC)) for one in list_keys(ledger)] == [True, False]
    ledger.close()


def test_nobody_makes_the_demo_s_people_elsewhere(home: Home) -> None:
    with pytest.raises(UsageError, match="'demo' was expected"):
        let_in_demo(load_settings(home=home.root))
