"""Whom the demo lets in: an agent, a supervisor and a machine, made anew at each start and printed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from linewise.core.errors import UsageError
from linewise.core.settings import Settings
from linewise.ledger.api_keys import list_keys, make_key, revoke_key
from linewise.ledger.store import ledger_of
from serving.access.local_users import LocalUsers
from serving.access.scopes import KEY_SCOPES

__all__ = ["DemoAccess", "let_in_demo"]

PEOPLE: Mapping[str, str] = {"demo.agent": "agent", "demo.supervisor": "supervisor"}
MACHINE = "demo"
DAYS = 7


@dataclass(frozen=True, slots=True)
class DemoAccess:
    """What a newcomer is told: passwords by name, and the key of a machine that may everything a machine may."""

    passwords: Mapping[str, str]
    key: str


def let_in_demo(settings: Settings) -> DemoAccess:
    """Make the demo's people and key anew; those of an earlier start open nothing any more.

    Raises UsageError outside the demo's profile, in which nobody whom this makes is let in.
    """
    if settings.profile != "demo":
        raise UsageError(f"The profile is {settings.profile!r}.", "'demo' was expected: these passwords are printed.")
    users = LocalUsers(settings)
    users.drop_demo()
    passwords = {name: secrets.token_urlsafe(9) for name in PEOPLE}
    for name, role in PEOPLE.items():
        users.add(name, [role], passwords[name], (), is_demo=True)
    ledger, now = ledger_of(settings), datetime.now(UTC)
    try:
        for one in list_keys(ledger):
            if one.is_demo and one.holds(now):
                revoke_key(ledger, one.key_id, "the demo begins anew", MACHINE, now)
        key, _ = make_key(ledger, MACHINE, KEY_SCOPES, DAYS, MACHINE, now, is_demo=True)
    finally:
        ledger.close()
    return DemoAccess(passwords, key)
