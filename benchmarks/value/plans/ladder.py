"""The truth of everything that may be proposed to a debtor, and what the product's own ladder proposes."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.affordability import Budget, MinimumPayment
from linewise.decisioning.hardship import HardshipDecisions, HardshipPolicy, ladder_of
from linewise.decisioning.hardship.policy import ART70, DATE_CHANGE, FEE_WAIVER, RATE_REDUCTION, SHORT_RELIEF, STEPS
from linewise.decisioning.types import Bools, Customers, Floats, Ints
from linewise.simulation.logged import FEATURE_NAMES, LoggedWorld
from linewise.simulation.logged.debtors import MINIMUM_RATIO, Debtors
from linewise.simulation.logged.plans import Help, Lent, level_payment, nothing_done, plan_truth

__all__ = ["Choices", "all_choices", "choice_of", "ladder", "longest", "mildest_rate"]

PLANS = (STEPS.index(RATE_REDUCTION), STEPS.index(ART70))
DECIDED_AT = np.datetime64("2026-11-24T09:00", "us")
NOTHING = 0


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that may be proposed, the first of which is nothing; gain_amt in minor units.

    helps: what each is; gain_amt, broken_ratio: its truth; is_allowed: legal, and borne by a month, as the bank's
    budget reads it; payment_amt of a plan's month, zero of what is none, all (n_people, n_choices).
    """

    helps: tuple[Help, ...]
    gain_amt: Floats
    broken_ratio: Floats
    payment_amt: Floats
    is_allowed: Bools

    def best(self, wish: Floats) -> Ints:
        """The allowed choice of the highest wish (n_people, n_choices), (n_people,)."""
        return np.asarray(np.where(self.is_allowed, wish, -np.inf).argmax(axis=1), dtype=np.int64)

    def gain(self, choice: Ints) -> float:
        """The true gain of a choice (n_people,), a person."""
        return float(self.gain_amt[np.arange(len(choice)), choice].mean())


def _helps(policy: HardshipPolicy, card_rate_ratio: float) -> tuple[Help, ...]:
    terms = sorted({*policy.rate_term_months, *policy.personal_term_months})
    plans = [Help("plan", rate, term) for rate in policy.rate_ratios if rate < card_rate_ratio for term in terms]
    return (
        Help("nothing"),
        Help("date_change"),
        Help("fee_waiver", waived_amt=float(policy.fee_waiver_amt)),
        Help("short_relief", rate_ratio=card_rate_ratio, term_months=policy.relief_months),
        *plans,
    )


def all_choices(world: LoggedWorld, debtors: Debtors, policy: HardshipPolicy, lent: Lent) -> Choices:
    """What may be proposed, with its truth."""
    helps, nothing = _helps(policy, lent.card_rate_ratio), nothing_done(world, debtors, lent)
    owed, count = debtors.owed_amt.astype(np.float64), len(debtors)
    gain, broken, payment = [np.zeros(count)], [nothing.broken_ratio], [np.zeros(count)]
    allowed = [np.ones(count, dtype=np.bool_)]
    for one in helps[1:]:
        truth = plan_truth(world, debtors, one, lent, nothing)
        gain.append(truth.gain_amt)
        broken.append(truth.broken_ratio)
        asked = level_payment(owed, one.rate_ratio, one.term_months) if one.kind == "plan" else np.zeros(count)
        payment.append(np.ceil(asked))
        allowed.append(_is_borne(one, debtors, asked, lent.card_rate_ratio))
    # Nothing at all is for whom nothing fits, or who can go on as things stand.
    allowed[NOTHING] = (debtors.due_amt <= debtors.bears_amt) | ~np.any(allowed[1:], axis=0)
    return Choices(
        helps=helps,
        gain_amt=np.column_stack(gain),
        broken_ratio=np.column_stack(broken),
        payment_amt=np.column_stack(payment),
        is_allowed=np.column_stack(allowed),
    )


