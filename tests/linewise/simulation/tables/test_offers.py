import numpy as np

from linewise.simulation.lives.record import EXPOSURE, OFFERS, OUTCOME, OUTCOMES, QUEUES, SHOWN_IN
from linewise.simulation.tables.offers import exposure_table, outcome_table
from tests.linewise.simulation.tables.builders import LivedBank, at_s, chunk_of, event, person, texts

NOON = at_s("2026-03-05 12:00")
CALL = {
    "a": OFFERS.index("CARD_GOLD"), "b": SHOWN_IN.index("voice"), "c": 1, "d": -1, "e": 17,
    "f": QUEUES.index("bills"), "x": 0.25,
}  # fmt: skip
MESSAGE = {"a": 0, "b": SHOWN_IN.index("sms"), "c": -1, "d": -1, "e": -1, "f": -1, "x": np.nan}


def test_an_offer_shown_in_a_call_names_agent_team_queue_and_the_chance_it_had() -> None:
    row = exposure_table(chunk_of([person(3)], events=[event(EXPOSURE, NOON, **CALL)])).to_pylist()[0]
    assert (row["exposure_id"], row["offer_id"], row["channel"]) == ("EX000000030000", "CARD_GOLD", "voice")
    assert (row["agent_id"], row["team"], row["queue"]) == ("agent-017", "team-01", "bills")
    assert (row["is_pitched"], row["not_pitched_reason"], row["pscore"]) == (True, None, 0.25)
    assert (row["decision_id"], row["x_is_randomised"]) == (None, False)


def test_what_nobody_noted_of_a_message_is_missing() -> None:
    row = exposure_table(chunk_of([person()], events=[event(EXPOSURE, NOON, **MESSAGE)])).to_pylist()[0]
    assert {row[name] for name in ("agent_id", "team", "queue", "is_pitched", "pscore")} == {None}


def test_an_offer_by_lot_is_marked() -> None:
    given = [event(EXPOSURE, NOON, **(MESSAGE | {"g": 1})), event(EXPOSURE, NOON + 1, **MESSAGE)]
    assert texts(exposure_table(chunk_of([person()], events=given)), "x_is_randomised") == [True, False]


def test_an_answer_names_the_showing_it_answers_and_an_order_of_ones_own_accord_none() -> None:
    ordered = {"a": OFFERS.index("CARD_GOLD"), "b": OUTCOMES.index("ordered"), "c": -1}
    events = [
        event(EXPOSURE, NOON, **MESSAGE),
        event(EXPOSURE, NOON + 60, **CALL),
        event(OUTCOME, NOON + 120, d=1, **ordered),
        event(OUTCOME, NOON + 999, d=-1, **ordered),
    ]
    chunk = chunk_of([person(3)], events=events)
    outcomes = outcome_table(chunk)
    assert texts(outcomes, "exposure_id") == [texts(exposure_table(chunk), "exposure_id")[1], None]
    assert texts(outcomes, "outcome") == ["ordered", "ordered"]
    assert outcomes["reason_code"].null_count == 2


def test_every_answer_comes_after_the_showing_of_its_own_offer(bank: LivedBank) -> None:
    shown = {row["exposure_id"]: row for row in bank.tables["exposures"].to_pylist()}
    answers = [row for row in bank.tables["outcomes"].to_pylist() if row["exposure_id"] is not None]
    assert len(answers) > 50
    for row in answers:
        showing = shown[row["exposure_id"]]
        assert (row["offer_id"], row["customer_id"]) == (showing["offer_id"], showing["customer_id"])
        assert row["occurred_at"] >= showing["shown_at"]
