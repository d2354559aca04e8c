"""What several models learn from is read once, and each model's own bound holds for it alone."""

import numpy as np
import pytest

from linewise.bank.tables import open_bank
from linewise.core.home import Home
from linewise.core.settings import load_settings
from tests.linewise.bank.builders import rows_of, small_tables, write_small
from training import sources
from training.card_cases import CardCases
from training.sources import LabelSources
from training.specs import chosen_specs

CARDS = ("card_default", "card_balance", "card_spend", "card_declined", "card_attrition")


@pytest.fixture
def bounds(home: Home, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bounds by which card holders were read from a bank that delivers cards."""
    empty = {name: rows_of(name) for name in ("statements", "limit_changes")}
    write_small(home, small_tables() | empty)
    read: list[int] = []

    def card_cases(bank: object, until: object, rows_maximum: int, seed: int) -> CardCases:
        read.append(rows_maximum)
        one = np.ones(1)
        return CardCases(("c1",), np.zeros(1, "datetime64[us]"), one, one, one, one, one, one)

    monkeypatch.setattr(sources, "card_cases", card_cases)
    return read


def read_all(home: Home, *overrides: str) -> None:
    label_sources = LabelSources(load_settings(home=home.root), open_bank(home))
    for spec in chosen_specs(CARDS, overrides):
        label_sources.labels(spec)


def test_models_that_bear_as_many_rows_share_one_reading_of_the_card_holders(home: Home, bounds: list[int]):
    read_all(home, "rows_maximum=500")
    assert bounds == [500]


def test_the_bound_of_one_model_leaves_the_rows_of_the_others_alone(home: Home, bounds: list[int]):
    read_all(home, "card_spend.rows_maximum=500")
    assert bounds == [60_000, 500]
