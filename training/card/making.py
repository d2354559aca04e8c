"""The card of a version, put together from its run, the gate and the log of promotions."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from linewise.core.settings import Settings
from training.artefact import headline_metrics
from training.card.texts import CardTexts, load_card_texts
from training.gate.checking import GATE_FILE, GateReport
from training.promotion_log import Promotion, read_promotions
from training.run_record import RUN_FILE, RunFacts
from training.specs import SPECS
from training.tracking import Registry, Version

__all__ = ["ModelCard", "card_gaps", "card_of"]


class ModelCard(BaseModel):
    """A version of a model as a reader meets it; a part that nobody wrote down is None or empty."""

    model_config = ConfigDict(frozen=True)

    name: str
    version: int
    label: str
    registered_at: datetime
    artefact_sha256: str
    texts: CardTexts | None
    run: RunFacts | None
    figures: dict[str, float]
    gate: GateReport | None
    promotions: tuple[Promotion, ...]

    @property
    def gaps(self) -> Sequence[str]:
        """What the card does not say."""
        return card_gaps(self.texts, self.run, self.figures)


def card_gaps(texts: CardTexts | None, run: RunFacts | None, figures: dict[str, float]) -> Sequence[str]:
    """What is missing of a complete card."""
    parts = {
        "who answers for it and what it is for": texts,
        "the record of its run": run,
        "its figures": figures or None,
    }
    return [what for what, part in parts.items() if part is None]


def card_of(settings: Settings, version: Version) -> ModelCard:
    """The card of a registered version; raises SettingsInvalid where the file of texts cannot be used."""
    registry = Registry(settings.paths)
    run, gate = (registry.text_of(version, file) for file in (RUN_FILE, GATE_FILE))
    rows = (row for row in read_promotions(settings.paths) if row.name == version.name)
    return ModelCard(
        name=version.name,
        version=version.version,
        label=SPECS[version.name].label,
        registered_at=version.created_at,
        artefact_sha256=version.artefact_sha256,
        texts=load_card_texts(settings.cards).get(version.name),
        run=RunFacts.model_validate_json(run) if run else None,
        figures=headline_metrics(registry.evaluation(version)),
        gate=GateReport.model_validate_json(gate) if gate else None,
        promotions=tuple(row for row in rows if version.version in (row.version, row.previous_version)),
    )
