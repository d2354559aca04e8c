"""The bank on one page: spending, use of lines, arrears, and what a higher limit does."""

from pathlib import Path

from matplotlib.figure import Figure

from linewise.simulation.report.calibration import Report
from linewise.simulation.report.panels import PANELS, Pictured
from linewise.simulation.report.sums import Sums
from linewise.simulation.world import World

__all__ = ["draw_bank"]

_COLUMNS = 3


def draw_bank(path: Path, world: World, sums: Sums, report: Report) -> None:
    """Write a PNG of the panels; the report is that of the same sums. Its folder is made where missing.

    The figure is made without pyplot, so none stays open in the process.
    """
    rows_count = -(-len(PANELS) // _COLUMNS)
    figure = Figure(figsize=(5.6 * _COLUMNS, 4.1 * rows_count), layout="constrained")
    pictured = Pictured(world, sums, report)
    for axes, panel in zip(figure.subplots(rows_count, _COLUMNS).flat, PANELS, strict=False):
        panel(axes, pictured)
        axes.spines[["top", "right"]].set_visible(False)
        axes.title.set_size(11)
    figure.suptitle(f"{world.bank_name}: {world.customer_count:,} customers, {world.month_count} months", fontsize=13)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100, format="png", metadata={"Software": None})
