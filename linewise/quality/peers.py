"""Who stands out among peers beyond what chance and the spread of peers explain: funnel limits, one at a time."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaln

from linewise.quality.shares import Share

Floats = NDArray[np.float64]

__all__ = ["FEWEST_PEERS", "OUTLIER_RATIO", "outliers_of"]

OUTLIER_RATIO = 0.001
"""How seldom somebody who does as all do stands out: the outer limit of a funnel plot, 99.8% on both sides."""

FEWEST_PEERS = 5
"""Among fewer others there is no funnel to stand out of."""


def outliers_of(shares: Mapping[str, Share], outlier_ratio: float = OUTLIER_RATIO) -> list[str]:
    """Whose share is above the funnel's upper limit, in order of name: there is no ranking among them.

    Each is held against all others together, without themselves, by the tail of a beta-binomial: chance of the calls,
    and a spread among peers that is estimated with the outer tenth on each side drawn in (additive overdispersion:
    DerSimonian and Laird 1986, Spiegelhalter 2005). Whoever has fewer than FEWEST is not judged.
    """
    judged = {name: one for name, one in shares.items() if not one.is_small}
    if len(judged) <= FEWEST_PEERS:
        return []
    counts, of = (np.array([getattr(one, name) for one in judged.values()], float) for name in ("count", "of_count"))
    is_out = [
        _tail(counts[i], of[i], np.delete(counts, i), np.delete(of, i)) < outlier_ratio for i in range(len(judged))
    ]
    return sorted(name for name, out in zip(judged, is_out, strict=True) if out)


def _tail(count: float, of: float, counts: Floats, ofs: Floats) -> float:
    """How likely so many or more are for one who does as those peers do, (n_peers,) of (n_peers,) calls."""
    if count == 0:
        return 1.0
    # Half of one in the others' favour: where none of them ever did it, one that did is no proof yet.
    ratio = float((counts.sum() + 0.5) / (ofs.sum() + 1.0))
    alike = _likeness(counts / ofs, ofs, ratio)
    if alike == 0.0:
        return float(betainc(count, of - count + 1.0, ratio))
    strength = 1.0 / alike - 1.0
    yes, no, so_many = ratio * strength, (1.0 - ratio) * strength, np.arange(count, of + 1.0)
    ways = -np.log1p(of) - betaln(of - so_many + 1.0, so_many + 1.0)
    return float(np.exp(ways + betaln(so_many + yes, of - so_many + no) - betaln(yes, no)).sum())


def _likeness(ratios: Floats, ofs: Floats, ratio: float) -> float:
    """How alike two calls of one agent are beyond those of two agents: the intraclass correlation, 0 to 1."""
    weights = ofs / (ratio * (1.0 - ratio))
    scores = np.sort((ratios - ratio) * np.sqrt(weights))
    outer = len(scores) // 10
    scores = np.clip(scores, scores[outer], scores[len(scores) - 1 - outer])
    left = weights.sum() - (weights**2).sum() / weights.sum()
    between = max(0.0, (float((scores**2).sum()) - (len(scores) - 1)) / left)
    return float(min(0.99, between / (ratio * (1.0 - ratio))))
