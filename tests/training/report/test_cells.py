from dataclasses import replace

import numpy as np

from tests.training.builders import a_dataset, an_offer_dataset
from tests.training.report.builders import a_history
from training.report.cells import actions_of, months_of


def test_raises_are_told_by_how_large_they_are():
    data = replace(
        a_history(2, 3),
        principal_amt=np.array([0.0, 1.0, 10.0, 26.0, 100.0, 101.0]),
        scale_amt=np.full(6, 100.0),
    )
    found = actions_of(data)
    assert found is not None
    words, place = found
    assert [words[at] for at in place] == [
        "nothing given",
        "up to 10%",
        "up to 10%",
        "up to 50%",
        "up to 100%",
        "above 100%",
    ]


def test_offers_are_told_by_what_differs_between_them():
    found = actions_of(an_offer_dataset(10))
    assert found is not None
    words, place = found
    assert words == ("tier 1", "tier 2", "tier 3")
    assert np.array_equal(place, np.tile([0, 1, 2], 10))


def test_an_offer_of_many_attributes_is_told_by_the_few_that_tell_it_apart():
    data = an_offer_dataset(10)
    tier = data.x[:, 1]
    x = np.column_stack([data.x[:, 0], tier > 2, tier * 100, tier > 1, np.full(len(tier), 7.0)])
    found = actions_of(replace(data, x=x, offer_attributes=("offer_is_gold", "offer_fee", "offer_is_new", "offer_age")))
    assert found is not None
    assert found[0] == ("fee 100", "fee 200", "fee 300")


def test_without_an_action_or_a_time_there_is_nothing_to_tell_apart():
    plain = replace(a_dataset(20), principal_amt=None, scale_amt=None)
    assert actions_of(plain) is None
    assert months_of(plain) is None


def test_many_months_are_told_by_quarters():
    few, many = months_of(a_history(200, months=3)), months_of(a_history(200, months=30))
    assert few is not None
    assert many is not None
    assert few[0] == ("2023-01", "2023-02", "2023-03")
    assert many[0][:2] == ("2023, quarter 1", "2023, quarter 2")
