import threading
import time
from collections.abc import Iterator

import pytest

from linewise.core.errors import Conflict
from linewise.core.home import Home
from training.alone import LOCK_NAME, alone


@pytest.fixture
def held(home: Home) -> Iterator[threading.Event]:
    """Another training that runs until the event is set."""
    begun, ends = threading.Event(), threading.Event()

    def run() -> None:
        with alone(home, 0):
            begun.set()
            ends.wait(20)

    other = threading.Thread(target=run)
    other.start()
    begun.wait(20)
    yield ends
    ends.set()
    other.join()


def test_a_second_training_is_refused_and_told_who_runs(home: Home, held: threading.Event):
    with pytest.raises(Conflict) as caught, alone(home, 0):
        pytest.fail("it began beside the other")
    assert "process " in str(caught.value)
    assert "--wait" in str(caught.value)


def test_a_second_training_waits_and_begins_when_the_first_has_ended(home: Home, held: threading.Event):
    told: list[str] = []
    threading.Timer(0.5, held.set).start()
    begun = time.monotonic()
    with alone(home, 20, told.append):
        assert time.monotonic() - begun >= 0.4
    assert len(told) == 1
    assert "begins when it has ended" in told[0]


def test_what_a_dead_process_wrote_holds_nobody_up(home: Home):
    home.data_dir.mkdir(parents=True)
    (home.data_dir / LOCK_NAME).write_text("process 1, since 2020-01-01 00:00:00 UTC")
    with alone(home, 0):
        assert "since 2020" not in (home.data_dir / LOCK_NAME).read_text()
