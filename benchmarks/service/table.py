"""The speed of the service, each row beside its rival in one run; LINEWISE_BENCH_QUICK=1 only looks whether it runs."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import rmtree
from typing import Any

from benchmarks.rows import Row
from benchmarks.service import memory, prefetch, screen, tail, throughput
from benchmarks.service.plain import FOLDER, save_models
from benchmarks.service.starting import (
    WORKERS,
    customer_ids,
    ours,
    rival,
    scratch_beside,
    service_settings,
)
from linewise.core.settings import Settings
from serving.scoring.opening import open_decider
from serving.scoring.registry import open_release

__all__ = ["rows"]


def rows() -> Iterator[Row]:
    """Throughput beside two rivals, the tail, prefetching, the screen, memory."""
    settings = service_settings()
    ids, folder = customer_ids(settings), _plain_folder(settings)
    with ExitStack() as services:
        mine = services.enter_context(ours(settings))
        with ExitStack() as rivals:
            noop = rivals.enter_context(
                rival(["bentoml", "serve", "benchmarks.service.noop:NoOp", "--port", "{port}"], "/readyz")
            )
            words = ["uvicorn", "benchmarks.service.plain:make_app", "--factory", "--workers", str(WORKERS)]
            words += ["--port", "{port}", "--no-access-log", "--timeout-worker-healthcheck", "120"]
            plain = rivals.enter_context(rival(words, "/openapi.json", {FOLDER: str(folder)}))
            yield from throughput.rows(mine, noop, plain, ids)
        yield from prefetch.rows(mine, ids)
        yield from screen.rows(mine, settings, ids)
        yield from tail.rows(mine, ids)
        yield from memory.rows(mine, ids)


def _plain_folder(settings: Settings) -> Path:
    """What the plain stack loads: our release's boosters, and the offers that ours scores."""
    folder = scratch_beside(settings, "plain")
    rmtree(folder)
    folder.mkdir()
    offers = open_decider(settings).policy.decision.offers
    attributes: list[dict[str, Any]] = [
        {"offer_id": offer_id} | dict(zip(offers.attribute_names, map(float, told), strict=True))
        for offer_id, told in zip(offers.offer_id, offers.attributes, strict=True)
    ]
    save_models(folder, open_release(settings.paths), attributes, settings.paths.root)
    return folder
