import numpy as np
import pyarrow as pa

from linewise.core.home import Home
from tests.linewise.bank.builders import small_tables, write_small
from training.report.segments import Groups, protected_groups, segments_of


def test_a_group_too_small_for_a_ranking_still_tells_whether_it_came_true():
    draw = np.random.default_rng(0)
    p = draw.beta(2, 8, 2_000)
    y = (draw.random(2_000) < p).astype(np.int64)
    values = tuple("few" if at < 40 else "many" for at in range(2_000))
    few, many = segments_of(y, p, np.arange(2_000), [Groups("region", True, values)], 1)
    assert (few.value, few.row_count, few.auc) == ("few", 40, None)
    assert many.auc is not None
    assert many.auc.low > 0.5
    assert 0.8 < many.calibration.observed_to_expected.value < 1.2


def test_attributes_are_read_of_the_customers_that_are_judged_and_of_others_nothing_is_known(home: Home):
    told = pa.table({"customer_id": ["c2", "c2"], "attribute": ["sex", "age_band"], "value": ["female", "30-44"]})
    bank = write_small(home, small_tables() | {"protected_attributes": told})
    found = protected_groups(bank, ["c1", "c2"])
    assert [(one.attribute, one.values) for one in found] == [
        ("age_band", ("not known", "30-44")),
        ("sex", ("not known", "female")),
    ]


def test_a_bank_that_delivers_no_such_attributes_has_no_groups(home: Home):
    assert protected_groups(write_small(home, small_tables()), ["c1"]) == ()
