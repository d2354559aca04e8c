"""From what is asked to answers: rows are classified, laid out as arrays, and walked (features.engine.walk)."""

from collections import deque
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise, starmap
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection
from ibis.expr import operations as ops
from numpy.typing import NDArray

from features.engine.classes import Classifier, encoded, inlined
from features.engine.duckdb_sql import shared_sql
from features.engine.plan import AGE, Asked, How, Measure
from features.engine.room import Room
from features.engine.walk import AGE_COLUMN, COUNT, DISTINCT, MAX, MIN, NO_COLUMN, NONE, SUM, Questions, Rows, walk

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["LaidOut", "Walker", "codes_of"]

_FOR_EVER = np.empty(0, dtype=np.int64)
_HOW: dict[How, int] = {"sum": SUM, "count": COUNT, "min": MIN, "max": MAX, "distinct": DISTINCT}


LEAST_OF_A_HAND = 5_000
"""Pairs; of fewer than twice as many a walk is over before another thread has begun."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Rows ready to be walked; `beside` (n_rows, n_beside) tells which of them meet the conditions asked beside.

    `ratios` are the answers that are of float64 and lie among whole numbers bit for bit.
    """

    rows: Rows
    questions: Questions
    beside: NDArray[np.bool_]
    ratios: Sequence[int]

    def answers(
        self,
        first: NDArray[np.int64],
        end: NDArray[np.int64],
        as_of_us: NDArray[np.int64],
        place: NDArray[np.int64] | None = None,
        room: Room | None = None,
    ) -> NDArray[np.int64]:
        """The answers (n_asked, n_pairs), NONE where there is none; first, end (n_pairs,): each pair's run of rows.

        place (n_pairs,): the column in which each pair's answers are wanted, where it is not its own. The answers
        lie in the room, where one is given.
        """
        where = np.arange(len(as_of_us)) if place is None else place
        room = room or Room()
        answers = room.array(len(self.questions.measure), len(as_of_us))

        def walk_some(some: slice) -> None:
            walk(self.rows, self.questions, (first[some], end[some]), as_of_us[some], where[some], answers)

        hands = min(room.hands, len(as_of_us) // LEAST_OF_A_HAND)
        if hands < 2:
            walk_some(slice(None))
        else:
            edges = np.linspace(0, len(as_of_us), hands + 1).astype(int).tolist()
            with ThreadPoolExecutor(hands) as pool:
                deque(pool.map(walk_some, starmap(slice, pairwise(edges))), maxlen=0)
        for ratio in self.ratios:
            answers[ratio] = _ranks(answers[ratio])
        return answers


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of values: numbers as they are, or codes that tell different values apart."""

    op: ops.Value
    is_coded: bool


class Walker:
    """Answers what is asked of the rows of one Ibis table.

    `rows` is the table without its derived columns, `few` names those of its columns that take few values, `beside`
    are conditions that somebody else asks of each row. Raises ValueError where different ages are counted without an
    end, or a value that is no whole number is summed or compared.
    """

    def __init__(
        self, rows: "Table", few: Collection[str], asked: Sequence[Asked], beside: Sequence[ops.Value] = ()
    ) -> None:
        self._name = rows.get_name()
        self._asked = asked
        self._measures = sorted(dict.fromkeys(one.measure for one in asked), key=lambda one: _HOW[one.how])
        wheres = [None if one.where is None else inlined(one.where) for one in self._measures]
        besides = [inlined(op) for op in beside]
        conditions = list(dict.fromkeys([*(op for op in wheres if op is not None), *besides]))
        self._where = [None if op is None else conditions.index(op) for op in wheres]
        self._beside = [conditions.index(op) for op in besides]
        self._classify = Classifier(rows, few, conditions)
        columns = [_column_of(measure) for measure in self._measures]
        self._amounts = [c for c in dict.fromkeys(columns) if c is not None and not c.is_coded]
        self._coded = [c for c in dict.fromkeys(columns) if c is not None and c.is_coded]
        self._columns = [*self._amounts, *self._coded]
        self._column = [
            NO_COLUMN
            if one.value is None
            else AGE_COLUMN
            if column is None
            else (self._coded if column.is_coded else self._amounts).index(column)
            for one, column in zip(self._measures, columns, strict=True)
        ]
        made = {
            f"v{place}": column.op for place, column in enumerate(self._columns) if not isinstance(column.op, ops.Field)
        }
        self._made = shared_sql(rows, made) if made else None
        read = [*conditions, *(column.op for column in self._columns)]
        self.needed = frozenset(field.name for op in read for field in op.find(ops.Field, filter=ops.Value))
        self._code_count = [_days_counted(measure, asked) for measure in self._measures]
        windows = [one.window for one in asked]
        self._edges = sorted({0, *(one.start for one in windows), *(one.end for one in windows if one.end is not None)})
        places = {measure: place for place, measure in enumerate(self._measures)}
        self._measure = np.array([places[one.measure] for one in asked], dtype=np.int32)
        ends = [len(self._edges) if one.end is None else self._edges.index(one.end) for one in windows]
        self._first_cell = np.array([self._edges.index(one.start) for one in windows], dtype=np.int32)
        self._end_cell = np.array(ends, dtype=np.int32)

    @property
    def asked_count(self) -> int:
        """How many answers a pair has."""
        return len(self._asked)

    def lay_out(
        self,
        engine: DuckDBPyConnection,
        rows: pa.Table,
        posted_us: NDArray[np.int64],
        recorded_us: NDArray[np.int64],
        until_us: NDArray[np.int64] = _FOR_EVER,
    ) -> LaidOut:
        """The rows as arrays; they hold the columns of `needed` and lie by customer and time.

        posted_us, recorded_us, until_us as in features.engine.walk.Rows.
        """
        amounts = np.empty((len(self._amounts), rows.num_rows), dtype=np.int64)
        codes = np.empty((len(self._coded), rows.num_rows), dtype=np.int32)
        ratios = [place for place, one in enumerate(self._asked) if one.kind == "float64"]
        if rows.num_rows == 0:
            # Most small tables of few customers are empty, and DuckDB takes some milliseconds for each question.
            none = self._classify.of_none
            laid_out = Rows(posted_us, recorded_us, until_us, none.class_of, amounts, codes)
            return LaidOut(laid_out, self._questions(none.meets, [0] * len(codes)), none.meets[:, self._beside], ratios)
        engine.register(self._name, rows)
        classed = self._classify(engine, rows)
        made = rows if self._made is None else engine.sql(self._made).to_arrow_table()
        # The engine would keep the rows until the next ones come, and there would be twice as many in memory.
        engine.unregister(self._name)
        told = [
            rows[column.op.name] if isinstance(column.op, ops.Field) else made[f"v{place}"]
            for place, column in enumerate(self._columns)
        ]
        for place in range(len(amounts)):
            amounts[place] = _whole(told[place])
        sizes = []
        for place, column in enumerate(told[len(amounts) :]):
            codes[place], size = codes_of(column)
            sizes.append(size)
        beside = np.empty((rows.num_rows, len(self._beside)), dtype=np.bool_)
        for place, condition in enumerate(self._beside):
            beside[:, place] = classed.meets[:, condition][classed.class_of]
        laid_out = Rows(posted_us, recorded_us, until_us, classed.class_of, amounts, codes)
        return LaidOut(laid_out, self._questions(classed.meets, sizes), beside, ratios)

    def _questions(self, meets: NDArray[np.bool_], sizes: Sequence[int]) -> Questions:
        counts = np.ones((len(meets), len(self._measures)), dtype=np.bool_)
        for m, place in enumerate(self._where):
            if place is not None:
                counts[:, m] = meets[:, place]
        how = np.array([_HOW[one.how] for one in self._measures], dtype=np.int8)
        column = np.array(self._column, dtype=np.int32)
        # A sum of amounts and a count need no question asked; the others do.
        ease = np.where((how == SUM) & (column >= 0), 0, np.where(how == COUNT, 1, 2))
        by_ease = np.argsort(ease, kind="stable")
        classes, places = np.nonzero(counts[:, by_ease])
        measures = by_ease[places]
        starts = np.searchsorted(classes * 3 + ease[measures], np.arange(len(meets) * 3 + 1))
        edges = self._edges
        codes = [
            sizes[at] if one.how == "distinct" and at >= 0 else days
            for one, at, days in zip(self._measures, self._column, self._code_count, strict=True)
        ]
        return Questions(
            starts=np.column_stack([starts[place : place + 3 * len(meets) : 3] for place in range(4)]).astype(np.int32),
            measures=measures.astype(np.int32),
            columns=column[measures],
            how=how,
            codes=np.array(codes, dtype=np.int64),
            cell_of_age=(np.searchsorted(edges, np.arange(edges[-1] + 1), side="right") - 1).astype(np.int32),
            measure=self._measure,
            first_cell=self._first_cell,
            end_cell=self._end_cell,
        )


def _column_of(measure: Measure) -> _Column | None:
    """The column that the measure takes its values from; None for the age, which no column holds, and for a count."""
    if measure.value is None or _is_age(measure.value):
        return None
    value, is_coded = inlined(measure.value), measure.how == "distinct"
    if not (is_coded or value.dtype.is_integer() or (value.dtype.is_floating() and measure.how in {"min", "max"})):
        raise ValueError(f"{value.name}: whole numbers were expected, to {measure.how} them")
    return _Column(value, is_coded)


def _whole(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """The numbers as whole ones of the same order, NONE where missing."""
    if not pa.types.is_floating(column.type):
        whole: NDArray[np.int64] = pc.fill_null(column, int(NONE)).to_numpy()
        return whole
    # The bits of minus zero are those of NONE.
    ratios = pc.fill_null(column, 0.0).to_numpy() + 0.0
    return np.where(column.is_null().to_numpy(), NONE, _ranks(ratios.view(np.int64)))


def _ranks(bits: NDArray[np.int64]) -> NDArray[np.int64]:
    """The bits of float64 as whole numbers of the same order, and back; NONE stays what it is.

    Below zero all bits but the sign are turned, for the larger number is the lesser one there.
    """
    turned = bits ^ ((bits >> 63) & np.iinfo(np.int64).max)
    return np.where(bits == NONE, NONE, turned)


def _days_counted(measure: Measure, asked: Sequence[Asked]) -> int:
    """How many different ages the measure may count; 0 where it counts none."""
    if measure.how != "distinct" or measure.value is None or not _is_age(measure.value):
        return 0
    ends = [one.window.end for one in asked if one.measure == measure]
    if any(end is None for end in ends):
        raise ValueError(f"different values of {AGE} are counted without an end; {AGE} < days was expected")
    return max(end for end in ends if end is not None)


def _is_age(value: ops.Value) -> bool:
    return isinstance(value, ops.Field) and value.name == AGE


def codes_of(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], int]:
    """A code from 0 on for each row's value, -1 where it is missing, and how many different values there are."""
    codes = encoded(column)
    indices = pc.fill_null(codes.indices, -1) if codes.null_count else codes.indices
    return indices.to_numpy(), len(codes.dictionary)
