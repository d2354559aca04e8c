"""From which tables each model learns, and its labels: one reading of the bank for all models of one training."""

from functools import cached_property

from linewise.bank.tables import Bank
from linewise.core.errors import DataCheckFailed
from linewise.core.settings import Settings
from linewise.policy.catalogue import Catalogue, load_catalogue
from training.campaigns import campaign_take_up_labels
from training.card_cases import CardCases, card_cases
from training.labels import Labels, Offer, ShowingLabels, card_take_up_labels, default_labels
from training.showings import offer_pitch_labels, offer_take_up_labels
from training.specs import ModelSpec

__all__ = ["LabelSources"]

SOLD = ("promotional", "retention")


class LabelSources:
    """The labels of a bank's models; what several of them learn from is read once."""

    def __init__(self, settings: Settings, bank: Bank) -> None:
        self._settings, self._bank = settings, bank
        self._until = bank.clock(settings).now()
        self._cards: dict[int, CardCases] = {}
        self._showings: dict[int, ShowingLabels] = {}

    def labels(self, spec: ModelSpec) -> Labels:
        """The labels of one model; raises DataCheckFailed where the bank delivers no table to learn it from."""
        self._enforce_tables(spec)
        match spec.name:
            case "default":
                return default_labels(self._bank, self._until)
            case "card_take_up":
                return card_take_up_labels(self._bank, self._catalogue.modelled, self._until)
            case "card_default" | "card_balance" | "card_spend" | "card_declined" | "card_attrition":
                return self._of_cards(spec)
            case "campaign_take_up":
                return campaign_take_up_labels(self._bank, self._until)
            case "offer_pitch":
                return offer_pitch_labels(self._bank, self._sold, self._until, spec.rows_maximum)
            case _:
                return self._showings_of(spec)

    def _enforce_tables(self, spec: ModelSpec) -> None:
        for table in spec.tables:
            if not self._bank.has(table):
                raise DataCheckFailed(
                    f"The model {spec.name!r} cannot be trained: the bank delivers no table {table!r}.",
                    "Its label is read from there.",
                    "Train the others by name with: linewise model train NAME",
                )

    def _of_cards(self, spec: ModelSpec) -> Labels:
        cases = self._cases(spec)
        return {
            "card_default": cases.default_labels,
            "card_balance": cases.balance_labels,
            "card_spend": cases.spend_labels,
            "card_declined": cases.declined_labels,
            "card_attrition": cases.attrition_labels,
        }[spec.name]()

    @cached_property
    def _catalogue(self) -> Catalogue:
        return load_catalogue(self._settings.policy, self._bank.manifest.currency)

    @property
    def _sold(self) -> list[Offer]:
        """The offers that are sold, of any kind that a model may learn to choose."""
        return [one for one in self._catalogue.offers if one.kind in SOLD]

    def _showings_of(self, spec: ModelSpec) -> ShowingLabels:
        """What was shown in calls, read once for all models that bear as many rows."""
        most = spec.rows_maximum
        if most not in self._showings:
            self._showings[most] = offer_take_up_labels(self._bank, self._sold, self._until, most)
        return self._showings[most]

    def every_showing(self, spec: ModelSpec) -> ShowingLabels:
        """What was shown in calls, beside every other offer that was open then; raises DataCheckFailed as `labels`."""
        self._enforce_tables(spec)
        sold = self._sold
        most, beside = spec.rows_maximum, max(len(sold) - 1, 1)
        # A campaign calls of its own accord, by a choice of another kind.
        return offer_take_up_labels(self._bank, sold, self._until, most, beside, with_campaigns=False)

    def _cases(self, spec: ModelSpec) -> CardCases:
        """The card holders, read once for all models that bear as many rows."""
        most = spec.rows_maximum
        if most not in self._cards:
            self._cards[most] = card_cases(self._bank, self._until, most, self._settings.seed)
        return self._cards[most]
