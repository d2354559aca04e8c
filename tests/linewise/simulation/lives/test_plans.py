import numpy as np

from linewise.simulation.lives.record import PLAN, PLANS, STATUSES
from tests.linewise.simulation.lives.builders import Lived

ART70 = PLANS.index("art70")


def on_card(lived: Lived):
    plans = lived.events(PLAN)
    return plans[plans["a"] != PLANS.index("loan")]


def test_a_plan_is_paid_in_equal_parts_and_a_fee(lived: Lived) -> None:
    plans = on_card(lived)
    assert len(plans) > 100
    ratio = np.where(plans["a"] == ART70, 0.5, 1.0) * lived.world.equations["plan_fee_ratio"][0]
    expected = plans["b"] // plans["c"] + np.floor(plans["b"] * ratio + 0.5)
    assert np.array_equal(plans["d"], expected.astype(np.int64))
    assert np.all((plans["e"] >= 0) & (plans["e"] <= plans["b"]))


def test_a_plan_without_a_rest_is_settled_and_no_other(lived: Lived) -> None:
    plans = on_card(lived)
    settled = plans["f"] == STATUSES.index("settled")
    assert settled.any()
    assert not plans["e"][settled].any()
    assert np.all(plans["g"] <= lived.world.calendar.data_until_s)


def test_what_is_agreed_in_hardship_runs_three_to_five_years(lived: Lived) -> None:
    plans = on_card(lived)
    agreed = plans["a"] == ART70
    assert agreed.any()
    assert set(plans["c"][agreed]) <= {36, 44, 52, 60}
    assert set(plans["c"][~agreed]) <= {3, 6, 12, 24}


def test_principal_in_plans_is_part_of_what_is_owed(lived: Lived) -> None:
    months = lived.lives.months
    assert (months["plan_amt"] > 0).any()
    assert np.all(months["plan_amt"] >= 0)
