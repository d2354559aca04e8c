"""One small bank, generated once for all tests of this room."""

import pyarrow as pa
import pytest

from linewise.simulation.small_bank import small_bank_tables

CUSTOMERS_COUNT = 600


@pytest.fixture(scope="session")
def tables() -> dict[str, pa.Table]:
    """The contract tables of 600 customers from seed 1."""
    return small_bank_tables(CUSTOMERS_COUNT, 1)
