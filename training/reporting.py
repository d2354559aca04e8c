"""The evaluation report of a candidate: made of what the bank, its policy and the registry know, and written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from linewise.bank.tables import Bank
from linewise.core.errors import PolicyInvalid
from linewise.core.settings import Settings
from linewise.policy.catalogue import load_catalogue
from linewise.policy.economics import load_economics
from linewise.policy.standard_folder import policy_folder
from training.amounts import FittedAmount
from training.dataset import AmountDataset
from training.fitting import FittedModel
from training.input_checks import InputChecks
from training.learnable import Learnable
from training.level import level_of
from training.report.amount_making import AmountChampion, make_amount_report
from training.report.amount_report import AmountReport
from training.report.making import Beside, Champion, Judged, make_report
from training.report.model_report import PAGE_FILE, REPORT_FILE
from training.report.page import amount_page, report_page
from training.report.pictures import amount_came_true, as_png, draw_pictures, looked_at
from training.report.segments import protected_groups
from training.report.stakes import Prices, stakes_of
from training.specs import AmountSpec
from training.tracking import Registry

__all__ = ["PICTURES", "Reporting", "write_amount_report", "write_report"]

Floats = npt.NDArray[np.float64]

PICTURES = "pictures"


@dataclass(frozen=True)
class Reporting:
    """Where the reports of one training take what they need beside the rows."""

    settings: Settings
    bank: Bank
    registry: Registry

    def judge(self, one: Learnable, fitted: FittedModel, crossed: Floats, made_at: datetime) -> Judged:
        """The report of a candidate; fitted: as it will be registered; crossed (n_rows,): out of fold."""
        beside = Beside(
            checks=one.checks,
            crossed=crossed,
            level_shift=level_of(one.data, crossed),
            champion=self._champion(one.spec.name),
            stakes=None if self._prices is None else stakes_of(one.spec, one.data, self._prices),
            groups=protected_groups(self.bank, one.customer_ids),
        )
        return make_report(one.spec, one.data, fitted, beside, self.settings.seed, made_at)

    def judge_amount(
        self, spec: AmountSpec, data: AmountDataset, checks: InputChecks, fitted: FittedAmount, made_at: datetime
    ) -> AmountReport:
        """The report of a candidate of an amount; fitted: as it will be registered."""
        known = self._champion(spec.name)
        champion = None
        if known is not None and isinstance(known.spec, AmountSpec):
            champion = AmountChampion(known.spec, known.version)
        return make_amount_report(spec, data, fitted, checks, champion, self.settings.seed, made_at)

    def _champion(self, name: str) -> Champion | None:
        version = self.registry.champion(name)
        if version is None:
            return None
        recipe = self.registry.recipe(version)
        return None if recipe is None else Champion(recipe, version.version)

    @cached_property
    def _prices(self) -> Prices | None:
        """None where the policy cannot be used: a report is made also then, without money."""
        currency, on = self.bank.manifest.currency, self.bank.clock(self.settings).now().date()
        folder = policy_folder(self.settings.policy)
        try:
            return Prices(load_economics(folder, currency, on), load_catalogue(folder, currency))
        except PolicyInvalid:
            return None


def write_report(folder: Path, judged: Judged, registered: lgb.Booster) -> None:
    """Write report.json, report.html and the pictures, below pictures/, into `folder`."""
    pictures = _written(folder, draw_pictures(judged) | {"inputs": looked_at(registered)})
    (folder / REPORT_FILE).write_text(judged.report.model_dump_json(indent=2), encoding="utf-8")
    (folder / PAGE_FILE).write_text(report_page(judged.report, pictures), encoding="utf-8")


def write_amount_report(folder: Path, report: AmountReport, registered: lgb.Booster) -> None:
    """Write report.json, report.html and its pictures, below pictures/, into `folder`."""
    pictures = _written(folder, {"observed_to_expected": amount_came_true(report), "inputs": looked_at(registered)})
    (folder / REPORT_FILE).write_text(report.model_dump_json(indent=2), encoding="utf-8")
    (folder / PAGE_FILE).write_text(amount_page(report, pictures), encoding="utf-8")


def _written(folder: Path, figures: Mapping[str, Figure]) -> dict[str, bytes]:
    pictures = {name: as_png(figure) for name, figure in figures.items()}
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    for name, png in pictures.items():
        (folder / PICTURES / f"{name}.png").write_bytes(png)
    return pictures
