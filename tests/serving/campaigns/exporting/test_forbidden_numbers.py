"""No card's, identity card's or telephone's number leaves the bank, and tokens are not taken for one."""

import pyarrow as pa
import pytest

from linewise.core.errors import DataCheckFailed
from serving.campaigns.exporting.forbidden_numbers import enforce_no_numbers


def a_batch(column: str, value: str | None) -> pa.RecordBatch:
    cells = {name: [None, "x"] for name in ("contact_ref", "consent_ref", "customer_id")}
    return pa.record_batch(cells | {column: [value, "x"]})


@pytest.mark.parametrize("column", ["contact_ref", "consent_ref", "customer_id"])
@pytest.mark.parametrize(
    "value",
    [
        "13800138000", "+86 138 0013 8000", "tel:13800138000",
        "Mobile +86 13800138000", "CARD 4111111111111111", "(138) 0013-8000", "１３８００１３８０００",
        "4111111111111111", "4111-1111-1111-1111", "11010519491231002X", "110105194912310021",
    ],
)  # fmt: skip
def test_a_number_in_any_spelling_is_found(column: str, value: str) -> None:
    with pytest.raises(DataCheckFailed, match=column) as caught:
        enforce_no_numbers(a_batch(column, value))
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        None, "", "C0000123", "tok-00012345678901", "tok4111111111111111", "9f8b7c6a-0000-4000-8000-123456789012",
        "a1b2c3d4e5f613800138000ffff", "12345678", "sms-marketing-3",
    ],
)  # fmt: skip
def test_a_token_is_none(value: str | None) -> None:
    enforce_no_numbers(a_batch("contact_ref", value))
