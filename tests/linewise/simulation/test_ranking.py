import numpy as np

from linewise.simulation.ranking import rank_within


def test_ranks_start_anew_with_each_customer() -> None:
    assert rank_within(np.array([3, 3, 3, 5, 9, 9])).tolist() == [0, 1, 2, 0, 0, 1]
    assert rank_within(np.array([])).tolist() == []
