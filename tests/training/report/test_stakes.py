"""What acting on a row brings is told of what is sold, and of nothing else."""

from dataclasses import replace
from datetime import date

import numpy as np

from linewise.policy.catalogue import ATTRIBUTE_NAMES, load_catalogue
from linewise.policy.economics import load_economics
from linewise.policy.standard_folder import policy_folder
from tests.training.builders import an_offer_dataset
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
