"""What showing adds, as a decision gets it: the same numbers as where it was learnt."""

from pathlib import Path

import numpy as np
import pytest

from serving.scoring.boosters import ProbabilityModel
from serving.scoring.registry import ModelFiles
from tests.training.builders import TRAINED_AT
from tests.training.effects.showings import SPEC, some_showings
from training.artefact import SPEC_FILE, write_artefact
from training.evaluation import cross_validate
from training.fitting import FittedModel, fit_model

SHOWINGS = some_showings(row_count=4_000)


@pytest.fixture(scope="module")
def fitted() -> FittedModel:
    return fit_model(SPEC, SHOWINGS.data, 1)


@pytest.fixture(scope="module")
def served(fitted: FittedModel, tmp_path_factory: pytest.TempPathFactory) -> ProbabilityModel:
    import json

    folder: Path = tmp_path_factory.mktemp("artefact")
    quick = SPEC.model_copy(update={"tree_count": 5, "fold_count": 2, "repeat_count": 1})
    evaluation = cross_validate(quick, SHOWINGS.data, 1).evaluation
    write_artefact(folder, SPEC, SHOWINGS.data, fitted, evaluation, TRAINED_AT)
    spec = json.loads((folder / SPEC_FILE).read_text(encoding="utf-8"))
    return ProbabilityModel(ModelFiles("offer_take_up", 1, "run", folder, spec, ""), threads=1)


def test_a_decision_gets_the_effect_that_was_learnt(fitted: FittedModel, served: ProbabilityModel):
    data = SHOWINGS.data
    shown, not_shown = (1 / (1 + np.exp(-served.margin(data.as_if(one)))) for one in (1, 0))
    found = served.effect(shown, not_shown, data.as_if(0))
    np.testing.assert_allclose(found, fitted.uplift(data), rtol=1e-9, atol=1e-12)
    assert np.abs(found - (shown - not_shown)).max() > 0
    assert (found <= shown).all()


def test_an_effect_is_never_more_than_the_probability_with_the_showing(served: ProbabilityModel):
    rows = SHOWINGS.data.as_if(0)[:50]
    little = np.full(50, 1e-4)
    assert (served.effect(little, np.zeros(50), rows) <= little).all()


def test_an_effect_is_the_same_alone_and_in_a_chunk(served: ProbabilityModel):
    rows, shown, not_shown = SHOWINGS.data.as_if(0)[:50], np.full(50, 0.3), np.full(50, 0.2)
    whole = served.effect(shown, not_shown, rows)
    for row in (0, 31):
        one = slice(row, row + 1)
        assert served.effect(shown[one], not_shown[one], rows[one])[0] == whole[row]
