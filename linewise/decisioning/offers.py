"""The offers of a catalogue as columns, the form in which a decision ranks them."""

from dataclasses import dataclass

from linewise.decisioning.types import Floats, Ints

__all__ = ["Offers"]


@dataclass(frozen=True, slots=True)
class Offers:
    """One row an offer, (n_offers,); amounts in minor units of the bank's currency, over twelve months.

    attributes (n_offers, n_attributes) are what the take-up model knows of an offer, so that a new one
    starts warm. card_spend_share_ratio is the share of the customer's outflow that moves to the card.
    """

    offer_id: tuple[str, ...]
    group: tuple[str, ...]
    product: tuple[str, ...]
    tier: Ints
    minimum_age_years: Ints
    maximum_age_years: Ints
    minimum_income_amt: Ints
    annual_fee_amt: Ints
    margin_amt: Ints
    cost_amt: Ints
    card_spend_share_ratio: Floats
    attribute_names: tuple[str, ...]
    attributes: Floats

    def __len__(self) -> int:
        return len(self.offer_id)
