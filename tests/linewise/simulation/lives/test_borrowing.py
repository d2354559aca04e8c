import numpy as np
import pytest

from linewise.simulation.lives.borrowing import answered
from linewise.simulation.lives.living import Intervention, live
from linewise.simulation.lives.record import SHAPES
from linewise.simulation.world import World

WORLD = World(month_count=14, seed=1)
NUMBERS = np.arange(1, 3001)
MONTH = 2


@pytest.mark.parametrize("shape", range(len(SHAPES)), ids=SHAPES)
def test_every_shape_agrees_at_a_raise_of_a_quarter(shape: int) -> None:
    assert answered(shape, 0.25) == pytest.approx(np.log1p(0.25), rel=0.02)


@pytest.mark.parametrize("shape", range(len(SHAPES)), ids=SHAPES)
def test_more_is_borrowed_of_a_greater_raise_at_a_falling_rate(shape: int) -> None:
    sizes = np.array([answered(shape, raised) for raised in np.linspace(0.0, 2.0, 41)])
    assert sizes[0] == 0.0
    assert np.all(np.diff(sizes) > 0)
    assert np.all(np.diff(sizes, 2) < 1e-9)


def test_the_shapes_are_not_one_and_the_same() -> None:
    far = [answered(shape, 1.0) for shape in range(len(SHAPES))]
    assert len(set(np.round(far, 2))) == len(SHAPES)


@pytest.mark.parametrize("cut", [-0.1, -0.5, -1.0])
def test_a_cut_is_answered_alike_by_all_and_downwards(cut: float) -> None:
    sizes = {answered(shape, cut) for shape in range(len(SHAPES))}
    assert len(sizes) == 1
    assert sizes.pop() < cut * 0.99


def owed(factor: float):
    months = live(WORLD, NUMBERS, intervention=Intervention(MONTH, factor), with_postings=False).months
    return months["balance_amt"][:, MONTH:].mean(axis=0)


def test_borrowing_answers_to_a_raise_and_goes_on_answering() -> None:
    more = owed(1.5) - owed(1.0)
    assert np.all(more[1:] > 0)
    assert more[-3:].mean() > 1.2 * more[1:3].mean()


def test_a_cut_brings_down_what_is_owed() -> None:
    assert owed(0.6)[-1] < owed(1.0)[-1]


def test_the_riskier_borrow_more_of_a_raise_beside_their_limit() -> None:
    held, raised = (
        live(WORLD, NUMBERS, intervention=Intervention(MONTH, factor), with_postings=False) for factor in (1.0, 1.5)
    )
    is_revolver = held.people["habit"] == 2
    gain = (raised.months["balance_amt"] - held.months["balance_amt"])[:, -1]
    room = held.months["limit_amt"][:, MONTH] * 0.5
    risk = held.people["risk"]
    is_good = (held.months["bucket"][:, -1] == 0) & (raised.months["bucket"][:, -1] == 0) & (room > 0) & is_revolver
    shares = [(gain[of] / room[of]).mean() for of in (is_good & (risk > 0.7), is_good & (risk < -0.7))]
    assert shares[0] > shares[1]
