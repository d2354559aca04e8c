"""`linewise demo`: the whole path on a simulated bank, then the agent's screen."""

import contextlib
import signal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from cli.console import progress, say, show_json
from cli.options import home_options

if TYPE_CHECKING:
    import subprocess

    from linewise.core.settings import Settings

__all__ = ["command"]

CUSTOMERS = 3_000
MONTHS = 36
QUICK = ("rows_maximum=6000", "default.repeat_count=2", "card_take_up.repeat_count=2")
"""What a demo trains with, that nobody waits for more."""

DEMO_FOLDER = "data/demo"


@click.command()
@click.option("--once", is_flag=True, help="Take one decision over HTTP, print it, stop the service and end.")
@click.option("--fresh", is_flag=True, help="Make bank, features and models anew, also where they stand.")
@click.option("--customers", default=CUSTOMERS, show_default=True, help="Size of the simulated bank.")
@click.option("--port", type=click.IntRange(0, 65535), help="Of the service (default: the setting; 0: a free one).")
@home_options
def command(settings: "Settings", once: bool, fresh: bool, customers: int, port: int | None) -> None:
    """Walk the whole path on a simulated bank: tables, features, models, policy, service, screen.

    It lives in a home of its own below the default one, and needs no data from outside.

    \b
    Example:
      linewise demo --once
    """
    from serving.access.demo import let_in_demo

    settings = _demo_settings(settings, once=once, port=port)
    if fresh or not _stands(settings):
        _prepare(settings, customers)
    else:
        say(f"Bank, features and models stand in {settings.paths.root}; --fresh makes them anew.")
    made = let_in_demo(settings)
    address = f"http://{settings.host}:{settings.port}"
    with _running_service(settings, address) as service:
        if once:
            _decide_over_http(address, settings, made.key)
            return
        say(f"\nThe agent's screen: {address}/agent/   (customers C00000001 and up; Ctrl-C ends it)")
        for name, password in made.passwords.items():
            say(f"Sign in as {name} with the password {password}")
        say(f"For machines: Authorization: Bearer {made.key}")
        say(f"A simulated telephone rings by itself while somebody listens to {address}/agent/calls/stream")
        service.wait()


def _demo_settings(settings: "Settings", *, once: bool, port: int | None) -> "Settings":
    """Settings of the demo: a home of its own unless one was named, and for --once a free port."""
    from linewise.core.settings import checkout_dir

    home = settings.home if settings.home != checkout_dir() else settings.home / DEMO_FOLDER
    wanted = port if port is not None else 0 if once else settings.port
    changes = {"home": home, "profile": "demo", "port": wanted or _free_port(settings.host)}
    return settings.model_copy(update=changes)


def _free_port(host: str) -> int:
    import socket

    with socket.create_server((host, 0)) as listener:
        return int(listener.getsockname()[1])


def _stands(settings: "Settings") -> bool:
    """Whether an earlier demo left every part in order."""
    from serving.scoring.readiness import examine

    return settings.paths.bank_dir.exists() and all(finding.state == "ok" for finding in examine(settings))


def _prepare(settings: "Settings", customers: int) -> None:
    """Every step of the way, each by the function that its own command calls."""
    import shutil

    from cli.model_figures import headline
    from features.building import build_features, observation_pairs
    from features.materialising import materialise
    from linewise.bank.checking import check_bank
    from linewise.simulation.simulating import simulate_bank
    from linewise.simulation.world import world_of
    from serving.scoring.registry import pull_release
    from training.promotion import promote
    from training.retraining import fold_count, train

    home = settings.paths
    world = world_of(customer_count=customers, month_count=MONTHS, seed=settings.seed)
    _enforce_no_other_bank(settings)
    for suffix in ("", "-wal", "-shm"):
        # What was decided for the simulated bank of before says nothing of the new one.
        home.ledger_path.with_name(home.ledger_path.name + suffix).unlink(missing_ok=True)
    # Its seals would be witnesses of a record that is gone.
    shutil.rmtree(home.checkpoints_dir, ignore_errors=True)
    _step(1, f"a bank of {customers:,} customers over {MONTHS} months is simulated")
    say("    (the first time its equations are compiled, which takes half a minute)")
    bank = simulate_bank(home, world, overwrite=True)
    now = bank.clock(settings).now()
    tables = bank.manifest.tables.values()
    say(f"    {sum(table.rows for table in tables):,} rows in {sum(not t.is_absent for t in tables)} tables")

    _step(2, "its tables are checked")
    report = check_bank(home)
    say(f"    {'all rules of the contract hold' if report.is_clean else 'problems: run linewise bank check'}")

    _step(3, f"features as of {now:%Y-%m-%d}")
    pairs = observation_pairs(bank, now)
    with progress(pairs.num_rows, "    customers") as advance:
        build_features(home, pairs, advance)

    _step(4, "the online store is filled through Feast")
    materialise(home, now)

    _step(5, "models are trained, tracked and registered in MLflow")
    with progress(fold_count(overrides=QUICK), "    folds") as advance:
        trained = train(settings, overrides=QUICK, progress=advance)
    for model in trained.models:
        say(f"    {model.name}: {headline(model.evaluation)}")
        if not model.is_champion:
            promote(settings, model.name, model.version, reason="the demo begins anew")
    for left_out in trained.skipped:
        say(f"    left out: {left_out.name}")

    _step(6, "the champions are laid on local disk")
    pull_release(home)


def _enforce_no_other_bank(settings: "Settings") -> None:
    """A demo in a named home must not replace a bank that somebody imported there."""
    from linewise.bank.tables import open_bank
    from linewise.core.errors import Conflict
    from linewise.simulation.world import BANK_NAME_PREFIX

    if not settings.paths.bank_dir.exists():
        return
    name = open_bank(settings.paths).manifest.name
    if not name.startswith(BANK_NAME_PREFIX):
        raise Conflict(
            f"The home {settings.paths.root} holds the bank {name!r}.",
            "A home of the demo's own, or an empty one, was expected.",
            "Run the demo without --home, or name another folder.",
        )


def _step(number: int, text: str) -> None:
    say(f"{number}/7 {text}")


@contextlib.contextmanager
def _running_service(settings: "Settings", address: str) -> "Iterator[subprocess.Popen[bytes]]":
    """The service, ready; ended with the block, also when it is interrupted or told to end."""
    from cli.service_process import start_service, stop_service, wait_until_ready

    _step(7, f"the service starts at {address}")
    former = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    service = start_service(settings, quiet=True)
    try:
        wait_until_ready(service, address)
        yield service
    finally:
        stop_service(service)
        signal.signal(signal.SIGTERM, former)


def _decide_over_http(address: str, settings: "Settings", key: str) -> None:
    """One decision of a customer to whom something can be offered, printed as the agent's door gives it."""
    import httpx

    from linewise.bank.tables import open_bank

    with httpx.Client(base_url=address, timeout=30.0, headers={"Authorization": f"Bearer {key}"}) as client:
        for customer_id in open_bank(settings.paths).read("customers", ["customer_id"])["customer_id"].to_pylist():
            answer = _answer(client, customer_id)
            if answer["offers"] and answer["plans"]:
                break
    show_json(answer)
    say(f"Decision {answer['decision_id']} of customer {answer['customer_id']} is recorded; the service stops.")


def _answer(client: Any, customer_id: str) -> dict[str, Any]:
    response = client.post("/v1/decisions", json={"customer_id": customer_id, "channel": "voice"})
    if not response.is_success:
        from linewise.core.errors import NotReady

        raise NotReady(f"The service answered {response.status_code}: {response.text}")
    answer: dict[str, Any] = response.json()
    return answer
