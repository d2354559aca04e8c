"""What a worker says of itself: ready while a call can be served."""

from linewise.core.errors import BankMissing
from linewise.core.home import Home
from linewise.ledger.store import Ledger, open_ledger
from serving.health import can_serve
from serving.scoring.recommender import Recommender


class Desk:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger


def test_a_worker_is_ready_while_its_record_answers_and_no_longer(home: Home):
    ledger = open_ledger(home)
    desk: Recommender = Desk(ledger)  # type: ignore[assignment]
    assert can_serve(lambda: desk)
    ledger.close()
    home.ledger_path.unlink()
    home.ledger_path.mkdir()
    assert not can_serve(lambda: desk)


def test_a_worker_whose_parts_are_missing_is_not_ready(home: Home):
    def missing() -> Recommender:
        raise BankMissing(home.root)

    assert not can_serve(missing)
