"""The offers that a campaign makes: what each is sent as, what it gives, and until when it stands."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from linewise.policy.yaml_source import Strict
from serving.campaigns.brief.fields import Channel, Code, MajorAmount, Share

__all__ = ["BriefOffer", "ClawBack", "Template"]


class Template(Strict):
    """What a gateway knows the text of a message by: its template and the signature under which it is sent."""

    code: Code
    signature: Annotated[str, Field(max_length=40)] = ""


class ClawBack(Strict):
    """What comes back of the benefit where the customer cancels within so many days.

    returned_ratio: the share of the benefit that is taken back; expected_ratio: of those who accept, how many are
    expected to cancel in that time.
    """

    within_days: Annotated[int, Field(ge=1, le=3660)]
    returned_ratio: Share = 1.0
    expected_ratio: Share = 0.0


class BriefOffer(Strict):
    """An offer of the catalogue that the campaign makes.

    templates: by channel, what it is sent as; most_count: to how many at most; valid_until: the last day on which it
    may be accepted (None: the last day of the window); benefit: what each who accepts gets from the campaign,
    in major units of the bank's currency.
    """

    offer_id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    templates: dict[Channel, Template] = Field(default_factory=dict)
    most_count: Annotated[int, Field(ge=1)] | None = None
    valid_until: date | None = None
    benefit: MajorAmount = Decimal(0)
    claw_back: ClawBack | None = None

    @property
    def net_benefit_ratio(self) -> float:
        """The share of the benefit that the bank is expected to be left with as a cost."""
        back = self.claw_back
        return 1.0 if back is None else 1.0 - back.returned_ratio * back.expected_ratio
