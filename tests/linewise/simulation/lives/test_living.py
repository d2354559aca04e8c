import inspect
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from linewise.core.files import sha256_of
from linewise.simulation.lives import living
from linewise.simulation.lives.living import Intervention, live
from linewise.simulation.lives.record import EXPOSURE, LIMIT_CHANGE, OUTCOME, Lives
from linewise.simulation.world import World
from tests.linewise.simulation.lives.builders import Lived, lived_in, rows_of, same_rows

WORLD = World(month_count=8, seed=1)
NUMBERS = np.arange(1, 301)
MONTH = 4
TOLD_A_MONTH_LATER = ("paid_amt", "days_past_due")
AS_IT_ENDS = ("e", "f", "g")
"""Of a loan or plan: what is left, and how it stands at the end of the data."""


@pytest.fixture(scope="module")
def plain() -> Lives:
    return live(WORLD, NUMBERS)


def is_same(one: Lives, other: Lives) -> bool:
    return all(same_rows(getattr(one, name), getattr(other, name)) for name in Lives.__slots__)


@pytest.mark.parametrize("company", [[5], [5, 6], [300, 5, 1]], ids=["alone", "in front", "in between"])
def test_a_customer_is_the_same_in_any_company_and_order(plain: Lives, company: list[int]) -> None:
    other = live(WORLD, np.array(company))
    at = company.index(5)
    assert same_rows(other.people[[at]], plain.people[[4]])
    assert same_rows(other.months[at], plain.months[4])
    assert same_rows(rows_of(other.postings, at), rows_of(plain.postings, 4))
    assert same_rows(rows_of(other.events, at), rows_of(plain.events, 4))
    assert len(rows_of(plain.postings, 4)) > 0


def test_the_number_of_customers_is_no_part_of_a_life(plain: Lives) -> None:
    assert is_same(live(WORLD.resized(17), NUMBERS), plain)


def test_the_same_seed_gives_the_same_lives_and_another_seed_others(plain: Lives) -> None:
    assert is_same(live(WORLD, NUMBERS), plain)
    other = live(WORLD.model_copy(update={"seed": 2}), NUMBERS)
    assert np.mean(other.people["risk"] == plain.people["risk"]) == 0.0


def test_a_long_life_that_outgrows_its_book_is_written_again_whole() -> None:
    # The busiest of many customers have more postings than room is made for.
    crowd = live(WORLD, np.arange(1, 3001))
    busiest = crowd.people["number"][np.argsort(np.bincount(crowd.postings["person"], minlength=3000))[-200:]]
    world = World(month_count=60, seed=1)
    together = live(world, busiest)
    assert len(together.postings) > 200 * 60 * living._POSTINGS_A_MONTH + 4096
    alone = live(world, busiest[:1])
    assert same_rows(alone.months[0], together.months[0])
    assert same_rows(rows_of(together.postings, 0), alone.postings)


def test_rows_lie_by_customer_and_moment(plain: Lives) -> None:
    for rows in (plain.postings, plain.events):
        person, at_s = rows["person"].astype(np.int64), rows["at_s"]
        assert np.all(np.diff(person) >= 0)
        assert np.all(np.diff(at_s)[np.diff(person) == 0] >= 0)


def test_nothing_changed_is_the_same_life(plain: Lives) -> None:
    assert is_same(live(WORLD, NUMBERS, intervention=Intervention(MONTH)), plain)
    assert is_same(live(WORLD, NUMBERS, intervention=Intervention(MONTH, np.full(300, math.nan))), plain)


def test_months_beyond_the_data_leave_the_data_as_they_are(plain: Lives) -> None:
    longer = live(WORLD, NUMBERS, extra_months=5)
    assert longer.months.shape == (300, 13)
    assert same_rows(longer.months[:, :8], plain.months)
    assert same_rows(longer.postings, plain.postings)
    assert same_rows(longer.events, plain.events)
    assert same_rows(longer.people, plain.people)


def test_months_are_the_same_without_postings(plain: Lives) -> None:
    bare = live(WORLD, NUMBERS, with_postings=False)
    assert not len(bare.postings)
    assert same_rows(bare.months, plain.months)
    assert same_rows(bare.events, plain.events)


@pytest.mark.parametrize(
    "action",
    [Intervention(MONTH, 2.0), Intervention(MONTH, 0.5), Intervention(MONTH, offer=1), Intervention(MONTH, future=7)],
    ids=["raise", "cut", "offer", "another future"],
)
def test_what_lies_before_a_change_stays_as_it_was(plain: Lives, action: Intervention) -> None:
    other = live(WORLD, NUMBERS, intervention=action)
    assert same_rows(other.months[:, : MONTH - 1], plain.months[:, : MONTH - 1])
    assert same_rows(other.months[:, MONTH - 1], plain.months[:, MONTH - 1], but=TOLD_A_MONTH_LATER)
    begins_s = Lived(WORLD, plain).ends_s[:, MONTH]
    for field in ("postings", "events"):
        before = [
            rows[rows["at_s"] < begins_s[rows["person"]]] for rows in (getattr(plain, field), getattr(other, field))
        ]
        assert len(before[0]) > 0
        assert same_rows(*before, but=AS_IT_ENDS if field == "events" else ())
    assert not same_rows(other.months[:, MONTH:], plain.months[:, MONTH:])


