"""A policy folder's catalogue.yaml in the currency of the loaded bank."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from linewise.core.files import sha256_of
from linewise.decisioning.plans import round_rate_up
from linewise.policy.amounts import amount_in
from linewise.policy.catalogue.actions import Catalogue, CatalogueOffer, RetentionBudget, seconds_to_say
from linewise.policy.catalogue.credit import CreditTerms, annualised_cost
from linewise.policy.catalogue.entry import CatalogueFile, OfferEntry, Prior
from linewise.policy.catalogue.texts import SpeakingRate
from linewise.policy.standard_folder import policy_folder
from linewise.policy.yaml_source import invalid_at, load_checked

__all__ = ["load_catalogue"]

SAME_NAME = (
    "offer_id", "kind", "product", "group", "tier", "is_new_card", "is_principal_card", "is_over_limit_service",
    "is_prescreened", "uses_affiliate_data", "increases_debt", "minimum_age_years", "maximum_age_years",
    "card_spend_share_ratio", "quota", "funded_by", "valid_from", "valid_to", "relevant_when", "excludes", "channels",
    "title", "benefit", "talk_track", "menu_line", "rebuttals", "terms", "disclosure", "saves",
)  # fmt: skip
"""What an action takes from its entry as it stands there."""


class _Amounts:
    """Amounts of one entry in one currency, each refused by name where the file has none in it."""

    def __init__(self, entry: OfferEntry, currency: str, path: Path) -> None:
        self._entry, self._currency, self._path = entry, currency, path

    def of(self, amounts: Mapping[str, float], name: str) -> int:
        """The amount in minor units."""
        return amount_in(amounts, self._currency, f"{self._entry.offer_id}.{name}", self._path)

    def of_optional(self, name: str) -> int:
        """An amount of the entry; zero where the entry names none in any currency."""
        amounts: Mapping[str, float] = getattr(self._entry, name)
        return self.of(amounts, name) if amounts else 0


def _shown_rate(credit: CreditTerms, currency: str) -> float:
    """The annualised rate as it is displayed: rounded up at 0.01%, so that it never understates."""
    return float(round_rate_up(np.array(annualised_cost(credit, currency))))


def _action(entry: OfferEntry, currency: str, path: Path, rate: SpeakingRate) -> CatalogueOffer:
    amounts, credit, budget = _Amounts(entry, currency, path), entry.credit, entry.budget
    if credit is not None:
        amounts.of(credit.example, "credit.example")
    taken: dict[str, Any] = {name: getattr(entry, name) for name in SAME_NAME}
    taken |= {f"{name}_amt": amounts.of_optional(name) for name in ("minimum_income", "annual_fee", "margin", "cost")}
    return CatalogueOffer(
        **taken,
        is_credit=credit is not None,
        prior_take_up_ratio=entry.take_up.prior_take_up_ratio if isinstance(entry.take_up, Prior) else None,
        annualised_cost_ratio=None if credit is None else _shown_rate(credit, currency),
        term_months=None if credit is None else credit.term_months,
        credit_purpose="" if credit is None else credit.purpose,
        minimum_amt=0 if credit is None else amounts.of(credit.minimum, "credit.minimum"),
        maximum_amt=0 if credit is None else amounts.of(credit.maximum, "credit.maximum"),
        budget=None
        if budget is None
        else RetentionBudget(
            budget_id=budget.budget_id,
            year_amt=amounts.of(budget.year, "budget.year"),
            grant_amt=amounts.of(budget.grant, "budget.grant"),
            customer_year_amt=amounts.of(budget.customer_year, "budget.customer_year"),
        ),
        say_seconds=seconds_to_say(rate, entry.talk_track, entry.disclosure.text),
    )


def _enforce_names(path: Path, file: CatalogueFile) -> None:
    """Each offer_id once, what is excluded exists, each channel has its treatment, and the text that it uses."""
    seen: set[str] = set()
    every = {entry.offer_id for entry in file.offers}
    treated = {treatment.channel: treatment.uses for treatment in file.treatments}
    for position, entry in enumerate(file.offers):
        if entry.offer_id in seen:
            place = ("offers", position, "offer_id")
            raise invalid_at(path, place, f"the offer_id {entry.offer_id!r} stands more than once.")
        seen.add(entry.offer_id)
        for name, known, given in (("excludes", every, entry.excludes), ("channels", set(treated), entry.channels)):
            if unknown := sorted(set(given) - known):
                told = f"{entry.offer_id} names {', '.join(map(repr, unknown))}, which this catalogue does not have."
                raise invalid_at(path, ("offers", position, name), told)
        if silent := [one for one in entry.channels if getattr(entry, treated[one]) is None]:
            told = f"{entry.offer_id} has no {treated[silent[0]]}, which is what {silent[0]!r} says."
            raise invalid_at(path, ("offers", position, "channels"), told)


def load_catalogue(folder: Path | None, currency: str, on: date | None = None) -> Catalogue:
    """The catalogue of a policy folder (None: the standard one) in the bank's currency.

    With `on` only the actions that are valid on that day.

    Raises PolicyInvalid with file and line, or naming an amount that has no value in that currency.
    """
    path = policy_folder(folder) / "catalogue.yaml"
    file = load_checked(path, CatalogueFile)
    _enforce_names(path, file)
    valid = [
        entry
        for entry in file.offers
        if on is None or (entry.valid_from <= on and (entry.valid_to is None or on <= entry.valid_to))
    ]
    return Catalogue(
        version=file.version,
        sha256=sha256_of(path),
        currency=currency,
        offers=tuple(_action(entry, currency, path, file.speaking_rate) for entry in valid),
        treatments={treatment.channel: treatment for treatment in file.treatments},
        proposals=file.proposals,
        speaking_rate=file.speaking_rate,
    )
