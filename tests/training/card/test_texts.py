from pathlib import Path

import pytest

from linewise.core.errors import SettingsInvalid
from training.card.texts import STANDARD, load_card_texts
from training.specs import SPECS


def test_every_model_has_somebody_who_answers_for_it():
    assert set(SPECS) <= set(load_card_texts(None))


def test_what_a_bank_says_in_its_own_file_is_checked(tmp_path: Path):
    path = tmp_path / "cards.yaml"
    path.write_text(STANDARD.read_text(encoding="utf-8").replace("owner: product", "owner: ''", 1), encoding="utf-8")
    with pytest.raises(SettingsInvalid, match=r"cards\.yaml line"):
        load_card_texts(path)
    with pytest.raises(SettingsInvalid, match="is not there"):
        load_card_texts(tmp_path / "none.yaml")
