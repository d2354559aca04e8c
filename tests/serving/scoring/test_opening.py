"""A home is opened for what is asked of it: to send what was decided, nobody of its bank has to be known."""

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.scoring.opening import open_recommender, open_to_send


def test_what_opens_to_send_is_the_release_that_decides_and_knows_nobody(served_home: Home) -> None:
    settings = load_settings(home=served_home.root, language="en")
    sends, decides = open_to_send(settings), open_recommender(settings)
    assert sends.versions == decides.versions
    assert (sends.customer_ids(), len(decides.customer_ids()) > 0) == ([], True)
    assert (sends.killed_kinds(), sends.generation().id) == (decides.killed_kinds(), decides.generation().id)


def test_what_opens_to_send_is_archived_for_replay(served_home: Home) -> None:
    sends = open_to_send(load_settings(home=served_home.root, language="en"))
    assert (served_home.archive_dir / sends.versions.release_id).is_dir()
