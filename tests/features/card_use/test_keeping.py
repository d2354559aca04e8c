"""Sums of card postings on disk: equal to those summed anew, and of the very bank, definition and moment or none."""

import errno
import multiprocessing
import multiprocessing.synchronize
import os
import shutil
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.card_use import keeping
from features.card_use.footers import note_footer
from features.card_use.keeping import VALUES, KeptReport, keep_card_use, kept_card_use, serving_stamp
from features.card_use.reading import read_card_use
from features.card_use.stamp import SERVES_FOR, stamp_of
from features.card_use.summing import summed_card_use
from features.card_use.use import CardUse
from linewise.bank.dictionary import TABLE_NAMES
from linewise.bank.tables import Bank, open_bank
from linewise.bank.writing import bank_in_parts
from linewise.core.errors import StorageFull
from linewise.core.home import Home
from linewise.core.moments import NEVER
from tests.features.builders import event
from tests.features.card_use.people import people_of
from tests.linewise.bank.builders import (
    END,
    a_customer,
    a_transaction,
    an_account,
    an_exchange_rate,
    bytes_below,
    rows_of,
)

CUT = END - timedelta(days=60)
CUSTOMERS = 7


def part_of(*numbers: int) -> dict[str, pa.Table]:
    """Customers of these numbers who use their cards, pay for them in two currencies, and repay; one was cut early."""
    ids = [f"c{one}" for one in numbers]
    postings = [
        a_transaction(
            100 * one + at,
            f"c{one}",
            posted_at=END - timedelta(days=1 + one + 9.0 * at),
            recorded_at=END - timedelta(days=0.5 + one + 9.0 * at),
            kind=("purchase", "fee", "interest", "refund")[at % 4],
            currency=("CNY", "CNY", "USD")[at % 3],
            billing_amt=4_000_00 if at % 4 == 0 else 17 + one,
            merchant_id="M1",
        )
        for one in numbers
        for at in range(20)
    ]
    return {
        "customers": rows_of(
            "customers", *(a_customer(one, observed_until=CUT if one == "c2" else None) for one in ids)
        ),
        "accounts": rows_of(
            "accounts", *(an_account(f"a{one[1:]}", one, permanent_limit_amt=20_000_00) for one in ids)
        ),
        "transactions": rows_of("transactions", *postings),
        "payments": rows_of(
            "payments",
            *(
                event("payments", 5, number=one, customer_id=f"c{one}", account_id=f"a{one}")
                for one in numbers
                if one % 2
            ),
        ),
    }


