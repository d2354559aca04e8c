"""A campaign as marketing writes it: one YAML file, read strictly, each mistake told with its line."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, ValidationInfo, field_validator, model_validator

from linewise.core.errors import BriefInvalid
from linewise.core.yaml_lines import read_yaml_as
from linewise.policy.yaml_source import Strict

__all__ = [
    "CHANNELS",
    "VOLUME_METRICS",
    "WORTH_METRICS",
    "Brief",
    "BriefChannel",
    "BriefOffer",
    "Caps",
    "ClawBack",
    "Funding",
    "Holdout",
    "Objective",
    "SaidOfIt",
    "Segment",
    "Template",
    "Window",
    "read_brief",
]

Channel = Literal["sms", "voice", "app"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
"""The ways by which a bank begins a contact of its own accord."""

Metric = Literal[
    "incremental_value",
    "incremental_profit",
    "risk_adjusted_value",
    "retention",
    "satisfaction",
    "cards_issued",
    "customers",
    "market_share",
    "rank",
    "contacts",
    "responses",
    "credit_granted",
]
VOLUME_METRICS: frozenset[str] = frozenset(
    {"cards_issued", "customers", "market_share", "rank", "contacts", "responses", "credit_granted"}
)
"""Objectives that count how many or how much, whatever becomes of it."""
WORTH_METRICS: frozenset[str] = frozenset(get_args(Metric)) - VOLUME_METRICS

MOST_CONTROL_RATIO = 0.5
LONGEST_WINDOW_DAYS = 92
DEFAULT_SEGMENT = "rest"
TOLERANCE = 1e-9

Name = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
CampaignId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_-]{2,39}$")]
Share = Annotated[float, Field(ge=0, le=1)]
MajorAmount = Annotated[Decimal, Field(ge=0, le=Decimal(10) ** 13)]


class Objective(Strict):
    """What the campaign and its people are measured by, and how much of the measure it is.

    The list itself is ranked by incremental value whatever stands here.
    """

    metric: Metric
    weight: Annotated[float, Field(gt=0, le=1)] = 1.0

    @property
    def is_volume(self) -> bool:
        """Whether it only counts how many or how much."""
        return self.metric in VOLUME_METRICS


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


class BriefChannel(Strict):
    """A way to reach customers: how many a day, and what one contact costs in major units (None: the catalogue's).

    Of a channel with agents, a day holds agents × calls_an_hour × hours_a_day where `a_day` is left out.
    """

    channel: Channel
    a_day: Annotated[int, Field(ge=1)] | None = None
    agents: Annotated[int, Field(ge=1)] | None = None
    calls_an_hour: Annotated[float, Field(gt=0)] | None = None
    hours_a_day: Annotated[float, Field(gt=0, le=24)] | None = None
    cost: MajorAmount | None = None

    @model_validator(mode="after")
    def _says_what_a_day_holds(self) -> Self:
        staffed = (self.agents, self.calls_an_hour, self.hours_a_day)
        if self.a_day is not None and any(one is not None for one in staffed):
            raise ValueError("either a_day, or agents with calls_an_hour and hours_a_day, was expected")
        if self.a_day is None and any(one is None for one in staffed):
            raise ValueError("what a day holds is missing: a_day, or agents with calls_an_hour and hours_a_day")
        if self.most_a_day < 1:
            raise ValueError("a day holds not one contact")
        return self

    @property
    def most_a_day(self) -> int:
        """How many contacts a day holds."""
        if self.a_day is not None:
            return self.a_day
        return int((self.agents or 0) * (self.calls_an_hour or 0.0) * (self.hours_a_day or 0.0))


class Window(Strict):
    """The days of the campaign, both included, and the hours of a day by the customer's own clock."""

    first_day: date
    last_day: date
    opens: time = time(9)
    closes: time = time(18)

    @model_validator(mode="after")
    def _is_a_window(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError(f"the window ends on {self.last_day}, before it begins on {self.first_day}")
        if self.day_count > LONGEST_WINDOW_DAYS:
            raise ValueError(f"the window has {self.day_count} days; at most {LONGEST_WINDOW_DAYS} were expected")
        if self.closes <= self.opens:
            raise ValueError(f"the hours close at {self.closes}, not after they open at {self.opens}")
        return self

    @property
    def day_count(self) -> int:
        """How many days it has."""
        return (self.last_day - self.first_day).days + 1

    @property
    def days(self) -> Iterator[date]:
        """Its days in order."""
        return (self.first_day + timedelta(days=n) for n in range(self.day_count))


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
        _enforce_once("source", [one.source for one in given])
        if abs(sum(one.share_ratio for one in given) - 1.0) > TOLERANCE:
            raise ValueError("the shares of the funding do not add up to 1")
        return given


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


class SaidOfIt(Strict):
    """What the campaign says of itself, by which the rules on campaigns judge it."""

    is_for_card_business: bool = True
    has_data_authorisation: bool = False
    has_non_personalised_option: bool | None = None
    has_easy_refusal: bool | None = None
    has_choice_of_data_use: bool | None = None
    offers_refusal_each_time: bool | None = None
    ties_products: bool | None = None
    opens_paid_service_unasked: bool | None = None
    consent_proof_kept_months: Annotated[float, Field(ge=0)] | None = None
    is_prescreened_list: bool = False
    is_firm_offer: bool | None = None
    has_opt_out_notice: bool | None = None


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
        _enforce_once("objective", [one.metric for one in given])
        if abs(sum(one.weight for one in given) - 1.0) > TOLERANCE:
            raise ValueError("the weights of the objectives do not add up to 1")
        return given

    @field_validator("approvers")
    @classmethod
    def _is_somebody_else(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        _enforce_once("approver", given)
        if set(given) <= {info.data.get("owner")}:
            raise ValueError(f"nobody but the owner {given[0]!r} may approve it; another person was expected")
        return given

    @field_validator("channels")
    @classmethod
    def _each_channel_once(cls, given: tuple[BriefChannel, ...]) -> tuple[BriefChannel, ...]:
        _enforce_once("channel", [one.channel for one in given])
        return given

    @field_validator("segments")
    @classmethod
    def _each_segment_once(cls, given: tuple[Segment, ...]) -> tuple[Segment, ...]:
        _enforce_once("segment", [*(one.segment for one in given), DEFAULT_SEGMENT])
        return given

    @field_validator("offers")
    @classmethod
    def _can_be_sent(cls, given: tuple[BriefOffer, ...], info: ValidationInfo) -> tuple[BriefOffer, ...]:
        _enforce_once("offer", [one.offer_id for one in given])
        if "sms" in {one.channel for one in info.data.get("channels", ())}:
            missing = [one.offer_id for one in given if "sms" not in one.templates]
            if missing:
                raise ValueError(f"the offer {missing[0]!r} has no template for sms")
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


def _enforce_once(what: str, names: Sequence[str]) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"the {what} {twice[0]!r} stands there twice")


def read_brief(path: Path) -> Brief:
    """The campaign in a YAML file.

    Raises BriefInvalid naming file and line for whatever is unknown, missing, impossible or not UTF-8.
    """
    _enforce_readable(path)
    return read_yaml_as(path, Brief, BriefInvalid)


def _enforce_readable(path: Path) -> None:
    try:
        raw = path.read_bytes()
    except OSError as err:
        raise BriefInvalid(
            f"The campaign file {path} cannot be read: {err.strerror or err}.",
            "A YAML file with one campaign was expected.",
        ) from None
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as err:
        line = raw.count(b"\n", 0, err.start) + 1
        raise BriefInvalid(
            f"{path} line {line}: the byte {raw[err.start]:#04x} is no UTF-8.",
            "A file in UTF-8 was expected, not in GBK, Latin-1 or UTF-16.",
            f"Save it as UTF-8, for example: iconv -f GBK -t UTF-8 {path.name} > new.yaml",
            line=line,
        ) from None
