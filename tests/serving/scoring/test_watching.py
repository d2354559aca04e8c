"""Whoever watches stops raises above a bound; once a person lets them go on, the count begins anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.breaker import trips_of
from linewise.ledger.stops import lift, read_stops
from linewise.ledger.store import Ledger, open_ledger
from linewise.policy.promises import BreakerPolicy
from serving.scoring import watching
from serving.scoring.opening import open_decider, open_recommender
from serving.scoring.watching import Watched, watch
from tests.linewise.ledger.promises import NOW, a_quote, booked, quoted
from tests.linewise.ledger.signers import a_cast
from tests.serving.scoring.former_release import a_home_beside
from tests.serving.scoring.sights import facts

POLICY = BreakerPolicy(exposure_ratio=0.05, early_loss_ratio=0.001)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = open_ledger(home)
    yield opened
    opened.close()


def stopped_kinds(ledger: Ledger) -> set[str]:
    with ledger.engine.connect() as connection:
        return set(read_stops(connection).kinds)


def watched(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, granted_amt: int, lost_amt: int = 0) -> Watched:
    known = facts(accounts=[{"account_id": "A1", "permanent_limit_amt": granted_amt}])
    monkeypatch.setattr(watching, "early_loss_amt", lambda _facts, raised, *_: lost_amt * len(raised))
    return watch(known, ledger, POLICY, NOW, NOW)


def test_whoever_opens_the_bank_to_serve_looks_after_raises_and_whoever_looks_does_not(
    served_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = a_home_beside(served_home, tmp_path / "home")
    settings, opened = load_settings(home=home.root), open_ledger(home)
    quoted(opened, a_quote())
    booked(opened)
    monkeypatch.setattr(watching, "early_loss_amt", lambda _facts, raised, *_: 10**15 * len(raised))
    open_decider(settings)
    assert stopped_kinds(opened) == set()
    open_recommender(settings)
    assert stopped_kinds(opened) == {"limit"}
    opened.close()


def test_below_the_bounds_raises_go_on(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    quoted(ledger, a_quote())
    booked(ledger)
    assert watched(ledger, monkeypatch, 12_000, lost_amt=12) == Watched(600, 600, 12, 12, is_stopped=False)


@pytest.mark.parametrize(("granted_amt", "lost_amt"), [(11_000, 0), (12_000, 13)])
def test_above_one_of_them_raises_stop_until_a_person_lets_them_go_on(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, granted_amt: int, lost_amt: int
):
    quoted(ledger, a_quote())
    booked(ledger)
    assert watched(ledger, monkeypatch, granted_amt, lost_amt).is_stopped
    lift(ledger, "action_kind", "limit", "looked at it", a_cast(ledger, tmp_path)["sue"], NOW)
    assert not watched(ledger, monkeypatch, granted_amt, lost_amt).is_stopped
    with ledger.engine.connect() as connection:
        assert len(trips_of(connection)) == 1