def written(home: Home, *parts: tuple[int, ...]) -> Bank:
    """A bank of these parts."""
    rates = rows_of("bank_facts", an_exchange_rate("usd", 7.25))
    delivered = {*part_of(0), "bank_facts"}
    absent = [name for name in TABLE_NAMES if name not in delivered]
    said = {"clock": "data_end", "currency": "CNY", "data_until": END, "imported_at": END}
    with bank_in_parts(home, "parts", declared_absent=absent, rate_facts=rates, **said) as draft:
        for number, some in enumerate(parts):
            draft.write_part(number, part_of(*some) | ({"bank_facts": rates} if number == 0 else {}))
    return open_bank(home)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Seven customers in two parts, for the tests to copy."""
    home = Home(tmp_path_factory.mktemp("made"))
    written(home, (0, 1), (2, 3, 4, 5, 6))
    return home


@pytest.fixture
def bank(home: Home, made: Home, monkeypatch: pytest.MonkeyPatch) -> Bank:
    """Them, of whom those of the second part are summed in two goes."""
    monkeypatch.setattr(keeping, "CUSTOMERS_AT_ONCE", 3)
    shutil.copytree(made.bank_dir, home.bank_dir)
    return open_bank(home)


def same(one: CardUse | None, other: CardUse | None) -> bool:
    """Whether both are there, of one moment, and equal to the last bit."""
    if one is None or other is None or one.as_of != other.as_of:
        return False
    pairs = [(getattr(one, name), getattr(other, name)) for name in VALUES]
    return all(mine.dtype == theirs.dtype and mine.tobytes() == theirs.tobytes() for mine, theirs in pairs)


def test_what_is_read_of_any_range_is_what_is_summed_anew_to_the_last_bit(bank: Bank) -> None:
    assert keep_card_use(bank, END) == KeptReport(CUSTOMERS, END)
    for start in range(CUSTOMERS):
        for end in range(start + 1, CUSTOMERS + 1):
            ids, until = people_of(bank, slice(start, end))
            assert same(kept_card_use(bank, ids, END), summed_card_use(bank, ids, until, END)), (start, end)


def test_the_sums_of_these_customers_say_something(bank: Bank) -> None:
    use = summed_card_use(bank, *people_of(bank), END)
    assert (use.used_at != NEVER).all()
    assert (use.cost_amt > 0).all()
    assert set(use.repaid_amt.tolist()) == {0.0, 100.0}
    assert use.carousel_ratio.max() > 0


def test_a_part_has_a_file_of_its_own_and_a_frame_reads_no_other(bank: Bank) -> None:
    keep_card_use(bank, END)
    folder = bank.home.card_use_dir
    assert sorted(path.name for path in folder.glob("*.parquet")) == [path.name for path in bank.files("customers")]
    (folder / "part-00001.parquet").unlink()
    assert kept_card_use(bank, people_of(bank, slice(0, 2))[0], END) is not None
    assert kept_card_use(bank, people_of(bank)[0], END) is None


@pytest.fixture(scope="module")
def served(served_home: Home) -> tuple[Bank, pa.Array, CardUse]:
    """The bank that serves, its customers, and their postings summed anew."""
    bank = open_bank(served_home)
    ids, until = people_of(bank)
    return bank, ids, summed_card_use(bank, ids, until, bank.manifest.horizon)


@given(ends=st.tuples(st.integers(0, 1_999), st.integers(0, 1_999)).map(sorted))
def test_a_filled_store_has_beside_it_what_its_bank_s_postings_come_to(
    served: tuple[Bank, pa.Array, CardUse], ends: list[int]
) -> None:
    (bank, ids, use), (start, last) = served, ends
    kept = kept_card_use(bank, ids.slice(start, last - start + 1), bank.manifest.horizon)
    some = slice(start, last + 1)
    assert same(kept, CardUse(use.as_of, *(getattr(use, name)[some] for name in VALUES)))


def test_customers_of_whom_some_are_left_out_or_strangers_have_no_kept_sums(bank: Bank) -> None:
    keep_card_use(bank, END)
    for ids in (["c0", "c2"], ["c0", "c1", "c1x"], ["a", "c0"], ["zz"]):
        assert kept_card_use(bank, pa.array(ids), END) is None


@pytest.mark.parametrize(
    ("clock", "kept_at", "asked_at", "serves"),
    [
        ("data_end", END, END, True),
        ("data_end", END, END - timedelta(microseconds=1), False),
        ("data_end", END, END + timedelta(hours=20), True),
        ("data_end", END, END + SERVES_FOR, True),
        ("data_end", END, END + SERVES_FOR + timedelta(microseconds=1), False),
        # Of a moment of the past: postings came after it that a later one has to know.
        ("data_end", END - timedelta(days=1), END - timedelta(days=1), True),
        ("data_end", END - timedelta(days=1), END, False),
        ("wall", END + timedelta(hours=2), END + timedelta(hours=3), True),
        ("wall", END + timedelta(hours=2), END + timedelta(hours=1), False),
        ("wall", END - timedelta(hours=2), END + timedelta(hours=1), False),
    ],
)
def test_sums_serve_from_their_moment_on_while_their_windows_are_those_of_today(
    bank: Bank, clock: str, kept_at: datetime, asked_at: datetime, serves: bool
) -> None:
    # Imported at END too.
    bank.manifest = bank.manifest.model_copy(update={"clock": clock})
    keep_card_use(bank, kept_at)
    ids, until = people_of(bank)
    assert (kept_card_use(bank, ids, asked_at) is not None) == serves
    assert (serving_stamp(bank, asked_at) is not None) == serves
    read = read_card_use(bank, ids, until, asked_at)
    assert same(read, summed_card_use(bank, ids, until, kept_at if serves else asked_at))


def test_sums_of_another_bank_do_not_serve(bank: Bank) -> None:
    keep_card_use(bank, END)
    other = written(bank.home, (0, 1), (2, 3, 4, 5))
    ids, until = people_of(other)
    assert kept_card_use(other, ids, END) is None
    assert same(read_card_use(other, ids, until, END), summed_card_use(other, ids, until, END))


def test_the_same_bank_imported_again_is_served(bank: Bank) -> None:
    keep_card_use(bank, END)
    again = written(bank.home, (0, 1), (2, 3, 4, 5, 6))
    assert kept_card_use(again, people_of(again)[0], END) is not None


def test_sums_in_another_currency_do_not_serve(bank: Bank) -> None:
    keep_card_use(bank, END)
    bank.manifest = bank.manifest.model_copy(update={"currency": "USD"})
    assert kept_card_use(bank, people_of(bank)[0], END) is None


def test_sums_of_another_definition_do_not_serve(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_card_use(bank, END)
    monkeypatch.setattr("features.card_use.stamp.definition_hash", lambda: "another")
    assert kept_card_use(bank, people_of(bank)[0], END) is None


def test_of_two_fillings_none_is_made_one(bank: Bank) -> None:
    keep_card_use(bank, END)
    folder = bank.home.card_use_dir
    before = {name: content for name, content in bytes_below(folder).items() if "00000" in name}
    keep_card_use(bank, END + timedelta(hours=1))
    for name, content in before.items():
        (folder / name).write_bytes(content)
    ids = people_of(bank)[0]
    assert kept_card_use(bank, ids, END + timedelta(hours=2)) is None
    assert kept_card_use(bank, ids.slice(0, 2), END + timedelta(hours=2)) is not None


def test_where_nothing_was_kept_nothing_is_said(bank: Bank, caplog: pytest.LogCaptureFixture) -> None:
    assert kept_card_use(bank, people_of(bank)[0], END) is None
    assert serving_stamp(bank, END) is None
    assert caplog.text == ""


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(lambda content: [content[:length] for length in range(0, len(content), 61)], id="cut short"),
        pytest.param(
            lambda content: [flipped(content, place) for place in range(0, len(content), 7)], id="a byte altered"
        ),
        pytest.param(lambda content: [b"nonsense" * 99, b"PAR1"], id="something else"),
    ],
)
def test_of_a_damaged_file_no_wrong_sum_is_read(bank: Bank, damaged: Callable[[bytes], list[bytes]]) -> None:
    keep_card_use(bank, END)
    path = bank.home.card_use_dir / "part-00001.parquet"
    ids, until = people_of(bank, slice(2, 7))
    anew = summed_card_use(bank, ids, until, END)
    unread = 0
    for content in damaged(path.read_bytes()):
        path.write_bytes(content)
        kept = kept_card_use(bank, ids, END)
        assert kept is None or same(kept, anew)
        unread += kept is None
    assert unread


def test_a_damaged_file_is_told_of_and_summed_anew(bank: Bank, caplog: pytest.LogCaptureFixture) -> None:
    keep_card_use(bank, END)
    path = bank.home.card_use_dir / "part-00001.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    ids, until = people_of(bank)
    assert same(read_card_use(bank, ids, until, END), summed_card_use(bank, ids, until, END))
    assert str(bank.home.card_use_dir) in caplog.text
    assert "Run: linewise features materialize" in caplog.text


def test_a_file_without_a_stamp_serves_nobody(bank: Bank) -> None:
    keep_card_use(bank, END)
    for path in bank.home.card_use_dir.glob("*.parquet"):
        pq.write_table(pq.read_table(path).replace_schema_metadata(), path)
        note_footer(path)
    assert kept_card_use(bank, people_of(bank)[0], END) is None


def test_where_summing_fails_the_former_sums_stay(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_card_use(bank, END)
    before = bytes_below(bank.home.data_dir)
    calls = []

    def full(*given: Any) -> CardUse:
        calls.append(given)
        if len(calls) < 3:
            return summed_card_use(*given)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(keeping, "summed_card_use", full)
    with pytest.raises(StorageFull):
        keep_card_use(bank, END + timedelta(hours=1))
    assert bytes_below(bank.home.data_dir) == before


def keep_for_ever(root: Path, is_under_way: multiprocessing.synchronize.Event) -> None:
    def never_ends(*given: Any) -> CardUse:
        is_under_way.set()
        time.sleep(600)
        return summed_card_use(*given)

    keeping.summed_card_use = never_ends
    keep_card_use(open_bank(Home(root)), END + timedelta(hours=1))


def test_one_killed_on_the_way_leaves_the_former_sums_and_the_next_one_clears_up(bank: Bank) -> None:
    keep_card_use(bank, END)
    context = multiprocessing.get_context("spawn")
    is_under_way = context.Event()
    process = context.Process(target=keep_for_ever, args=(bank.home.root, is_under_way))
    process.start()
    assert is_under_way.wait(60)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    ids, until = people_of(bank)
    assert same(kept_card_use(bank, ids, END), summed_card_use(bank, ids, until, END))
    keep_card_use(bank, END)
    assert sorted(path.name for path in bank.home.data_dir.iterdir()) == ["bank", "card_use"]


def test_the_stamp_tells_of_which_moment_in_utc(bank: Bank) -> None:
    stamp = stamp_of(bank, END.astimezone())
    assert (stamp.as_of, stamp.moment) == ("2026-06-30T00:00:00+00:00", datetime(2026, 6, 30, tzinfo=UTC))
