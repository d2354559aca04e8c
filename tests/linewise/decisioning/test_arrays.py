"""Missing values and first matches, as numpy's own dearer functions give them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.arrays import first_match, or_zero


def test_what_is_missing_counts_as_nothing():
    assert or_zero(np.array([np.nan, -2.5, 0.0])).tolist() == [0.0, -2.5, 0.0]


@given(rows=st.lists(st.tuples(st.booleans(), st.booleans(), st.text(max_size=3), st.text(max_size=3)), min_size=1))
def test_the_first_condition_that_holds_chooses(rows):
    one, other, first, second = (np.array(column) for column in zip(*rows, strict=True))
    expected = np.select([one, other], [first, second], "none of them")
    assert first_match([one, other], [first, second], "none of them").tolist() == expected.tolist()
