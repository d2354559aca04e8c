"""What a role opens and as whom a decision is seen: never beyond what the scopes reach."""

import pytest

from linewise.core.errors import NotAllowed
from linewise.ledger.people import ROLES
from linewise.policy.roles import load_roles
from serving.access.scopes import KEY_SCOPES, SCOPES, scopes_of, view_for
from serving.scoring.field_scopes import AUDIENCES

SEES_NO_CUSTOMER = {"policy_author", "policy_approver", "marketer", "ml_engineer", "operator"}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_its_work_needs_and_no_unknown_scope(role: str) -> None:
    scopes = scopes_of([role])
    assert scopes <= set(SCOPES)
    assert ("decisions:read" in scopes) is (role not in SEES_NO_CUSTOMER)
    assert ("decisions:write" in scopes) is (role == "agent")
    assert "bookings:write" not in scopes


def test_no_machine_lets_a_person_in() -> None:
    assert set(SCOPES) - set(KEY_SCOPES) == {"looks:grant", "team:read"}


@pytest.mark.parametrize(
    ("roles", "asked", "seen"),
    [
        (["agent"], None, "agent"),
        (["agent"], "customer", "customer"),
        (["agent"], "agent", "agent"),
        (["agent"], "reviewer", None),
        (["agent"], "auditor", None),
        (["agent"], "full", None),
        (["supervisor", "reviewer"], None, "reviewer"),
        (["validator"], "risk", "risk"),
        (["validator"], "full", None),
        (["auditor"], None, "auditor"),
        (["auditor"], "full", "auditor"),
        (["privacy_officer"], None, "customer"),
        (["privacy_officer"], "agent", None),
        (["marketer"], None, None),
        (["operator"], "customer", None),
    ],
)
def test_the_role_decides_the_view_and_the_caller_may_only_lower_it(roles, asked, seen) -> None:
    if seen is None:
        with pytest.raises(NotAllowed):
            view_for(scopes_of(roles), asked)
    else:
        assert view_for(scopes_of(roles), asked) == seen


def test_every_audience_is_a_scope() -> None:
    for one in AUDIENCES:
        assert view_for({f"view:{one}"}, None) == one


def test_no_role_of_one_person_together_opens_what_the_pairs_keep_apart() -> None:
    # Who decides on the phone never lets themselves in, nor judges their own.
    incompatible = load_roles(None).incompatible
    granting = {role for role in ROLES if "looks:grant" in scopes_of([role])}
    assert frozenset({"agent", "supervisor"}) in incompatible
    assert granting == {"supervisor", "privacy_officer"}
