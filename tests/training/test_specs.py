import pytest
from pydantic import ValidationError

from features.catalogue import FEATURES
from linewise.bank.dictionary import TABLE_NAMES
from linewise.core.errors import UsageError
from training.showings import IS_SHOWN
from training.specs import SPECS, ModelSpec, chosen_specs


def test_every_model_stays_small_enough_to_explain_during_a_call():
    for spec in SPECS.values():
        assert spec.tree_count <= 100
        assert spec.leaf_count <= 15
        assert spec.depth <= 5


def test_every_feature_that_a_spec_names_exists_and_is_allowed_for_its_purpose():
    for spec in SPECS.values():
        allowed = {feature.name for feature in FEATURES if spec.purpose in feature.allowed_for}
        assert {name for name in (*spec.rising, *spec.falling) if not name.startswith("x_")} - {IS_SHOWN} <= allowed
        assert set(spec.rising).isdisjoint(spec.falling)
        if spec.dose:
            assert spec.dose.scale_feature in {feature.name for feature in FEATURES}


def test_every_table_that_a_spec_needs_is_one_of_the_contract():
    for spec in SPECS.values():
        assert set(spec.tables) <= set(TABLE_NAMES)


def test_only_models_of_a_dose_learn_amounts():
    for spec in SPECS.values():
        assert spec.kind == "probability" or spec.dose is not None


def test_age_is_no_input_of_the_probability_of_default():
    risk = {feature.name for feature in FEATURES if SPECS["default"].purpose in feature.allowed_for}
    assert "age_years" not in risk


def test_constraints_stand_in_the_order_of_the_inputs():
    spec = ModelSpec(name="m", label="l", purpose="risk", rising=("b",), falling=("c",))
    parameters = spec.booster_parameters(("a", "b", "c"), 7)
    assert parameters["monotone_constraints"] == [0, 1, -1]
    assert (parameters["seed"], parameters["deterministic"], parameters["force_row_wise"]) == (7, True, True)


def test_an_override_changes_every_chosen_model_or_the_one_it_names():
    default, take_up, *_ = chosen_specs(overrides=["tree_count=40", "default.leaf_count=4"])
    assert (default.tree_count, default.leaf_count) == (40, 4)
    assert (take_up.tree_count, take_up.leaf_count) == (40, SPECS["card_take_up"].leaf_count)
    assert [spec.name for spec in chosen_specs(["default", "default"])] == ["default"]


@pytest.mark.parametrize(
    ("names", "override", "words"),
    [
        (["churn"], "tree_count=4", "There is no model 'churn'. The models are default, card_take_up, card_default,"),
        ([], "tree_count", "KEY=VALUE"),
        ([], "trees=4", "tree_count"),
        ([], "label=4", "cannot be used"),
        (["default"], "card_take_up.tree_count=4", "Chosen are: default."),
        ([], "tree_count=101", "less than or equal to 100"),
        ([], "tree_count=many", "valid integer"),
        ([], "depth=6", "less than or equal to 5"),
        ([], "learning_rate=nan", "finite"),
    ],
)
def test_an_impossible_choice_is_refused_in_words(names: list[str], override: str, words: str):
    with pytest.raises(UsageError) as caught:
        chosen_specs(names, [override])
    assert words in str(caught.value)


def test_a_spec_cannot_be_changed_once_made():
    with pytest.raises(ValidationError):
        SPECS["default"].tree_count = 3  # type: ignore[misc]


def test_nothing_of_what_showing_adds_is_drawn_and_a_split_on_it_counts_as_its_spec_says():
    spec = SPECS["offer_take_up"]
    told = spec.booster_parameters(["x0", "x1", IS_SHOWN], seed=3)
    assert (told["bagging_fraction"], told["feature_fraction"]) == (1.0, 1.0)
    assert told["feature_contri"] == [1.0, 1.0, spec.shown_gain_factor]
    # Where nothing was shown, or nothing counts for more, LightGBM is left as it is.
    assert "feature_contri" not in spec.booster_parameters(["x0", "x1"], seed=3)
    assert "feature_contri" not in SPECS["offer_pitch"].booster_parameters(["x0", IS_SHOWN], seed=3)
