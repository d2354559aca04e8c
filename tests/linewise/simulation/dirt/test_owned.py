import numpy as np
import pyarrow as pa
import pytest

from linewise.bank.dictionary import load_dictionary
from linewise.simulation.chance import Chance
from linewise.simulation.dirt.owned import OwnedRows, as_delivered

IDS = ["C00000007", "C00000012", "C00000007", "C10000001", "C00000012", "C00000007"]


def owned(customer_id: pa.ChunkedArray) -> OwnedRows:
    return OwnedRows.of(load_dictionary()["calls"], pa.table({"customer_id": customer_id}), Chance(1))


@pytest.mark.parametrize(
    "customer_id",
    [
        pa.chunked_array([IDS]),
        pa.chunked_array([IDS[:2], IDS[2:]]),
        pa.chunked_array([pa.array(IDS[:4]).dictionary_encode(), pa.array(IDS[4:]).dictionary_encode()]),
    ],
    ids=["plain", "in two chunks", "encoded, each chunk in its own way"],
)
def test_a_row_is_known_by_its_customer_and_its_place_among_that_customers_rows(customer_id: pa.ChunkedArray) -> None:
    rows = owned(customer_id)
    assert rows.customer.tolist() == [7, 12, 7, 10_000_001, 12, 7]
    assert rows.index.tolist() == [0, 0, 1, 0, 1, 2]


def test_the_dice_of_a_row_do_not_see_the_rows_of_others() -> None:
    everyone, one = owned(pa.chunked_array([IDS])), owned(pa.chunked_array([[IDS[1], IDS[4]]]))
    assert everyone.uniform("late")[[1, 4]].tolist() == one.uniform("late").tolist()
    whole, alone = everyone.between(1, 30, "size", np.array([1, 4])), one.between(1, 30, "size", np.array([0, 1]))
    assert whole.tolist() == alone.tolist()


def test_text_is_decoded_to_be_changed_and_encoded_as_it_was() -> None:
    kind = pa.dictionary(pa.int16(), pa.string())
    rows = owned(pa.chunked_array([pa.array(IDS).dictionary_encode().cast(kind)]))
    copies = rows.copies(np.array([5, 3]))
    assert copies["customer_id"].to_pylist() == ["C00000007", "C10000001"]
    assert copies.schema.field("customer_id").type == pa.string()
    again = as_delivered(copies, rows.rows.schema)
    assert again.schema == rows.rows.schema
    assert again["customer_id"].to_pylist() == ["C00000007", "C10000001"]
