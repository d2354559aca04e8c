"""Who may do what, as data: a bank may tighten it, and no policy may loosen it below two people."""

import shutil
from pathlib import Path

import pytest

from linewise.core.errors import PolicyInvalid
from linewise.policy.delegations import load_delegations
from linewise.policy.roles import load_roles
from linewise.policy.standard_folder import policy_folder


def changed(tmp_path: Path, name: str, old: str, new: str) -> Path:
    folder = tmp_path / "policy"
    shutil.copytree(policy_folder(None), folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_the_standard_roles_keep_author_and_approver_apart():
    book = load_roles(None)
    assert frozenset({"policy_author", "policy_approver"}) in book.incompatible
    assert book.needed["promote"].people_count == 2
    assert book.needed["raise_budget"].people_count == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("people_count: 2, roles: [policy_approver, validator]", "people_count: 1, roles: [validator]", "people_count"),
        ("[marketer, policy_approver]", "[marketer, king]", "'king'"),
        ("[marketer, policy_approver]", "[marketer, marketer]", "'marketer'"),
        ("[marketer, policy_approver]", "[marketer]", "incompatible"),
        ("raise_budget:", "raise_hopes:", "raise_hopes"),
        ("roles: [policy_approver, supervisor]", "roles: []", "roles"),
    ],
)
def test_a_mistake_in_the_roles_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str):
    with pytest.raises(PolicyInvalid, match=rf"roles\.yaml line \d+.*{said}"):
        load_roles(changed(tmp_path, "roles.yaml", old, new))


def test_amounts_are_delegated_in_minor_units_of_the_banks_currency():
    assert load_delegations(None, "CNY") == {"reviewer": 5_000_000, "supervisor": 30_000_000}


def test_a_currency_without_an_amount_and_an_unknown_role_are_named(tmp_path: Path):
    with pytest.raises(PolicyInvalid, match="reviewer has no amount in KWD"):
        load_delegations(None, "KWD")
    with pytest.raises(PolicyInvalid, match=r"delegations\.yaml line \d+.*'king'"):
        load_delegations(changed(tmp_path, "delegations.yaml", "  reviewer:", "  king:"), "CNY")
