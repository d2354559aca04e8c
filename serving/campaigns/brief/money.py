"""What a campaign may cost, and whose money it is."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, field_validator

from linewise.policy.yaml_source import Strict
from serving.campaigns.brief.fields import TOLERANCE, Name, enforce_once

__all__ = ["Budget", "Funding"]


class Funding(Strict):
    """Who pays for contacts and benefits, and what share; a budget of the ledger is reserved where one is named."""

    source: Name
    share_ratio: Annotated[float, Field(gt=0, le=1)] = 1.0
    budget_id: Name | None = None


class Budget(Strict):
    """What the campaign may cost in major units, in the bank's currency where none is named.

    funding: whose money it is; their shares add up to one.
    """

    amount: Annotated[Decimal, Field(le=Decimal(10) ** 13)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    funding: Annotated[tuple[Funding, ...], Field(min_length=1)] = (Funding(source="bank"),)

    @field_validator("amount")
    @classmethod
    def _is_above_zero(cls, given: Decimal) -> Decimal:
        if given <= 0:
            raise ValueError(f"a budget of {given} buys nothing; an amount above zero was expected")
        return given

    @field_validator("funding")
    @classmethod
    def _is_whole(cls, given: tuple[Funding, ...]) -> tuple[Funding, ...]:
        enforce_once("source", [one.source for one in given])
        if abs(sum(one.share_ratio for one in given) - 1.0) > TOLERANCE:
            raise ValueError("the shares of the funding do not add up to 1")
        return given
