"""A frame in chunks is the frame: whoever stands beside whom, and however many threads there are."""

import numpy as np
import pytest

from linewise.decisioning.chunks import decided_in_chunks, some_rows
from linewise.decisioning.types import Decisions
from tests.builders import a_context, a_policy, decided, some_customers

POLICY = a_policy().decision
PEOPLE = some_customers(*({"income_p25_amt_6m": 100_000.0 * step, "age_years": 15.0 + 3 * step} for step in range(23)))


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("at_once", [1, 7, 23, 100])
def test_chunks_in_their_order_say_what_the_whole_says(threads: int, at_once: int):
    context = a_context(explain=False)
    whole = decided(PEOPLE, policy=POLICY, context=context)

    def some(rows: slice) -> Decisions:
        return decided(some_rows(PEOPLE, rows), policy=POLICY, context=context)

    made = list(decided_in_chunks(some, len(PEOPLE), at_once=at_once, threads=threads))
    for name in ("rank", "pscore", "priority"):
        together = np.concatenate([getattr(one.offers, name) for one in made])
        np.testing.assert_array_equal(together, getattr(whole.offers, name))
    assert [one for part in made for one in part.customers.customer_id] == PEOPLE.customer_id.tolist()
    together = np.concatenate([one.limit.suggested_amt for one in made])
    np.testing.assert_array_equal(together, whole.limit.suggested_amt)
