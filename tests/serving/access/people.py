"""Users of a home whose passwords are hashed quickly, which the demo's profile alone allows."""

from collections.abc import Mapping

from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from serving.access.local_users import LocalUsers

__all__ = ["PASSWORD", "quick_settings", "with_users"]

PASSWORD = "a sentence nobody guesses"


def quick_settings(home: Home, **given: object) -> Settings:
    return load_settings(home=home.root, profile="demo", hashing_cost="low", **given)


def with_users(settings: Settings, users: Mapping[str, tuple[str, ...]]) -> LocalUsers:
    """The users' file with these people, all with the same password."""
    made = LocalUsers(settings)
    for name, roles in users.items():
        made.add(name, roles, PASSWORD, ())
    return made
