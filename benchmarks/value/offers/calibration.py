"""Whether the expected take-up of offers comes true, of showings that no training has seen."""

import numpy as np

from linewise.decisioning.types import Floats
from linewise.simulation.logged import LoggedWorld
from linewise.simulation.logged.callers import Callers
from linewise.simulation.logged.offers import NOTHING, OfferTruth, engine_propensities

__all__ = ["expected_calibration_error", "take_up_ece"]

CELLS = 20
LATEST_MONTHS = 6


def expected_calibration_error(expected: Floats, observed: Floats) -> float:
    """The mean distance between expected and observed over CELLS cells of equally many rows, (n_rows,) each."""
    cells = np.array_split(np.argsort(expected, kind="stable"), CELLS)
    gaps = [len(cell) * abs(float(expected[cell].mean()) - float(observed[cell].mean())) for cell in cells]
    return sum(gaps) / len(expected)


def take_up_ece(world: LoggedWorld, callers: Callers, truth: OfferTruth, take_up: Floats) -> dict[str, float]:
    """Of showings as the bank's engine draws them, in the last months: against the truth, and as a bank would see it.

    The bank sees orders, whose noise alone leaves some distance in every cell.
    """
    late = np.flatnonzero(callers.people.month >= world.month_count - LATEST_MONTHS)
    engine = engine_propensities(world, callers)[late]
    action = world.chance.pick(engine, "judged showing", callers.people.number[late])
    rows, offer = late[action < NOTHING], action[action < NOTHING]
    expected, true = take_up[rows, offer], truth.taken_if_shown[rows, offer]
    drawn = world.chance.uniform("judged answer", callers.people.number[rows]) < true
    return {
        "ece": expected_calibration_error(expected, true),
        "ece_of_orders": expected_calibration_error(expected, drawn.astype(np.float64)),
        "expected_take_up": float(expected.mean()),
        "true_take_up": float(true.mean()),
    }
