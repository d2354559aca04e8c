"""A campaign that reaches into the next year leaves alone whoever is in the global holdout of either year."""

import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from linewise.core.settings import Settings
from linewise.decisioning.cells import CellPolicy, global_holdout
from linewise.policy.standard_folder import policy_folder
from serving.campaigns.planning.together import plan_campaigns
from tests.serving.campaigns.briefs import brief_file

SHARE = 0.3


def test_nobody_on_the_list_is_in_the_global_holdout_of_a_year_that_the_window_touches(
    planning: Settings, tmp_path: Path
):
    folder = Path(shutil.copytree(policy_folder(None), tmp_path / "policy"))
    parameters = folder / "parameters.yaml"
    text = parameters.read_text(encoding="utf-8")
    small = "global_holdout_share_ratio: {value: 0.01"
    assert small in text
    parameters.write_text(text.replace(small, small.replace("0.01", str(SHARE))), encoding="utf-8")
    settings = planning.model_copy(update={"policy": folder})

    def held(last_day: str) -> dict[int, int]:
        """How many of a list are in the global holdout of each year."""
        changes = (
            ("campaign_id: SPRING_CARDS", "campaign_id: NEW_YEAR"),
            ("last_day: 2026-12-07", f"last_day: {last_day}"),
        )
        path = brief_file(tmp_path, *changes)
        (planned,) = plan_campaigns(settings, [path], "mei")
        assert planned.folder is not None
        ids = np.array(pq.read_table(planned.folder / "list.parquet")["customer_id"].to_pylist())
        policy = CellPolicy(global_holdout_ratio=SHARE)
        return {year: int(global_holdout(ids, policy, settings.seed, year).sum()) for year in (2026, 2027)}

    within_the_year = held("2026-12-07")
    assert within_the_year[2026] == 0 < within_the_year[2027]
    assert held("2027-01-05") == {2026: 0, 2027: 0}
