"""The service as a process of its own, as `bentoml serve` runs it."""

import contextlib
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["family_of", "start_service", "stop_service", "wait_until_ready"]

SERVICE = "serving.service:LinewiseService"
READY_WITHIN_SECONDS = 120.0
LOOK_EVERY_SECONDS = 0.2
STOPPED_WITHIN_SECONDS = 20.0


def start_service(settings: "Settings", *, quiet: bool = False) -> "subprocess.Popen[bytes]":
    """Start `bentoml serve` with these settings; the caller ends it.

    A quiet one says nothing, does not hear the terminal's Ctrl-C, and is ended by `stop_service`.
    """
    from linewise.core.settings import checkout_dir, child_environment

    output = subprocess.DEVNULL if quiet else None
    return subprocess.Popen(  # noqa: S603  our own interpreter and our own words
        [sys.executable, "-m", "bentoml", "serve", SERVICE, "--host", settings.host, "--port", str(settings.port)],
        cwd=checkout_dir(),
        # Two services of one folder would empty each other's metrics.
        env={"BENTOML_HOME": str(settings.paths.service_dir(settings.port)), **child_environment(settings)},
        stdout=output,
        stderr=output,
        start_new_session=quiet,
    )


def stop_service(process: "subprocess.Popen[bytes]") -> None:
    """End a quiet service and all that it started, also what outlives the one who started it."""
    all_of_it = family_of(process)
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=STOPPED_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for one in all_of_it:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()


def family_of(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """The processes that this one has started and their own; BentoML's workers have a session each."""
    try:
        return list(psutil.Process(process.pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def wait_until_ready(process: "subprocess.Popen[bytes]", address: str) -> None:
    """Wait until the service answers that it is ready.

    Raises NotReady where the process ends or does not answer in two minutes.
    """
    import httpx

    from linewise.core.errors import NotReady

    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/readyz", timeout=2.0).is_success:
                return
        except httpx.TransportError:
            pass  # nobody listens yet
        time.sleep(LOOK_EVERY_SECONDS)
    raise NotReady(
        f"The service at {address} did not become ready.",
        f"An answer on {address}/readyz was expected within {READY_WITHIN_SECONDS:.0f} seconds.",
        "Run: linewise serve, and read what it says.",
    )
