"""The frames of a base shared out over processes: what is planned is the same, whoever decided what."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, get_context
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from linewise.bank.tables import open_bank
from linewise.core.errors import Conflict
from linewise.core.settings import Settings
from serving.campaigns.base import Opening, open_base
from serving.campaigns.brief.audience import read_audience
from serving.campaigns.brief.reading import read_brief
from serving.campaigns.gathering import sharing_out
from serving.campaigns.gathering.candidates import Candidates
from serving.campaigns.gathering.first_pass import gather
from serving.campaigns.gathering.frame_pass import FramePass
from serving.campaigns.gathering.several import Several
from serving.campaigns.gathering.sharing_out import Helpers
from serving.campaigns.planning.writing import Planned
from tests.serving.campaigns.briefs import brief_file

Plan = Callable[..., list[Planned]]
SMALL = 150


@pytest.fixture
def decided_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """From where on the frames went that this process decided; a base of any size is shared out."""
    monkeypatch.setattr(sharing_out, "SHARED_FROM", 1)
    here: list[int] = []
    found = FramePass.found

    def noted(self, frame, elsewhere):
        here.append(frame.start)
        return found(self, frame, elsewhere)

    monkeypatch.setattr(FramePass, "found", noted)
    yield here
    assert not active_children()


def test_a_plan_is_the_same_bytes_whoever_decided_its_frames(
    plan: Plan, decided_here: list[int], tmp_path: Path
) -> None:
    (alone,) = plan(brief_file(tmp_path), frame=SMALL)
    assert alone.folder is not None
    before = {path.name: path.read_bytes() for path in alone.folder.iterdir()}
    of_all = set(decided_here)
    decided_here.clear()
    done: list[int] = []
    (shared,) = plan(brief_file(tmp_path), frame=SMALL, processes=2, advance=done.append)
    assert shared.folder is not None
    assert {path.name: path.read_bytes() for path in shared.folder.iterdir()} == before
    # The other one was given some before this one took its first.
    assert set(decided_here) < of_all
    assert len(decided_here) <= len(of_all) - sharing_out.TAKEN
    assert len(done) == len(of_all)


def test_a_helper_is_told_who_of_a_frame_is_on_a_live_list(planning: Settings, tmp_path: Path) -> None:
    path = brief_file(tmp_path)
    brief = read_brief(path)
    opening = Opening(planning.model_copy(update={"now": open_bank(planning.paths).clock(planning).now()}), SMALL)
    with Helpers(opening, 1) as helpers:
        base = open_base(opening)
        # Who is on it differs from frame to frame.
        listed = (np.arange(len(base)) // 7 % 3 == 0).astype(np.int16)
        several = Several.of(base, [brief], [read_audience(brief, path, base.bank)], ["LIVE"], [listed])
        shared, alone = gather(base, several, helpers), gather(base, several)
    assert shared.waterfalls[0].as_json() == alone.waterfalls[0].as_json()
    assert shared.waterfalls[0].reasons["duplicates"]["ON_LIST_LIVE"] > 0
    assert not listed[shared.candidates.place].any()
    for name in Candidates.__slots__:
        np.testing.assert_array_equal(getattr(shared.candidates, name), getattr(alone.candidates, name))


def test_frames_of_a_process_that_is_killed_are_decided_by_the_one_that_is_left(
    plan: Plan, decided_here: list[int], tmp_path: Path
) -> None:
    (alone,) = plan(brief_file(tmp_path), frame=SMALL, dry_run=True)
    of_all = set(decided_here)
    decided_here.clear()

    def killing(_: int) -> None:
        for one in active_children():
            assert one.pid is not None
            os.kill(one.pid, signal.SIGKILL)

    (shared,) = plan(brief_file(tmp_path), frame=SMALL, processes=2, advance=killing, dry_run=True)
    assert shared.told == alone.told
    assert set(decided_here) == of_all


def test_a_home_that_another_process_finds_changed_is_not_planned_on(
    plan: Plan, decided_here: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing_out, "_state", lambda base: ("another bank", base.generation.id, ""))
    with pytest.raises(Conflict, match=r"was changed while .* Run the command again"):
        plan(brief_file(tmp_path), frame=SMALL, processes=2, dry_run=True)


@pytest.mark.parametrize(
    ("customer_count", "processes", "helpers"),
    [
        (0, 8, 0),
        (249_999, 8, 0),
        (250_000, 1, 0),
        (250_000, 8, 1),
        (1_000_000, 2, 1),
        (1_000_000, 8, 4),
        (10_000_000, 64, 5),
    ],
)
def test_there_are_as_many_helpers_as_cores_and_customers_are_worth(
    customer_count: int, processes: int, helpers: int
) -> None:
    assert sharing_out._helpers(customer_count, processes) == helpers


def test_a_small_base_is_decided_by_one_process(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sharing_out, "ProcessPoolExecutor")
    (planned,) = plan(brief_file(tmp_path), processes=8, dry_run=True)
    assert planned.told["arms"]["treated"] > 0


def test_other_processes_end_with_the_one_that_began_them() -> None:
    ours, theirs = get_context("spawn").Pipe(duplex=False)
    first = get_context("spawn").Process(target=_begins_another, args=(theirs,))
    first.start()
    assert ours.poll(60)
    other = ours.recv()
    first.kill()
    first.join()
    ends = time.monotonic() + 30
    while _is_there(other):
        assert time.monotonic() < ends
        time.sleep(0.05)


def _is_there(pid: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def _begins_another(telling: Connection) -> None:
    pool = ProcessPoolExecutor(1, get_context("spawn"), sharing_out._begin)
    telling.send(pool.submit(os.getpid).result())
    signal.pause()
