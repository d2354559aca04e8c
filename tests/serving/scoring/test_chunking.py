"""Requests that wait while another is decided are decided with it, each as if it were alone."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.online import OnlineGeneration
from linewise.core.errors import FeaturesMissing, UnknownCustomer
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.decisioning.types import Context
from linewise.ledger.by_release import who_made
from linewise.ledger.record import read_decision
from serving.scoring.call import Call
from serving.scoring.chunking import CHUNK_MOST, Chunks, Made, Request
from serving.scoring.opening import open_recommender
from serving.scoring.recommender import Recommender
from serving.scoring.replay import replay
from tests.serving.scoring.former_release import a_home_beside

pytestmark = pytest.mark.slow

WAITED = 6


@pytest.fixture(scope="module")
def desk(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    home = a_home_beside(served_home, tmp_path_factory.mktemp("chunking") / "home")
    return open_recommender(load_settings(home=home.root, language="en"))


@pytest.fixture(scope="module")
def context(desk: Recommender) -> Context:
    return desk.context("voice")


@pytest.fixture(scope="module")
def generation(desk: Recommender) -> OnlineGeneration:
    return desk.generation()


def names_of(requests: Sequence[Request]) -> list[Any]:
    """What stands for a decision where it does not matter what is decided."""
    return [one.customer_id for one in requests]


def waiting_for(chunks: Chunks, requests: Sequence[Request], make: Callable[[Sequence[Request]], Any]) -> Any:
    """What becomes of the first, while all the others wait."""
    if len(requests) == 1:
        with chunks.waiting(requests[0]):
            return chunks.made(requests[0], make)
    with chunks.waiting(requests[-1]):
        return waiting_for(chunks, requests[:-1], make)


def test_all_who_wait_in_the_same_circumstances_are_decided_in_one_turn(context: Context, generation: OnlineGeneration):
    requests = [Request(f"c{place}", context, generation, 0.0) for place in range(WAITED)]
    assert waiting_for(Chunks(), requests, names_of) == "c0"
    assert [one.made for one in requests] == [f"c{place}" for place in range(WAITED)]


@pytest.mark.parametrize(
    "change",
    [
        lambda one: {"customer_id": "c0"},
        lambda one: {"second_amt": 9.0},
        lambda one: {"goes_alone": True},
        lambda one: {"context": replace(one.context, language="zh-CN")},
        lambda one: {"context": replace(one.context, has_voiced_complaint=True)},
        lambda one: {"context": replace(one.context, decline_count_call=1)},
    ],
    ids=["the same customer", "a dearer second", "asked for", "another language", "a complaint", "declined before"],
)
def test_who_comes_in_other_circumstances_waits_for_their_own_turn(
    context: Context, generation: OnlineGeneration, change: Callable[[Request], dict[str, Any]]
):
    first, other = (Request(f"c{place}", context, generation, 0.0) for place in range(2))
    other = replace(other, **change(other))
    waiting_for(Chunks(), [first, other], names_of)
    assert (first.made, other.made) == ("c0", None)


def test_another_moment_is_no_other_circumstance(context: Context, generation: OnlineGeneration):
    later = replace(context, decided_at=context.decided_at + timedelta(seconds=1))
    assert Request("a", context, generation, 0.0).goes_with(Request("b", later, generation, 0.0))


def test_a_chunk_is_bounded_and_who_was_left_over_goes_into_the_next(context: Context, generation: OnlineGeneration):
    requests = [Request(f"c{place}", context, generation, 0.0) for place in range(CHUNK_MOST + 3)]
    waiting_for(Chunks(), requests, names_of)
    assert sum(one.made is not None for one in requests) == CHUNK_MOST


def test_what_cannot_be_decided_of_one_is_told_to_that_one_alone(context: Context, generation: OnlineGeneration):
    chunks, bad = Chunks(), "c1"
    requests = [Request(f"c{place}", context, generation, 0.0) for place in range(3)]
    tried = []

    def make(some: Sequence[Request]) -> Any:
        tried.append(names_of(some))
        if bad in names_of(some):
            raise UnknownCustomer(bad)
        return names_of(some)

    assert waiting_for(chunks, requests, make) == "c0"
    assert [one.made for one in requests] == [None, None, None]
    with pytest.raises(UnknownCustomer, match=bad):
        waiting_for(chunks, requests[1:2], make)
    assert waiting_for(chunks, requests[2:], make) == "c2"
    assert sorted(map(len, tried)) == [1, 1, 1, 3]


def test_a_request_that_was_given_up_is_decided_by_nobody(context: Context, generation: OnlineGeneration):
    chunks = Chunks()
    first, gone = (Request(f"c{place}", context, generation, 0.0) for place in range(2))
    with pytest.raises(FeaturesMissing), chunks.waiting(gone):
        raise FeaturesMissing("nothing", "")
    waiting_for(chunks, [first], names_of)
    assert gone.made is None


# ---- of a whole home ---------------------------------------------------------------------------------------------


def all_at_once(desk: Recommender, customer_ids: Sequence[str], *calls: Call) -> tuple[list[Any], list[int]]:
    """Decisions that begin while somebody has the turn, and the sizes of the chunks in which they were made."""
    sizes = []

    def counted(requests: Sequence[Request], found_spent: Any) -> list[Made]:
        sizes.append(len(requests))
        return Recommender._made(desk, requests, found_spent)

    turns, given = desk.ledger.writer.turns, [*calls] or [Call()]
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(len(customer_ids)) as pool:
        patch.setattr(desk, "_made", counted)
        with turns.turn():
            going = [
                pool.submit(desk.decide_one, one, "voice", call=given[place % len(given)])
                for place, one in enumerate(customer_ids)
            ]
            deadline = time.monotonic() + 30
            while turns.waiting_count < len(customer_ids) and time.monotonic() < deadline:
                threading.Event().wait(0.002)
        return [one.result(60) for one in going], sizes


@settings(max_examples=5, deadline=None)
@given(first=st.integers(0, 150), step=st.integers(1, 9))
def test_who_is_decided_in_a_chunk_is_answered_as_if_alone_and_replays(desk: Recommender, first: int, step: int):
    customer_ids = desk.customer_ids()[first : first + step * WAITED : step]
    alone = [desk.answer(desk.decide([one], desk.context("voice")), 0) for one in customer_ids]
    answers, sizes = all_at_once(desk, customer_ids)
    assert sizes == [WAITED]
    for answer, expected in zip(answers, alone, strict=True):
        assert {name: answer[name] for name in expected.keys() - {"decided_at"}} == {
            name: expected[name] for name in expected.keys() - {"decided_at"}
        }
        assert read_decision(desk.ledger, answer["decision_id"]).answer == answer
    made = [who_made(desk.ledger, one["decision_id"]) for one in answers]
    assert {one.verdict for one in replay(desk.settings.paths, desk.ledger, made).replayed} == {"identical"}


def test_a_complaint_in_one_of_the_calls_withdraws_nothing_in_the_others(desk: Recommender):
    customer_ids = desk.customer_ids()[200 : 200 + WAITED]
    calm, angry = Call(), Call(has_voiced_complaint=True)
    answers, sizes = all_at_once(desk, customer_ids, calm, angry)
    assert sorted(sizes) == [WAITED // 2, WAITED // 2]
    sold = [{one["kind"] for one in answer["offers"]} & {"promotional"} for answer in answers]
    assert not any(sold[1::2])
    assert any(sold[::2])


def test_a_stranger_in_the_crowd_is_told_so_and_all_others_are_answered(desk: Recommender):
    customer_ids = [*desk.customer_ids()[300 : 300 + WAITED], "nobody"]
    with pytest.raises(UnknownCustomer):
        all_at_once(desk, customer_ids)
    answers, sizes = all_at_once(desk, customer_ids[:-1])
    assert [one["customer_id"] for one in answers] == customer_ids[:-1]
    assert sizes == [WAITED]


def test_a_desk_never_decides_what_waits_at_its_copy(desk: Recommender):
    assert copy(desk)._chunks is not desk._chunks
