"""What is expected of a card at each candidate limit, from the coefficients of a customer's response."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.arrays import or_zero
from linewise.decisioning.behaviour import revolver_ratio, utilisation_ratio
from linewise.decisioning.economics import Economics
from linewise.decisioning.limits.curves import answered, borne, used
from linewise.decisioning.limits.demand import CycleDemand
from linewise.decisioning.limits.leaving import Leaving, leaving_ratio
from linewise.decisioning.scorers import LimitResponse
from linewise.decisioning.types import Customers, Floats, Ints
from linewise.decisioning.value import NOTHING, ExpectedUse

__all__ = ["Answers", "CardBehaviour", "answers_of", "behaviour_of", "limit_use", "revolves_at"]


@dataclass(frozen=True, slots=True)
class CardBehaviour:
    """How each customer uses what is granted, whatever the limit, (n_customers,) each.

    revolves: the probability that a balance bears interest; utilisation; rate_ratio: what a year of it earns;
    change_cost_amt: of granting it; demand: of a cycle.
    """

    revolves: Floats
    utilisation: Floats
    rate_ratio: Floats
    change_cost_amt: Floats
    demand: CycleDemand


@dataclass(frozen=True, slots=True)
class Answers:
    """How default, balance and spending answer to each candidate limit.

    owed_amt (n_customers, n_grid) as expected. The others (2, n_customers, n_grid): as expected, then at the
    cautious end of their coefficients. earning_amt: the balance that interest is earned on; what a defaulter
    owes follows the expected one in both, for there the higher balance is the cautious one. leaving: what was learnt
    of declined purchases and of leaving; None where nothing was.
    """

    pd_12m: Floats
    owed_amt: Floats
    earning_amt: Floats
    spend_amt: Floats
    leaving: Leaving | None = None


def answers_of(response: LimitResponse, limit_amt: Ints, caution_errors: float) -> tuple[Answers, Floats]:
    """The answers to the candidates, and the doses of the balance, (n_customers, n_grid)."""
    default, balance, spend = response.default, response.balance, response.spend
    dose = balance.dose.of(limit_amt)
    spend_dose = dose if spend.dose is balance.dose else spend.dose.of(limit_amt)
    default_dose = dose if default.dose is balance.dose else default.dose.of(limit_amt)
    surviving, earning, spent = answered(
        (default.offset, default.slope, default.slope_error),
        (balance.base_amt, balance.slope_amt, balance.slope_error_amt),
        (spend.base_amt, spend.slope_amt, spend.slope_error_amt),
        (default_dose, dose, spend_dose),
        caution_errors,
    )
    leaving = Leaving.learnt(response, limit_amt, caution_errors)
    return Answers(default.pd_of(surviving), earning[0], earning, spent, leaving), dose


def revolves_at(dose: Floats, behaviour: CardBehaviour, economics: Economics) -> Floats:
    """The probability that the balance is a revolver's at each candidate, (n_customers, n_grid).

    A transactor begins to revolve the likelier the larger the raise.
    """
    now = behaviour.revolves[:, None]
    return np.asarray(now + (1.0 - now) * np.minimum(economics.revolver_conversion_ratio * dose, 1.0))


def behaviour_of(customers: Customers, response: LimitResponse, economics: Economics) -> CardBehaviour:
    """From features; who has no line uses nothing of it yet.

    A loan is paid out whole, and all of it bears interest, at the rate of loans.
    """
    is_loan = response.is_loan
    # A month of the purchases that went through, and of those that were declined.
    wanted = response.spend.base_amt / 12.0 + or_zero(customers.feature("declined_sum_amt_90d")) / 3.0
    demand = CycleDemand(wanted, economics.cycle_demand_spread_ratio * wanted)
    return CardBehaviour(
        revolves=np.where(is_loan, 1.0, revolver_ratio(customers, economics)),
        utilisation=np.where(is_loan, 1.0, utilisation_ratio(customers)),
        rate_ratio=np.where(is_loan, economics.loan_rate_ratio, economics.card_rate_ratio),
        change_cost_amt=np.where(
            is_loan, float(economics.loan_operating_cost_amt), float(economics.limit_change_cost_amt)
        ),
        demand=demand,
    )


def limit_use(
    limit_amt: Ints, answers: Answers, revolves: Floats, behaviour: CardBehaviour, economics: Economics
) -> ExpectedUse:
    """The use of each candidate, (…, n_customers, n_grid), minor units; limit_amt and revolves (n_customers, n_grid).

    New borrowing grows over the year (`balance_ramp_ratio`). The whole balance counts as a revolver's once a
    transactor begins to revolve. Whose purchases are declined leaves, and takes along what the relationship
    earns.
    """
    owed, earning = answers.owed_amt, answers.earning_amt
    in_use, at_default = used(limit_amt, owed, behaviour.utilisation, economics.exposure, economics.added_exposure)
    leaving = leaving_ratio(limit_amt, behaviour.demand, answers.leaving, economics)
    return ExpectedUse(
        limit_amt=limit_amt,
        pd_12m=answers.pd_12m,
        revolving_amt=borne(revolves, earning[..., :1], earning, economics.balance_ramp_ratio),
        later_revolving_amt=revolves * earning,
        transacting_amt=(1.0 - revolves) * owed,
        owed_at_default_amt=at_default,
        rate_ratio=behaviour.rate_ratio[:, None],
        spend_amt=answers.spend_amt,
        fee_amt=NOTHING,
        attrition_amt=leaving * (1.0 - behaviour.revolves[:, None]) * economics.relationship_margin_amt,
        one_off_cost_amt=np.where(limit_amt != limit_amt[:, :1], behaviour.change_cost_amt[:, None], 0.0),
        revolver_ratio=revolves,
        utilisation_ratio=in_use,
        terminal_years=np.full(1, economics.terminal_years),
    )
