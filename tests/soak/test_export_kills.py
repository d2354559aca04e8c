"""A campaign's export, killed thirty times and on a disk that fills, comes to the export that nobody disturbed."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from linewise.core.errors import StorageFull
from linewise.core.home import Home
from linewise.ledger.store import open_ledger
from serving.campaigns.exporting.asking import ExportOptions
from serving.campaigns.exporting.export import export_campaign
from serving.campaigns.exporting.manifest import problems_of
from serving.campaigns.plan.files import campaign_dir, exports_dir
from tests.serving.campaigns.exports import ID, SIGNED_BY, a_list, desk_of_plan, write_plan
from tests.serving.campaigns.kills import export_is_the_same_however_often_it_is_killed

pytestmark = pytest.mark.soak


def test_an_export_killed_thirty_times_comes_to_the_same_files_and_contacts(tmp_path: Path) -> None:
    export_is_the_same_however_often_it_is_killed(tmp_path, row_count=12_000, kills=30, seed=9)


@pytest.fixture
def home_on_a_small_disk(tmp_path: Path) -> Iterator[Home]:
    """A home whose campaigns lie on a disk of 4 MB."""
    home, mount = Home(tmp_path / "home"), shutil.which("mount")
    folder = campaign_dir(home, ID)
    folder.mkdir(parents=True)
    call = [str(mount), "-t", "tmpfs", "-o", "size=4m", "none", str(folder)]
    if mount is None or subprocess.run(call, check=False, capture_output=True).returncode != 0:
        pytest.skip("A small disk cannot be mounted here; that needs the rights of an administrator.")
    yield home
    subprocess.run(["umount", str(folder)], check=True)


def test_an_export_larger_than_the_disk_leaves_nothing_and_is_gone_on_with_once_there_is_room(
    home_on_a_small_disk: Home,
) -> None:
    home = home_on_a_small_disk
    plan, ledger = write_plan(home, a_list(20_000)), open_ledger(home)
    desk = desk_of_plan(home, ledger)
    free = shutil.disk_usage(campaign_dir(home, ID)).free
    with pytest.raises(StorageFull):
        export_campaign(desk, plan, SIGNED_BY, ExportOptions(by="mei"))
    assert list(exports_dir(home, ID).iterdir()) == []
    assert shutil.disk_usage(campaign_dir(home, ID)).free == pytest.approx(free, abs=100_000)
    subprocess.run(["mount", "-o", "remount,size=64m", str(campaign_dir(home, ID))], check=True)
    made = export_campaign(desk, plan, SIGNED_BY, ExportOptions(by="mei"))
    assert (made.is_resumed, problems_of(made.folder)) == (True, [])
    ledger.close()
