"""What is expected of a card at each candidate limit, from the coefficients of a customer's response."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.arrays import or_zero
from linewise.decisioning.behaviour import revolver_ratio, utilisation_ratio
from linewise.decisioning.economics import Economics
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
    earning = np.maximum(balance.both_ends(caution_errors).at(dose), 0.0)
    return Answers(
        pd_12m=default.both_ends(caution_errors).at(default_dose),
        owed_amt=earning[0],
        earning_amt=earning,
        spend_amt=np.maximum(spend.both_ends(caution_errors).at(spend_dose), 0.0),
        leaving=Leaving.learnt(response, limit_amt, caution_errors),
    ), dose


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


def _owed_after_raise(limit_amt: Ints, used_amt: Floats, economics: Economics) -> Floats:
    """What a defaulter owes on a raised line, (…, n_customers, n_grid); used_amt (…, n_customers, 1): of the one now.

    By the use of the line in force, and not by that of the candidate: who is near the limit fills the new line up
    again, so a raise makes nobody safer by lowering the share that is used.
    """
    current = limit_amt[:, :1]
    habit = used_amt / np.maximum(current, 1)
    added = np.maximum(limit_amt - current, 0)
    owed = economics.exposure_share(habit) * current + economics.added_exposure_share(habit) * added
    return np.where((current > 0) & (limit_amt >= current), owed, 0.0)


def limit_use(
    limit_amt: Ints, answers: Answers, revolves: Floats, behaviour: CardBehaviour, economics: Economics
) -> ExpectedUse:
    """The use of each candidate, (…, n_customers, n_grid), minor units; limit_amt and revolves (n_customers, n_grid).

    New borrowing grows over the year (`balance_ramp_ratio`). The whole balance counts as a revolver's once a
    transactor begins to revolve. Whose purchases are declined leaves, and takes along what the relationship
    earns.
    """
    current, owed, earning = limit_amt[:, :1], answers.owed_amt, answers.earning_amt
    base = earning[..., :1]
    # How much of each line is used: what is owed now, or will be by the model, whichever is more, and what is added.
    used = np.maximum(owed, behaviour.utilisation[:, None] * current + owed - owed[:, :1])
    leaving = leaving_ratio(limit_amt, behaviour.demand, answers.leaving, economics)
    return ExpectedUse(
        limit_amt=limit_amt,
        pd_12m=answers.pd_12m,
        revolving_amt=revolves * (base + economics.balance_ramp_ratio * (earning - base)),
        later_revolving_amt=revolves * earning,
        transacting_amt=(1.0 - revolves) * owed,
        owed_at_default_amt=np.maximum(owed, _owed_after_raise(limit_amt, used[..., :1], economics)),
        rate_ratio=behaviour.rate_ratio[:, None],
        spend_amt=answers.spend_amt,
        fee_amt=NOTHING,
        attrition_amt=leaving * (1.0 - behaviour.revolves[:, None]) * economics.relationship_margin_amt,
        one_off_cost_amt=np.where(limit_amt != current, behaviour.change_cost_amt[:, None], 0.0),
        revolver_ratio=revolves,
        utilisation_ratio=used / np.maximum(limit_amt, 1),
        terminal_years=np.full(1, economics.terminal_years),
    )
