"""Decisions a second over HTTP beside a no-op of BentoML and the stack of a tutorial, in turn, all three running."""

from collections.abc import Iterator
from statistics import median

from benchmarks.rows import Row
from benchmarks.service.load import Loaded
from benchmarks.service.loading import decision_bodies, load, quantile
from benchmarks.service.starting import WORKERS, Service, is_quick

__all__ = ["highest_rate", "rows"]

CONNECTIONS = (1, 16)
OF_A_NO_OP, OF_PLAIN = 0.125, 2.0
"""What was asked: an eighth of the no-op's throughput, twice the plain stack's."""

ROUNDS, SECONDS, WARM_SECONDS = 5, 8.0, 6.0


def rows(mine: Service, noop: Service, plain: Service, ids: list[str]) -> Iterator[Row]:
    """Medians over rounds in which each of the three has its turn."""
    bodies = decision_bodies(ids, seed=1)
    asked = {"ours": (mine, "/v1/decisions"), "no-op": (noop, "/nothing"), "plain": (plain, "/v1/decisions")}
    rounds, seconds = (2, 3.0) if is_quick() else (ROUNDS, SECONDS)
    for service, path in asked.values():
        load(service, path, bodies, WARM_SECONDS, connections=WORKERS * 4)
    for connections in CONNECTIONS:
        found: dict[str, list[Loaded]] = {name: [] for name in asked}
        for turn in range(rounds):
            turned = bodies[turn * 997 :] + bodies[: turn * 997]
            for name, (service, path) in asked.items():
                found[name].append(load(service, path, turned, seconds, connections))
        yield from _rows(found, connections)


def _rows(found: dict[str, list[Loaded]], connections: int) -> Iterator[Row]:
    rates = {name: median(one.per_second for one in loads) for name, loads in found.items()}
    p50 = {name: median(median(one.latencies) for one in loads) for name, loads in found.items()}
    p99 = {name: median(quantile(one.latencies, 0.99) for one in loads) for name, loads in found.items()}
    times = "; ".join(f"{name} p50 {1e3 * p50[name]:.1f} ms, p99 {1e3 * p99[name]:.1f} ms" for name in found)
    with_ = f"{connections} connection{'s' if connections > 1 else ''}"
    for name, least in (("no-op", OF_A_NO_OP), ("plain", OF_PLAIN)):
        ratio = rates["ours"] / rates[name]
        rival = "an async no-op @bentoml.api" if name == "no-op" else "FastAPI, Feast, mlflow.pyfunc, shap, SQLAlchemy"
        yield Row(
            f"POST /v1/decisions, {with_}, beside {'a no-op' if name == 'no-op' else 'the plain stack'}",
            round(rates["ours"], 1), round(rates[name], 1), round(ratio, 3), f">={least}", ratio >= least,
            f"a second, {WORKERS} workers each; rival: {rival}; {times}",
        )  # fmt: skip


def highest_rate(mine: Service, ids: list[str]) -> float:
    """Decisions a second under sixteen connections, the highest load that is asked of the table."""
    loads = [load(mine, "/v1/decisions", decision_bodies(ids, seed=turn), 6.0, CONNECTIONS[-1]) for turn in range(3)]
    return median(one.per_second for one in loads)
