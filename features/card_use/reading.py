"""How customers use their cards: as it was kept, where that serves, and else by a walk over their postings."""

from datetime import datetime

import pyarrow as pa

from features.card_use.keeping import kept_card_use
from features.card_use.summing import summed_card_use
from features.card_use.use import CardUse, Ints
from linewise.bank.tables import Bank

__all__ = ["read_card_use"]


def read_card_use(bank: Bank, ids: pa.Array, observed_until: Ints, now: datetime) -> CardUse:
    """The card use of these customers at that moment, what is given of them as in `summed_card_use`.

    Of one moment both ways tell the same to the last bit; kept sums may be of somewhat earlier, as their `as_of` says.
    """
    kept = kept_card_use(bank, ids, now) if len(ids) else None
    return summed_card_use(bank, ids, observed_until, now) if kept is None else kept
