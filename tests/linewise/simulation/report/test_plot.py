from pathlib import Path

import pytest
from matplotlib.figure import Figure

from linewise.simulation.report.calibration import report_of
from linewise.simulation.report.measures import measured
from linewise.simulation.report.panels import PANELS, Pictured
from linewise.simulation.report.plot import draw_bank
from linewise.simulation.report.sums import Sums
from linewise.simulation.world import World

WORLD = World(customer_count=400, month_count=13)


@pytest.fixture(scope="module")
def sums() -> Sums:
    return measured(WORLD)


def test_the_page_is_a_png_in_a_folder_made_for_it(sums: Sums, tmp_path: Path):
    path = tmp_path / "pictures" / "bank.png"
    draw_bank(path, WORLD, sums, report_of(WORLD, sums))
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.__name__)
def test_every_panel_has_a_title_and_names_its_axis(panel, sums: Sums):
    axes = Figure().subplots()
    panel(axes, Pictured(WORLD, sums, report_of(WORLD, sums)))
    assert axes.get_title()
    assert axes.get_ylabel() or axes.get_xlabel()


def test_bars_show_the_simulated_figure_and_marks_the_published_one(sums: Sums):
    axes = Figure().subplots()
    pictured = Pictured(WORLD, sums, report_of(WORLD, sums))
    types = next(panel for panel in PANELS if panel.__name__ == "_types")
    types(axes, pictured)
    heights = [bar.get_height() for bar in axes.patches]
    assert heights == [
        pictured.rows[name].simulated for name in ("transactor_share", "revolver_share", "switcher_share")
    ]
