import numpy as np
import pytest

from linewise.simulation.logged import logged_world
from linewise.simulation.logged.callers import (
    AGENT_COUNT,
    CHANNELS,
    CONTEXT_NAMES,
    OFFER_FEATURE_NAMES,
    OFFER_IDS,
    Callers,
    draw_callers,
)
from tests.linewise.simulation.logged.drawing import bears_the_products_names, is_the_same_alone

COUNT = 20_000


@pytest.fixture(scope="module")
def callers() -> Callers:
    return draw_callers(logged_world(), COUNT)


def test_a_caller_is_the_same_whoever_else_is_drawn(callers: Callers) -> None:
    is_the_same_alone(draw_callers, callers, "taste")
    np.testing.assert_array_equal(callers.only(np.arange(500, 510)).taste, callers.taste[500:510])


def test_features_about_offers_bear_the_products_own_names_and_keep_to_its_ranges(callers: Callers) -> None:
    bears_the_products_names(callers, OFFER_FEATURE_NAMES, {"take_up"})


def test_who_calls_has_chosen_to_and_is_riskier_and_needier(callers: Callers) -> None:
    calls = callers.of_context("channel_is_voice") == 1
    assert 0.35 < calls.mean() < 0.55
    for hidden in (callers.people.need, callers.people.risk):
        assert hidden[calls].mean() > hidden[~calls].mean() + 0.1


def test_an_agent_stands_between_on_the_telephone_alone(callers: Callers) -> None:
    assert len(np.unique(callers.agent)) == AGENT_COUNT + 1
    np.testing.assert_array_equal(callers.agent >= 0, callers.channel <= CHANNELS.index("telephone"))
    np.testing.assert_array_equal(callers.keenness[callers.agent < 0], 0.0)
    assert callers.context.shape == (COUNT, len(CONTEXT_NAMES))


def test_an_agent_is_as_keen_at_each_call(callers: Callers) -> None:
    of_one = callers.keenness[callers.agent == 7]
    assert len(of_one) > 1 and np.unique(of_one).size == 1


def test_nothing_is_permitted_for_who_is_overdue(callers: Callers) -> None:
    late = callers.people.feature("past_due_days") > 0
    assert not callers.is_permitted[late].any()
    assert callers.is_permitted[~late][:, OFFER_IDS.index("CARD_CLASSIC")].all()
