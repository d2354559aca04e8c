"""A plan whose control was drawn, made on what decides in a home, for what signs plans."""

import shutil
from typing import Any

import numpy as np
import pyarrow as pa

from linewise.core.settings import Settings
from linewise.decisioning.cells import is_drawn_control
from serving.campaigns.approving.standing import Standing
from serving.campaigns.plan.files import (
    CONTROL,
    TREATED,
    Plan,
    plan_path,
)
from tests.serving.campaigns.briefs import BRIEF
from tests.serving.campaigns.plans import ID, TOLD, kept, list_of

__all__ = ["DRAW", "drawn_list", "planned"]

DRAW: dict[str, Any] = {"seed": 7, "salt": ID, "share_ratio": 0.1}


def drawn_list(count: int = 400) -> pa.Table:
    listed = list_of(count)
    ids = np.array(listed["customer_id"].to_pylist())
    arms = np.where(is_drawn_control(ids, DRAW["seed"], DRAW["salt"], DRAW["share_ratio"]), CONTROL, TREATED)
    return listed.set_column(1, listed.schema.field("arm"), pa.array(arms.tolist()))


def planned(
    settings: Settings, standing: Standing, listed: pa.Table | None = None, brief: str = BRIEF, **told: Any
) -> Plan:
    """A plan made on what decides in this home now, with whatever the test changes."""
    home, listed = settings.paths, drawn_list() if listed is None else listed
    shutil.rmtree(plan_path(home, ID).parent, ignore_errors=True)
    arms = listed["arm"].to_pylist()
    whole = TOLD | {
        "control": {"salt": DRAW["salt"], "share_ratio": DRAW["share_ratio"]},
        "versions": dict(standing.versions) | {"bank_data_hash": "of the day before"},
        "arms": {TREATED: arms.count(TREATED), CONTROL: arms.count(CONTROL)},
    }
    return kept(home, listed, whole | told, brief)
