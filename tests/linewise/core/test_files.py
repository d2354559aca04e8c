import errno
import os
from pathlib import Path

import pytest

from linewise.core.errors import StorageFull
from linewise.core.files import folder_written_whole, written_whole


def put(target: Path, text: str) -> None:
    with folder_written_whole(target) as draft:
        (draft / "a").write_text(text, encoding="utf-8")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_process_left_is_cleared_by_the_next_one(tmp_path: Path) -> None:
    target = tmp_path / "bank"
    put(target, "before")
    for left in (".bank.new-dead", ".bank.old-dead"):
        (tmp_path / left / "below").mkdir(parents=True)
    (tmp_path / ".bank-of-another.new-x").mkdir()
    put(target, "after")
    assert names(tmp_path) == [".bank-of-another.new-x", "bank"]
    assert (target / "a").read_text(encoding="utf-8") == "after"


def test_a_folder_moved_aside_by_a_process_killed_before_it_was_done_takes_its_name_again(tmp_path: Path) -> None:
    target = tmp_path / "bank"
    put(target, "before")
    target.rename(tmp_path / ".bank.old-dead")
    (tmp_path / ".bank.new-dead").mkdir()
    with pytest.raises(ZeroDivisionError), folder_written_whole(target):
        raise ZeroDivisionError
    assert names(tmp_path) == ["bank"]
    assert (target / "a").read_text(encoding="utf-8") == "before"


def test_a_draft_that_is_being_written_is_not_taken_for_one_that_was_left(tmp_path: Path) -> None:
    target = tmp_path / "bank"
    with folder_written_whole(target) as draft:
        (draft / "a").write_text("last", encoding="utf-8")
        put(target, "first")
        assert (target / "a").read_text(encoding="utf-8") == "first"
    assert (target / "a").read_text(encoding="utf-8") == "last"
    assert names(tmp_path) == ["bank"]


def test_a_folder_is_put_back_where_the_new_one_cannot_take_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "bank"
    put(target, "before")
    rename = Path.rename

    def interrupted(path: Path, to: Path) -> Path:
        if ".new-" in path.name:
            raise KeyboardInterrupt
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        put(target, "after")
    assert names(tmp_path) == ["bank"]
    assert (target / "a").read_text(encoding="utf-8") == "before"


def test_a_full_disk_is_told_with_its_folder_and_what_is_free(tmp_path: Path) -> None:
    target = tmp_path / "bank"
    put(target, "before")
    with pytest.raises(StorageFull) as caught, folder_written_whole(target) as draft:
        # The kernel's own full device.
        (draft / "a").symlink_to("/dev/full")
        (draft / "a").write_text("after", encoding="utf-8")
    told = str(caught.value)
    assert f"The disk of {tmp_path} is full" in told
    assert "GB are free" in told
    assert (caught.value.http_status, caught.value.exit_code) == (507, 1)
    assert names(tmp_path) == ["bank"]
    assert (target / "a").read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize(
    "err",
    [
        OSError(errno.ENOSPC, "x"),
        OSError(errno.EDQUOT, "x"),
        OSError(f"Cannot write. Detail: {os.strerror(errno.ENOSPC)}"),
    ],
)
def test_a_full_disk_is_known_by_its_number_and_by_its_words(tmp_path: Path, err: OSError) -> None:
    with pytest.raises(StorageFull), written_whole(tmp_path / "a"):
        raise err


def test_another_fault_of_the_disk_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), written_whole(tmp_path / "a"):
        raise PermissionError(errno.EACCES, "x")
