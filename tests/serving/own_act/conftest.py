"""A ledger in which sales by phone wait for their customers, under two clocks that a test moves."""

from collections.abc import Iterator

import pytest

from linewise.core.clock import BankClock
from linewise.core.home import Home
from linewise.ledger.store import Ledger, open_ledger
from tests.serving.own_act.phone_sale import MakeSale, Sale, Walls


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = open_ledger(home)
    yield opened
    opened.close()


@pytest.fixture
def walls(monkeypatch: pytest.MonkeyPatch) -> Walls:
    """Both clocks; what asks for the wall clock is told this one."""
    moved = Walls()
    plain = BankClock.now
    monkeypatch.setattr(
        BankClock, "now", lambda self: moved.wall if self.fixed_at is None and self.wall is WALL else plain(self)
    )
    return moved


WALL = BankClock().wall


@pytest.fixture
def make_sale(ledger: Ledger, walls: Walls) -> MakeSale:
    return lambda **changes: Sale(ledger, walls, **changes)
