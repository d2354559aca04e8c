"""Twenty months of calls on a simulated bank: with the ledger every budget holds, by prices alone it does not."""

import pytest

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.portfolio.rehearsing import mix_of_base, rehearse
from serving.scoring.opening import open_decider

pytestmark = pytest.mark.soak

SEEDS = 20


def test_with_the_ledger_every_budget_holds_in_twenty_of_twenty_months(served_home: Home):
    desk = open_decider(load_settings(home=served_home.root))
    found = rehearse(mix_of_base(desk), range(SEEDS), desk.policy.promises.pacing)
    assert found.held_count["ledger"] == SEEDS
    # The needier and riskier call sooner: prices that hold on the expected mix are overrun in most months.
    assert found.held_count["prices_alone"] <= SEEDS // 4
    assert found.used_ratio(found.by_prices, "loss")[0] > 1.1
