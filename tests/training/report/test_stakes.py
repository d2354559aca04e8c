"""What acting on a row brings is told of what is sold, and of nothing else."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from linewise.policy.catalogue import ATTRIBUTE_NAMES, load_catalogue
from linewise.policy.economics import load_economics
from linewise.policy.standard_folder import policy_folder
from tests.training.builders import a_dataset, a_spec, an_amount_dataset, an_amount_spec, an_offer_dataset
from tests.training.report.builders import a_history, a_risk_spec
from training.dataset import Dataset
from training.report.profit import Stakes
from training.report.stakes import Prices, stakes_of
from training.specs import SPECS

ON = date(2026, 11, 24)
PRICES = Prices(load_economics(policy_folder(None), "CNY", ON), load_catalogue(policy_folder(None), "CNY", ON))


def of_catalogue():
    """Rows of two customers beside the gold card, shown to the first alone."""
    gold = PRICES.catalogue.offer("CARD_GOLD")
    attributes = np.tile(list(gold.attributes.values()), (2, 1))
    data = an_offer_dataset(case_count=10).rows(np.arange(2))
    x = np.column_stack([np.zeros(2), attributes, [1.0, 0.0]])
    return gold, replace(data, offer_attributes=(*ATTRIBUTE_NAMES, "is_shown"), x=x)


def test_an_order_earns_the_margin_of_its_offer_where_it_was_shown():
    gold, data = of_catalogue()
    stakes = stakes_of(SPECS["offer_take_up"], data, PRICES)
    assert stakes is not None
    assert stakes.with_it_amt.tolist() == [gold.margin_amt - gold.cost_amt, 0]


def test_pitching_and_offers_of_no_catalogue_are_given_no_money():
    _, data = of_catalogue()
    assert stakes_of(SPECS["offer_pitch"], data, PRICES) is None
    assert stakes_of(SPECS["campaign_take_up"], an_offer_dataset(), PRICES) is None


def stakes(data: Dataset, **given: object) -> Stakes:
    spec = a_risk_spec() if data.name == "card_default" else a_spec()
    found = stakes_of(spec.model_copy(update=given), data, PRICES)
    assert found is not None
    return found


@pytest.mark.parametrize("data", [a_history(50), a_dataset(50)], ids=["lines", "loans"])
def test_a_default_loses_far_more_than_a_good_customer_earns_and_both_grow_with_what_is_lent(data: Dataset):
    found = stakes(data)
    assert (found.with_it_amt < 0).all()
    assert np.abs(found.with_it_amt).sum() > 3 * np.abs(found.without_amt).sum()
    assert data.principal_amt is not None
    assert data.scale_amt is not None
    twice = stakes(replace(data, principal_amt=2 * data.principal_amt, scale_amt=2 * data.scale_amt))
    assert (twice.with_it_amt < found.with_it_amt).all()
    assert (twice.without_amt > found.without_amt).all()


def test_what_decides_nothing_has_no_stakes():
    plain = replace(a_dataset(20), principal_amt=None, scale_amt=None)
    assert stakes_of(a_spec(), plain, PRICES) is None
    assert stakes_of(an_amount_spec(), an_amount_dataset(60), PRICES) is None
