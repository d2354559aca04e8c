"""The report of one version: the judged recipe and its peers on the same rows, which none of them has seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt

from features.profiling.stability import index_by_tenths
from linewise.quality.intervals import Measured
from linewise.quality.uplift import uplift_of
from training.dataset import Dataset
from training.input_checks import InputChecks
from training.report.by_chance import by_chance_of
from training.report.calibrating import calibration_of
from training.report.cells import actions_of, months_of
from training.report.chances import chances_of_showing
from training.report.figures import Split, Window
from training.report.model_report import ModelReport, Stability, Standing
from training.report.passing_over import passed_over
from training.report.peers import CHAMPION, MODEL, OTHER_SEED, Fitted, Scored, learners, score
from training.report.profit import Stakes, profit_of
from training.report.ranking import RankedRows, differences, rank_rows, ranking_of
from training.report.segments import Groups, segments_of
from training.report.stability import correlation_of_ranks, first_tenth_moved
from training.showings import IS_SHOWN
from training.specs import ModelSpec
from training.splits import TimeSplit, split_by_time

__all__ = ["Beside", "Champion", "Judged", "make_report", "split_told"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Champion:
    """The recipe in service, and the version that was made by it."""

    spec: ModelSpec
    version: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What a report needs to know beside the rows.

    checks: what was found of the inputs. crossed (n_rows,): what the recipe says of every row out of fold, with which
    the registered version is compared; None where only the judged rows are known. level_shift: of that version.
    """

    checks: InputChecks
    crossed: Floats | None = None
    level_shift: float = 0.0
    champion: Champion | None = None
    stakes: Stakes | None = None
    groups: Sequence[Groups] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """The report, and what its pictures are drawn from: the rows that were judged and each learner's scores."""

    report: ModelReport
    rows: Dataset
    scored: Mapping[str, Scored]


def make_report(
    spec: ModelSpec, data: Dataset, registered: Fitted, beside: Beside, seed: int, made_at: datetime
) -> Judged:
    """Judge the recipe of `spec` on the later rows of `data`, with its peers.

    registered: the version as it is registered, fitted on all rows; it is compared by ranks alone, for it has learnt
    from the judged rows.
    """
    split = split_by_time(data)
    champion = beside.champion.spec if beside.champion else None
    scored = score(data, split, learners(spec, seed, champion), spec.fold_count, seed)
    rows = data.rows(split.test)
    judging = _Judging(rows, None if beside.stakes is None else beside.stakes.rows(split.test), seed)
    ours = judging.ranked(scored[MODEL])
    peers = {name: one for name, one in scored.items() if name not in (MODEL, OTHER_SEED)}
    version = beside.champion.version if beside.champion else None
    report = ModelReport(
        name=spec.name,
        label=spec.label,
        made_at=made_at,
        seed=seed,
        data_hash=data.data_hash,
        split=split_told(data, split, spec.fold_count),
        model=judging.standing(MODEL, scored[MODEL], ours, None, None),
        peers=tuple(
            judging.standing(name, one, judging.ranked(one), ours, version if name == CHAMPION else None)
            for name, one in sorted(peers.items(), key=lambda pair: pair[0] != CHAMPION)
        ),
        segments=segments_of(rows.y, scored[MODEL].test, rows.groups, beside.groups, seed),
        stability=_stability(scored, _agreement(data, split, scored, registered, beside.crossed)),
        idle_inputs=beside.checks.idle,
        alone_auc=beside.checks.alone,
        level_shift=beside.level_shift,
        by_chance=by_chance_of(rows, rows.y.astype(np.float64), scored[MODEL].test, seed),
        fairness=()
        if judging.stakes is None
        else passed_over(rows, scored[MODEL].test, judging.stakes, beside.groups, seed, scored[MODEL].uplift),
    )
    return Judged(report, rows, scored)


@dataclass(frozen=True)
class _Judging:
    """The judged rows, and how any learner stands on them."""

    rows: Dataset
    stakes: Stakes | None
    seed: int

    @cached_property
    def chances(self) -> Floats:
        return chances_of_showing(self.rows, self.seed)

    def ranked(self, scored: Scored) -> RankedRows:
        return rank_rows(self.rows.y, scored.test, self.rows.groups, self.rows.cases, self.seed)

    def standing(
        self, name: str, scored: Scored, ranked: RankedRows, ours: RankedRows | None, version: int | None
    ) -> Standing:
        rows = self.rows
        by = {kind: found for kind, found in (("action", actions_of(rows)), ("month", months_of(rows))) if found}
        gaps: dict[str, Measured] | None = None if ours is None else differences(ours, ranked)
        uplift = None
        if scored.uplift is not None:
            shown = rows.x[:, rows.inputs.index(IS_SHOWN)].astype(np.int64)
            uplift = uplift_of(rows.y, shown, self.chances, scored.uplift, rows.groups, self.seed)
        return Standing(
            name=name,
            version=version,
            ranking=ranking_of(ranked),
            difference=gaps,
            calibration=calibration_of(rows.y, scored.test, rows.groups, by, self.seed),
            uplift=uplift,
            profit=None if self.stakes is None else profit_of(rows.y, scored.test, self.stakes),
        )


def _stability(scored: Mapping[str, Scored], agreement: float) -> Stability:
    ours, other = scored[MODEL].test, scored[OTHER_SEED].test
    return Stability(
        psi=index_by_tenths(scored[MODEL].fit, ours),
        other_seed_correlation=correlation_of_ranks(ours, other),
        other_seed_moved_ratio=first_tenth_moved(ours, other),
        registered_correlation=agreement,
    )


def _agreement(
    data: Dataset, split: TimeSplit, scored: Mapping[str, Scored], registered: Fitted, crossed: Floats | None
) -> float:
    """How far the registered version puts rows in the order in which its recipe puts them unseen."""
    if crossed is not None:
        return correlation_of_ranks(crossed, registered.probability(data))
    return correlation_of_ranks(scored[MODEL].test, registered.probability(data.rows(split.test)))


def split_told(data: Dataset, split: TimeSplit, fold_count: int) -> Split:
    """The split as a report tells it."""
    ripening = 0.0
    if data.as_of is not None and data.ripe_at is not None:
        ripening = float(np.median((data.ripe_at - data.as_of) / np.timedelta64(1, "D")))
    return Split(
        design="out_of_fold" if split.begins_at is None else "out_of_time",
        reason=split.reason,
        ripening_days=ripening,
        fold_count=fold_count,
        fit=_window(data, split.fit),
        test=_window(data, split.test),
        left_out_count=len(split.left_out),
    )


def _window(data: Dataset, rows: Integers) -> Window:
    ends: list[datetime | None] = [None, None]
    if data.as_of is not None and len(rows):
        moments = data.as_of[rows]
        ends = [_moment(moments.min()), _moment(moments.max())]
    return Window(
        first_as_of=ends[0],
        last_as_of=ends[1],
        row_count=len(rows),
        positive_count=int(data.y[rows].sum()),
        customer_count=len(np.unique(data.groups[rows])),
    )


def _moment(value: np.datetime64) -> datetime:
    return datetime.fromisoformat(str(value.astype("datetime64[s]"))).replace(tzinfo=UTC)
