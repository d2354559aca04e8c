"""The words of the customer's page: which sentence stands for which state, plan, reason or problem."""

from collections.abc import Mapping

from serving.agent.wording import N_

__all__ = ["OVER", "PLANS", "PROBLEMS", "REASONS"]


PLANS: Mapping[str, str] = {
    "purchase": N_("Instalments for a purchase"),
    "statement": N_("Instalments for your statement"),
    "balance": N_("Instalments for what you owe"),
    "loan": N_("A loan in instalments"),
}

REASONS: Mapping[str, str] = {
    "price": N_("It costs too much"),
    "no_need": N_("I do not need it"),
    "terms": N_("I would like less, or other terms"),
    "timing": N_("Not now"),
    "wants_human": N_("I would rather talk to somebody"),
}
"""Why a customer refuses, as the outcomes know it; nobody has to say."""

STILL = N_("Nothing was agreed, and nothing you have has changed.")

OVER: Mapping[str, tuple[str, str]] = {
    "agreed": (N_("You have agreed."), N_("It was recorded once, and there is nothing more for you to do here.")),
    "refused": (N_("You said no."), N_("Nothing you have has changed, and nothing is held against you.")),
    "expired": (N_("This link is over."), STILL),
    "stopped": (N_("This can no longer be confirmed."), STILL),
    "taken_back": (N_("This can no longer be confirmed."), STILL),
    "replaced": (N_("A newer link was sent to you."), N_("Open that one: this one does nothing any more.")),
}
"""How an act stands that asks nothing of the customer: what happened, and what follows."""

PROBLEMS: Mapping[int, tuple[str, str]] = {
    403: (N_("This page has been open too long."), N_("Nothing was sent. Open the link again.")),
    404: (N_("This link leads nowhere."), N_("Check that you opened all of it. Nothing has changed.")),
    422: (N_("That could not be read."), N_("Nothing was sent. Open the link again.")),
    429: (N_("That was more than is let through in a minute."), N_("Wait a minute, and open the link again.")),
}
OTHERWISE = (
    N_("This page is not available at the moment."),
    N_("Nothing has changed. Open the link again later."),
)
