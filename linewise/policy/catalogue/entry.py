"""The shape of catalogue.yaml: one entry an action, and what holds for all of them."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from linewise.policy.amounts import MajorAmounts
from linewise.policy.catalogue.credit import CreditTerms
from linewise.policy.catalogue.texts import Disclosure, Rebuttals, Sentences, SpeakingRate
from linewise.policy.yaml_source import Strict

__all__ = [
    "ATTRIBUTE_NAMES",
    "CHANNELS",
    "Budget",
    "CatalogueFile",
    "OfferEntry",
    "Proposal",
    "Proposals",
    "Quota",
    "Saving",
    "Treatment",
]

ATTRIBUTE_NAMES = (
    "offer_tier", "offer_annual_fee_amt", "offer_maximum_age_years", "offer_is_credit", "offer_annualised_cost_ratio",
    "offer_term_months", "offer_is_cash", "offer_card_spend_share_ratio",
)  # fmt: skip
"""What the take-up model knows of an offer."""

CHANNELS = ("voice", "app", "web", "branch", "sms", "ivr")
Channel = Literal["voice", "app", "web", "branch", "sms", "ivr"]
Count = Annotated[int, Field(ge=1)]


class Step(Strict):
    """Something that follows an answer: its code, and the sentence that says it."""

    act: Literal["consent_to_agent", "confirm_here", "own_act_here", "own_act_by_link", "signed_here", "by_agent"]
    says: Sentences


class Treatment(Strict):
    """How an action is put in one channel: which of its texts, how long at most, how it is answered, what follows.

    answered_by: the agent's keys, buttons, what is said to a voice menu, or a message in reply. `then` follows a yes;
    `then_for_credit` where credit is taken by it: no agent and no menu orders that for the customer. ending: what
    always comes after the text.
    """

    channel: Channel
    uses: Literal["title", "benefit", "talk_track", "menu_line"]
    longest_zh_count: Count
    longest_en_count: Count
    ending: Sentences | None = None
    answered_by: Literal["agent", "buttons", "speech", "reply"]
    answer: Sentences
    then: Step
    then_for_credit: Step


MOST_DISCLOSURES = 2
"""Of one action: to take it, read these and consent is at most four acts of an agent."""


class Proposal(Strict):
    """The words for what is no offer of the catalogue: a raise of the limit, a plan.

    menu_line: for a voice menu; disclosures: what is read before a yes, text by text.
    """

    title: Sentences
    benefit: Sentences
    talk_track: Sentences
    menu_line: Sentences
    rebuttals: Rebuttals
    disclosures: Annotated[list[Disclosure], Field(min_length=1, max_length=MOST_DISCLOSURES)]


class Proposals(Strict):
    """The words for a raise and for a plan."""

    limit: Proposal
    plan: Proposal


class Quota(Strict):
    """How often an action may be given in a period, over all customers; never below zero."""

    most_count: Annotated[int, Field(ge=0)]
    per: Literal["day", "month", "year", "ever"]


class Budget(Strict):
    """What a retention action may cost: the bank's pot for a year, and the most for one customer in a year."""

    budget_id: Annotated[str, Field(min_length=1)]
    year: Annotated[MajorAmounts, Field(min_length=1)]
    grant: Annotated[MajorAmounts, Field(min_length=1)]
    customer_year: Annotated[MajorAmounts, Field(min_length=1)]


class Prior(Strict):
    """A take-up that stands in until a model has learnt this kind of action."""

    prior_take_up_ratio: Annotated[float, Field(ge=0, le=1)]
    source: Annotated[str, Field(min_length=1)]


class Saving(Strict):
    """What an action would have saved this customer: a share of an amount of their own last six months.

    of: the feature that holds the amount, minor units. What it costs in six months is taken off it.
    """

    of: Annotated[str, Field(pattern=r"^[a-z0-9_]+_180d$")]
    ratio: Annotated[float, Field(gt=0, le=1)]
    source: Annotated[str, Field(min_length=1)]


class OfferEntry(Strict):
    """One action as a product owner writes it; amounts in major units by currency, empty where there is none.

    `menu_line` is what a voice menu says, in one sentence.
    `relevant_when` names columns of which one must be above zero for the action to be of use; without
    any it always is. `excludes` names actions that are never shown beside this one, nor taken with it;
    nor are two of one `group` taken together. `take_up` is `model` for what the
    take-up model has learnt. is_principal_card: of a card, that it is the customer's own; is_prescreened and
    uses_affiliate_data say by whose data its customers are picked.
    """

    offer_id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    kind: Literal["service", "retention", "promotional", "mandatory"]
    product: str
    group: str
    tier: Annotated[int, Field(ge=1, le=9)] = 1
    is_new_card: bool = False
    is_principal_card: bool = True
    is_over_limit_service: bool = False
    is_prescreened: bool = False
    uses_affiliate_data: bool = False
    increases_debt: bool = False
    minimum_age_years: Annotated[int, Field(ge=0, le=120)] = 0
    maximum_age_years: Annotated[int, Field(ge=0, le=150)] = 150
    minimum_income: MajorAmounts = Field(default_factory=dict)
    annual_fee: MajorAmounts = Field(default_factory=dict)
    margin: MajorAmounts = Field(default_factory=dict)
    cost: MajorAmounts = Field(default_factory=dict)
    card_spend_share_ratio: Annotated[float, Field(ge=0, le=1)] = 0.0
    take_up: Literal["model"] | Prior | None = None
    credit: CreditTerms | None = None
    budget: Budget | None = None
    never_obstructs_closing: bool = False
    quota: Quota | None = None
    saves: Saving | None = None
    funded_by: Annotated[str, Field(min_length=1)]
    valid_from: date
    valid_to: date | None = None
    relevant_when: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    title: Sentences
    benefit: Sentences
    talk_track: Sentences
    menu_line: Sentences | None = None
    rebuttals: Rebuttals | None = None
    terms: Sentences
    disclosure: Disclosure

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        is_sold = self.kind in ("promotional", "retention")
        if is_sold and (self.take_up is None or self.rebuttals is None or not self.margin):
            raise ValueError(f"a {self.kind} action needs margin, take_up and rebuttals")
        if not is_sold and (self.take_up is not None or self.credit is not None or self.annual_fee):
            raise ValueError(f"a {self.kind} action sells nothing: no take_up, no credit, no annual_fee")
        if self.kind == "retention" and (self.budget is None or not self.never_obstructs_closing):
            raise ValueError("a retention action needs a budget and never_obstructs_closing: true")
        if self.increases_debt and self.credit is None:
            raise ValueError("what increases debt needs its credit terms")
        return self


class CatalogueFile(Strict):
    """The whole file; the order of the actions settles ties."""

    version: str
    speaking_rate: SpeakingRate
    treatments: Annotated[list[Treatment], Field(min_length=1)]
    proposals: Proposals
    offers: Annotated[list[OfferEntry], Field(min_length=1)]
