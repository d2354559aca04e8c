"""An export that is killed at any moment and gone on with comes to the same files, contacts and record."""

from pathlib import Path

from tests.serving.campaigns.kills import export_is_the_same_however_often_it_is_killed


def test_an_export_killed_three_times_comes_to_the_same_files_and_contacts(tmp_path: Path) -> None:
    export_is_the_same_however_often_it_is_killed(tmp_path, row_count=3_000, kills=3)
