"""Amounts of a policy file, written in major units by currency, read in the currency of the loaded bank."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from linewise.core.errors import PolicyInvalid
from linewise.core.money import to_minor

__all__ = ["MajorAmounts", "amount_in", "amount_in_minor"]

MajorAmounts = dict[str, Annotated[float, Field(ge=0)]]


def amount_in_minor(amount: float, currency: str) -> int:
    """An amount as a policy file writes it, in major units, in minor units of its currency."""
    return to_minor(str(amount), currency)


def amount_in(amounts: Mapping[str, float], currency: str, what: str, path: Path) -> int:
    """The amount in minor units of `currency`.

    Raises PolicyInvalid where the file names no amount in that currency.
    """
    if currency not in amounts:
        raise PolicyInvalid(
            f"{path.name}: {what} has no amount in {currency}, the currency of the loaded bank.",
            f"It has amounts in {', '.join(sorted(amounts))}.",
            f"Add '{currency}: …' there.",
        )
    return amount_in_minor(amounts[currency], currency)
