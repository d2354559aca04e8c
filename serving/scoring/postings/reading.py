"""The postings of one file of a bank as arrays; of a word it is kept where it stands among those of the file."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from serving.scoring.coded import Coded, coded, in_microseconds
from serving.scoring.postings.kernel import Postings

__all__ = ["read_postings"]

_WORDS = ("customer_id", "account_id", "kind", "direction", "currency", "merchant_id")
_VALUES = ("is_declined", "posted_at", "recorded_at", "billing_amt")


def read_postings(path: Path) -> tuple[Postings, dict[str, Coded]]:
    """All postings of a file, and its columns of words."""
    with pq.ParquetFile(path, read_dictionary=list(_WORDS)) as file:
        rows = file.read(columns=[*_WORDS, *_VALUES])
    words = {name: coded(rows[name]) for name in _WORDS}
    return Postings(
        customer=words["customer_id"].place,
        account=words["account_id"].place,
        kind=words["kind"].place,
        direction=words["direction"].place,
        merchant=words["merchant_id"].place,
        is_declined=np.asarray(rows["is_declined"], dtype=np.bool_),
        posted_at=in_microseconds(rows["posted_at"]),
        recorded_at=in_microseconds(rows["recorded_at"]),
        billing_amt=np.asarray(rows["billing_amt"], dtype=np.int64),
    ), words
