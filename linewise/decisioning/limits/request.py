"""The customer's own request: granted, countered, sent to a person, or declined; fixed thresholds, never a price."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.arrays import first_match
from linewise.decisioning.limits.choice import Open, largest
from linewise.decisioning.limits.ladder import floor_to_step, least_rise_amt
from linewise.decisioning.limits.policy import LimitPolicy
from linewise.decisioning.types import Bools, Context, Floats, Ints, Texts

__all__ = ["APPROVED", "COUNTERED", "DECLINED", "REFERRED", "Request", "answer_of", "granted", "request_in"]

APPROVED, COUNTERED, DECLINED, REFERRED = "approved", "countered", "declined", "referred"
"""referred: nothing but a person's review stands in the way."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for which limit, (n_customers,).

    asked_amt: 0 where no amount was named; target_amt: the multiple of the step that answers it, not above
    what was asked unless that is less than the least that is added to a line. is_less: asks for less than now.
    """

    is_asked: Bools
    asked_amt: Ints
    target_amt: Ints
    is_less: Bools


def request_in(context: Context, is_asked: Bools, current_amt: Ints, policy: LimitPolicy) -> Request:
    """What the context says that the customer asks for; is_asked (n_customers,): whose request it is."""
    nothing = np.zeros_like(current_amt)
    if context.asked_for != "limit":
        nobody = np.zeros(len(current_amt), dtype=bool)
        return Request(nobody, nothing, nothing, nobody)
    asked = np.where(is_asked, context.asked_amt or 0, 0)
    is_less = (asked > 0) & (asked < current_amt) & (context.asked_kind != "temporary")
    step_amt = policy.step_amt
    least = floor_to_step(current_amt + least_rise_amt(current_amt, policy), step_amt)
    upward = np.maximum(floor_to_step(asked, step_amt), least)
    # Less is granted to the step above: never more of a cut than was asked for, and never a raise.
    downward = np.minimum(-(-asked // step_amt) * step_amt, current_amt)
    target = np.where(is_less, downward, np.where(asked > current_amt, upward, current_amt))
    return Request(is_asked, asked, np.where(asked > 0, target, nothing), is_less)


def granted(choices: Open, request: Request, gain_amt: Floats, loss_most_amt: int, promised_amt: Ints) -> Ints:
    """The largest acceptable candidate up to the amount asked for, (n_customers,).

    Acceptable is what caps allow, whose risk is bearable and which costs the bank no more than loss_most_amt;
    and whatever was promised (`promised_amt`, 0 where nothing) unless a rule forbids it. gain_amt falls with
    the risk at every candidate, so that a higher default curve never grants more.
    """
    is_wanted = choices.candidate_amt <= request.target_amt[:, None]
    is_acceptable = choices.is_allowed & choices.is_bearable & (gain_amt >= -loss_most_amt)
    is_promised = (choices.candidate_amt <= promised_amt[:, None]) & ~choices.is_blocked[:, None]
    return largest(choices, (is_acceptable | is_promised) & is_wanted)


def answer_of(request: Request, suggested_amt: Ints, current_amt: Ints, is_for_a_person: Bools) -> Texts:
    """approved, countered, referred or declined, (n_customers,); empty for who asks for nothing.

    is_for_a_person (n_customers,): rules take the raise away, and all of them only want a person to look.
    """
    named = request.asked_amt > 0
    is_met = np.where(named, suggested_amt == request.asked_amt, suggested_amt > current_amt)
    # A temporary limit that the line covers already is granted by the line.
    is_met |= named & (request.asked_amt <= current_amt) & ~request.is_less
    # Within a step of what was asked counts as that, as long as it is not more.
    is_met |= named & (suggested_amt == request.target_amt) & (request.is_less | (suggested_amt <= request.asked_amt))
    return first_match(
        [~request.is_asked, is_met, suggested_amt != current_amt, is_for_a_person],
        ["", APPROVED, COUNTERED, REFERRED],
        DECLINED,
    )
