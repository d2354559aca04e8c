"""What a month leaves for debt, what is owed of it already, and the largest line that fits beside that."""

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

import numpy as np

from linewise.decisioning.affordability.evidence import is_proved, letters_of, place_on_file
from linewise.decisioning.affordability.kernel import SEEN, TOLD, Terms, budgets, full_lines
from linewise.decisioning.affordability.minimum_payment import MinimumPayment
from linewise.decisioning.affordability.policy import AffordabilityPolicy
from linewise.decisioning.arrays import some
from linewise.decisioning.types import Bools, Customers, Ints, Rows, Texts

__all__ = ["Budget", "full_line_cap_amt", "monthly_budget"]


@dataclass(frozen=True, slots=True)
class Budget:
    """Of a month, minor units, (n_customers,).

    available_amt: what a new payment may cost beside all that is owed, the line in force drawn whole included.
    room_amt: the same before the minimum payment of any card line, never below zero. cautious_income_amt: the
    income that counts, residual_amt what essentials leave of it (below zero where they are more);
    income_class: A to E, empty where no income is known. demonstrated_amt: what the customer paid on cards in
    their own money a month, less the daily needs bought on them: the bound where no income is proved.
    is_raise_justified: whether the income is proved well enough to owe more. line_amt, other_line_amt: the
    line in force and those on other accounts here; in_instalments_amt: what instalments take up of them.
    """

    available_amt: Ints
    cautious_income_amt: Ints
    residual_amt: Ints
    room_amt: Ints
    demonstrated_amt: Ints
    income_class: Texts
    is_raise_justified: Bools
    line_amt: Ints
    other_line_amt: Ints
    in_instalments_amt: Ints
    minimum: MinimumPayment

    def only(self, rows: Rows) -> "Budget":
        """The budgets of some of the customers."""
        return replace(self, **{one.name: _at(getattr(self, one.name), rows) for one in fields(self)})

    def with_plan(self, payment_amt: Ints, amount_amt: Ints) -> "Budget":
        """What is left beside a plan of what is owed, (n_customers,); its amount goes off the line's minimum."""
        if not (some(payment_amt) or some(amount_amt)):
            return self
        room = np.maximum(self.room_amt - payment_amt, 0)
        in_instalments = self.in_instalments_amt + amount_amt
        due = self.minimum.of(self.line_amt + self.other_line_amt - in_instalments)
        available = np.maximum(room - due, 0)
        return replace(self, room_amt=room, in_instalments_amt=in_instalments, available_amt=available)

    def beside_plan_amt(self, amount_amt: Ints) -> Ints:
        """What a month may cost of a plan that takes amount_amt (n_customers,) of the line off its minimum payment."""
        drawn = self.line_amt + self.other_line_amt - self.in_instalments_amt - amount_amt
        return np.asarray(np.maximum(self.room_amt - self.minimum.of(drawn), 0))

    def less(self, need_amt: Ints) -> "Budget":
        """What is left beside something that costs so much a month, (n_customers,)."""
        return replace(
            self,
            available_amt=np.maximum(self.available_amt - need_amt, 0),
            room_amt=np.maximum(self.room_amt - need_amt, 0),
        )

    def beside_line_amt(self, line_amt: Ints) -> Ints:
        """What a month leaves beside all that is owed were the line that high and drawn whole, (n_customers,)."""
        drawn = line_amt + self.other_line_amt - self.in_instalments_amt
        return np.asarray(np.maximum(self.room_amt - self.minimum.of(drawn), 0))


def _at(values: Any, rows: Rows) -> Any:
    return values.only(rows) if isinstance(values, MinimumPayment) else values[rows]


def monthly_budget(customers: Customers, policy: AffordabilityPolicy) -> Budget:
    """What a month leaves for debt, beside what is owed already.

    other debt service + contractual instalments + minimum payment on the full line not taken up by
    instalments + new payment + recurring fees <= alpha * (cautious income - essentials). Where no income is
    proved the right side is what the customer has shown to pay on cards, which says nothing of other debts,
    and where one is inferred (class E) the lower of the two. Fees of what is suggested are taken off by `less`.
    """
    line = customers.current_limit_amt
    amounts, ratio = np.empty((8, len(line)), dtype=np.int64), np.empty(len(line))
    seen, told = customers.features_of(SEEN), customers.facts_of(TOLD)
    place = budgets(seen, told, place_on_file(customers), line, _terms_of(policy), amounts, ratio)
    available, cautious_income, residual, room, demonstrated, other_line, in_instalments, floor = amounts
    return Budget(
        available_amt=available,
        cautious_income_amt=cautious_income,
        residual_amt=residual,
        room_amt=room,
        demonstrated_amt=demonstrated,
        income_class=letters_of(place),
        is_raise_justified=is_proved(place),
        line_amt=line,
        other_line_amt=other_line,
        in_instalments_amt=in_instalments,
        minimum=MinimumPayment(ratio, floor),
    )


@lru_cache(maxsize=16)
def _terms_of(policy: AffordabilityPolicy) -> Terms:
    return Terms(
        float(policy.disposable_share_ratio),
        float(policy.income_spread_haircut_ratio),
        float(policy.minimum_income_months_count),
        float(policy.income_class_days),
        float(policy.essential_floor_amt),
        float(policy.essential_least_share_ratio),
        float(policy.loan_payment_ratio),
        np.array([*policy.income_class_share_ratios, 0.0]),
    )


def full_line_cap_amt(budget: Budget) -> Ints:
    """The largest line, (n_customers,), whose minimum payment fits when it is drawn whole from its first day.

    It stands in place of the line in force, beside those on other accounts; what instalments take up of it
    is paid by them (12 CFR 1026.51(a)(2)(ii)). An income that is not proved may lower the line that is in
    force and never raise it.
    """
    minimum, line = budget.minimum, budget.line_amt
    return np.asarray(
        full_lines(
            minimum.ratio,
            minimum.floor_amt,
            budget.room_amt,
            budget.in_instalments_amt,
            budget.other_line_amt,
            line,
            budget.is_raise_justified,
        )
    )
