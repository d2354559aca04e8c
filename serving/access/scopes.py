"""What a scope opens, and which scopes a role of a person brings; a machine's key names its own.

Here and not in the policy's `roles.yaml`: a change of policy is signed for what it decides, and must open no door.
"""

from collections.abc import Collection, Mapping
from typing import Literal

from linewise.core.errors import NotAllowed
from serving.scoring.field_scopes import AUDIENCES, Audience

__all__ = ["KEY_SCOPES", "SCOPES", "View", "scopes_of", "view_for"]

View = Literal["full", "customer", "agent", "reviewer", "risk", "auditor"]

SCOPES: Mapping[str, str] = {
    "decisions:write": "ask for a decision on a customer",
    "decisions:read": "read a decision that was made",
    "outcomes:write": "tell what became of an offer, the limit or a plan",
    "bookings:write": "tell what the core system booked or took back",
    "calls:write": "tell of a call: ringing, answered, what was said, ended",
    "calls:read": "read a call and what was said of it",
    "outbox:send": "take the messages that wait for customers, and tell what became of them",
    "looks:grant": "let another person in to a record that two people open",
    "team:read": "see a team's figures",
    **{f"view:{one}": f"see of a decision what is for {one}" for one in AUDIENCES},
}

KEY_SCOPES = tuple(one for one in SCOPES if one not in {"looks:grant", "team:read"})
"""What a machine may have; the others are for people alone."""

_OF_ROLE: Mapping[str, tuple[str, ...]] = {
    "agent": ("decisions:write", "decisions:read", "outcomes:write", "calls:write", "calls:read", "view:agent"),
    "supervisor": ("decisions:read", "calls:read", "view:agent", "looks:grant", "team:read"),
    "reviewer": ("decisions:read", "view:reviewer"),
    "validator": ("decisions:read", "view:risk"),
    "privacy_officer": ("decisions:read", "view:customer", "looks:grant"),
    "auditor": ("decisions:read", "calls:read", "view:auditor"),
}
"""Roles that are not here (authors, approvers, marketers, engineers, operators) see no single customer."""


def scopes_of(roles: Collection[str]) -> frozenset[str]:
    """All that these roles open."""
    return frozenset(scope for role in roles for scope in _OF_ROLE.get(role, ()))


def view_for(scopes: Collection[str], asked: View | None) -> Audience:
    """As whom the caller sees a decision: as asked for where the scopes reach so far, else all that they reach.

    Raises NotAllowed for more than that, and where no view is among the scopes.
    """
    most = max((AUDIENCES.index(one) for one in AUDIENCES if f"view:{one}" in scopes), default=-1)
    if most < 0:
        raise NotAllowed("Nothing of a decision may be seen with these scopes.", "A scope view:… was expected.")
    wanted = most if asked is None else AUDIENCES.index("auditor" if asked == "full" else asked)
    if wanted > most:
        raise NotAllowed(
            f"The view {asked!r} is beyond what you may see.", f"At most {AUDIENCES[most]!r} was expected."
        )
    return AUDIENCES[wanted]
