"""What a challenger would have said of live calls, beside what was said: how far they agree, and who ranked better."""

from collections.abc import Collection, Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from linewise.ledger.shadows import Shadow

__all__ = ["Pair", "ShadowReport", "shadow_report"]

Floats = npt.NDArray[np.float64]

ORDERS_MINIMUM = 10


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Pair(_Frozen):
    """One score of both on the same decisions; correlation of ranks, None where there is nothing to rank."""

    decision_count: int
    champion_mean: float
    challenger_mean: float
    correlation: float | None


class ShadowReport(_Frozen):
    """A challenger over the calls that it has scored in the shadow.

    other_offer_ratio, other_limit_ratio: of the decisions in which its primary offer, or its limit, would have been
    another; limit_difference_amt: the sum of its limits less those suggested, minor units. champion_auc and
    challenger_auc: how well the take-up of what was shown tells the orders of it, None below ORDERS_MINIMUM of them.
    """

    model: str
    version: int
    days: int
    first_at: datetime | None
    last_at: datetime | None
    decision_count: int
    pd: Pair | None
    take_up: Pair | None
    other_offer_ratio: float
    other_limit_ratio: float
    limit_difference_amt: int
    order_count: int
    champion_auc: float | None
    challenger_auc: float | None


def shadow_report(
    model: str, version: int, shadows: Sequence[Shadow], ordered: Collection[tuple[str, str]]
) -> ShadowReport:
    """The report of these shadows; `ordered` holds (decision_id, offer_id) of what was ordered upon them."""
    moments = sorted(one.decided_at for one in shadows)
    champion, challenger, is_ordered = _of_orders(shadows, ordered)
    count = len(shadows)
    return ShadowReport(
        model=model,
        version=version,
        days=len({one.date() for one in moments}),
        first_at=moments[0] if moments else None,
        last_at=moments[-1] if moments else None,
        decision_count=count,
        pd=_pair([(one.champion_pd, one.challenger_pd) for one in shadows]),
        take_up=_pair([(one.champion_take_up, one.challenger_take_up) for one in shadows]),
        other_offer_ratio=sum(one.champion_offer != one.challenger_offer for one in shadows) / max(count, 1),
        other_limit_ratio=sum(one.champion_limit_amt != one.challenger_limit_amt for one in shadows) / max(count, 1),
        limit_difference_amt=sum(one.challenger_limit_amt - one.champion_limit_amt for one in shadows),
        order_count=int(is_ordered.sum()),
        champion_auc=_auc(is_ordered, champion),
        challenger_auc=_auc(is_ordered, challenger),
    )


def _pair(scores: Sequence[tuple[float | None, float | None]]) -> Pair | None:
    known = np.array([pair for pair in scores if None not in pair], dtype=np.float64)
    if not len(known):
        return None
    is_ranked = len(known) > 1 and bool((np.ptp(known, axis=0) > 0).all())
    return Pair(
        decision_count=len(known),
        champion_mean=float(known[:, 0].mean()),
        challenger_mean=float(known[:, 1].mean()),
        correlation=float(spearmanr(known[:, 0], known[:, 1]).statistic) if is_ranked else None,
    )


def _of_orders(
    shadows: Sequence[Shadow], ordered: Collection[tuple[str, str]]
) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Take-up by both of what was shown first, and whether it was ordered, each (n_decisions,)."""
    shown = [one for one in shadows if one.champion_take_up is not None and one.challenger_take_up is not None]
    return (
        np.array([one.champion_take_up for one in shown], dtype=np.float64),
        np.array([one.challenger_take_up for one in shown], dtype=np.float64),
        np.array([(one.decision_id, one.champion_offer) in ordered for one in shown], dtype=bool),
    )


def _auc(is_ordered: npt.NDArray[np.bool_], score: Floats) -> float | None:
    few = min(int(is_ordered.sum()), int((~is_ordered).sum()))
    return None if few < ORDERS_MINIMUM else float(roc_auc_score(is_ordered, score))
