"""What each action of the catalogue is used for by each customer, compiled."""

from typing import Any

import numpy as np

from linewise.core.compiling import compiled

__all__ = ["used"]


@compiled
def used(seen: Any, revolves: Any, fixed: Any, card_rate: float) -> Any:
    """The balance, the purchases and the fee of each offer, (n_customers, n_offers).

    seen (n_customers, 4): the amounts of _AMOUNT_OF, and what leaves the account in 90 days; revolves (n_customers,).
    fixed: what the catalogue alone says, as in `offer_use`.
    """
    place, borrows_anew, is_credit, bounds, ratios = fixed
    shape = (len(seen), len(place))
    balance, spend, fee = np.zeros(shape), np.empty(shape), np.empty(shape)
    cost, first_year, fee_alone, moves = ratios[0], ratios[1], ratios[2], ratios[3]
    for row in range(shape[0]):
        outflow = 365.0 / 90.0 * seen[row, -1]
        for offer in range(shape[1]):
            spend[row, offer] = outflow * moves[offer]
            amount = 0.0
            if place[offer] >= 0:
                amount = min(max(seen[row, place[offer]], bounds[0, offer]), bounds[1, offer])
            carried = 0.0 if borrows_anew[offer] else revolves[row]
            balance[row, offer] = amount * (1.0 - carried) * first_year[offer]
            gained = (cost[offer] - carried * card_rate) * amount * first_year[offer]
            fee[row, offer] = gained if is_credit[offer] else fee_alone[offer]
    return balance, spend, fee
