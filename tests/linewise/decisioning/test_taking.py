"""What rules take away of a frame is what each of them takes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from linewise.decisioning.rule import EFFECTS, takes_away
from linewise.decisioning.taking import taken_away
from tests.linewise.decisioning.test_rule import a_rule

RULES = tuple(a_rule(effect) for effect in EFFECTS)


@given(hnp.arrays(np.bool_, (3, 4, len(RULES))), hnp.arrays(np.bool_, 3), st.booleans())
def test_a_candidate_is_taken_away_where_any_rule_that_hits_takes_it(hit, is_asked_for, rules_lie_together):
    given_hit = np.ascontiguousarray(hit.T).T if rules_lie_together else hit
    wanted = (hit & takes_away(RULES, is_asked_for)[:, None, :]).any(axis=2)
    assert taken_away(RULES, given_hit, is_asked_for).tolist() == wanted.tolist()
