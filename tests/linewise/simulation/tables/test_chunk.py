import numpy as np

from linewise.simulation.lives.record import CALL, CASE
from linewise.simulation.tables.chunk import CARD, CURRENT, HOUR_US, SUPPLEMENTARY, local_us
from tests.linewise.simulation.tables.builders import at_s, chunk_of, event, person

TWO = [person(1, has_payroll=1), person(12, has_supplementary=1)]


def test_an_account_is_named_after_its_kind_and_its_customer() -> None:
    chunk = chunk_of(TWO)
    found = chunk.account_ids(np.array([0, 0, 1, 1]), np.array([CURRENT, CARD, CARD, SUPPLEMENTARY]))
    assert found.to_pylist() == ["A00000001", "K00000001", "K00000012", "S00000012"]


def test_only_accounts_that_there_are_have_names() -> None:
    chunk = chunk_of(TWO)
    assert chunk.account_ids(np.array([1, 0]), np.array([CURRENT, SUPPLEMENTARY])).null_count == 2


def test_events_are_ranked_among_those_of_their_kind_and_customer() -> None:
    noon = at_s("2026-03-05 12:00")
    kinds = [(CALL, 0), (CASE, 0), (CALL, 0), (CALL, 1)]
    events = [event(kind, noon + i, person=who) for i, (kind, who) in enumerate(kinds)]
    calls = chunk_of(TWO, events=events).events(CALL)
    assert calls.rank.tolist() == [0, 1, 0]
    assert calls.number.tolist() == [1, 1, 12]


def test_a_local_day_begins_at_its_own_midnight_also_where_clocks_change() -> None:
    days = np.array(["2026-03-08", "2026-03-09", "2026-11-02"], dtype="datetime64[D]").astype(np.int64)
    wanted = [
        at_s(f"{day} 00:00", "America/New_York") * 1_000_000 for day in ("2026-03-08", "2026-03-09", "2026-11-02")
    ]
    assert local_us("America/New_York", days).tolist() == wanted
    assert np.diff(local_us("America/New_York", days))[0] == 23 * HOUR_US
