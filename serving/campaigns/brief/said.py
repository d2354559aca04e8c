"""What a campaign says of itself, by which the rules on campaigns judge it."""

from typing import Annotated

from pydantic import Field

from linewise.policy.yaml_source import Strict

__all__ = ["SaidOfIt"]


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
