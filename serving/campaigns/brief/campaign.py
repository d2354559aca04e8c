"""A campaign as marketing writes it: whom it addresses, with what, how often, and who may approve it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from linewise.policy.yaml_source import Strict
from serving.campaigns.brief.contacting import BriefChannel, Window
from serving.campaigns.brief.fields import TOLERANCE, CampaignId, Code, Name, enforce_once
from serving.campaigns.brief.money import Budget
from serving.campaigns.brief.objectives import Objective
from serving.campaigns.brief.offers import BriefOffer, Template
from serving.campaigns.brief.said import SaidOfIt

__all__ = ["Brief", "Caps", "Holdout", "Segment"]

MOST_CONTROL_RATIO = 0.5
DEFAULT_SEGMENT = "rest"


class Holdout(Strict):
    """The share of the campaign's own control group: who would have been contacted, and is not."""

    control_ratio: Annotated[float, Field(ge=0, le=MOST_CONTROL_RATIO)] = 0.1


class Caps(Strict):
    """How often anybody is contacted, beside what the rules say.

    contacts_in_30_days: who has had so many promotional contacts within thirty days, in whatever channel and campaign,
    gets no other; after_decline_days: for how long nobody is offered what they declined, or another of its group.
    """

    contacts_in_30_days: Annotated[int, Field(ge=1)] = 2
    after_decline_days: Annotated[int, Field(ge=0, le=3660)] = 90


class Segment(Strict):
    """A part of the list with a file of its own: the first whose expression holds."""

    segment: Code
    when: str


class Brief(Strict):
    """One campaign.

    audience: a condition over features and contract columns. spill_over: where those go whom the quota of their
    channel's day does not hold: to its next day, or to the next channel of the file that has room on the same day.
    most_contacts: over the whole window. stacks_with: campaigns whose customers may be on this list too.
    approvers: names of the people who may approve it. response_days: for how long after a contact an order counts.
    """

    campaign_id: CampaignId
    title: Name
    owner: Name
    objectives: Annotated[tuple[Objective, ...], Field(min_length=1)]
    channels: Annotated[tuple[BriefChannel, ...], Field(min_length=1)]
    offers: Annotated[tuple[BriefOffer, ...], Field(min_length=1)]
    spill_over: Literal["next_channel", "next_day"] = "next_day"
    window: Window
    audience: Annotated[str, Field(min_length=1, max_length=10_000)]
    segments: tuple[Segment, ...] = ()
    budget: Budget
    most_contacts: Annotated[int, Field(ge=1)] | None = None
    holdout: Holdout = Holdout()
    caps: Caps = Caps()
    stacks_with: tuple[CampaignId, ...] = ()
    approvers: Annotated[tuple[Name, ...], Field(min_length=1)]
    response_days: Annotated[int, Field(ge=1, le=366)] = 30
    said: SaidOfIt = SaidOfIt()

    @field_validator("objectives")
    @classmethod
    def _weigh_one(cls, given: tuple[Objective, ...]) -> tuple[Objective, ...]:
        enforce_once("objective", [one.metric for one in given])
        if abs(sum(one.weight for one in given) - 1.0) > TOLERANCE:
            raise ValueError("the weights of the objectives do not add up to 1")
        return given

    @field_validator("approvers")
    @classmethod
    def _is_somebody_else(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        enforce_once("approver", given)
        if set(given) <= {info.data.get("owner")}:
            raise ValueError(f"nobody but the owner {given[0]!r} may approve it; another person was expected")
        return given

    @field_validator("channels")
    @classmethod
    def _each_channel_once(cls, given: tuple[BriefChannel, ...]) -> tuple[BriefChannel, ...]:
        enforce_once("channel", [one.channel for one in given])
        return given

    @field_validator("segments")
    @classmethod
    def _each_segment_once(cls, given: tuple[Segment, ...]) -> tuple[Segment, ...]:
        enforce_once("segment", [*(one.segment for one in given), DEFAULT_SEGMENT])
        return given

    @field_validator("offers")
    @classmethod
    def _can_be_sent(cls, given: tuple[BriefOffer, ...], info: ValidationInfo) -> tuple[BriefOffer, ...]:
        enforce_once("offer", [one.offer_id for one in given])
        if "sms" in {one.channel for one in info.data.get("channels", ())}:
            missing = [one.offer_id for one in given if "sms" not in one.templates]
            if missing:
                raise ValueError(f"the offer {missing[0]!r} has no template for sms")
        return given

    @field_validator("offers")
    @classmethod
    def _each_template_says_one_thing(cls, given: tuple[BriefOffer, ...]) -> tuple[BriefOffer, ...]:
        offer_of: dict[tuple[str, str], str] = {}
        for one in given:
            for channel, template in one.templates.items():
                other = offer_of.setdefault((channel, template.code), one.offer_id)
                if other != one.offer_id:
                    raise ValueError(
                        f"the template {template.code!r} is that of two offers, {other!r} and {one.offer_id!r}, and a "
                        "gateway knows one text by it; another code for each was expected"
                    )
        return given

    @property
    def main_objective(self) -> Objective:
        """The objective that weighs most, the first of those that weigh alike."""
        return max(self.objectives, key=lambda one: one.weight)

    @property
    def offer_ids(self) -> tuple[str, ...]:
        """The offers that it makes, as the file orders them."""
        return tuple(one.offer_id for one in self.offers)

    @property
    def segment_names(self) -> tuple[str, ...]:
        """Its segments in order, the last of which holds everybody else."""
        return (*(one.segment for one in self.segments), DEFAULT_SEGMENT)

    def offer(self, offer_id: str) -> BriefOffer:
        """What it says of one of its offers; raises KeyError for another."""
        return {one.offer_id: one for one in self.offers}[offer_id]

    def template(self, offer_id: str, channel: str) -> Template | None:
        """What an offer is sent as in a channel; None where nothing is sent by a template."""
        by_channel: Mapping[str, Template] = self.offer(offer_id).templates  # type: ignore[assignment]
        return by_channel.get(channel)

    def expires_on(self, offer_id: str) -> date:
        """The last day on which an offer may be accepted."""
        return self.offer(offer_id).valid_until or self.window.last_day
