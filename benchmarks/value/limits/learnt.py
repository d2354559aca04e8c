"""What the product learns from a log, and the response that its own serving reads from that."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.value.numbers import LEARNER_SEED
from linewise.decisioning.economics import Economics
from linewise.decisioning.scorers import LimitResponse
from linewise.decisioning.types import Customers
from linewise.simulation.logged import FEATURE_NAMES
from linewise.simulation.logged.limits import LimitLog
from serving.scoring.boosters import AmountModel, ProbabilityModel
from serving.scoring.registry import ModelFiles
from training.amounts import FittedAmount, fit_amount
from training.artefact import MODEL_FILE, learnt_numbers
from training.dataset import AmountDataset, Dataset
from training.fitting import FittedModel, fit_model
from training.specs import AmountSpec, ModelSpec, chosen_specs

__all__ = ["Learnt", "datasets_of"]

NAMES = ("card_default", "card_balance", "card_spend")

GROWN: Mapping[int, tuple[str, ...]] = {
    30_000: ("leaf_count=10", "depth=4", "leaf_rows_minimum=100"),
    100_000: ("leaf_count=15", "depth=5", "leaf_rows_minimum=300"),
    300_000: ("leaf_count=15", "depth=5", "leaf_rows_minimum=500"),
}
"""From so many rows on trees may be larger, within the bounds of every spec; as `linewise model train -S` takes it.

They learn hardly faster for it (`LEARNING`): a hundred trees at 0.15 had passed the best point of default long before.
"""

LEARNING = "learning_rate=0.06"


def datasets_of(log: LimitLog) -> tuple[Dataset, AmountDataset, AmountDataset]:
    """A log as training sees it: features, actions and outcomes, in the order of NAMES."""
    rows = np.arange(len(log.people))
    told = {
        "feature_names": FEATURE_NAMES,
        "offer_attributes": (),
        "x": log.people.features,
        "groups": rows,
        "cases": rows,
        "principal_amt": log.raise_amt,
        "scale_amt": log.people.limit_amt,
        "owed_amt": log.balance_amt,
        "is_randomised": log.is_randomised,
    }
    balance, spend = (
        AmountDataset(name=name, y=(amount > 0).astype(np.int64), amount_amt=amount, **told)
        for name, amount in zip(NAMES[1:], (log.balance_amt, log.spend_amt), strict=True)
    )
    return Dataset(name=NAMES[0], y=log.is_default, **told), balance, spend


class Learnt:
    """The three components, fitted by training and read by serving."""

    def __init__(self, log: LimitLog, seed: int = LEARNER_SEED) -> None:
        grown = [overrides for least, overrides in GROWN.items() if len(log.people) >= least]
        self.bend_ratios: dict[str, float] = {}
        self._models: dict[str, ProbabilityModel | AmountModel] = {}
        for spec, data in zip(
            chosen_specs(NAMES, (*grown[-1], LEARNING) if grown else ()), datasets_of(log), strict=True
        ):
            if isinstance(spec, AmountSpec) and isinstance(data, AmountDataset):
                amount = fit_amount(spec, data, seed)
                self._serve(spec, amount, AmountModel)
            else:
                self._serve(spec, fit_model(spec, data, seed), ProbabilityModel)

    def _serve(
        self, spec: ModelSpec, fitted: FittedModel | FittedAmount, reader: type[ProbabilityModel] | type[AmountModel]
    ) -> None:
        self.bend_ratios[spec.name] = fitted.bend_ratio
        with tempfile.TemporaryDirectory() as folder:
            fitted.booster.save_model(Path(folder) / MODEL_FILE)
            said = learnt_numbers(spec, fitted) | {"inputs": list(FEATURE_NAMES), "horizon_months": 12.0}
            self._models[spec.name] = reader(ModelFiles(spec.name, 1, "", Path(folder), said, ""), 1)

    def response(self, customers: Customers, economics: Economics) -> LimitResponse:
        """What a limit does to each customer, as a decision is told it."""
        default, balance, spend = (self._models[name] for name in NAMES)
        assert isinstance(default, ProbabilityModel)
        assert isinstance(balance, AmountModel)
        assert isinstance(spend, AmountModel)
        rows = customers.features
        return LimitResponse(
            default=default.default_coefficients(
                rows,
                default.dose(customers),
                economics.unmodelled_default_slope,
                economics.unmodelled_default_slope_error,
            ),
            balance=balance.coefficients(rows, balance.dose(customers)),
            spend=spend.coefficients(rows, spend.dose(customers)),
            is_loan=np.zeros(len(customers), dtype=np.bool_),
            sources={},
        )
