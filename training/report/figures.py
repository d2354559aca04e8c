"""Parts of the evaluation report: figures of rows that a fit has not seen, with 95% intervals over customers."""

from datetime import datetime
from typing import Literal

from linewise.quality.calibration import Cell
from linewise.quality.curves import Curve, Figures
from linewise.quality.intervals import Measured

__all__ = [
    "AttributeFairness",
    "ByChance",
    "Calibration",
    "ChanceCell",
    "GroupRate",
    "Profit",
    "Ranking",
    "Split",
    "Window",
]


class Window(Figures):
    """Rows by the moment as of which they are told; both ends None where the rows carry none."""

    first_as_of: datetime | None
    last_as_of: datetime | None
    row_count: int
    positive_count: int
    customer_count: int


class Split(Figures):
    """Which rows were fitted and which were judged; in both no customer was judged by a fit that has seen him.

    `out_of_time`: every row of `fit` had shown its label before the first row of `test`; `left_out_count` rows of
    the gap had not. `out_of_fold`: the history is too short for that, `reason` says why, and only customers are kept
    apart.
    """

    design: Literal["out_of_time", "out_of_fold"]
    reason: str
    ripening_days: float
    fold_count: int
    fit: Window
    test: Window
    left_out_count: int


class Ranking(Figures):
    """How well a score puts first those who have the label.

    average_precision: the area under precision and recall. ks: the largest distance between the two distributions.
    top_decile_lift: the share with the label among the first tenth, a multiple of that of all. case_auc: AUC over
    cases of several rows, as in `training.evaluation`. gain: the share of all labels that is reached.
    """

    auc: Measured
    average_precision: Measured
    ks: Measured
    brier: Measured
    log_loss: Measured
    top_decile_lift: Measured
    case_auc: Measured | None
    gain: Curve


class Calibration(Figures):
    """Whether what is expected comes true: in all, by band of the score, by action, by month.

    ece: the mean distance between expected and observed over `ece_cell_count` cells of equally many rows.
    intercept: the shift of log-odds that would make the sum right; slope: the factor on log-odds, below 1 where the
    probabilities are too spread.
    """

    ece: Measured
    ece_cell_count: int
    intercept: float
    slope: float
    cells: tuple[Cell, ...]

    def of(self, by: str) -> tuple[Cell, ...]:
        """The cells of that kind, in order."""
        return tuple(cell for cell in self.cells if cell.by == by)


class Profit(Figures):
    """Money of acting on the best share of rows by what they were expected to bring, in minor units a row of all.

    assumption: in words, what an action earns and costs. chosen_ratio: the share of rows that were expected to bring
    more than nothing; chosen_amt: what acting on just those brought.
    """

    currency: str
    assumption: str
    chosen_ratio: float
    chosen_amt: float
    curve: Curve


class ChanceCell(Figures):
    """Rows of one kind on which chance decided: what was expected of them, and seen with its 95% interval."""

    by: Literal["overall", "action"]
    cell: str
    row_count: int
    expected: float
    observed: Measured


class ByChance(Figures):
    """The judged rows on which chance alone decided, and how large that slice is.

    how: `lot`, of customers set aside, whose line was raised or held as the lot fell; `logged`, of offers shown with a
    probability that was written down, each row weighed by one over it. given_count: rows that were raised, or shown.
    effective_count: as how many rows of even weight they count. effect_expected, effect_observed: the mean of those
    raised less of those held; None of offers, and where all or none were raised.
    """

    how: Literal["lot", "logged"]
    row_count: int
    customer_count: int
    given_count: int
    effective_count: float
    cells: tuple[ChanceCell, ...]
    effect_expected: float | None
    effect_observed: Measured | None


class GroupRate(Figures):
    """One group: how often it is favoured, and how often those of it who pay are (None where nobody is known to)."""

    value: str
    customer_count: int
    favoured_ratio: float
    favoured_among_good_ratio: float | None


class AttributeFairness(Figures):
    """One attribute.

    impact_ratio: the lowest rate of a group over the highest (1 where nobody is favoured); four fifths is a rule of
    thumb. opportunity_gap: the highest rate among good payers less the lowest. Both with the 95% interval of drawing
    the customers anew. Groups of fewer than 30 customers are left out; None where fewer than two are left.
    """

    attribute: str
    groups: tuple[GroupRate, ...]
    impact_ratio: Measured | None
    opportunity_gap: Measured | None
