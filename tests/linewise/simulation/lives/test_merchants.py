import numpy as np
import pytest

from linewise.simulation.lives.merchants import merchant_of
from linewise.simulation.world import World

WORLD = World()
GROUPS = WORLD.profile.merchant_groups


def drawn(group: int, count: int = 20_000) -> np.ndarray:
    shops = WORLD.shops[0]
    return np.array([merchant_of(shops, group, (i + 0.5) / count) for i in range(count)])


@pytest.mark.parametrize("group", range(len(GROUPS)), ids=[group.name for group in GROUPS])
def test_every_draw_is_one_of_the_merchants_and_a_higher_one_a_later_merchant(group: int) -> None:
    found = drawn(group)
    assert found[0] == 0
    assert found[-1] < GROUPS[group].merchants
    assert merchant_of(WORLD.shops[0], group, 1.0 - 2.0**-53) < GROUPS[group].merchants
    assert np.all(np.diff(found) >= 0)


def test_custom_falls_with_rank_as_by_zipfs_law() -> None:
    grocery = drawn(0)
    ranks = np.array([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024])
    until = np.array([(grocery + 1 < rank).mean() for rank in ranks])
    # By that law each doubling of the rank has the same share of all custom.
    shares = np.diff(until)
    assert shares.max() - shares.min() < 0.002


@pytest.mark.parametrize("country", ["cn", "us"])
def test_no_two_kinds_of_shop_share_a_code_for_a_merchant_is_named_by_it(country: str) -> None:
    codes = [group.mcc for group in World(country=country).profile.merchant_groups]
    assert len(set(codes)) == len(codes)
