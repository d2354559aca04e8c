import numpy as np
import pytest

from training.report.profit import Stakes, profit_of


def test_who_is_expected_to_lose_money_comes_last_and_is_not_acted_on():
    y = np.repeat([0, 0, 1, 0], 50)
    both = Stakes(np.full(200, -100.0), np.full(200, 10.0), "CNY", "by hand")
    found = profit_of(y, np.repeat([0.01, 0.02, 0.9, 0.05], 50), both)
    assert found.chosen_ratio == 0.75
    assert found.chosen_amt == pytest.approx(30 / 4)
    assert found.curve.at(0.75) == pytest.approx(30 / 4, abs=1)
    assert found.curve.at(1.0) == pytest.approx(-70 / 4)
    assert found.curve.at(0.0) == 0
