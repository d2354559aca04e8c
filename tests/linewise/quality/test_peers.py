"""Funnel limits: who stands out is found, chance and small numbers are not, and nobody is ranked."""

import numpy as np
import pytest
from scipy.stats import betabinom

from linewise.quality.peers import FEWEST_PEERS, _tail, outliers_of
from linewise.quality.shares import Share


def desk(chance: np.random.Generator, ratio: float, spread: float, count: int = 30) -> dict[str, Share]:
    """Agents who differ by `spread` (a beta distribution's) around a ratio, with 10 to 400 calls each."""
    of = chance.integers(10, 400, count)
    own = np.full(count, ratio) if not spread else chance.beta(ratio / spread, (1 - ratio) / spread, count)
    return {f"a{i:02}": Share(int(chance.binomial(n, p)), int(n)) for i, (n, p) in enumerate(zip(of, own, strict=True))}


@pytest.mark.parametrize("ratio", [0.03, 0.3, 0.9])
def test_who_does_as_all_do_hardly_ever_stands_out(ratio: float):
    chance, desks = np.random.default_rng(3), 200
    assert sum(len(outliers_of(desk(chance, ratio, 0.0))) for _ in range(desks)) <= 0.002 * desks * 30


def test_where_agents_differ_anyway_that_alone_is_no_sign():
    chance, desks = np.random.default_rng(5), 200
    found = sum(len(outliers_of(desk(chance, 0.3, 0.03))) for _ in range(desks))
    plain = 0
    for _ in range(desks):
        plain += sum(one.count / one.of_count > 0.5 for one in desk(chance, 0.3, 0.03).values())
    assert found <= 0.01 * desks * 30
    assert found < plain


def test_who_stands_far_out_is_found():
    chance = np.random.default_rng(9)
    found = sum(outliers_of(desk(chance, 0.2, 0.005) | {"odd": Share(150, 200)}) == ["odd"] for _ in range(50))
    assert found >= 45


@pytest.mark.parametrize(
    "shares",
    [
        {"odd": Share(9, 9)} | {f"a{i}": Share(0, 100) for i in range(20)},
        {"odd": Share(100, 100)} | {f"a{i}": Share(0, 100) for i in range(FEWEST_PEERS - 1)},
        {f"a{i}": Share(0, 100) for i in range(20)},
        {f"a{i}": Share(100, 100) for i in range(20)},
        {},
    ],
    ids=["a handful", "hardly any peers", "nobody ever", "everybody always", "nobody"],
)
def test_nobody_stands_out_of_a_handful_or_among_equals(shares: dict[str, Share]):
    assert outliers_of(shares) == []


def test_those_who_stand_out_come_by_name_and_not_by_how_far():
    shares = {f"a{i:02}": Share(10, 200) for i in range(20)}
    assert outliers_of(shares | {"x": Share(199, 200), "b": Share(120, 200)}) == ["b", "x"]


@pytest.mark.parametrize(("count", "of"), [(30, 60), (12, 200), (200, 200)])
def test_the_funnel_is_a_beta_binomials_tail(monkeypatch: pytest.MonkeyPatch, count: int, of: int):
    others = (np.full(9, 20.0), np.full(9, 100.0))
    monkeypatch.setattr("linewise.quality.peers._likeness", lambda *_: 0.05)
    ratio = 180.5 / 901.0
    expected = betabinom.sf(count - 1, of, ratio * 19.0, (1.0 - ratio) * 19.0)
    assert _tail(float(count), float(of), *others) == pytest.approx(expected, rel=1e-9)
