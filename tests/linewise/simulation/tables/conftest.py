"""A bank of real lives, lived once for all tests of this room."""

import numpy as np
import pytest

from linewise.simulation.lives.living import live
from linewise.simulation.tables import contract_tables
from linewise.simulation.tables.chunk import Chunk
from linewise.simulation.world import World
from tests.linewise.simulation.tables.builders import LivedBank


@pytest.fixture(scope="session")
def bank() -> LivedBank:
    """Three hundred customers of seed 3 over eight months."""
    world = World(customer_count=300, month_count=8, seed=3)
    lives = live(world, np.arange(1, 301))
    return LivedBank(world, lives, contract_tables(Chunk(world, lives)))
