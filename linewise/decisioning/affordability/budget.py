"""What a month leaves for debt, what is owed of it already, and the largest line that fits beside that."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from linewise.decisioning.affordability.essentials import card_essentials_amt, essentials_amt
from linewise.decisioning.affordability.evidence import CLASSES, income_of
from linewise.decisioning.affordability.minimum_payment import MinimumPayment, minimum_payment_of
from linewise.decisioning.affordability.policy import AffordabilityPolicy
from linewise.decisioning.arrays import or_zero
from linewise.decisioning.types import Bools, Customers, Floats, Ints, Rows, Texts

__all__ = ["Budget", "full_line_cap_amt", "monthly_budget"]

MONTHS = 3.0


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
        room = np.maximum(self.room_amt - payment_amt, 0)
        in_instalments = self.in_instalments_amt + amount_amt
        due = self.minimum.of(np.maximum(self.line_amt + self.other_line_amt - in_instalments, 0))
        available = np.maximum(room - due, 0)
        return replace(self, room_amt=room, in_instalments_amt=in_instalments, available_amt=available)

    def beside_plan_amt(self, amount_amt: Ints) -> Ints:
        """What a month may cost of a plan that takes amount_amt (n_customers,) of the line off its minimum payment."""
        drawn = np.maximum(self.line_amt + self.other_line_amt - self.in_instalments_amt - amount_amt, 0)
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
        drawn = np.maximum(line_amt + self.other_line_amt - self.in_instalments_amt, 0)
        return np.asarray(np.maximum(self.room_amt - self.minimum.of(drawn), 0))


def _at(values: Any, rows: Rows) -> Any:
    return values.only(rows) if isinstance(values, MinimumPayment) else values[rows]


def _whole(amount: Floats) -> Ints:
    return np.floor(np.maximum(amount, 0.0) + 1e-6).astype(np.int64)


def _demonstrated(customers: Customers) -> Floats:
    """What was paid on cards in the customer's own money a month, less daily needs that are bought on them."""
    paid = or_zero(customers.feature("card_payment_sum_amt_90d")) / MONTHS
    of_others = np.clip(or_zero(customers.feature("third_party_payment_share_ratio_365d")), 0.0, 1.0)
    return np.maximum(paid * (1.0 - of_others) - card_essentials_amt(customers), 0.0)


def _other_debt(customers: Customers) -> Floats:
    """Payments of a month on debts that are on no card here.

    Loans show twice, in what the account pays and in reports and our own books: the larger sum counts.
    """
    seen = or_zero(customers.feature("obligation_mean_amt_6m"))
    told = or_zero(customers.fact("other_debt_payment_amt")) + or_zero(customers.fact("loan_payment_amt"))
    return np.maximum(seen, told)


def monthly_budget(customers: Customers, policy: AffordabilityPolicy) -> Budget:
    """What a month leaves for debt, beside what is owed already.

    other debt service + contractual instalments + minimum payment on the full line not taken up by
    instalments + new payment + recurring fees <= alpha * (cautious income - essentials). Where no income is
    proved the right side is what the customer has shown to pay on cards, which says nothing of other debts,
    and where one is inferred (class E) the lower of the two. Fees of what is suggested are taken off by `less`.
    """
    income = income_of(customers, policy)
    residual = income.cautious_amt - essentials_amt(customers, income.cautious_amt, policy)
    on_cards = or_zero(customers.fact("card_plan_payment_amt"))
    demonstrated = _demonstrated(customers)
    by_income = policy.disposable_share_ratio * residual - _other_debt(customers) - on_cards
    by_payment = demonstrated - on_cards
    is_inferred = income.place == CLASSES.index("E")
    room = np.where(income.is_proved, by_income, np.where(is_inferred, np.minimum(by_income, by_payment), by_payment))
    line = customers.current_limit_amt
    other_line = _whole(or_zero(customers.fact("other_own_limit_amt")))
    in_instalments = _whole(or_zero(customers.fact("card_plan_left_amt")))
    minimum = minimum_payment_of(customers, policy)
    due = minimum.of(np.maximum(line + other_line - in_instalments, 0))
    return Budget(
        available_amt=np.maximum(_whole(room) - due, 0),
        cautious_income_amt=_whole(income.cautious_amt),
        residual_amt=np.floor(residual).astype(np.int64),
        room_amt=_whole(room),
        demonstrated_amt=_whole(demonstrated),
        income_class=income.class_name,
        is_raise_justified=income.is_proved,
        line_amt=line,
        other_line_amt=other_line,
        in_instalments_amt=in_instalments,
        minimum=minimum,
    )


def full_line_cap_amt(budget: Budget) -> Ints:
    """The largest line, (n_customers,), whose minimum payment fits when it is drawn whole from its first day.

    It stands in place of the line in force, beside those on other accounts; what instalments take up of it
    is paid by them (12 CFR 1026.51(a)(2)(ii)). An income that is not proved may lower the line that is in
    force and never raise it.
    """
    cap = budget.minimum.largest_within(budget.room_amt) + budget.in_instalments_amt - budget.other_line_amt
    within_force = np.minimum(cap, budget.line_amt)
    return np.asarray(np.maximum(np.where(budget.is_raise_justified, cap, within_force), 0))
