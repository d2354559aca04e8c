"""What is expected of a card at each candidate limit, from the coefficients of a customer's response."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.arrays import or_zero
from linewise.decisioning.behaviour import revolver_ratio, utilisation_ratio
from linewise.decisioning.economics import Economics
from linewise.decisioning.limits.demand import CycleDemand
from linewise.decisioning.scorers import AmountCoefficients, LimitResponse
from linewise.decisioning.types import Customers, Floats, Ints
from linewise.decisioning.value import ExpectedUse

__all__ = ["CardBehaviour", "behaviour_of", "limit_use"]


@dataclass(frozen=True, slots=True)
class CardBehaviour:
    """How each customer uses a card, whatever the limit: revolves, utilisation (n_customers,), demand of a cycle."""

    revolves: Floats
    utilisation: Floats
    demand: CycleDemand


def behaviour_of(customers: Customers, response: LimitResponse, economics: Economics) -> CardBehaviour:
    """From features; who has no line uses nothing of it yet."""
    # A month of the purchases that went through, and of those that were declined.
    wanted = response.spend.base_amt / 12.0 + or_zero(customers.feature("declined_sum_amt_90d")) / 3.0
    demand = CycleDemand(wanted, economics.cycle_demand_spread_ratio * wanted)
    return CardBehaviour(revolver_ratio(customers, economics), utilisation_ratio(customers), demand)


def limit_use(
    limit_amt: Ints,
    pd_12m: Floats,
    response: LimitResponse,
    earning_balance: AmountCoefficients,
    behaviour: CardBehaviour,
    economics: Economics,
) -> ExpectedUse:
    """The use of each candidate, (n_customers, n_grid), minor units.

    earning_balance: the coefficients of the balance that interest is earned on, at their cautious end where
    the lower bound of a value is asked for; what a defaulter owes follows the response itself, for there
    the higher balance is the cautious one. New borrowing grows over the year (`balance_ramp_ratio`). A
    transactor begins to revolve the likelier the larger the raise, and the whole balance counts as a
    revolver's then. Whose purchases are declined leaves, and takes along what the relationship earns.
    """
    current = limit_amt[:, :1]
    dose = response.balance.dose.of(limit_amt)
    now = behaviour.revolves[:, None]
    revolves = now + (1.0 - now) * np.minimum(economics.revolver_conversion_ratio * dose, 1.0)
    owed = np.maximum(response.balance.amount(limit_amt), 0.0)
    earning = np.maximum(earning_balance.amount(limit_amt), 0.0)
    base = np.maximum(earning_balance.amount(current), 0.0)
    # How much of each line is used: what is owed now, or will be by the model, whichever is more, and what is added.
    used = np.maximum(owed, behaviour.utilisation[:, None] * current + owed - owed[:, :1])
    leaving = economics.decline_attrition_ratio * behaviour.demand.declined_ratio(limit_amt) * (1.0 - now)
    is_changed = limit_amt != current
    return ExpectedUse(
        limit_amt=limit_amt,
        pd_12m=pd_12m,
        revolving_amt=revolves * (base + economics.balance_ramp_ratio * (earning - base)),
        later_revolving_amt=revolves * earning,
        transacting_amt=(1.0 - revolves) * owed,
        owed_at_default_amt=owed,
        rate_ratio=np.full(1, economics.card_rate_ratio),
        spend_amt=np.maximum(response.spend.amount(limit_amt), 0.0),
        fee_amt=np.zeros(1),
        attrition_amt=leaving * economics.relationship_margin_amt,
        one_off_cost_amt=np.where(is_changed, float(economics.limit_change_cost_amt), 0.0),
        revolver_ratio=revolves,
        utilisation_ratio=used / np.maximum(limit_amt, 1),
        terminal_years=np.full(1, economics.terminal_years),
    )
