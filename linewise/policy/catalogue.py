"""The catalogue of actions: what may be offered, to whom, at what price, in which words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from linewise.core.files import sha256_of
from linewise.decisioning.offers import Offers
from linewise.policy.amounts import MajorAmounts, amount_in
from linewise.policy.standard_folder import policy_folder
from linewise.policy.yaml_source import Strict, invalid_at, load_checked

__all__ = ["ATTRIBUTE_NAMES", "Catalogue", "CatalogueOffer", "Sentences", "load_catalogue"]

ATTRIBUTE_NAMES = ("offer_tier", "offer_annual_fee_amt", "offer_maximum_age_years")
"""What the take-up model knows of an offer."""


class Sentences(Strict):
    """The same text in every language of the screen."""

    zh_cn: Annotated[str, Field(alias="zh-CN", min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def in_language(self, language: str) -> str:
        """The text in that language; English where the language is unknown."""
        return self.zh_cn if language == "zh-CN" else self.en

    def by_language(self) -> dict[str, str]:
        """Language tag to text."""
        return {"zh-CN": self.zh_cn, "en": self.en}


class Disclosure(Strict):
    """What must be read to the customer, with the version of its wording."""

    disclosure_id: str
    version: str
    text: Sentences


class _OfferEntry(Strict):
    offer_id: str
    kind: Literal["service", "retention", "promotional", "mandatory"]
    product: str
    group: str
    tier: Annotated[int, Field(ge=1, le=9)]
    minimum_age_years: Annotated[int, Field(ge=0, le=120)]
    maximum_age_years: Annotated[int, Field(ge=0, le=150)]
    minimum_income: MajorAmounts
    annual_fee: MajorAmounts
    margin: MajorAmounts
    cost: MajorAmounts
    card_spend_share_ratio: Annotated[float, Field(ge=0, le=1)]
    valid_from: date
    title: Sentences
    benefit: Sentences
    talk_track: Sentences
    disclosure: Disclosure


class _CatalogueFile(Strict):
    version: str
    offers: Annotated[list[_OfferEntry], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class CatalogueOffer:
    """One offer in the bank's currency; amounts in minor units."""

    offer_id: str
    kind: str
    product: str
    group: str
    tier: int
    minimum_age_years: int
    maximum_age_years: int
    minimum_income_amt: int
    annual_fee_amt: int
    margin_amt: int
    cost_amt: int
    card_spend_share_ratio: float
    title: Sentences
    benefit: Sentences
    talk_track: Sentences
    disclosure: Disclosure

    @property
    def attributes(self) -> dict[str, float]:
        """What the take-up model knows of this offer, by ATTRIBUTE_NAMES."""
        known = (self.tier, self.annual_fee_amt, self.maximum_age_years)
        return dict(zip(ATTRIBUTE_NAMES, map(float, known), strict=True))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All offers of one bank, in the order of the file, which settles ties."""

    version: str
    sha256: str
    currency: str
    offers: Sequence[CatalogueOffer]

    def offer(self, offer_id: str) -> CatalogueOffer:
        """The offer of that id, which must exist."""
        return next(one for one in self.offers if one.offer_id == offer_id)

    def columns(self) -> Offers:
        """The offers as a decision ranks them."""
        offers = self.offers
        return Offers(
            offer_id=tuple(one.offer_id for one in offers),
            group=tuple(one.group for one in offers),
            product=tuple(one.product for one in offers),
            tier=np.array([one.tier for one in offers], dtype=np.int64),
            minimum_age_years=np.array([one.minimum_age_years for one in offers], dtype=np.int64),
            maximum_age_years=np.array([one.maximum_age_years for one in offers], dtype=np.int64),
            minimum_income_amt=np.array([one.minimum_income_amt for one in offers], dtype=np.int64),
            annual_fee_amt=np.array([one.annual_fee_amt for one in offers], dtype=np.int64),
            margin_amt=np.array([one.margin_amt for one in offers], dtype=np.int64),
            cost_amt=np.array([one.cost_amt for one in offers], dtype=np.int64),
            card_spend_share_ratio=np.array([one.card_spend_share_ratio for one in offers]),
            attribute_names=ATTRIBUTE_NAMES,
            attributes=np.array([[one.attributes[name] for name in ATTRIBUTE_NAMES] for one in offers]),
        )


def load_catalogue(folder: Path | None, currency: str, on: date | None = None) -> Catalogue:
    """The catalogue of a policy folder (None: the standard one) in the bank's currency.

    With `on` only the offers that are valid on that day.

    Raises PolicyInvalid with file and line, or naming an amount that has no value in that currency.
    """
    path = policy_folder(folder) / "catalogue.yaml"
    file = load_checked(path, _CatalogueFile)
    seen: set[str] = set()
    for position, entry in enumerate(file.offers):
        if entry.offer_id in seen:
            place = ("offers", position, "offer_id")
            raise invalid_at(path, place, f"the offer_id {entry.offer_id!r} stands more than once.")
        seen.add(entry.offer_id)
    offers = []
    for entry in (one for one in file.offers if on is None or one.valid_from <= on):
        fields: dict[str, Any] = {
            name: getattr(entry, name) for name in CatalogueOffer.__slots__ if not name.endswith("_amt")
        }
        for name in ("minimum_income", "annual_fee", "margin", "cost"):
            what = f"{entry.offer_id}.{name}"
            fields[f"{name}_amt"] = amount_in(getattr(entry, name), currency, what, path)
        offers.append(CatalogueOffer(**fields))
    return Catalogue(version=file.version, sha256=sha256_of(path), currency=currency, offers=tuple(offers))
