"""What must stand in no file of an export: the number of a card, of an identity card or of a telephone."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from linewise.core.errors import DataCheckFailed
from linewise.core.scrubbing import scrub

__all__ = ["CHECKED", "enforce_no_numbers"]

CHECKED = ("contact_ref", "consent_ref", "customer_id")
"""What the bank's own tables put into a file; everything else is ours or the campaign's."""

NUMBER_ALONE = r"(?i)^\W*(?:tel|telephone|phone|mobile|mob|cell|sms|card|pan|id|no|nr)?\W{0,3}\pN[\pN\s().\-/_]*X?\W*$"
"""A cell that is a number, whatever stands between its digits, or before it says so; a token has letters of its own."""

FEWEST_DIGITS = 11


def enforce_no_numbers(batch: pa.RecordBatch, names: Sequence[str] = CHECKED) -> None:
    """Raise DataCheckFailed where a cell is a card's, an identity card's or a telephone's number.

    The message shows no more of it than its column, how many there are, and the last four digits of the first.
    """
    for name in names:
        column = pc.unique(batch.column(name)).drop_null()
        is_number = pc.and_(
            pc.match_substring_regex(column, NUMBER_ALONE),
            pc.greater_equal(pc.count_substring_regex(column, r"\pN"), FEWEST_DIGITS),
        )
        found = [one for one in column.filter(is_number).to_pylist() if scrub(one) != one]
        if found:
            raise DataCheckFailed(
                f"The list's {name} holds {len(found):,} times the number of a card, an identity card or a telephone, "
                f"first {scrub(found[0])}.",
                "Tokens were expected, that only the vault of whoever sends turns into an address: letters of its own "
                "tell a token from a number.",
                "Map tokens in contact_points of the bank's mapping, import it, and plan the campaign again.",
            )
