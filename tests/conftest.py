"""Fixtures that every room shares: an empty home, the public data where they are at hand, a real Chromium."""

import gc
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from filelock import FileLock

import training.tracking
from linewise.core.home import Home

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

# Machines are noisy, so an example may take long; the same examples each time, so that a run can be repeated.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("house")

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

QUICK = ("repeat_count=1", "fold_count=2", "inner_fold_count=2", "tree_count=20", "rows_maximum=3000")
"""What the served home is trained with."""

OPENED_CONTEXTS = pytest.StashKey[list["BrowserContext"]]()

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a walk of minutes come first: begun last, one would keep its worker while the others are idle.

    The first of all makes the served home, which the next ones do without, lest every worker waits for it.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    served = {item.path for item in items if "served_home" in getattr(item, "fixturenames", ())}
    first = min(slow & served, default=None)
    items.sort(key=lambda item: (item.path != first, item.path not in slow, item.path in served))


def pytest_collection_finish() -> None:
    """What was collected is there to the end: nobody need look among ten thousand tests for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Pages close before what serves them: a page that still loads would complain that nobody answers."""
    for context in item.stash.get(OPENED_CONTEXTS, []):
        context.close()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home of this test alone."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def berka_dir() -> Path:
    """The folder of the public Berka data; its tests skip where it is absent."""
    folder = SHARED_DATA / "berka"
    if not folder.is_dir():
        pytest.skip("the public Berka data (../shared/data/berka) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def of_the_run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of this run of tests, which its workers share."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session", autouse=True)
def tables_of_registries(of_the_run: Path) -> Iterator[None]:
    """MLflow makes the tables of a registry once a run; every other registry begins with a copy of them.

    It walks through sixty migrations for each, which takes seconds, and comes to the same empty tables.
    """
    shared, client = of_the_run / "registry.db", training.tracking._client
    patch = pytest.MonkeyPatch()

    def with_shared_tables(home: Home) -> Any:
        from mlflow.store.db import utils

        if not isinstance(utils._initialize_tables, partial):
            patch.setattr(utils, "_initialize_tables", partial(copied_tables, shared, utils._initialize_tables))
        return client(home)

    patch.setattr(training.tracking, "_client", with_shared_tables)
    yield
    patch.undo()


def copied_tables(shared: Path, make: Callable[[Any], None], engine: Any) -> None:
    """The tables of an empty database from the file that the first who asks for it makes."""
    with FileLock(shared.with_suffix(".lock")):
        if not shared.exists():
            make(engine)
            engine.dispose()
            shutil.copy(engine.url.database, whole := shared.with_suffix(".whole"))
            whole.rename(shared)
            return
    engine.dispose()
    shutil.copy(shared, engine.url.database)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports of trainings come without their pictures, which take a third of the time of a small one."""
    monkeypatch.setattr("training.reporting.as_png", lambda figure: b"undrawn")


@pytest.fixture(scope="session")
def served_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str, of_the_run: Path) -> Home:
    """A small simulated bank with features, models and a release; tests only read it.

    What a test writes goes to the ledger alone, under its own customers. It is made once for all workers, who
    each have a copy of their own.
    """
    if worker_id == "master":
        return made_to_serve(Home(tmp_path_factory.mktemp("served")))
    shared = of_the_run / "served"
    with FileLock(shared.with_suffix(".lock")):
        if not shared.exists():
            made = made_to_serve(Home(tmp_path_factory.mktemp("made")))
            # Renamed once it is whole: another worker never copies a half-made one.
            shutil.copytree(made.root, shared.with_suffix(".copied"), symlinks=True)
            shared.with_suffix(".copied").rename(shared)
            return made
    return Home(Path(shutil.copytree(shared, tmp_path_factory.mktemp("copied") / "served", symlinks=True)))


def made_to_serve(home: Home) -> Home:
    """The home with everything that serving needs, made by what the commands call."""
    from features.building import build_features, observation_pairs
    from features.materialising import materialise
    from linewise.core.settings import load_settings
    from linewise.simulation.simulating import simulate_bank
    from linewise.simulation.world import world_of
    from serving.scoring.registry import pull_release
    from training.retraining import train

    bank = simulate_bank(home, world_of(customer_count=2_000, month_count=36, seed=3))
    now = bank.manifest.data_until
    assert now is not None
    build_features(home, observation_pairs(bank, now))
    materialise(home, now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.reporting.as_png", lambda figure: b"undrawn")
        train(load_settings(home=home.root), overrides=QUICK)
    pull_release(home)
    return home


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """Debian's Chromium; its tests skip where it is not installed."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip("no chromium on the PATH: install it (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: "Browser", request: pytest.FixtureRequest) -> Iterator[Callable[..., "Page"]]:
    """Opens pages in a browser of their own that fail the test where the console shows an error.

    may_tell: what stands in an error that the console may show.
    """
    contexts = request.node.stash.setdefault(OPENED_CONTEXTS, [])
    complaints = []

    def opened(width: int = 1280, *, may_complain: bool = False, may_tell: str = "", **options: object) -> "Page":
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        if may_complain:
            return page

        def told(complaint: str) -> None:
            if not (may_tell and may_tell in complaint):
                complaints.append(complaint)

        page.on("console", lambda message: message.type == "error" and told(message.text))
        page.on("pageerror", lambda error: told(str(error)))
        return page

    yield opened
    assert complaints == []
