from pathlib import Path

import pytest

from tests.training.builders import a_dataset, a_spec, an_amount_dataset, an_amount_spec, an_offer_dataset
from training.amount_evaluation import cross_validate_amount
from training.amounts import fit_amount
from training.evaluation import cross_validate
from training.fitting import fit_model
from training.plots import draw_amount_plots, draw_plots

PNG = b"\x89PNG"


@pytest.mark.parametrize("name", ["default", "card_take_up"])
def test_three_pictures_are_drawn(tmp_path: Path, name: str):
    spec = a_spec(name)
    data = a_dataset() if name == "default" else an_offer_dataset()
    draw_plots(tmp_path, spec, data, fit_model(spec, data, 5), cross_validate(spec, data, 5))
    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(drawn) == {"calibration.png", "roc.png", "gain.png"}
    assert all(content.startswith(PNG) and len(content) > 5_000 for content in drawn.values())


def test_two_pictures_are_drawn_of_an_amount(tmp_path: Path):
    spec, data = an_amount_spec(), an_amount_dataset(300)
    draw_amount_plots(tmp_path, spec, fit_amount(spec, data, 5), cross_validate_amount(spec, data, 5))
    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(drawn) == {"calibration.png", "gain.png"}
    assert all(content.startswith(PNG) and len(content) > 5_000 for content in drawn.values())
