"""What a card says and no run can know, read from a file that a bank may replace."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from linewise.core.errors import SettingsInvalid
from linewise.core.yaml_lines import read_yaml_as

__all__ = ["CardTexts", "load_card_texts"]

STANDARD = Path(__file__).resolve().parent / "standard.yaml"

Said = Annotated[str, Field(min_length=3)]


class CardTexts(BaseModel):
    """Who answers for a model, what it is for and what not, what it cannot know, and who watches it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: Said
    intended_use: Said
    not_for: Said
    limits: Said
    oversight: Said


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    models: dict[str, CardTexts]


def load_card_texts(path: Path | None) -> dict[str, CardTexts]:
    """The texts by model (None: the standard ones); raises SettingsInvalid with file and line."""
    chosen = STANDARD if path is None else path.expanduser().resolve()
    if not chosen.is_file():
        raise SettingsInvalid(
            f"The file of model cards {chosen} is not there.",
            "A file like training/card/standard.yaml was expected.",
            "Name it with the setting 'cards', or leave it out for the standard one.",
        )
    return read_yaml_as(chosen, _File, SettingsInvalid).models
