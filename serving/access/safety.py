"""What no service outside the demo may run with."""

import ipaddress
from datetime import UTC, datetime

from linewise.core.errors import SettingsInvalid
from linewise.core.settings import Settings
from linewise.ledger.api_keys import list_keys
from linewise.ledger.store import ledger_of
from serving.access.local_users import LocalUsers

__all__ = ["enforce_safe"]


def enforce_safe(settings: Settings) -> None:
    """Raise SettingsInvalid, with what to do, for what is unsafe: nobody's address without https, the demo's people.

    In the demo everything goes. That nobody was made who may enter is no reason not to start: every door but those
    of health says so, and works as soon as somebody is.
    """
    if settings.profile == "demo":
        return
    is_near = settings.host == "localhost" or _is_loopback(settings.host)
    if settings.tls == "none" and (settings.profile == "production" or not is_near):
        raise SettingsInvalid(
            f"The service would listen on {settings.host} in profile {settings.profile!r} and speak plain http.",
            "https by a proxy in front of it was expected: passwords and customers' data cross the network.",
            "Put a proxy that speaks https in front and set tls = 'proxy', or listen on 127.0.0.1 (embedded).",
        )
    people = sorted(one.name for one in LocalUsers(settings).all().values() if one.is_demo and not one.is_disabled)
    if people:
        raise SettingsInvalid(
            f"The demo's users are in this home: {', '.join(people)}.",
            f"None was expected in profile {settings.profile!r}: their passwords were printed.",
            f"Run: linewise user disable {people[0]}, or serve this home with: linewise demo",
        )
    ledger = ledger_of(settings)
    try:
        keys = [one.key_id for one in list_keys(ledger) if one.is_demo and one.holds(datetime.now(UTC))]
    finally:
        ledger.close()
    if keys:
        raise SettingsInvalid(
            f"The demo's keys are in this home: {', '.join(keys)}.",
            f"None was expected in profile {settings.profile!r}: they were printed.",
            f"Run: linewise apikey revoke {keys[0]} --reason demo --by NAME",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
