"""Rows in tiles of a score, the best first: what each tile did, treated and not, and what is reached with the first.

The formulas of uplift are those of H2O's uplift trees, of a tile and of all tiles down to it, with T and C rows of
both arms and TY1 and CY1 responses: qini = TY1 - CY1 · T / C, lift = TY1 / T - CY1 / C, gain = lift · (T + C).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from linewise.quality.curves import Curve, Figures

__all__ = ["TILE_COUNT", "Tile", "TileTable", "UpliftOfTile", "tile_table", "tiles_by", "uplift_at", "uplift_of_tile"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TILE_COUNT = 10


class UpliftOfTile(Figures):
    """What treating added: qini and gain in responses, lift a share of rows."""

    qini: float
    lift: float
    gain: float


class Tile(Figures):
    """One tile, 1 the best.

    rate, expected_rate: responses of the treated over their rows, seen and foretold. cumulative_gain: the share of
    all treated responses that the tiles down to this one hold; cumulative_lift: their rate over that of all;
    separation: how far apart the treated with and without a response are down to here, of which KS is the most.
    uplift and reached (the same of all tiles down to this one): None where an arm is empty.
    """

    tile: int
    treated_count: int
    treated_responses: int
    control_count: int
    control_responses: int
    rate: float
    expected_rate: float
    control_rate: float | None
    cumulative_gain: float
    cumulative_lift: float
    separation: float
    uplift: UpliftOfTile | None
    reached: UpliftOfTile | None


class TileTable(Figures):
    """The tiles in order, KS over them, and the curves of gain and of Qini by share of the treated.

    qini_curve: the cumulated qini of the tiles over the treated rows: responses added per treated customer when the
    first share is treated; None without a control.
    """

    tiles: tuple[Tile, ...]
    ks: float
    gain_curve: Curve
    qini_curve: Curve | None


def tiles_by(score: Floats, tile_count: int = TILE_COUNT) -> Integers:
    """The tile of each row (n_rows,), 1 the highest scores; tiles are even to a row, and ties stand as they come."""
    order = np.argsort(-score, kind="stable")
    tile = np.empty(len(score), dtype=np.int64)
    tile[order] = np.arange(len(score)) * tile_count // max(len(score), 1) + 1
    return tile


def uplift_of_tile(treated: int, treated_hits: int, control: int, control_hits: int) -> UpliftOfTile | None:
    """The three figures of so many rows and responses; None where an arm is empty.

    >>> uplift_of_tile(100, 20, 50, 5)
    UpliftOfTile(qini=10.0, lift=0.1, gain=15.0)
    """
    if treated < 1 or control < 1:
        return None
    lift = treated_hits / treated - control_hits / control
    return UpliftOfTile(
        qini=treated_hits - control_hits * treated / control, lift=lift, gain=lift * (treated + control)
    )


def tile_table(tile: Integers, y: Integers, is_treated: Bools, expected: Floats) -> TileTable:
    """The table of rows (n_rows,) by their tile from 1 on.

    y: 1 with a response; expected: the probability of one, as it was foretold of who is treated.
    """
    count = int(tile.max()) if len(tile) else 0
    treated, hits = _counts(tile[is_treated], y[is_treated], count)
    control, control_hits = _counts(tile[~is_treated], y[~is_treated], count)
    foretold = np.bincount(tile[is_treated] - 1, expected[is_treated], minlength=count)
    totals = [np.cumsum(one) for one in (treated, hits, control, control_hits)]
    all_hits, all_rows = int(hits.sum()), int(treated.sum())
    tiles = []
    for at in range(count):
        rows, reached, rows_control, reached_control = (int(one[at]) for one in totals)
        gain = reached / all_hits if all_hits else 0.0
        missed = (rows - reached) / (all_rows - all_hits) if all_rows > all_hits else 0.0
        tiles.append(
            Tile(
                tile=at + 1,
                treated_count=int(treated[at]),
                treated_responses=int(hits[at]),
                control_count=int(control[at]),
                control_responses=int(control_hits[at]),
                rate=float(hits[at] / max(treated[at], 1)),
                expected_rate=float(foretold[at] / max(treated[at], 1)),
                control_rate=float(control_hits[at] / control[at]) if control[at] else None,
                cumulative_gain=gain,
                cumulative_lift=reached / rows / (all_hits / all_rows) if rows and all_hits else 0.0,
                separation=abs(gain - missed) if all_hits else 0.0,
                uplift=uplift_of_tile(int(treated[at]), int(hits[at]), int(control[at]), int(control_hits[at])),
                reached=uplift_of_tile(rows, reached, rows_control, reached_control),
            )
        )
    return TileTable(
        tiles=tuple(tiles),
        ks=max((one.separation for one in tiles), default=0.0),
        gain_curve=_curve(tiles, totals[0], [one.cumulative_gain for one in tiles]),
        qini_curve=_qini(tiles, totals[0]),
    )


def uplift_at(share: float, score: Floats, y: Integers, is_treated: Bools) -> float | None:
    """Uplift@k: the difference of both arms' rates among the first share of all rows by score (n_rows,).

    None where an arm has nobody there. The strategy is the one over both arms together.
    """
    first = np.argsort(-score, kind="stable")[: round(share * len(score))]
    found = uplift_of_tile(
        int(is_treated[first].sum()),
        int(y[first][is_treated[first]].sum()),
        int((~is_treated[first]).sum()),
        int(y[first][~is_treated[first]].sum()),
    )
    return None if found is None else found.lift


def _counts(tile: Integers, y: Integers, count: int) -> tuple[Integers, Integers]:
    rows = np.bincount(tile - 1, minlength=count)
    return rows.astype(np.int64), np.bincount(tile - 1, y, minlength=count).round().astype(np.int64)


def _curve(tiles: Sequence[Tile], rows: Integers, values: Sequence[float]) -> Curve:
    share = rows / max(int(rows[-1]), 1) if len(rows) else rows
    return Curve(x=(0.0, *(float(one) for one in share)), y=(0.0, *values[: len(tiles)]))


def _qini(tiles: Sequence[Tile], rows: Integers) -> Curve | None:
    found = [one.reached for one in tiles]
    if not found or any(one is None for one in found):
        return None
    return _curve(tiles, rows, [one.qini / int(rows[-1]) for one in found if one is not None])
