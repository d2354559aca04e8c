from datetime import datetime

from linewise.simulation.lives.record import CONTACT_CHANGE
from linewise.simulation.tables.chunk import Chunk
from linewise.simulation.tables.contact_points import contact_point_table
from tests.linewise.simulation.tables.builders import AMERICAN, at_s, chunk_of, event, lives_of, moment, person

NOON = at_s("2026-03-05 12:00")
CROWD = [person(number) for number in range(1, 1_001)]


def _latest(rows: list[dict[str, object]]) -> dict[tuple[object, object], dict[str, object]]:
    return {(row["customer_id"], row["channel"]): row for row in rows}


def test_everyone_is_reached_by_message_and_not_everyone_by_mail() -> None:
    latest = _latest(contact_point_table(chunk_of(CROWD)).to_pylist())
    reached = {channel: sum(key[1] == channel for key in latest) for channel in ("sms", "telephone", "push", "email")}
    assert reached["sms"] == 1_000 > reached["telephone"] > reached["push"] > reached["email"] > 300


def test_a_refusal_is_a_state_of_its_own_and_the_last_one() -> None:
    rows = contact_point_table(chunk_of(CROWD)).to_pylist()
    refused: dict[tuple[object, object], datetime] = {}
    for row in rows:
        key = (row["customer_id"], row["channel"])
        assert row["is_opted_out"] or key not in refused
        if row["is_opted_out"]:
            refused.setdefault(key, row["changed_at"])
    assert 0.05 < len(refused) / len(_latest(rows)) < 0.15


def test_a_new_number_gives_a_new_token_for_messages_and_calls_and_none_for_mail() -> None:
    given = [event(CONTACT_CHANGE, NOON, person=i, a=0) for i in range(1_000)]
    rows = contact_point_table(chunk_of(CROWD, events=given)).to_pylist()
    changed = [row for row in rows if row["changed_at"] == moment(NOON)]
    assert {row["channel"] for row in changed} == {"sms", "telephone"}
    before = {(row["customer_id"], row["channel"]): row["token"] for row in rows if row["changed_at"] < moment(NOON)}
    assert all(row["token"] != before[row["customer_id"], row["channel"]] for row in changed)


def test_a_refusal_does_not_change_the_number() -> None:
    rows = contact_point_table(chunk_of(CROWD)).to_pylist()
    tokens: dict[tuple[object, object], set[object]] = {}
    for row in rows:
        if row["channel"] in ("push", "email"):
            tokens.setdefault((row["customer_id"], row["channel"]), set()).add(row["token"])
    assert all(len(one) == 1 for one in tokens.values())


def test_some_telephones_are_elsewhere_than_their_owners() -> None:
    rows = contact_point_table(Chunk(AMERICAN, lives_of(CROWD))).to_pylist()
    elsewhere = [row for row in rows if row["time_zone"] is not None]
    assert 0 < len(elsewhere) < 0.06 * len(rows)
    assert {row["channel"] for row in elsewhere} == {"sms", "telephone"}
