"""The simulated bank is true to life at the size at which it is judged, whatever the country and the seed."""

import pytest

from linewise.simulation.profile import Country
from linewise.simulation.report.calibration import JUDGED_FROM, calibration_report
from linewise.simulation.world import World

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("country", ["cn", "us"])
def test_every_published_figure_is_met_by_a_bank_large_enough_to_judge(country: Country, seed: int) -> None:
    report = calibration_report(World(country=country, customer_count=JUDGED_FROM, seed=seed), workers=2)
    assert report.is_judged
    assert [row.id for row in report.rows if row.is_in_range is not True] == []
