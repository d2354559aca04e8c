"""`decide()` in process: one customer and 100,000 beside their bare model calls, memory, and the portfolio."""

import resource
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from itertools import cycle
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import yaml

from benchmarks.home import LARGEST, served_settings
from benchmarks.portfolio import rows as portfolio_rows
from benchmarks.rows import Row, beside
from linewise.core.settings import Settings
from linewise.decisioning.chunks import decided_in_chunks, some_rows
from linewise.decisioning.decide import decide
from linewise.decisioning.types import Customers, Decisions, State
from linewise.policy.standard_folder import policy_folder
from serving.scoring.deciding import Decider
from serving.scoring.forest import Forest
from serving.scoring.opening import open_decider

__all__ = ["rows"]

ACTIONS = 30
PACKS = ["cn", "us", "eu", "bank"]
PEOPLE = 200
MANY, FEW = 100_000, 20_000
THREADS = 2
ONE_MS, A_SECOND = 5.0, 1_500

Call = tuple[Forest, str, np.ndarray]
"""A forest, what was asked of it by the name of its method, and the rows."""

ASKED: dict[str, dict[str, Any]] = {
    "summed": {"raw_score": True},
    "predicted": {},
    "contributed": {"pred_contrib": True},
}
"""What is asked of a forest, and LightGBM's own words for it."""


class Recorded:
    """What is asked of the forests while this is open: the rival asks LightGBM the same and nothing else."""

    def __enter__(self) -> list[Call]:
        calls: list[Call] = []
        self._bare = {name: getattr(Forest, name) for name in ASKED}

        def recorded(name: str) -> Callable[[Forest, np.ndarray], np.ndarray]:
            def asked(forest: Forest, rows: np.ndarray) -> np.ndarray:
                calls.append((forest, name, np.array(rows)))
                return self._bare[name](forest, rows)

            return asked

        for name in ASKED:
            setattr(Forest, name, recorded(name))
        return calls

    def __exit__(self, *_: object) -> None:
        for name, bare in self._bare.items():
            setattr(Forest, name, bare)


def _by_lightgbm(calls: list[Call], threads: int = 1) -> None:
    for forest, name, rows in calls:
        forest.booster.predict(rows, num_threads=threads, **ASKED[name])


def _by_forests(calls: list[Call]) -> None:
    for forest, name, rows in calls:
        getattr(forest, name)(rows)


def _thirty_actions(root: Path) -> Path:
    """The standard policy with thirty actions: those that it has, and the first of them once more."""
    folder = Path(copytree(policy_folder(None), root / "policy"))
    catalogue = yaml.safe_load((folder / "catalogue.yaml").read_text(encoding="utf-8"))
    offers = catalogue["offers"]
    again = [one | {"offer_id": f"{one['offer_id']}_AGAIN"} for one in offers[: ACTIONS - len(offers)]]
    catalogue["offers"] = offers + again
    (folder / "catalogue.yaml").write_text(yaml.safe_dump(catalogue, allow_unicode=True), encoding="utf-8")
    return folder


def _desk(settings: Settings, folder: Path) -> Decider:
    return open_decider(settings.model_copy(update={"packs": PACKS}), threads=1).under(folder)


def _one_customer(desk: Decider, models: str = "") -> Iterator[Row]:
    """The limit with its curve, plans, why and why not are all in it, as at a call; models: said in the names."""
    context = desk.context("voice", "en")
    known = [desk.decide([one], context) for one in desk.customer_ids()[:PEOPLE]]

    def again(made: Decisions) -> Decisions:
        return decide(made.customers, made.state, context, desk.policy.decision, desk.scorers, desk.prices, made.seed)

    asked = []
    for made in known:
        with Recorded() as calls:
            again(made)
        asked.append(calls)
    everybody = list(zip(known, asked, strict=True))
    whole = [one for one in everybody if _has_everything(one[0])]

    def median(
        name: str,
        pairs: list[tuple[Decisions, list[Call]]],
        bar: str,
        note: str,
        rival: Callable[[list[Call]], None] = _by_lightgbm,
    ) -> Row:
        told = (
            "the bare predict and pred_contrib calls of LightGBM for the same rows"
            if rival is _by_lightgbm
            else "the bare calls of our own forests, which answer the same from arrays"
        )
        one, other = cycle(made for made, _ in pairs), cycle(calls for _, calls in pairs)
        calls_each = sum(len(calls) for _, calls in pairs) / len(pairs)
        return beside(
            f"{name}{models}",
            lambda: again(next(one)),
            lambda: rival(next(other)),
            bar=bar,
            runs=3 * PEOPLE,
            note=f"{len(desk.policy.decision.offers)} actions, packs {', '.join(PACKS)}, "
            f"{known[0].limit.candidate_amt.shape[1]} candidate limits, plans, reasons; {note}; rival: "
            f"{told}, {calls_each:.1f} a customer; seconds",
        )

    row = median(
        "decide(), one customer", whole, "<=3",
        f"{len(whole)} of {PEOPLE} customers, for whom offers and limit are scored and explained, and plans priced",
    )  # fmt: skip
    yield row
    bar = ONE_MS / 1_000
    yield Row(
        f"decide(), one customer, within 5 ms{models}", row.ours, bar, round(row.ours / bar, 3), "<=1", row.ours <= bar,
        "the same median beside the 5 ms that it may take; seconds",
    )  # fmt: skip
    yield median(
        "decide(), one customer, beside our own forests", whole, "",
        "the same customers; no bar was set, for the faster a forest the higher this ratio", _by_forests,
    )  # fmt: skip
    yield median(
        "decide(), any customer", everybody, "",
        f"all {PEOPLE} customers, of whom many are left nothing to score by the gates; no bar was set",
    )  # fmt: skip


