"""A retraining that begins at the champion changes as little as the rows do."""

from dataclasses import replace

import numpy as np
import pytest

from linewise.core.errors import UsageError
from linewise.core.home import Home
from tests.training.builders import a_dataset, a_spec, registered
from tests.training.effects.showings import SPEC, some_showings
from training.artefact import read_artefact
from training.dataset import Dataset
from training.fitting import FittedModel, fit_model
from training.renewing import fitted_or_renewed, renewed_model
from training.tracking import Registry

STEADY = a_spec().model_copy(update={"feature_ratio": 1.0, "row_ratio": 1.0, "memory_ratio": 0.9})


def test_the_same_rows_leave_the_champion_as_it_is():
    data = a_dataset(2_000)
    champion = fit_model(STEADY, data, 1)
    renewed = renewed_model(STEADY, champion, data, 2)
    np.testing.assert_allclose(renewed.probability(data), champion.probability(data), rtol=1e-4)


def test_little_that_is_new_moves_it_less_than_trees_grown_anew():
    whole = some_showings(row_count=12_000).data
    steady = SPEC.model_copy(update={"feature_ratio": 1.0, "row_ratio": 1.0, "memory_ratio": 0.9})
    before, after = whole.rows(np.arange(11_700)), whole.rows(np.arange(300, 12_000))
    champion = fit_model(steady, before, 1)
    anew, renewed = fit_model(steady, after, 1), renewed_model(steady, champion, after, 1)

    def moved(other) -> float:
        return float(np.abs(other.uplift(whole) - champion.uplift(whole)).mean())

    assert 0 < moved(renewed) < 0.3 * moved(anew)


@pytest.mark.parametrize(("memory_ratio", "share"), [(0.0, 1.0), (0.9, 0.1)])
def test_a_leaf_moves_towards_what_the_rows_now_say_as_far_as_memory_lets_it(memory_ratio: float, share: float):
    data = a_dataset(3_000)
    spec = STEADY.model_copy(update={"memory_ratio": memory_ratio, "tree_count": 1, "learning_rate": 1.0})
    champion = fit_model(spec, data, 1)
    turned = Dataset(data.name, data.feature_names, (), data.x, 1 - data.y, data.groups, data.cases,
                     data.principal_amt, data.scale_amt)  # fmt: skip
    gap = renewed_model(spec, champion, turned, 1).booster.predict(data.x, raw_score=True) - champion.booster.predict(
        data.x, raw_score=True
    )
    whole = renewed_model(spec.model_copy(update={"memory_ratio": 0.0}), champion, turned, 1)
    full = whole.booster.predict(data.x, raw_score=True) - champion.booster.predict(data.x, raw_score=True)
    np.testing.assert_allclose(gap, share * full, rtol=1e-6, atol=1e-9)


def test_trees_are_the_champions_where_memory_says_so_and_new_ones_otherwise(home: Home):
    registry = Registry(home)
    version = registered(registry)
    data = a_dataset(400, seed=9)
    renewing = a_spec().model_copy(update={"memory_ratio": 0.5})
    assert splits(fitted_or_renewed(renewing, data, 1, 0.0, registry)) == splits(
        fit_model(renewing, data, 1)
    )  # no champion
    registry.set_champion("default", version.version)
    champion, inputs = read_artefact(registry.model_folder(version))
    assert inputs == data.inputs
    assert splits(fitted_or_renewed(renewing, data, 1, 0.0, registry)) == splits(champion)
    assert splits(fitted_or_renewed(a_spec(), data, 1, 0.0, registry)) == splits(fit_model(a_spec(), data, 1))
    others = replace(data, feature_names=("x0", "x1", "other"))
    assert splits(fitted_or_renewed(renewing, others, 1, 0.0, registry)) == splits(fit_model(renewing, others, 1))


def test_leaves_are_not_moved_where_the_sign_of_an_input_is_given():
    spec = a_spec().model_copy(update={"memory_ratio": 0.5, "rising": ("x0",)})
    data = a_dataset()
    with pytest.raises(UsageError, match="sign of some of its inputs"):
        renewed_model(spec, fit_model(spec, data, 1), data, 1)


def splits(fitted: FittedModel) -> list[tuple[int, ...]]:
    """The inputs that the first trees split on."""
    trees = fitted.booster.dump_model()["tree_info"]
    return [tuple(sorted(features_of(tree["tree_structure"]))) for tree in trees]


def features_of(node: dict) -> list[int]:
    if "split_feature" not in node:
        return []
    return [node["split_feature"], *features_of(node["left_child"]), *features_of(node["right_child"])]
