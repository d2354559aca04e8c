"""What is known of the customers of a list is the same however many of them are read at once."""

import random
from collections.abc import Sequence

import numpy as np
import pytest

from linewise.bank.tables import open_bank
from linewise.core.home import Home
from linewise.ledger.store import Ledger
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.exporting.facts_by_frame import FactsByFrame, FactsOfRows
from serving.campaigns.exporting.rechecking import recheck
from serving.scoring.facts import BankFacts, read_bank_facts
from tests.builders import a_policy
from tests.serving.campaigns.exports import VERSIONS, a_row_of_the_list, whole, write_plan

STRANGERS = ("", "A", "C00000000x", "Z")
"""Before, among and behind the bank's customers."""


@pytest.fixture(scope="module")
def known(served_home: Home) -> BankFacts:
    return read_bank_facts(open_bank(served_home))


@pytest.fixture(scope="module")
def customer_ids(known: BankFacts) -> Sequence[str]:
    """Some of the bank, and some who are not of it, in order of id."""
    drawn = random.Random(3).sample(sorted(known.roster.row_of), 60)
    return sorted([*drawn, *STRANGERS])


@pytest.mark.parametrize("size", [7, 100, 10_000])
def test_every_customer_stands_in_one_frame_that_knows_of_them(
    served_home: Home, customer_ids: Sequence[str], size: int
) -> None:
    by_frame = FactsByFrame(open_bank(served_home), size)
    places, strangers = list[int](), set[str]()
    for some, facts in by_frame(customer_ids):
        places += some.tolist()
        strangers |= {one for place in some.tolist() if (one := customer_ids[place]) not in facts.roster}
        assert len(facts.roster.row_of) <= size
    assert sorted(places) == list(range(len(customer_ids)))
    assert strangers == set(STRANGERS)


def test_a_list_that_is_in_no_order_is_known_as_well(served_home: Home, customer_ids: Sequence[str]) -> None:
    mixed = random.Random(5).sample(customer_ids, len(customer_ids))
    found = [customer_id for some, _ in FactsByFrame(open_bank(served_home), 50)(mixed) for customer_id in
             (mixed[place] for place in some.tolist())]  # fmt: skip
    assert sorted(found) == sorted(customer_ids)


def test_a_frame_that_two_pieces_share_is_read_once(
    served_home: Home, customer_ids: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = list[tuple[str, str]]()

    def counted(bank: object, among: tuple[str, str]) -> BankFacts:
        read.append(among)
        return read_bank_facts(bank, among)  # type: ignore[arg-type]

    monkeypatch.setattr("serving.campaigns.exporting.facts_by_frame.read_bank_facts", counted)
    by_frame = FactsByFrame(open_bank(served_home), 100)
    for start in range(0, len(customer_ids), 4):
        assert list(by_frame(customer_ids[start : start + 4]))
    assert len(read) == len({*read}) > 1


@pytest.mark.parametrize("size", [7, 100])
def test_the_same_rows_are_withheld_whatever_the_size_of_a_frame(
    served_home: Home, home: Home, ledger: Ledger, known: BankFacts, customer_ids: Sequence[str], size: int
) -> None:
    rows = [a_row_of_the_list(one) for one in customer_ids]
    plan, now = write_plan(home, rows), open_bank(served_home).manifest.horizon

    def looked_at(facts: FactsOfRows) -> tuple[list[str], list[str]]:
        desk = ExportDesk(home, ledger, facts, "CNY", a_policy(), VERSIONS, lambda: now)
        found = recheck(desk, plan, rows, np.zeros(len(rows), dtype=bool), now)
        return found.because.tolist(), found.zones.tolist()

    because, zones = looked_at(FactsByFrame(open_bank(served_home), size))
    assert (because, zones) == looked_at(whole(known))
    assert {"", "unknown_customer"} < {*because}
