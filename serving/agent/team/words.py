"""The words of the page of a team: which sentence stands for which series, sign or product."""

from collections.abc import Mapping

from serving.agent.wording import N_

__all__ = ["KINDS_OF_COMPLAINTS", "PERIOD_WORDS", "SIGN_WORDS"]

PERIOD_WORDS: Mapping[str, str] = {"days": N_("28 days, by day"), "weeks": N_("13 weeks, by week")}

KINDS_OF_COMPLAINTS: Mapping[str, str] = {
    "reason": N_("Reason"),
    "product": N_("Product"),
    "rule": N_("Rule"),
    "marked": N_("Marked in calls"),
}

SIGN_WORDS: Mapping[str, str] = {
    "postponed_never_ordered": N_("“Not now” that never becomes an order, far more often than elsewhere"),
    "customer_asked": N_("“The customer asked for it”, far more often than elsewhere"),
    "by_lot": N_("Drawn by lot"),
}
