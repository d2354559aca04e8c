"""Small portfolios: random ones that look like a bank's, and any that hypothesis can think of."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from linewise.decisioning.types import Floats


class Portfolio(NamedTuple):
    values: Floats
    uses: Floats
    budgets: Floats


def a_portfolio(n_customers: int = 200, n_actions: int = 4, n_budgets: int = 3, *, seed: int = 1, tight: float = 0.3):
    """Log-normal sizes, uses that go with the value, budgets that hold a share of what all would use."""
    draw = np.random.default_rng(seed)
    size = draw.lognormal(0.0, 0.8, (n_customers, 1)) * np.linspace(0.3, 1.5, n_actions)
    values = size * (draw.lognormal(0.0, 0.7, size.shape) - 0.6)
    uses = np.stack([size * draw.lognormal(0.0, 0.8, size.shape) for _ in range(n_budgets)], axis=2)
    return Portfolio(values, uses, tight * uses_of(values, uses, values.argmax(axis=1)))


def uses_of(values: Floats, uses: Floats, choice: Floats) -> Floats:
    """What a choice uses, (n_budgets,); who is worth nothing, or is given nothing, uses nothing."""
    rows = np.flatnonzero((choice >= 0) & (values[np.arange(len(values)), choice] > 0))
    return uses[rows, choice[rows]].sum(axis=0)


# Whole numbers make ties and budgets that are met exactly, which measured numbers hardly ever do.
WHOLE = st.sampled_from([float(value) for value in range(6, -4, -1)])
USE = st.sampled_from([1.0, 2.0, 3.0, 4.0, 0.0])


@st.composite
def portfolios(draw: st.DrawFn, most_customers: int = 12, least_budgets: int = 0) -> Portfolio:
    """Any small portfolio of whole numbers: closed actions, free ones, empty and endless budgets among them."""
    n_customers, n_actions = draw(st.integers(0, most_customers)), draw(st.integers(1, 4))
    n_budgets = draw(st.sampled_from([count for count in (2, 1, 3, 0) if count >= least_budgets]))
    # Half of what all would use at the most, so that there is something to share out in most portfolios.
    scarce = st.integers(1, max(n_customers, 1)).map(float)

    def array(of: st.SearchStrategy[float], *shape: int) -> Floats:
        count = int(np.prod(shape))
        return np.array(draw(st.lists(of, min_size=count, max_size=count)), dtype=float).reshape(shape)

    return Portfolio(
        array(st.one_of(WHOLE, WHOLE, st.just(-np.inf)), n_customers, n_actions),
        array(USE, n_customers, n_actions, n_budgets),
        array(st.one_of(scarce, scarce, scarce, st.sampled_from([0.0, np.inf])), n_budgets),
    )
