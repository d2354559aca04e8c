"""The codes of what bound a limit where no rule did; reasons.yaml has a sentence for each."""

__all__ = [
    "AFFORDABILITY",
    "ASKED",
    "DEFAULT_RISK",
    "NO_LINE",
    "PAYDOWN",
    "PRICE",
    "RAISE_MOST",
    "STANDING_QUOTE",
    "VALUE",
]

AFFORDABILITY = "AFFORDABILITY"
"""The minimum payment of the whole line fits no longer beside what else is owed."""

DEFAULT_RISK = "DEFAULT_RISK"
"""The probability of default would pass its ceiling."""

VALUE = "VALUE"
"""More would be worth less, at the cautious end of what is known."""

PRICE = "PRICE"
"""More would be worth it if what it uses were not scarce: never of what a customer asks for."""

ASKED = "ASKED"
"""It is what the customer asked for."""

STANDING_QUOTE = "STANDING_QUOTE"
"""It was promised, and the promise stands until its date."""

PAYDOWN = "PAYDOWN"
"""A temporary limit could not be paid down again when it ends."""

RAISE_MOST = "RAISE_MOST"
"""One raise goes no further: what the data know ends there."""

NO_LINE = "NO_LINE"
"""A temporary limit needs a line that it falls back to."""
