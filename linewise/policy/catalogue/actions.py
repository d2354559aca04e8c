"""The catalogue in one bank's currency: the actions as a decision ranks them and as a screen words them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from linewise.decisioning.offers import Offers
from linewise.policy.catalogue.entry import ATTRIBUTE_NAMES, Proposals, Quota, Saving, Treatment
from linewise.policy.catalogue.texts import LANGUAGES, Disclosure, Rebuttals, Sentences, SpeakingRate

__all__ = ["Catalogue", "CatalogueOffer", "RetentionBudget"]


@dataclass(frozen=True, slots=True)
class RetentionBudget:
    """The pot that a retention action is paid from, and what it may take from it; minor units."""

    budget_id: str
    year_amt: int
    grant_amt: int
    customer_year_amt: int


@dataclass(frozen=True, slots=True)
class CatalogueOffer:
    """One action in the bank's currency; amounts in minor units.

    prior_take_up_ratio is None where the take-up model scores the action. annualised_cost_ratio and
    term_months are None where it is no credit.
    """

    offer_id: str
    kind: str
    product: str
    group: str
    tier: int
    is_new_card: bool
    is_principal_card: bool
    is_over_limit_service: bool
    is_prescreened: bool
    uses_affiliate_data: bool
    is_credit: bool
    increases_debt: bool
    minimum_age_years: int
    maximum_age_years: int
    minimum_income_amt: int
    annual_fee_amt: int
    margin_amt: int
    cost_amt: int
    card_spend_share_ratio: float
    prior_take_up_ratio: float | None
    annualised_cost_ratio: float | None
    term_months: int | None
    credit_purpose: str
    minimum_amt: int
    maximum_amt: int
    budget: RetentionBudget | None
    quota: Quota | None
    funded_by: str
    valid_from: date
    valid_to: date | None
    relevant_when: tuple[str, ...]
    excludes: tuple[str, ...]
    channels: tuple[str, ...]
    title: Sentences
    benefit: Sentences
    talk_track: Sentences
    menu_line: Sentences | None
    rebuttals: Rebuttals | None
    terms: Sentences
    disclosure: Disclosure
    say_seconds: Mapping[str, int]
    saves: Saving | None = None

    @property
    def attributes(self) -> dict[str, float]:
        """What the take-up model knows of this offer, by ATTRIBUTE_NAMES."""
        known = (
            *(self.tier, self.annual_fee_amt, self.maximum_age_years, self.is_credit),
            *(self.annualised_cost_ratio or 0.0, self.term_months or 0, self.credit_purpose == "cash"),
            self.card_spend_share_ratio,
        )
        return dict(zip(ATTRIBUTE_NAMES, map(float, known), strict=True))

    def saved_amt(self, of_amt: float) -> int | None:
        """What it would have saved in six months, minor units; None where that is nothing, or not known.

        of_amt: the amount of the customer's own last six months that `saves` names; NaN where nobody knows it.
        """
        if self.saves is None or math.isnan(of_amt):
            return None
        saved_amt = math.floor(self.saves.ratio * of_amt) - self.annual_fee_amt // 2
        if self.budget is not None:
            saved_amt = min(saved_amt, self.budget.grant_amt)
        return saved_amt if saved_amt > 0 else None


SOLD = frozenset({"promotional", "retention"})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All actions of one bank, in the order of the file, which settles ties."""

    version: str
    sha256: str
    currency: str
    offers: Sequence[CatalogueOffer]
    treatments: Mapping[str, Treatment]
    proposals: Proposals
    speaking_rate: SpeakingRate

    def offer(self, offer_id: str) -> CatalogueOffer:
        """The action of that id, which must exist."""
        return next(one for one in self.offers if one.offer_id == offer_id)

    @property
    def modelled(self) -> tuple[CatalogueOffer, ...]:
        """The offers from which and for which the take-up model learns."""
        return tuple(one for one in self.offers if one.kind == "promotional" and one.prior_take_up_ratio is None)

    def may_be_taken_together(self, one_id: str, other_id: str) -> bool:
        """Whether a customer may take both: of different groups, and neither excludes the other.

        Help is not sold: it excludes nothing of its own group. What is no longer in the catalogue, a limit
        or a plan stands in nobody's way.
        """
        both = [one for one in self.offers if one.offer_id in (one_id, other_id)]
        if len(both) < len({one_id, other_id}):
            return True
        one, other = both[0], both[-1]
        is_excluded = other.offer_id in one.excludes or one.offer_id in other.excludes
        is_sold = one.kind in SOLD and other.kind in SOLD
        return not is_excluded and not (is_sold and one.group == other.group)

    def columns(self) -> Offers:
        """The actions as a decision ranks them."""
        offers = self.offers

        def integers(name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
            return np.array([getattr(one, name) for one in offers], dtype=np.int64)

        def floats(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
            # None becomes NaN, as every missing number of a decision.
            return np.array([getattr(one, name) for one in offers], dtype=np.float64)

        def flags(name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
            return np.array([getattr(one, name) for one in offers], dtype=np.bool_)

        def granted(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
            return np.array([getattr(one.budget, name, np.nan) for one in offers], dtype=np.float64)

        excluded = np.array(
            [[b.offer_id in a.excludes or a.offer_id in b.excludes for b in offers] for a in offers], dtype=np.bool_
        ).reshape(len(offers), len(offers))
        return Offers(
            offer_id=tuple(one.offer_id for one in offers),
            kind=tuple(one.kind for one in offers),
            group=tuple(one.group for one in offers),
            product=tuple(one.product for one in offers),
            tier=integers("tier"),
            is_new_card=flags("is_new_card"),
            is_principal_card=flags("is_principal_card"),
            is_over_limit_service=flags("is_over_limit_service"),
            is_prescreened=flags("is_prescreened"),
            uses_affiliate_data=flags("uses_affiliate_data"),
            is_credit=flags("is_credit"),
            increases_debt=flags("increases_debt"),
            minimum_age_years=integers("minimum_age_years"),
            maximum_age_years=integers("maximum_age_years"),
            minimum_income_amt=integers("minimum_income_amt"),
            annual_fee_amt=integers("annual_fee_amt"),
            margin_amt=integers("margin_amt"),
            cost_amt=integers("cost_amt"),
            card_spend_share_ratio=floats("card_spend_share_ratio"),
            prior_take_up_ratio=floats("prior_take_up_ratio"),
            annualised_cost_ratio=floats("annualised_cost_ratio"),
            term_months=floats("term_months"),
            credit_purpose=tuple(one.credit_purpose for one in offers),
            minimum_amt=integers("minimum_amt"),
            maximum_amt=integers("maximum_amt"),
            grant_amt=granted("grant_amt"),
            grant_cap_amt=granted("customer_year_amt"),
            relevant_when=tuple(one.relevant_when for one in offers),
            channels=tuple(frozenset(one.channels) for one in offers),
            excludes=excluded,
            attribute_names=ATTRIBUTE_NAMES,
            attributes=np.array(
                [[one.attributes[name] for name in ATTRIBUTE_NAMES] for one in offers], dtype=np.float64
            ).reshape(len(offers), len(ATTRIBUTE_NAMES)),
            say_seconds=np.array([max(one.say_seconds.values(), default=0) for one in offers], dtype=np.float64),
        )


def seconds_to_say(rate: SpeakingRate, *texts: Sentences) -> dict[str, int]:
    """Seconds to say all of the texts one after the other, by language."""
    return {
        language: sum(rate.seconds(text.in_language(language), language) for text in texts) for language in LANGUAGES
    }
