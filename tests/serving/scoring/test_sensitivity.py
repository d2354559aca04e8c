"""What each assumption does to decisions: every one of the register, told with its size, and nothing recorded."""

from dataclasses import asdict, replace

import pytest

from linewise.core.errors import UsageError
from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.scoring.deciding import Decider
from serving.scoring.opening import open_decider
from serving.scoring.sensitivity import names_of, sensitivity_of, varied
from tests.builders import a_policy

ECONOMICS = a_policy().decision.economics


@pytest.mark.parametrize("name", names_of(ECONOMICS))
@pytest.mark.parametrize("factor", [0.8, 1.2])
def test_every_assumption_is_moved_and_no_other(name: str, factor: float):
    moved = varied(ECONOMICS, name, factor)
    assert getattr(moved, name) != getattr(ECONOMICS, name)
    assert asdict(replace(moved, **{name: getattr(ECONOMICS, name)})) == asdict(ECONOMICS)


def test_a_share_ends_at_the_whole():
    high = replace(ECONOMICS, loss_given_default_ratio=0.9)
    assert varied(high, "loss_given_default_ratio", 1.2).loss_given_default_ratio == 1.0


@pytest.fixture
def recommender(served_home: Home) -> Decider:
    return open_decider(load_settings(home=served_home.root))


def test_the_effects_of_each_assumption_stand_beside_what_is_decided_now(recommender: Decider):
    steps: list[int] = []
    names = ["tax_ratio", "loss_given_default_ratio"]
    found = sensitivity_of(recommender, names, sample=20, advance=steps.append)
    assert sum(steps) == found.customers * 5
    assert sorted((one.assumption, one.factor) for one in found.effects) == sorted(
        (name, factor) for name in names for factor in (0.8, 1.2)
    )
    assert all(0.0 <= one.limit_changed_ratio <= 1.0 for one in found.effects)
    by = {(one.assumption, one.factor): one.value_amt for one in found.effects}
    assert by["tax_ratio", 1.2] <= found.value_amt <= by["tax_ratio", 0.8]


def test_no_change_and_an_unknown_assumption_are_refused(recommender: Decider):
    with pytest.raises(UsageError, match="no assumption 'luck'"):
        sensitivity_of(recommender, ["luck"])
    with pytest.raises(UsageError, match="tells nothing"):
        sensitivity_of(recommender, change_ratio=0.0)
