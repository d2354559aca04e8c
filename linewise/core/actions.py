"""The names of what a decision may put before a customer beside the offers of the catalogue: its limit, its plans.

Outcomes, duties, reviews and kill switches name actions by these; an offer goes by its own `offer_id`.
"""

__all__ = [
    "ACTION_KINDS",
    "HARDSHIP_GROUP",
    "LIMIT_ACTION",
    "PLAN_GROUP",
    "TEMPORARY_LIMIT",
    "group_of_action",
    "hardship_action",
    "is_by_own_act",
    "plan_action",
    "temporary_days_of",
]

ACTION_KINDS = ("service", "retention", "promotional", "mandatory", "limit", "plan")
"""Every kind of action: the four of the catalogue, a higher limit, a repayment plan."""

LIMIT_ACTION = "LIMIT"
"""The raise of the limit that a decision suggests; it is a group of its own."""

TEMPORARY_LIMIT = "TEMPORARY"
"""What a customer asks for who wants a higher limit for some days: TEMPORARY-30, for thirty."""

PLAN_GROUP = "PLAN"
"""The group of all repayment plans: who declines one term was asked about a plan."""

HARDSHIP_GROUP = "HARDSHIP"
"""The group of the steps that help who cannot pay; none of them is for sale."""


def hardship_action(step: str) -> str:
    """The name of a step of the hardship ladder.

    >>> hardship_action("date_change")
    'HARDSHIP-DATE_CHANGE'
    """
    return f"{HARDSHIP_GROUP}-{step.upper()}"


def plan_action(term_months: int) -> str:
    """The name of the plan of that term.

    >>> plan_action(36)
    'PLAN-36'
    """
    return f"{PLAN_GROUP}-{term_months}"


def group_of_action(action_id: str) -> str | None:
    """The group of the limit, of a plan or of a step of the ladder; None for an offer, whose group the catalogue knows.

    >>> group_of_action("PLAN-36"), group_of_action("LIMIT"), group_of_action("CARD_GOLD")
    ('PLAN', 'LIMIT', None)
    """
    if action_id == LIMIT_ACTION:
        return LIMIT_ACTION
    return next((group for group in (PLAN_GROUP, HARDSHIP_GROUP) if action_id.startswith(f"{group}-")), None)


def is_by_own_act(action_id: str) -> bool:
    """Whether an order of it is complete by the customer's own act alone: a limit, or a plan.

    >>> is_by_own_act("PLAN-36"), is_by_own_act("LIMIT"), is_by_own_act("CARD_GOLD")
    (True, True, False)
    """
    return group_of_action(action_id) in {LIMIT_ACTION, PLAN_GROUP}


def temporary_days_of(action_id: str) -> int | None:
    """For how many days a temporary limit is asked for by that name; None where it names none.

    >>> temporary_days_of("TEMPORARY-30"), temporary_days_of("LIMIT")
    (30, None)
    """
    name, _, days = action_id.partition("-")
    return int(days) if name == TEMPORARY_LIMIT and days.isascii() and days.isdigit() else None
