"""Services as processes of their own, each on a port of its own, ended with the block."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil

from benchmarks.home import served_settings
from cli.service_process import family_of, start_service, stop_service
from linewise.bank.tables import open_bank
from linewise.core.settings import Settings, checkout_dir
from linewise.ledger.api_keys import make_key
from linewise.ledger.store import ledger_of
from serving.access.scopes import KEY_SCOPES

__all__ = ["WORKERS", "Service", "customer_ids", "key_of", "ours", "rival", "service_settings"]

HOST = "127.0.0.1"
WORKERS = 2
READY_SECONDS = 300.0
CUSTOMERS = 100_000
MODELS = ("rows_maximum=10000",)
"""Of more card holders a training takes so long that a benchmark is not begun; what a call pays is the trees."""

QUICK = "LINEWISE_BENCH_QUICK"
"""A variable that makes the rows short and the bank that of the other benchmarks: to look whether they run."""

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: where it listens, the headers it wants, its process."""

    port: int
    headers: Mapping[str, str]
    process: "subprocess.Popen[bytes]"

    @property
    def address(self) -> str:
        """Where it is found."""
        return f"http://{HOST}:{self.port}"

    def workers(self) -> list[psutil.Process]:
        """The processes that answer, the largest first; beside them stand those that only watch."""
        found = [psutil.Process(self.process.pid), *family_of(self.process)]
        return sorted(found, key=lambda one: one.memory_info().rss, reverse=True)[:WORKERS]


def is_quick() -> bool:
    """Whether only a look is wanted."""
    return bool(os.environ.get(QUICK))


def service_settings() -> Settings:
    """The served home: a simulated bank of 100,000 customers, with as many workers as the rivals."""
    made = served_settings() if is_quick() else served_settings("bench-service", MODELS, CUSTOMERS)
    changes = {"workers": WORKERS, "host": HOST, "key_per_minute": 10_000_000, "address_per_minute": 100_000}
    return made.model_copy(update=changes)


def customer_ids(settings: Settings) -> list[str]:
    """Every customer of the bank."""
    found: list[str] = open_bank(settings.paths).read("customers", ["customer_id"])["customer_id"].to_pylist()
    return found


def key_of(settings: Settings) -> dict[str, str]:
    """What a machine sends that may everything."""
    ledger = ledger_of(settings)
    key, _ = make_key(ledger, "benchmark", KEY_SCOPES, 2, "benchmark", datetime.now(UTC))
    ledger.close()
    return {"authorization": f"Bearer {key}"}


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def ours(settings: Settings) -> Iterator[Service]:
    """`linewise serve` with these settings."""
    settings = settings.model_copy(update={"port": free_port()})
    os.environ.update(ONE_THREAD)
    process = start_service(settings, quiet=True)
    try:
        service = Service(settings.port, key_of(settings), process)
        _wait(service, "/readyz")
        yield service
    finally:
        stop_service(process)


@contextmanager
def rival(words: list[str], ready: str, environment: Mapping[str, str] | None = None) -> Iterator[Service]:
    """Another service; {port} in its words is its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", *(word.format(port=port) for word in words)],
        cwd=checkout_dir(),
        env={**os.environ, **ONE_THREAD, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        service = Service(port, {}, process)
        _wait(service, ready)
        yield service
    finally:
        stop_service(process)


def _wait(service: Service, ready: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and service.process.poll() is None:
        try:
            if httpx.get(f"{service.address}{ready}", timeout=5.0).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise RuntimeError(f"{service.address}{ready} did not answer")


def scratch_beside(settings: Settings, name: str) -> Path:
    """A folder on the disk of the home: one in memory would make a commit cost nothing."""
    folder = settings.paths.data_dir / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
