import numpy as np
import pytest

from tests.training.builders import an_amount_dataset
from tests.training.report.builders import a_history
from training.search import RANGES, Budget, Search, Tried, _smallest, search
from training.specs import SPECS, ModelSpec
from training.splits import split_by_time

DATA = a_history(600)
SPEC = SPECS["card_default"]
SMALL = Budget(trials=8)


@pytest.fixture(scope="module")
def found() -> Search:
    return search(SPEC, DATA, 1, SMALL)


def a_set(loss: float, leaves: int, excess: float | None, error: float | None = 0.01) -> Tried:
    state = "left early" if excess is None else "complete"
    return Tried(
        parameters={}, state=state, folds_walked=3, loss=loss, leaves=leaves, excess=excess, excess_error=error
    )


@pytest.mark.parametrize(
    ("tried", "chosen"),
    [
        ([a_set(0.30, 900, 0.0, 0.0)], 0),
        ([a_set(0.30, 900, 0.0, 0.0), a_set(0.305, 100, 0.005)], 1),
        ([a_set(0.30, 900, 0.0, 0.0), a_set(0.311, 100, 0.011)], 0),
        ([a_set(0.30, 900, 0.0, 0.0), a_set(0.305, 100, 0.005), a_set(0.309, 50, 0.009)], 2),
        ([a_set(0.30, 100, 0.0, 0.0), a_set(0.301, 100, 0.001)], 0),
        ([a_set(0.30, 900, 0.0, 0.0), a_set(0.301, 10, None)], 0),
    ],
    ids=["alone", "as good and smaller", "worse by more than an error", "the smallest", "a tie", "left early"],
)
def test_the_smallest_set_within_one_standard_error_of_the_best_is_taken(tried: list[Tried], chosen: int):
    assert _smallest(tried) == chosen


def test_the_standing_set_is_tried_first_and_the_best_is_the_best(found: Search):
    assert found.tried[0].parameters == {name: getattr(SPEC, name) for name in RANGES}
    whole = [one for one in found.tried if one.state == "complete"]
    assert found.tried[found.best].loss == min(one.loss for one in whole)
    assert found.tried[found.best].excess == 0
    chosen = found.tried[found.chosen]
    assert chosen.excess is not None
    assert chosen.excess_error is not None
    assert chosen.excess <= chosen.excess_error
    assert chosen.leaves <= found.tried[found.best].leaves


def test_every_set_keeps_the_bounds_that_a_call_pays_for(found: Search):
    for one in found.tried:
        changed = ModelSpec.model_validate({**SPEC.model_dump(), **one.parameters})
        assert changed.depth <= 5
        assert one.leaves <= 100 * 15
    assert found.applied(SPEC).name == "card_default"


def test_the_same_seed_and_rows_give_the_same_search(found: Search):
    assert search(SPEC, DATA, 1, SMALL) == found
    assert search(SPEC, DATA, 2, SMALL) != found


def test_nothing_is_searched_on_the_rows_that_the_report_judges(found: Search):
    assert found.row_count == len(split_by_time(DATA).fit) < len(DATA.y)


def test_what_was_set_by_hand_stays(found: Search):
    by_hand = SPEC.model_copy(update={"depth": 2, "learning_rate": 0.2})
    for one in search(by_hand, DATA, 1, Budget(trials=3)).tried:
        assert "depth" not in one.parameters
        assert "learning_rate" not in one.parameters


def test_a_search_ends_with_its_minutes_and_never_without_the_standing_set():
    ended = search(SPEC, DATA, 1, Budget(trials=10_000, minutes=1e-6))
    assert len(ended.tried) == 1
    assert ended.chosen == 0


def test_an_amount_is_searched_by_its_squared_error():
    steps: list[int] = []
    found = search(SPECS["card_balance"], an_amount_dataset(), 1, Budget(trials=4), steps.append)
    assert sum(steps) == 4
    assert np.isfinite([one.loss for one in found.tried]).all()
