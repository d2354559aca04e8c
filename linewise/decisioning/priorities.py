"""What offers are worth less what they use of scarce things, compiled."""

from typing import Any

import numpy as np

from linewise.core.compiling import compiled

__all__ = ["priorities"]


@compiled
def priorities(uplift: Any, is_open: Any, valued: Any, cost_amt: Any, say_seconds: Any, prices: Any) -> Any:
    """The value once taken and the priority, (n_customers, n_offers) each, whole minor units; 0 where not open.

    uplift (n_customers, n_offers); valued: value, exposure, expected loss and capital, alike; cost_amt, say_seconds
    (n_offers,); prices: in the order of PRICE_OF. What is taken uses exposure, loss and capital; a proposal takes a
    contact, what it costs and the time to say it, whatever the customer then answers.
    """
    (worth, exposure, loss, capital), (of_money, of_contact, of_exposure, of_loss, of_capital, of_second) = (
        valued,
        prices,
    )
    value, priority = np.empty(worth.shape, dtype=np.int64), np.zeros(worth.shape, dtype=np.int64)
    for row in range(worth.shape[0]):
        for offer in range(worth.shape[1]):
            value[row, offer] = np.int64(np.rint(worth[row, offer]))
            if not is_open[row, offer]:
                continue
            # A thing that is not scarce has no price, however much of it is used.
            once_taken = at_once = 0.0
            if of_exposure > 0.0:
                once_taken += of_exposure * exposure[row, offer]
            if of_loss > 0.0:
                once_taken += of_loss * loss[row, offer]
            if of_capital > 0.0:
                once_taken += of_capital * capital[row, offer]
            if of_money > 0.0:
                at_once += of_money * cost_amt[offer]
            if of_contact > 0.0:
                at_once += of_contact
            if of_second > 0.0:
                at_once += of_second * say_seconds[offer]
            gain = uplift[row, offer] * (worth[row, offer] - once_taken)
            priority[row, offer] = np.int64(np.rint(gain - cost_amt[offer] - at_once))
    return value, priority
