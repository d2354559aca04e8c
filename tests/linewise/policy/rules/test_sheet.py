"""What is known of customers is laid once for all kinds, and rules find what they found column by column."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.decisioning.described import Described, Known
from linewise.policy.rules import CompiledRules
from tests.builders import some_customers
from tests.linewise.policy.rules.builders import a_source

SOURCES = [
    a_source(rule_id="FEATURE-1", applies_to=["offer", "limit"], when="age_years < 18", value="age_years"),
    a_source(rule_id="TOLD-1", applies_to=["offer", "limit"], when="is_late = 1 OR channel = 'voice'"),
    a_source(rule_id="EACH-1", applies_to=["offer"], when="held_tier >= offer_tier", threshold="offer_tier"),
    a_source(rule_id="KIND-1", applies_to=["offer", "limit"], when="action_kind = 'service' AND is_late = 0"),
    a_source(rule_id="CAP-1", applies_to=["limit"], effect="CAP", when="is_credit = 1", cap="history_days * 100"),
]
RULES = CompiledRules(SOURCES, ["age_years", "history_days"])
maybe = st.sampled_from([np.nan, 0.0, 1.0, 17.0, 600.0])


@settings(max_examples=60)
@given(data=st.data(), count=st.integers(1, 3), offers=st.integers(1, 3), told=st.sets(st.sampled_from(range(5))))
def test_rules_find_on_the_sheet_what_they_find_in_the_columns(data, count: int, offers: int, told: set[int]):
    def drawn(*shape: int) -> np.ndarray:
        size = int(np.prod(shape))
        return np.array(data.draw(st.lists(maybe, min_size=size, max_size=size))).reshape(shape)

    features = drawn(count, 2)
    customers = replace(
        some_customers(*[{}] * count), feature_names=("history_days", "age_years"), features=features, facts={}
    )
    words = np.array(data.draw(st.lists(st.sampled_from(["voice", "app", None]), min_size=count, max_size=count)))
    every = {
        "channel": words.astype(object),
        "is_late": drawn(count),
        "age_years": drawn(count),
        "is_credit": drawn(count),
        "not_named_by_any_rule": drawn(count),
    }
    known = Known(customers, {name: every[name] for place, name in enumerate(every) if place in told})
    fixed = {
        "action_kind": np.array(["service", "promotional", "service"])[None, :offers],
        "offer_tier": drawn(1, offers),
        "is_credit": np.array([1.0]),
    }
    described = Described(known, {"held_tier": drawn(count, offers)}, fixed)
    merged = {name: described.get(name) for name in described}
    for kind, shape in (("offer", (count, offers)), ("limit", (count,))):
        own = described if kind == "offer" else replace(described, own={}, fixed={"is_credit": fixed["is_credit"]})
        plain = {name: merged[name] for name in own}
        # Twice, for what the first one laid is kept.
        for _ in range(2):
            found, wanted = RULES.evaluate(kind, own, shape), RULES.evaluate(kind, plain, shape)
            for name in ("hit", "value", "threshold", "cap_amt"):
                np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), err_msg=name)
