"""Which sentence stands for which code; the sentences themselves are in the message catalogues.

`N_` marks a message for the catalogue where it is written; it is translated where it is shown.
"""

from collections.abc import Mapping

__all__ = ["ANSWERS", "CONFIDENCE", "DECLINE_REASONS", "OBJECTIONS", "OTHER", "PROBLEMS", "STAGES", "UNEXPECTED"]


def N_(message: str) -> str:  # noqa: N802  the name that gettext tools know
    """The message itself, found by the catalogue's extraction."""
    return message


ANSWERS: Mapping[str, str] = {
    "accepted": N_("Accepted"),
    "postponed": N_("Not now"),
    "declined": N_("Declined"),
}

DECLINE_REASONS: Mapping[str, str] = {
    "price": N_("Too expensive"),
    "no_need": N_("No need"),
    "already_has": N_("Already has one"),
    "timing": N_("Wrong moment"),
    "distrust": N_("Does not trust it"),
    "wrong_info": N_("Our information is wrong"),
    "terms": N_("Dislikes the terms"),
    "affordability": N_("Cannot afford it"),
    "wants_human": N_("Wants a person or a branch"),
    "do_not_contact": N_("Wants no offers at all"),
}

OBJECTIONS: Mapping[str, str] = {"too_expensive": N_("“That is too expensive”"), "no_need": N_("“I do not need that”")}
"""What customers object most often; what may be said to it stands in the catalogue of offers."""

OTHER = N_("Another reason")
"""For a code that came with a newer policy than this page."""

CONFIDENCE: Mapping[str, str] = {"high": N_("High"), "medium": N_("Medium"), "low": N_("Low")}

STAGES: Mapping[str, str] = {
    "eligibility": N_("Does not qualify"),
    "applicability": N_("Not relevant now"),
    "suitability": N_("Not in the customer's interest"),
    "contact_policy": N_("Not to be brought up now"),
    "arbitration": N_("Others come first"),
}

PROBLEMS: Mapping[int, tuple[str, str]] = {
    403: (N_("This page has been open too long."), N_("Go back, reload it and answer again.")),
    401: (N_("Nobody is signed in."), N_("Sign in, and open the page again.")),
    404: (N_("This was not found."), N_("Check the number and search again.")),
    409: (
        N_("This answer was recorded before, with another reason."),
        N_("Go back and reload: the page shows what is recorded."),
    ),
    410: (
        N_("What this decision held of the customer is gone."),
        N_("Make a new decision; when this one was made still stands in the record."),
    ),
    422: (N_("The form was not complete."), N_("Go back, reload the page and try again.")),
    429: (N_("That was more than is let through in a minute."), N_("Wait a minute, and go on.")),
    503: (
        N_("Suggestions are not available at the moment."),
        N_("Help the customer as usual, without an offer, and tell whoever runs the service."),
    ),
    507: (
        N_("No suggestion could be recorded, so none is given."),
        N_("Help the customer as usual, without an offer, and tell whoever runs the service."),
    ),
}

UNEXPECTED: tuple[str, str] = (
    N_("Something went wrong on our side."),
    N_("Help the customer as usual, and tell whoever runs the service."),
)