def _has_everything(made: Decisions) -> bool:
    """Whether the offers and the limit of one customer were scored and explained, and plans priced."""
    return any(made.offers.contributions) and any(made.limit.contributions) and bool(made.plans.amount_amt[0] > 0)


def _repeated(struct: Any, count: int) -> Any:
    """A struct of arrays with its rows again and again up to so many."""
    values = {}
    for field in fields(struct):
        value = getattr(struct, field.name)
        if isinstance(value, np.ndarray):
            value = np.resize(value, (count, *value.shape[1:]))
        elif isinstance(value, dict):
            value = {name: np.resize(column, (count, *column.shape[1:])) for name, column in value.items()}
        values[field.name] = value
    return type(struct)(**values)


def _many(desk: Decider) -> tuple[Customers, State]:
    """The bank's customers over and over, each with an id of its own."""
    made = desk.decide(desk.customer_ids(), desk.context("voice", explain=False))
    customers = _repeated(made.customers, MANY)
    ids = np.array([f"C{i:08}" for i in range(MANY)])
    return replace(customers, customer_id=ids), _repeated(made.state, MANY)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def _whole_base(desk: Decider) -> Iterator[Row]:
    """A frame of 100,000 customers, without reasons, on all cores."""
    customers, state = _many(desk)
    context, policy, seed = desk.context("voice", explain=False), desk.policy.decision, desk.settings.seed

    def run(count: int) -> None:
        def decided(rows: slice) -> Decisions:
            some = some_rows(customers, rows), some_rows(state, rows)
            return decide(*some, context, policy, desk.scorers, desk.prices, seed)

        for _ in decided_in_chunks(decided, count, threads=THREADS):
            pass

    run(FEW)
    few = _peak_mb()
    with Recorded() as calls:
        run(MANY)
    # Beside what the recorder keeps, which is ours to bear and not decide()'s.
    kept = sum(rows.nbytes for _, _, rows in calls) / 2**20
    many = _peak_mb() - kept
    row = beside(
        f"decide(), {MANY:,} customers",
        lambda: run(MANY),
        lambda: _by_lightgbm(calls, THREADS),
        bar="<=2",
        runs=3,
        units=(MANY, MANY),
        note=f"{len(policy.offers)} actions, all packs, two threads, without reasons; rival: the bare predict calls of "
        "LightGBM for the same rows, chunk by chunk, on both threads; seconds a customer",
    )
    yield row
    rate = 1.0 / row.ours
    yield Row(
        f"decide(), {MANY:,} customers, 1,500 a second", row.ours, round(1 / A_SECOND, 6), round(rate / A_SECOND, 3),
        ">=1", rate >= A_SECOND, f"{rate:,.0f} a second; seconds a customer",
    )  # fmt: skip
    yield Row(
        f"memory of {MANY:,} customers beside {FEW:,}", round(many), round(few), round(many / few, 3), "<=1.1",
        many <= 1.1 * few, "peak of the process, the frame of all included in both; MB",
    )  # fmt: skip


def rows() -> Iterator[Row]:
    """One decision, a base of them, and the portfolio that prices what they use."""
    with TemporaryDirectory() as scratch:
        folder = _thirty_actions(Path(scratch))
        desk = _desk(served_settings(), folder)
        yield from _one_customer(desk)
        # What the base's models cost depends on how small a bank chose them; this is the most that a spec allows.
        yield from _one_customer(_desk(served_settings("bench-largest", LARGEST), folder), ", the largest models")
        yield from _whole_base(desk)
    yield from portfolio_rows()
