"""Reasons for what is shown only: contributions are the dearest step of a decision."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from linewise.decisioning.offers import Offers, modelled_of, places_of_modelled
from linewise.decisioning.reasons import Coded, reason_codes
from linewise.decisioning.scorers import Scorers
from linewise.decisioning.types import Bools, Customers, Ints, LimitDecisions

__all__ = ["LIMIT_REASONS", "OFFER_REASONS", "offer_reasons", "with_limit_reasons"]

OFFER_REASONS, LIMIT_REASONS = 3, 4

Reasons = tuple[Coded, ...]


def offer_reasons(
    rank: Ints,
    customers: Customers,
    offers: Offers,
    scorers: Scorers,
    personal: Bools,
    code_of: Mapping[str, str],
) -> Reasons:
    """What spoke for each offer shown, one tuple a pair, customers outermost; rank (n_customers, n_offers).

    A list in a fixed order has no reasons, personal (n_customers,): nothing of the customer chose it.
    """
    rows, columns = np.nonzero((rank >= 0) & offers.is_modelled & personal[:, None])
    if not len(rows):
        return ()
    contributions = scorers.explain_take_up(customers, modelled_of(offers), rows, places_of_modelled(offers)[columns])
    codes = reason_codes(contributions, code_of, sign=np.ones(len(rows)), most=OFFER_REASONS)
    flat: list[Coded] = [()] * rank.size
    for row, column, reasons in zip(rows.tolist(), columns.tolist(), codes, strict=True):
        flat[row * rank.shape[1] + column] = reasons
    return tuple(flat)


def with_limit_reasons(
    limit: LimitDecisions, customers: Customers, scorers: Scorers, code_of: Mapping[str, str]
) -> LimitDecisions:
    """What spoke for the amount where one is suggested, what spoke against it where none is."""
    contributions = scorers.explain_default(customers, np.arange(len(customers)))
    sign = np.where(limit.suggested_amt > limit.current_amt, -1.0, 1.0)
    codes = reason_codes(contributions, code_of, sign=sign, most=LIMIT_REASONS)
    return replace(limit, contributions=codes)
