"""The additive features of transactions in pandas, vectorised: a mask a feature, and one group-by over all of them."""

import re
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from features.catalogue import FEATURES
from features.families.spending import BUDGET
from features.merchant_groups import group_of
from linewise.bank.tables import Bank

__all__ = ["additive_names", "pandas_sums"]

_NAME = re.compile(r"(?P<what>[a-z_]+?)_(?P<how>sum_amt|count)_(?P<days>\d+)d")
_TEXTS = ["customer_id", "direction", "kind", "category", "mcc"]
_COLUMNS = [*_TEXTS, "posted_at", "recorded_at", "billing_amt", "is_declined"]
_DAY_US = 86_400_000_000
# Counts of different values, which do not add up; and incomes, which take three columns and a list of words.
_NOT_ADDITIVE = {"counterparty", "merchant", "mcc", "country", "standing_order_purposes", "salary"}


def pandas_sums(bank: Bank, as_of: datetime, target: Path) -> pd.DataFrame:
    """Write and give a row a customer with every sum and count of what was known at `as_of`."""
    now_us = int(as_of.timestamp()) * 1_000_000
    read = [pq.read_table(path, columns=_COLUMNS, read_dictionary=_TEXTS) for path in bank.files("transactions")]
    table = pa.concat_tables(read).unify_dictionaries()
    known = table.to_pandas(strings_to_categorical=True)
    posted_us = table["posted_at"].cast(pa.int64()).to_numpy()
    is_known = (posted_us <= now_us) & (table["recorded_at"].cast(pa.int64()).to_numpy() <= now_us)
    known, age_days = known[is_known], (now_us - posted_us[is_known]) // _DAY_US
    masks, amounts = _masks(known), known["billing_amt"].to_numpy()
    columns = {}
    for name, parts in _additive().items():
        what, how, days = parts
        mask = masks[what] & (age_days < int(days))
        columns[name] = np.where(mask, amounts, 0) if how == "sum_amt" else mask.astype(np.int64)
    # By the codes of a categorical: as many texts would have to be hashed.
    customers = pd.Categorical.from_codes(known["customer_id"].cat.codes, dtype=known["customer_id"].dtype)
    sums = pd.DataFrame(columns).groupby(customers, sort=False, observed=True).sum()
    sums.index = pd.Index(sums.index.astype("str"), name="customer_id")
    sums.to_parquet(target)
    return sums


def additive_names() -> tuple[str, ...]:
    """The features that are a sum or a count of transactions in one window, by their names."""
    return tuple(_additive())


def _additive() -> dict[str, tuple[str, str, str]]:
    """By the feature's name: what is added up, whether amounts or rows, and in how many days."""
    found = {feature.name: _NAME.fullmatch(feature.name) for feature in FEATURES if feature.grain == "transaction"}
    named = {name: (parts["what"], parts["how"], parts["days"]) for name, parts in found.items() if parts}
    return {name: parts for name, parts in named.items() if parts[0] not in _NOT_ADDITIVE}


def _masks(known: pd.DataFrame) -> dict[str, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
    is_declined = known["is_declined"].to_numpy()
    is_debit = ((known["direction"] == "debit") & ~is_declined).to_numpy()
    is_credit = ((known["direction"] == "credit") & ~is_declined).to_numpy()
    kind = {name: (known["kind"] == name).to_numpy() for name in known["kind"].cat.categories}
    codes = known["mcc"].cat
    groups = np.array([*(group_of(code) for code in codes.categories), ""])
    is_purchase = is_debit & kind["purchase"]
    masks = {
        "txn": ~is_declined,
        "credit": is_credit,
        "debit": is_debit,
        "declined": is_declined,
        "purchase": is_purchase,
        "refund": is_credit & kind["refund"],
        "cash_deposit": is_credit & kind["cash_deposit"],
        "interest_received": is_credit & kind["interest"],
        "interest_charged": is_debit & kind["interest"],
        "standing_order": is_debit & kind["transfer_out"] & known["category"].notna().to_numpy(),
    }
    for name in ("cash_withdrawal", "cash_advance", "transfer_out", "fee", "penalty_interest"):
        masks[name] = is_debit & kind.get(name, np.zeros(len(known), dtype=np.bool_))
    sensitive = {name: ((name,), "") for name in ("gambling", "health", "pawn")}
    for name, (members, _) in {**BUDGET, **sensitive}.items():
        masks[name] = is_purchase & np.isin(groups, members)[codes.codes]
    return masks
