from collections.abc import Mapping
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from linewise.bank.dictionary import load_dictionary
from linewise.simulation.chance import Chance
from linewise.simulation.dirt.owned import OwnedRows
from linewise.simulation.dirt.valid import CORRECTED_RATIO, LATE_DAYS, LATE_RATIO, corrections, with_late_rows
from tests.linewise.simulation.conftest import DATA_UNTIL


@pytest.fixture(scope="module")
def moves(tables: Mapping[str, pa.Table]) -> OwnedRows:
    return OwnedRows.of(load_dictionary()["transactions"], tables["transactions"], Chance(4))


def test_some_rows_come_days_to_weeks_late_but_by_the_end_of_the_data(moves: OwnedRows) -> None:
    late, labels = with_late_rows(moves, until=DATA_UNTIL)
    before, after = (rows["recorded_at"].to_pandas() for rows in (moves.rows, late.rows))
    days = (after - before)[after != before] / timedelta(days=1)
    assert (days.min(), days.max()) == LATE_DAYS
    assert after.max() <= DATA_UNTIL
    assert 0.8 * LATE_RATIO < len(days) / len(before) < 1.2 * LATE_RATIO
    told = dict(zip(labels["key"].to_pylist(), labels["reason"].to_pylist(), strict=True))
    keys = moves.rows["transaction_id"].to_pandas()[days.index]
    assert told == {key: f"is recorded {day:.0f} days late" for key, day in zip(keys, days, strict=True)}


def test_a_row_that_would_come_after_the_end_of_the_data_is_not_late(moves: OwnedRows) -> None:
    until = pc.max(moves.rows["recorded_at"]).as_py()
    late, labels = with_late_rows(moves, until=until)
    assert pc.max(late.rows["recorded_at"]).as_py() == until
    assert labels.num_rows > 0


def test_a_wrong_purchase_is_taken_back_to_the_last_cent_and_the_right_one_stands(moves: OwnedRows) -> None:
    (wrong, _), (refund, _) = corrections(moves)
    right = moves.rows.filter(
        pc.is_in(moves.rows["transaction_id"], pc.utf8_slice_codeunits(wrong["transaction_id"], 0, -1))
    )
    amounts = [rows["billing_amt"].to_pylist() for rows in (right, wrong, refund)]
    assert amounts[1] == amounts[2]
    assert all(first != second for first, second in zip(amounts[0], amounts[1], strict=True))
    assert set(refund["kind"].to_pylist()) == {"refund"}
    assert set(refund["direction"].to_pylist()) == {"credit"}
    for name in ("account_id", "posted_at", "merchant_id"):
        assert right[name].equals(wrong[name])
        assert right[name].equals(refund[name])


def test_a_slip_moves_the_decimal_point_of_both_currencies(moves: OwnedRows) -> None:
    at = {name: moves.rows.column_names.index(name) for name in ("billing_amt", "original_amt")}
    rows = moves.rows
    for name, amount in (("billing_amt", 12_345), ("original_amt", 670)):
        rows = rows.set_column(at[name], name, pa.repeat(amount, rows.num_rows))
    (wrong, _), _ = corrections(OwnedRows.of(moves.table, rows, moves.chance))
    assert set(wrong["billing_amt"].to_pylist()) == {1_234}
    assert set(wrong["original_amt"].to_pylist()) == {67}


def test_only_settled_purchases_on_cards_are_corrected(moves: OwnedRows) -> None:
    (wrong, labels), _ = corrections(moves)
    frame = moves.rows.to_pandas()
    settled = frame.query("kind == 'purchase' and not is_declined and balance_amt.isna()")
    assert 0.7 * CORRECTED_RATIO < wrong.num_rows / len(settled) < 1.3 * CORRECTED_RATIO
    assert {key[:-1] for key in labels["key"].to_pylist()} <= set(settled["transaction_id"])
    assert labels["is_bad"].to_pylist() == [False] * wrong.num_rows
