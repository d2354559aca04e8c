"""The evaluation report of a model of an amount, as data: what `report.json` holds among its run's artefacts."""

from datetime import datetime
from typing import Literal

from linewise.quality.curves import Figures
from linewise.quality.intervals import Measured
from training.report.figures import ByChance, Split

__all__ = ["AmountCell", "AmountReport", "AmountStanding"]


class AmountCell(Figures):
    """Rows of one kind: expected and observed share of the line, the latter with its 95% interval over customers."""

    by: Literal["overall", "band", "action", "month"]
    cell: str
    row_count: int
    expected_ratio: float
    observed_ratio: Measured


class AmountStanding(Figures):
    """One learner on the judged rows; difference: of R², the judged model less this one, None of the model itself.

    r2: the share of the variance that is explained. mean_error_ratio: the mean absolute error, a share of the line.
    """

    name: str
    version: int | None
    r2: Measured
    mean_error_ratio: Measured
    difference: Measured | None
    cells: tuple[AmountCell, ...]


class AmountReport(Figures):
    """As `ModelReport`, of an amount as a share of the line, or of what is a share of customers itself."""

    kind: Literal["amount"] = "amount"
    name: str
    label: str
    made_at: datetime
    seed: int
    data_hash: str
    split: Split
    model: AmountStanding
    peers: tuple[AmountStanding, ...]
    psi: float
    registered_correlation: float
    idle_inputs: tuple[str, ...]
    alone_r2: dict[str, float]
    by_chance: ByChance | None = None
    share_of: Literal["line", "customers"] = "line"

    def peer(self, name: str) -> AmountStanding | None:
        """The peer of that name, where it was judged."""
        return next((one for one in self.peers if one.name == name), None)
