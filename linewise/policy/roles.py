"""Which roles one person may not hold together, and whose approval what needs: data that a bank may tighten."""

from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, field_validator

from linewise.ledger.approvals import Needed
from linewise.ledger.campaigns import APPROVING
from linewise.ledger.people import ROLES
from linewise.policy.standard_folder import policy_folder
from linewise.policy.yaml_source import Strict, load_checked

__all__ = ["RoleBook", "load_roles"]

FEWEST_PEOPLE = 2
"""Promoting a release and raising a budget never need fewer approvals, whatever a policy says."""

Act = Literal["promote", "raise_budget", "approve_campaign"]


def _known(roles: list[str]) -> list[str]:
    for role in roles:
        if role not in ROLES:
            raise ValueError(f"the role {role!r} is unknown; one of {', '.join(ROLES)} was expected")
    return roles


class _NeededEntry(Strict):
    people_count: Annotated[int, Field(ge=FEWEST_PEOPLE, le=9)]
    roles: Annotated[list[str], Field(min_length=1)]

    _roles_are_known = field_validator("roles")(_known)


class _NeededOfCampaign(Strict):
    """Whoever made it and one other person are two already."""

    people_count: Annotated[int, Field(ge=APPROVING.people_count, le=9)] = APPROVING.people_count
    roles: list[str] = Field(min_length=1, default_factory=lambda: list(APPROVING.roles))

    _roles_are_known = field_validator("roles")(_known)


class _NeedsApproval(Strict):
    promote: _NeededEntry
    raise_budget: _NeededEntry
    # A policy of before there were campaigns says nothing of them.
    approve_campaign: _NeededOfCampaign = _NeededOfCampaign()


class _RolesFile(Strict):
    version: str
    incompatible: list[Annotated[list[str], Field(min_length=2, max_length=2)]]
    needs_approval: _NeedsApproval

    @field_validator("incompatible")
    @classmethod
    def _pairs_are_two_known_roles(cls, pairs: list[list[str]]) -> list[list[str]]:
        for pair in pairs:
            if len(set(_known(pair))) < len(pair):
                raise ValueError(f"a role is always compatible with itself: {pair[0]!r}")
        return pairs


class RoleBook(Strict):
    """Pairs of roles that check each other, and what needs approval."""

    incompatible: frozenset[frozenset[str]]
    needed: dict[Act, Needed]


def load_roles(folder: Path | None) -> RoleBook:
    """The roles of a policy folder (None: the standard one).

    Raises PolicyInvalid with file and line for an unknown role, or for fewer approvals than two people's.
    """
    file = load_checked(policy_folder(folder) / "roles.yaml", _RolesFile)
    return RoleBook(
        incompatible=frozenset(frozenset(pair) for pair in file.incompatible),
        needed={act: _needed(getattr(file.needs_approval, act)) for act in get_args(Act)},
    )


def _needed(entry: _NeededEntry | _NeededOfCampaign) -> Needed:
    return Needed(entry.people_count, tuple(entry.roles))
