import json
from typing import Any

import pyarrow as pa
import pytest

from linewise.bank.quarantine import quarantined
from linewise.bank.tables import Bank, open_bank
from linewise.bank.writing import bank_in_parts
from linewise.core.errors import NotFound, UsageError
from linewise.core.home import Home
from tests.linewise.bank.builders import (
    END,
    a_customer,
    a_transaction,
    an_account,
    rows_of,
    small_tables,
    write_small,
)

GOOD = [a_transaction(number) for number in range(10, 510)]
BAD = [
    a_transaction(0, billing_amt=-5),
    a_transaction(1, billing_amt=-6, direction="in"),
    a_transaction(2, currency="GBP"),
]


@pytest.fixture
def bank(home: Home) -> Bank:
    """Three of 503 postings are bad, one of them in two ways."""
    return write_small(home, small_tables(*GOOD, *BAD))


def test_rows_put_aside_are_shown_with_their_reasons_and_the_values_at_fault(bank: Bank) -> None:
    (shown,) = quarantined(bank)
    assert (shown.table, shown.key, shown.rows) == ("transactions", ("transaction_id",), 3)
    assert shown.reasons == {
        "billing_amt is below 0": 2,
        "currency has no exchange rate that was known when the row was recorded": 1,
        "direction is none of credit, debit": 1,
    }
    assert [row.at_fault for row in shown.first_rows] == [
        {"billing_amt": -5},
        {"direction": "in", "billing_amt": -6},
        {"currency": "GBP"},
    ]
    assert shown.first_rows[0].values["transaction_id"] == "t00000"


def test_a_reason_is_found_by_some_of_its_words(bank: Bank) -> None:
    (shown,) = quarantined(bank, "transactions", reason="Exchange Rate")
    assert [row.values["transaction_id"] for row in shown.first_rows] == ["t00002"]


@pytest.mark.parametrize(("limit", "expected"), [(0, 0), (1, 1), (99, 3)])
def test_only_so_many_rows_come_along_and_all_are_counted(bank: Bank, limit: int, expected: int) -> None:
    (shown,) = quarantined(bank, limit=limit)
    assert (len(shown.first_rows), shown.rows) == (expected, 3)


def test_a_table_of_which_nothing_was_put_aside_shows_nothing(bank: Bank) -> None:
    assert quarantined(bank, "customers") == []


def test_words_that_stand_in_no_reason_are_answered_with_the_reasons_there_are(bank: Bank) -> None:
    with pytest.raises(NotFound, match=r"'weather' in it\. There are: billing_amt is below 0, currency has"):
        quarantined(bank, reason="weather")
    with pytest.raises(NotFound, match="No row was put aside at all"):
        quarantined(bank, "customers", reason="weather")


def test_a_table_that_the_contract_has_not_is_refused(bank: Bank) -> None:
    with pytest.raises(UsageError, match="no contract table 'tranactions'"):
        quarantined(bank, "tranactions")


def test_parts_that_were_delivered_in_other_types_are_read_together_and_can_be_said_in_json(home: Home) -> None:
    said: dict[str, Any] = {"clock": "data_end", "currency": "CNY", "data_until": END, "imported_at": END}
    with bank_in_parts(home, "parts", **said) as draft:
        for number, amount in enumerate((-1, float("nan"))):
            customer = f"c{number}"
            rows = rows_of("transactions", *(a_transaction(1000 * number + one, customer) for one in range(150)))
            amounts = pa.array([amount, *rows["billing_amt"].to_pylist()[1:]])
            rows = rows.set_column(rows.column_names.index("billing_amt"), "billing_amt", amounts)
            tables = {
                "customers": rows_of("customers", a_customer(customer)),
                "accounts": rows_of("accounts", an_account(f"a{number}", customer)),
                "transactions": rows,
            }
            draft.write_part(number, tables)
    (shown,) = quarantined(open_bank(home))
    assert [row.at_fault for row in shown.first_rows] == [{"billing_amt": -1}, {"billing_amt": "nan"}]
    json.dumps(shown.model_dump(mode="json"), allow_nan=False)
