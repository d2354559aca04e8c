"""An export that is killed and gone on with comes to the same files, contacts and record; thirty kills are a soak."""

from pathlib import Path

from tests.serving.campaigns.kills import export_is_the_same_however_often_it_is_killed


def test_an_export_that_was_killed_comes_to_the_same_files_and_contacts(tmp_path: Path) -> None:
    export_is_the_same_however_often_it_is_killed(tmp_path, row_count=3_000, kills=1)
