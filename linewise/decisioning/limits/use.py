"""What is expected of a card at each candidate limit, and its worth, from the coefficients of a customer's response."""

from dataclasses import dataclass

from linewise.decisioning.behaviour import SEEN, behaviours
from linewise.decisioning.economics import Economics
from linewise.decisioning.limits.curves import answered, line_values
from linewise.decisioning.limits.demand import CycleDemand
from linewise.decisioning.limits.leaving import Leaving, leaving_ratio
from linewise.decisioning.scorers import Doses, LimitResponse
from linewise.decisioning.types import Customers, Floats, Ints
from linewise.decisioning.value import Valuation, rates_of

__all__ = ["Answers", "CardBehaviour", "answers_of", "behaviour_of", "value_of_limits"]


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
    doses = Doses(limit_amt)
    dose = doses.of(balance.dose)
    surviving, earning, spent = answered(
        (default.offset, default.slope, default.slope_error),
        (balance.base_amt, balance.slope_amt, balance.slope_error_amt),
        (spend.base_amt, spend.slope_amt, spend.slope_error_amt),
        (doses.of(default.dose), dose, doses.of(spend.dose)),
        caution_errors,
    )
    leaving = Leaving.learnt(response, doses, caution_errors)
    return Answers(default.pd_of(surviving), earning[0], earning, spent, leaving), dose


def behaviour_of(customers: Customers, response: LimitResponse, economics: Economics) -> CardBehaviour:
    """From features; who has no line uses nothing of it yet.

    A loan is paid out whole, and all of it bears interest, at the rate of loans.
    """
    revolves, utilisation, rate, cost, wanted = behaviours(
        customers.features_of(SEEN),
        response.spend.base_amt,
        response.is_loan,
        (economics.card_rate_ratio, float(economics.limit_change_cost_amt)),
        (economics.loan_rate_ratio, float(economics.loan_operating_cost_amt)),
        economics.revolver_prior_ratio,
    )
    demand = CycleDemand(wanted, economics.cycle_demand_spread_ratio * wanted)
    return CardBehaviour(revolves, utilisation, rate, cost, demand)


def value_of_limits(
    limit_amt: Ints, dose: Floats, answers: Answers, behaviour: CardBehaviour, economics: Economics
) -> Valuation:
    """What each candidate comes to, (…, n_customers, n_grid), minor units; limit_amt (n_customers, n_grid).

    dose: of the balance, alike or one row for all. New borrowing grows over the year (`balance_ramp_ratio`). The whole
    balance counts as a revolver's once a transactor begins to revolve. Whose purchases are declined leaves, and takes
    along what the relationship earns.
    """
    leaving, shape = leaving_ratio(limit_amt, behaviour.demand, answers.leaving, economics), answers.pd_12m.shape
    of_ends = answers.pd_12m, answers.earning_amt, answers.spend_amt
    found = line_values(
        limit_amt,
        dose,
        answers.owed_amt,
        _by_end(leaving),
        tuple(map(_by_end, of_ends)),
        (behaviour.revolves, behaviour.utilisation, behaviour.rate_ratio, behaviour.change_cost_amt),
        (_numbers_of(economics), rates_of(economics), economics.exposure, economics.added_exposure),
    )
    return Valuation(*(one.reshape(shape) for one in found))


def _by_end(values: Floats) -> Floats:
    """With the ends outermost, (n_ends, n_customers, n_grid), where only one was asked for too."""
    return values if values.ndim == 3 else values[None]


def _numbers_of(economics: Economics) -> tuple[float, ...]:
    return (
        economics.balance_ramp_ratio,
        economics.revolver_conversion_ratio,
        float(economics.relationship_margin_amt),
        economics.terminal_years,
    )