def test_a_raise_never_lowers_the_limit_and_a_cut_never_lifts_it() -> None:
    factor = np.linspace(0.3, 3.0, 300)
    lives = live(WORLD, NUMBERS, intervention=Intervention(MONTH, factor), with_postings=False)
    bank = Lived(WORLD, lives)
    changes = bank.events(LIMIT_CHANGE, c=1, d=0)
    forced = changes[(bank.month_of(changes) == MONTH) & np.isnan(changes["x"])]
    assert len(forced) > 200
    step = WORLD.profile.terms.limit_step_amt
    wanted = forced["a"] * factor[forced["person"]]
    assert np.all(np.abs(forced["b"] - wanted) <= 0.5 * step + 1e-6)
    assert np.all((forced["b"] > forced["a"]) == (factor[forced["person"]] > 1.0))


def test_each_customer_may_be_given_another_action(plain: Lives) -> None:
    factor = np.where(NUMBERS % 2 == 0, 2.0, math.nan)
    mixed = live(WORLD, NUMBERS, intervention=Intervention(MONTH, factor), with_postings=False)
    all_raised = live(WORLD, NUMBERS, intervention=Intervention(MONTH, 2.0), with_postings=False)
    assert same_rows(mixed.months[1::2], all_raised.months[1::2])
    assert same_rows(mixed.months[0::2], plain.months[0::2])


def test_an_answer_names_the_showing_that_it_answers(lived: Lived) -> None:
    shown, answers = lived.events(EXPOSURE), lived.events(OUTCOME)
    answers = answers[answers["d"] >= 0]
    first = np.searchsorted(shown["person"], answers["person"])
    named = shown[first + answers["d"]]
    assert len(answers) > 1000
    assert np.array_equal(named["person"], answers["person"])
    assert np.array_equal(named["a"], answers["a"])
    assert np.all(named["at_s"] < answers["at_s"])


def test_nothing_is_told_from_outside_the_data(lived: Lived) -> None:
    one = lived.world.surroundings[0]
    postings, events = lived.lives.postings, lived.lives.events
    assert postings["at_s"].min() >= one["first_s"]
    assert postings["at_s"].max() < one["last_s"] <= lived.world.calendar.data_until_s
    assert events["at_s"].max() < one["last_s"]


@pytest.fixture(scope="module")
def months_of() -> dict[str, NDArray[Any]]:
    """The months of 5,000 customers in three worlds of one seed."""
    worlds = {name: World(month_count=12, seed=1, name=name) for name in ("base", "downturn", "thin-margin")}
    return {name: lived_in(world, 5000, with_postings=False).lives.months for name, world in worlds.items()}


@pytest.mark.parametrize("name", ["downturn", "thin-margin"])
def test_a_worse_world_has_more_in_arrears(months_of: dict[str, NDArray[Any]], name: str) -> None:
    assert (months_of[name]["bucket"] >= 1).mean() > 1.2 * (months_of["base"]["bucket"] >= 1).mean()


@pytest.mark.parametrize("name", ["downturn", "thin-margin"])
def test_a_worse_world_earns_less(months_of: dict[str, NDArray[Any]], name: str) -> None:
    assert months_of[name]["profit_amt"].mean() < 0.95 * months_of["base"]["profit_amt"].mean()


@pytest.mark.parametrize("name", ["tiny", "dirty"])
def test_a_world_that_differs_in_its_records_alone_has_the_same_lives(plain: Lives, name: str) -> None:
    assert is_same(live(WORLD.model_copy(update={"name": name}), NUMBERS), plain)


def test_behaviour_drifts_from_the_known_month_on_and_not_before() -> None:
    base, drift = (World(month_count=12, seed=1, name=name) for name in ("base", "drift"))
    before, after = lived_in(base, 1500), lived_in(drift, 1500)
    month = drift.drift_month
    assert base.drift_month > base.month_count > month
    assert same_rows(before.lives.months[:, :month], after.lives.months[:, :month], but=TOLD_A_MONTH_LATER)
    online = []
    for bank in (before, after):
        postings = bank.lives.postings
        bought = postings[(postings["kind"] == 0) & (postings["account"] > 0) & (bank.month_of(postings) >= month)]
        online.append((bought["channel"] >= 3).mean())
    assert online[1] > online[0] + 0.05


def test_what_is_compiled_is_compiled_anew_when_any_equation_changes() -> None:
    loop = living._live_all().py_func
    told = inspect.getclosurevars(loop).nonlocals["digest"]
    files = sorted(Path(living.__file__).parent.glob("*.py"))
    assert len(files) > 15
    assert told == sha256_of(*files)
    assert told != sha256_of(*files[1:])
