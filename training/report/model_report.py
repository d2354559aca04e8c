"""The evaluation report of one version as data: what `report.json` holds among the artefacts of its run.

Every figure is of rows that the judged fit has not seen: of customers that it has not seen, at a later time
where the history is long enough for it. Intervals are at 95%, over customers.
"""

from datetime import datetime
from typing import Literal

from linewise.quality.calibration import Cell
from linewise.quality.curves import Figures
from linewise.quality.intervals import Measured
from linewise.quality.uplift import Uplift
from training.report.figures import AttributeFairness, ByChance, Calibration, Profit, Ranking, Split

__all__ = ["PAGE_FILE", "REPORT_FILE", "ModelReport", "Segment", "Stability", "Standing"]

REPORT_FILE, PAGE_FILE = "report.json", "report.html"


class Standing(Figures):
    """One learner on the rows of `test`; difference: the judged model less this one, by the same customers.

    name: `model`, the judged one; `champion`: the recipe of the version in service, fitted on the same rows;
    `logistic regression`; `LightGBM as it comes`. Of the model itself the difference is None.
    """

    name: str
    version: int | None
    ranking: Ranking
    difference: dict[str, Measured] | None
    calibration: Calibration
    uplift: Uplift | None
    profit: Profit | None


class Segment(Figures):
    """Rows of one group, of an attribute that is judged and never an input, or of a coarse input.

    auc is None where one of the classes has too few customers for a figure.
    """

    attribute: str
    is_protected: bool
    value: str
    row_count: int
    positive_count: int
    auc: Measured | None
    calibration: Cell


class Stability(Figures):
    """What changes although nothing changed.

    psi: the population stability index of the score between `fit` and `test`. other_seed_correlation: of ranks,
    between two fits that differ by their seed alone; other_seed_moved_ratio: the share of the first tenth that is
    another then. registered_correlation: of ranks of all rows, between the version that was registered, which has
    learnt from them, and the judged recipe out of fold; low where something else was registered than was judged.
    """

    psi: float
    other_seed_correlation: float
    other_seed_moved_ratio: float
    registered_correlation: float


class ModelReport(Figures):
    """The evaluation report of one version of a model of a probability.

    idle_inputs: columns that are constant or missing in every row that was fitted. alone_auc: of the inputs that
    rank best each by itself, out of fold; the first is the likeliest leak. level_shift: what the last months add to
    the log-odds of the version that was registered, 0 where the level stands still. fairness: of acting on who is
    expected to bring more than nothing; empty where no protected attribute is delivered or nothing is at stake.
    by_chance: of the judged rows on which chance alone decided; None where there are none.
    """

    kind: Literal["probability"] = "probability"
    name: str
    label: str
    made_at: datetime
    seed: int
    data_hash: str
    split: Split
    model: Standing
    peers: tuple[Standing, ...]
    segments: tuple[Segment, ...]
    stability: Stability
    idle_inputs: tuple[str, ...]
    alone_auc: dict[str, float]
    level_shift: float = 0.0
    fairness: tuple[AttributeFairness, ...] = ()
    by_chance: ByChance | None = None

    def peer(self, name: str) -> Standing | None:
        """The peer of that name, where it was judged."""
        return next((one for one in self.peers if one.name == name), None)
