"""The ledger: durable, written all or not at all, and left alone where another version wrote it."""

import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest

from linewise.core.errors import NotReady, UnknownDecision
from linewise.core.home import Home
from linewise.ledger.record import read_decision, write_decisions
from linewise.ledger.store import Ledger, open_ledger
from tests.linewise.ledger.builders import a_decision


def test_a_decision_is_read_back_word_for_word(ledger: Ledger):
    write_decisions(ledger, [a_decision("D1"), a_decision("D2")])
    assert read_decision(ledger, "D2") == a_decision("D2")


def test_an_unknown_decision_is_not_found(ledger: Ledger):
    with pytest.raises(UnknownDecision, match="'D9'"):
        read_decision(ledger, "D9")


def test_of_several_records_all_or_none_are_written(ledger: Ledger):
    with pytest.raises(Exception, match="UNIQUE"):
        write_decisions(ledger, [a_decision("D1"), a_decision("D1")])
    with pytest.raises(UnknownDecision):
        read_decision(ledger, "D1")


def test_a_value_that_json_does_not_know_is_refused_before_anything_is_written(ledger: Ledger):
    with pytest.raises(ValueError, match="JSON"):
        write_decisions(ledger, [a_decision("D1"), replace(a_decision("D2"), answer={"value": float("nan")})])
    with pytest.raises(UnknownDecision):
        read_decision(ledger, "D1")


def test_a_ledger_of_another_version_is_refused_and_left_as_it_is(home: Home):
    open_ledger(home).close()
    with sqlite3.connect(home.ledger_path) as database:
        database.execute("alter table outcomes drop column note")
    database.close()
    before = home.ledger_path.read_bytes()
    with pytest.raises(NotReady, match="another version"):
        open_ledger(home)
    assert home.ledger_path.read_bytes() == before


def test_what_was_written_survives_a_process_that_is_killed_right_after(home: Home):
    words = (
        "import os, sys; from pathlib import Path\n"
        "from linewise.core.home import Home; from linewise.ledger.store import open_ledger\n"
        "from linewise.ledger.record import write_decisions; from tests.linewise.ledger.builders import a_decision\n"
        "write_decisions(open_ledger(Home(Path(sys.argv[1]))), [a_decision('D1')]); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", words, str(home.root)], check=False)
    assert done.returncode == -9
    assert read_decision(open_ledger(home), "D1") == a_decision("D1")