def _is_borne(help_: Help, debtors: Debtors, asked: Floats, card_rate_ratio: float) -> Bools:
    """Whether a month bears what falls due under it: a help that asks for more than there is helps nobody."""
    behind = debtors.due_amt + debtors.overdue_amt
    if help_.kind == "plan":
        return np.asarray(np.ceil(asked) <= debtors.bears_amt)
    if help_.kind == "short_relief":
        interest = np.ceil(debtors.owed_amt * card_rate_ratio / 12.0)
        return np.asarray((interest <= debtors.bears_amt) & (debtors.paid_amt // 3 >= debtors.due_amt))
    waived = np.minimum(debtors.fee_amt, help_.waived_amt)
    return np.asarray((behind - waived <= debtors.bears_amt) & ((help_.kind == "date_change") | (waived > 0)))


def ladder(debtors: Debtors, pd_12m: Floats, policy: HardshipPolicy, card_rate_ratio: float) -> HardshipDecisions:
    """The product's ladder for them, told what a bank knows."""
    count = len(debtors)
    nobody, whole = np.zeros(count, dtype=np.int64), np.full(count, MINIMUM_RATIO)
    people = debtors.people
    customers = Customers(
        customer_id=np.array([f"C{number}" for number in people.number]),
        as_of=np.full(count, DECIDED_AT),
        currency="CNY",
        feature_names=(*FEATURE_NAMES, "fee_sum_amt_180d"),
        features=np.column_stack([people.features, debtors.fee_amt]),
        current_limit_amt=people.limit_amt.astype(np.int64),
        facts={
            "total_card_debt_amt": debtors.owed_amt.astype(np.float64),
            "overdue_amt": debtors.overdue_amt.astype(np.float64),
        },
    )
    budget = Budget(
        available_amt=nobody,
        cautious_income_amt=people.feature("income_p25_amt_6m").astype(np.int64),
        residual_amt=debtors.bears_amt,
        room_amt=debtors.bears_amt,
        demonstrated_amt=debtors.paid_amt // 3,
        income_class=np.full(count, "A"),
        is_raise_justified=np.zeros(count, dtype=np.bool_),
        line_amt=debtors.owed_amt,
        other_line_amt=nobody,
        in_instalments_amt=nobody,
        minimum=MinimumPayment(whole, nobody),
    )
    return ladder_of(np.full(count, "hardship"), customers, budget, pd_12m, card_rate_ratio, policy, ())


def choice_of(decided: HardshipDecisions, choices: Choices) -> Ints:
    """What is proposed as a place in the choices, (n_people,); nothing where no step is enough: a person's case."""
    rows = np.arange(len(decided.proposed))
    step = decided.proposed
    found = np.full(len(rows), NOTHING)
    kinds = [one.kind for one in choices.helps]
    for name in (DATE_CHANGE, FEE_WAIVER, SHORT_RELIEF):
        found[step == STEPS.index(name)] = kinds.index(name)
    is_plan = np.isin(step, PLANS) & decided.is_enough[rows, step]
    for place, one in enumerate(choices.helps):
        if one.kind == "plan":
            is_it = (decided.term_months[rows, step] == one.term_months) & np.isclose(
                decided.nominal_rate_ratio[rows, step], one.rate_ratio
            )
            found[is_plan & is_it] = place
    return found


def longest(choices: Choices) -> Ints:
    """The rule to beat: the longest term at the highest rate that a month bears, whoever asks, (n_people,)."""
    of = [one.term_months + one.rate_ratio if one.kind == "plan" else 0.0 for one in choices.helps]
    return choices.best(np.broadcast_to(np.array(of), choices.gain_amt.shape))


def mildest_rate(choices: Choices, term_months: int = 12) -> Ints:
    """Another one: twelve months at the highest rate that is borne, else nothing, (n_people,)."""
    of = [one.rate_ratio + 1.0 if one.kind == "plan" and one.term_months == term_months else 0.0
          for one in choices.helps]  # fmt: skip
    return choices.best(np.broadcast_to(np.array(of), choices.gain_amt.shape))
