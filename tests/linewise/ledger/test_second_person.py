"""A record for two: one asks, another one lets them in, for an hour."""

from datetime import timedelta

import pytest

from linewise.core.errors import Conflict, NotAllowed, NotFound
from linewise.ledger.second_person import answer_ask, ask_to_be_let_in, open_asks, who_let_in
from linewise.ledger.store import Ledger
from tests.linewise.ledger.builders import NOW

HOUR = timedelta(hours=1)


def test_who_is_let_in_by_another_person_may_for_an_hour(ledger: Ledger) -> None:
    ask_id = ask_to_be_let_in(ledger, "li.na", "C1", "on the phone", NOW)
    assert who_let_in(ledger, "li.na", "C1", NOW) == ""
    answer_ask(ledger, ask_id, "sup", NOW, is_let_in=True)
    assert who_let_in(ledger, "li.na", "C1", NOW + HOUR - timedelta(seconds=1)) == "sup"
    assert [who_let_in(ledger, *one) for one in (
        ("li.na", "C1", NOW + HOUR), ("li.na", "C2", NOW), ("wang.wei", "C1", NOW),
    )] == [""] * 3  # fmt: skip
    assert open_asks(ledger, NOW) == []


def test_nobody_lets_themselves_in_and_an_answer_stands(ledger: Ledger) -> None:
    ask_id = ask_to_be_let_in(ledger, "sup", "C1", "curious", NOW)
    with pytest.raises(NotAllowed, match="asked this yourself"):
        answer_ask(ledger, ask_id, "SUP", NOW, is_let_in=True)
    answer_ask(ledger, ask_id, "other", NOW, is_let_in=False)
    assert who_let_in(ledger, "sup", "C1", NOW) == ""
    with pytest.raises(Conflict, match="other has answered"):
        answer_ask(ledger, ask_id, "third", NOW, is_let_in=True)
    with pytest.raises(NotFound):
        answer_ask(ledger, "none", "third", NOW, is_let_in=True)


def test_asking_again_is_the_same_ask_until_it_is_too_old(ledger: Ledger) -> None:
    first = ask_to_be_let_in(ledger, "li.na", "C1", "on the phone", NOW)
    assert ask_to_be_let_in(ledger, "li.na", "C1", "still", NOW + timedelta(minutes=5)) == first
    assert ask_to_be_let_in(ledger, "li.na", "C1", "later", NOW + HOUR) != first
    assert [one["reason"] for one in open_asks(ledger, NOW + HOUR)] == ["later"]
