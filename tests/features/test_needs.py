"""What a rule may name of the features, and the table without which it is not known."""

import pytest

from features.catalogue import FEATURES, Feature
from features.lineage import columns_needed
from features.needs import TABLE_OF_GRAIN, rule_features


@pytest.mark.parametrize("feature", FEATURES, ids=lambda one: one.name)
def test_a_feature_is_made_of_the_table_of_its_grain(feature: Feature):
    assert TABLE_OF_GRAIN[feature.grain] in {column.split(".")[0] for column in columns_needed(feature)}


def test_rules_name_only_features_that_are_allowed_for_eligibility():
    named = rule_features()
    assert "age_years" in named
    assert {feature.name for feature in FEATURES if "eligibility" not in feature.allowed_for}.isdisjoint(named)
