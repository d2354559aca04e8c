"""A plan in a home, with a list drawn by a seed, for what reads plans."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from linewise.core.files import sha256_of
from linewise.core.home import Home
from linewise.quality.profit import profit_curve
from serving.campaigns.plan.files import (
    CONTROL,
    LIST_SCHEMA,
    STEPS,
    TREATED,
    Plan,
    brief_path,
    canonical,
    list_path,
    plan_path,
    plan_sha256,
    read_plan,
)
from tests.serving.campaigns.briefs import BRIEF

__all__ = ["ID", "ORDER_AMT", "TOLD", "kept", "list_of", "plan_in"]

ID = "SPRING_CARDS"
ORDER_AMT = 20_000
"""What an order is worth in these lists, in minor units."""

TOLD: dict[str, Any] = {
    "campaign_id": ID,
    "planned_at": "2026-11-25T09:30:00+00:00",
    "planned_by": "mei",
    "currency": "CNY",
    "seed": 7,
    "versions": {
        "release_id": "r-0123456789ab",
        "policy_version": "2026.11",
        "generation": "2026-11-24",
        "models": {"offer_take_up": "3", "card_default": "2"},
    },
    "notes": [],
}


def list_of(count: int, seed: int = 1, control_ratio: float = 0.1, most_uplift: float = 0.06) -> pa.Table:
    """`count` customers C000000 … on the list: uplift falls with priority, and a share is control by lot."""
    draw = np.random.default_rng(seed)
    uplift = np.sort(draw.beta(1.2, 6.0, count) * most_uplift)[::-1]
    propensity = uplift + draw.beta(2.0, 60.0, count)
    value = np.round(uplift * ORDER_AMT).astype(np.int64)
    cost = np.where(np.arange(count) % 2 == 0, 5, 30).astype(np.int64)
    arm = np.where(draw.random(count) < control_ratio, CONTROL, TREATED)
    rank, name = np.arange(count), draw.permutation(count)
    day = date(2026, 12, 1)
    columns: dict[str, Any] = {
        "customer_id": [f"C{one:06d}" for one in name],
        "arm": arm,
        "offer_id": np.where(name % 3 == 0, "CARD_GOLD", "CARD_TRAVEL"),
        "channel": np.where(rank % 2 == 0, "sms", "voice"),
        "template_code": np.where(rank % 2 == 0, "SMS_2201", None),
        "signature": np.where(rank % 2 == 0, "某某银行", None),
        "segment": np.where(name % 5 == 0, "young", "rest"),
        "language": ["zh-CN"] * count,
        "time_zone": ["Asia/Shanghai"] * count,
        "send_on": [day + timedelta(days=int(one) % 5) for one in rank],
        "send_not_before": [datetime(2026, 12, 1, 1, tzinfo=UTC)] * count,
        "send_not_after": [datetime(2026, 12, 1, 10, tzinfo=UTC)] * count,
        "priority": value - cost,
        "propensity": propensity,
        "uplift": uplift,
        "value_amt": value,
        "cost_amt": cost,
        "decile": (rank * 10 // max(count, 1) + 1).astype(np.int8),
        "contact_ref": [f"tok-{one:06d}" for one in name],
        "consent_ref": [None] * count,
        "expires_on": [date(2026, 12, 7)] * count,
    }
    return pa.table(columns, schema=LIST_SCHEMA).sort_by("customer_id")


def told_of(rows: pa.Table) -> dict[str, Any]:
    """What a plan says of such a list, with figures for every part of its page."""
    arm = np.array(rows["arm"].to_pylist(), dtype=object)
    treated, control = int((arm == TREATED).sum()), int((arm == CONTROL).sum())
    count = len(rows)
    is_treated = arm == TREATED
    value, cost = (rows[name].to_numpy()[is_treated] for name in ("value_amt", "cost_amt"))
    removed = [0, 0.21, 0.02, 0.28, 0.09, 0.05, 0.03, 0.02, 0.01, 0.04, 0.0]
    universe, waterfall = int(count / (1 - sum(removed))) + 1, []
    left = universe
    for step, share in zip(STEPS, removed, strict=True):
        gone = left - treated if step == "holdout" else int(universe * share)
        left -= gone
        reasons = {"holdout": {"control": control, "global_holdout": gone - control}}
        codes = reasons.get(step, {f"BANK-{step.upper()}": gone - gone // 3, f"CN-{step.upper()}": gone // 3})
        waterfall.append({"step": step, "removed": gone, "left": left, "reasons": codes if gone else {}})
    worth = np.append(value - cost, -np.random.default_rng(3).integers(1, 40, count // 3))
    curve = profit_curve(worth.astype(np.float64)).model_dump(mode="json")
    days, quotas = rows["send_on"].to_pylist(), {}
    for day, channel, one in zip(days, rows["channel"].to_pylist(), arm, strict=True):
        if one == TREATED:
            quotas[(day.isoformat(), channel)] = quotas.get((day.isoformat(), channel), 0) + 1
    return TOLD | {
        "waterfall": waterfall,
        "arms": {"treated": treated, "control": control},
        "global_holdout": waterfall[-1]["reasons"].get("global_holdout", 0),
        "expected": {
            "value_amt": int(value.sum()),
            "cost_amt": int(cost.sum()),
            "contacts": treated,
            "responses": float(rows["propensity"].to_numpy()[is_treated].sum()),
        },
        "minimum_detectable_effect": {"base_ratio": 0.032, "effect_ratio": 0.0061, "alpha": 0.05, "power": 0.8},
        "profit_curve": curve | {"chosen_depth": min(count, len(worth)), "budget_depth": None, "capacity_depth": count},
        "quotas": [
            {"day": day, "channel": channel, "count": number, "most": 2 * number}
            for (day, channel), number in sorted(quotas.items())
        ],
        "funding": [{"source": "cards", "share_ratio": 0.7, "amount_amt": int(cost.sum() * 0.7)},
                    {"source": "partner", "share_ratio": 0.3, "amount_amt": int(cost.sum() * 0.3)}],
        "fairness": [
            {"attribute": "sex", "value": "female", "audience_count": universe // 2, "listed_count": count // 2},
            {"attribute": "sex", "value": "male", "audience_count": universe // 2, "listed_count": count // 3},
            {"attribute": "sex", "value": "not known", "audience_count": 12, "listed_count": 1},
        ],
        "preview": [
            {"customer": f"C…{row['customer_id'][-3:]}", "offer": row["offer_id"], "channel": row["channel"],
             "segment": row["segment"], "send_on": str(row["send_on"]), "tenth": row["decile"]}
            for row in rows.slice(0, 20).to_pylist()
        ],
        "calibration": [
            {"model": "offer_take_up", "expected_ratio": one, "observed_ratio": one * 1.06, "low_ratio": one * 0.8,
             "high_ratio": one * 1.35, "row_count": 900}
            for one in (0.01, 0.03, 0.06, 0.11, 0.19)
        ],
    }  # fmt: skip


def kept(home: Home, rows: pa.Table, told: Mapping[str, Any], brief: str = BRIEF) -> Plan:
    """A plan's folder as planning would have left it, read back; told: its JSON, whose hashes may be left out."""
    plan_path(home, ID).parent.mkdir(parents=True, exist_ok=True)
    brief_path(home, ID).write_text(brief, encoding="utf-8")
    pq.write_table(rows, list_path(home, ID), row_group_size=1_000)
    hashes = {
        "brief_sha256": sha256_of(brief_path(home, ID)),
        "list_sha256": sha256_of(list_path(home, ID)),
    }
    whole = hashes | dict(told)
    plan_path(home, ID).write_bytes(canonical(whole | {"plan_sha256": plan_sha256(whole)}))
    return read_plan(home, ID)


def plan_in(folder: Path, rows: pa.Table, brief: str = BRIEF, **told: Any) -> Plan:
    """The plan as it is read back from a home."""
    return kept(Home(folder), rows, told_of(rows) | told, brief)
