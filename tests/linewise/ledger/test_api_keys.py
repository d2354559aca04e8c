"""A key is shown once, opens what it names until its day, and nothing once it is revoked."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from linewise.core.errors import Conflict, NotFound, UsageError
from linewise.ledger.access_tables import api_keys
from linewise.ledger.api_keys import find_key, list_keys, make_key, revoke_key
from linewise.ledger.store import Ledger
from tests.linewise.ledger.builders import NOW

DAY = timedelta(days=1)


def test_a_key_is_found_by_itself_and_stands_nowhere(ledger: Ledger) -> None:
    key, made = make_key(ledger, "telephony", ["calls:write"], 90, "olga", NOW)
    assert find_key(ledger, key) == made
    with ledger.engine.connect() as connection:
        assert key.rpartition("_")[2] not in str(connection.execute(select(api_keys)).one())
    assert (made.holds(NOW + 90 * DAY - timedelta(seconds=1)), made.holds(NOW + 90 * DAY)) == (True, False)


@pytest.mark.parametrize(
    "spoil", [lambda key: key[:-1], lambda key: key + "x", lambda key: "xx" + key[2:], lambda _: "", lambda _: "lw__",
              lambda key: key.replace("_", "-"), lambda key: key.rpartition("_")[0] + "_", lambda _: "é_é_é"],
)  # fmt: skip
def test_what_is_no_key_opens_nothing(ledger: Ledger, spoil) -> None:
    key, _ = make_key(ledger, "telephony", ["calls:write"], 90, "olga", NOW)
    assert find_key(ledger, spoil(key)) is None


def test_a_revoked_key_holds_no_more_and_is_revoked_once(ledger: Ledger) -> None:
    key, made = make_key(ledger, "telephony", ["calls:write"], 90, "olga", NOW)
    revoke_key(ledger, made.key_id, "lost; ask 13812345678", "olga", NOW)
    found = find_key(ledger, key)
    assert found is not None
    assert (found.holds(NOW), found.revoked_by) == (False, "olga")
    with pytest.raises(Conflict, match="revoked by olga"):
        revoke_key(ledger, made.key_id, "again", "bo", NOW)
    with pytest.raises(NotFound):
        revoke_key(ledger, "none", "again", "bo", NOW)


def test_the_latest_key_is_listed_first(ledger: Ledger) -> None:
    for number, name in enumerate(("app", "ivr")):
        make_key(ledger, name, ["decisions:write"], 1, "olga", NOW + number * DAY)
    assert [one.name for one in list_keys(ledger)] == ["ivr", "app"]


@pytest.mark.parametrize(
    ("name", "scopes", "days", "by"),
    [("", ["x"], 1, "o"), ("n", [], 1, "o"), ("n", ["x"], 0, "o"), ("n", ["x"], 367, "o"), ("n", ["x"], 1, " ")],
)
def test_an_impossible_key_is_not_made(ledger: Ledger, name: str, scopes: list[str], days: int, by: str) -> None:
    with pytest.raises(UsageError):
        make_key(ledger, name, scopes, days, by, NOW)
    assert list_keys(ledger) == []
