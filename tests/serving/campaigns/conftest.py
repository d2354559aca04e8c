"""An open ledger of this test alone."""

from collections.abc import Iterator

import pytest

from linewise.core.home import Home
from linewise.ledger.store import Ledger, open_ledger


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = open_ledger(home)
    yield opened
    opened.close()
