"""One thread of a process has the turn at a time, in the order of asking; whoever writes goes before who waits."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from linewise.ledger.record import read_decision, write_decisions
from linewise.ledger.store import Ledger
from linewise.ledger.turns import Turns
from tests.linewise.ledger.builders import a_decision


def asking(turns: Turns, names: list[str], *, first: frozenset[str] = frozenset()) -> list[str]:
    """Who has the turn one after the other, where all ask in this order while somebody else has it."""
    order: list[str] = []

    def take(name: str) -> None:
        with turns.turn(is_first=name in first):
            order.append(name)

    threads = [threading.Thread(target=take, args=(name,)) for name in names]
    with turns.turn():
        for count, thread in enumerate(threads, start=1):
            thread.start()
            while turns.waiting_count < count:
                time.sleep(0.001)
        assert order == []
    for thread in threads:
        thread.join(10)
    return order


def test_who_asks_first_has_the_first_turn():
    assert asking(Turns(), ["a", "b", "c"]) == ["a", "b", "c"]


def test_who_is_first_goes_before_all_who_wait_already():
    assert asking(Turns(), ["a", "b", "writer"], first=frozenset({"writer"})) == ["writer", "a", "b"]


def test_never_do_two_threads_have_the_turn_and_none_is_forgotten():
    turns, having, most = Turns(), 0, 0

    def take(number: int) -> None:
        nonlocal having, most
        for _ in range(50):
            with turns.turn(is_first=number % 3 == 0):
                having += 1
                most = max(most, having)
                time.sleep(0)
                having -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(8), timeout=60))
    assert (most, having, turns.waiting_count) == (1, 0, 0)


def test_a_turn_that_is_over_before_its_block_is_given_once():
    turns = Turns()
    with turns.turn() as turn:
        turn.over()
        with turns.turn():
            turn.over()
            assert turns.is_taken
    assert not turns.is_taken


def test_a_turn_whose_block_fails_is_given_back():
    turns = Turns()
    with pytest.raises(ValueError, match="no"), turns.turn():
        raise ValueError("no")
    assert not turns.is_taken


def test_a_record_is_written_between_the_turns_of_those_who_decide(ledger: Ledger):
    written = threading.Event()

    def write() -> None:
        write_decisions(ledger, [a_decision("D1")])
        written.set()

    thread = threading.Thread(target=write)
    with ledger.turn():
        thread.start()
        assert not written.wait(0.2)
    assert written.wait(10)
    thread.join(10)
    assert read_decision(ledger, "D1") == a_decision("D1")


def test_who_has_the_turn_gives_it_before_its_own_record_is_waited_for(ledger: Ledger):
    with ledger.turn() as turn:
        write_decisions(ledger, [a_decision("D1")], turn=turn)
        assert not ledger.writer.turns.is_taken
    assert read_decision(ledger, "D1") == a_decision("D1")
