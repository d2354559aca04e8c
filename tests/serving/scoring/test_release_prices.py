"""Prices belong to the parts that they were solved for: another model, rule or line of code has none of them."""

import json
from pathlib import Path

import pytest

from linewise.core.errors import NotReady
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.decisioning.prices import NO_PRICES, Prices
from serving.scoring.archive import open_archived
from serving.scoring.deciding import Decider
from serving.scoring.inputs import inputs_of
from serving.scoring.opening import open_decider, open_recommender
from serving.scoring.readiness import examine
from serving.scoring.release import solved_for, with_prices
from serving.scoring.release_prices import SolvedPrices, other_prices, prices_for, read_prices, write_prices

PARTS = "0123456789abcdef"
PRICES = Prices(contact_amt=250, loss_ratio=0.75)


def test_what_is_written_is_read_and_says_how_it_was_solved(home: Home):
    written = SolvedPrices(PRICES, PARTS, {"gap_ratio": 1e-6})
    write_prices(home, written)
    assert read_prices(home, PARTS) == written


def test_without_a_file_nothing_is_scarce(home: Home):
    assert prices_for(home, PARTS) == NO_PRICES


def test_prices_of_other_parts_count_for_nothing_and_are_named(home: Home):
    write_prices(home, SolvedPrices(PRICES, "fedcba9876543210"))
    assert prices_for(home, PARTS) == NO_PRICES
    assert other_prices(home, PARTS) == ["fedcba9876543210"]


SPOILT = {
    "renamed": (lambda told: told | {"solved_for": "fedcba9876543210"}, "were solved for the parts fedcba"),
    "negative": (lambda told: told | {"prices": {"loss_ratio": -1.0}}, "loss_ratio is -1"),
    "unknown": (lambda told: told | {"prices": {"luck_ratio": 1.0}}, "cannot be read"),
    "without prices": (lambda told: {"solved_for": PARTS}, "cannot be read"),
    "a list": (lambda told: [told], "cannot be read"),
}


@pytest.mark.parametrize(("change", "told"), SPOILT.values(), ids=SPOILT.keys())
def test_a_file_that_is_not_these_prices_is_refused_with_what_to_run(home: Home, change, told: str):
    path = write_prices(home, SolvedPrices(PRICES, PARTS))
    path.write_text(json.dumps(change(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")
    with pytest.raises(NotReady, match=told) as refused:
        prices_for(home, PARTS)
    assert "linewise portfolio solve" in str(refused.value)


def test_a_file_that_is_cut_off_is_refused(home: Home):
    path = write_prices(home, SolvedPrices(PRICES, PARTS))
    path.write_text(path.read_text(encoding="utf-8")[:20], encoding="utf-8")
    with pytest.raises(NotReady, match="cannot be read"):
        prices_for(home, PARTS)


@pytest.fixture
def recommender(served_home: Home) -> Decider:
    return open_recommender(load_settings(home=served_home.root))


@pytest.fixture
def priced_home(served_home: Home) -> Home:
    """The served home with prices for what decides there, taken away again."""
    recommender = open_decider(load_settings(home=served_home.root))
    path = write_prices(served_home, SolvedPrices(PRICES, solved_for(recommender.versions)))
    yield served_home
    path.unlink()


def test_solved_prices_make_another_release_that_keeps_them_in_its_archive(priced_home: Home):
    priced = open_recommender(load_settings(home=priced_home.root))
    free = priced.at_prices(NO_PRICES)
    assert priced.prices == PRICES
    assert priced.versions.release_id != free.versions.release_id
    assert solved_for(priced.versions) == solved_for(free.versions)
    assert open_archived(priced_home, priced.versions.release_id).prices == PRICES


def test_prices_are_a_part_of_what_a_decision_is_given(priced_home: Home):
    priced = open_decider(load_settings(home=priced_home.root))
    decisions = priced.decide(priced.customer_ids()[:1], priced.context("voice"))
    assert inputs_of(decisions, 0, priced.prices)["prices"] == {"contact_amt": 250.0, "loss_ratio": 0.75}


def test_a_dear_contact_is_proposed_to_fewer(priced_home: Home):
    priced = open_decider(load_settings(home=priced_home.root))
    ids, context = priced.customer_ids(), priced.context("voice", explain=False)

    def shown(desk: Decider) -> int:
        return int((desk.decide(ids, context).offers.rank >= 0).sum())

    # Who is shown offers in a fixed order sees them whatever they use.
    assert shown(priced.at_prices(Prices(contact_amt=1e12))) < shown(priced.at_prices(NO_PRICES))


def test_doctor_says_which_prices_hold_and_which_were_solved_for_something_else(priced_home: Home):
    def finding():
        return next(one for one in examine(load_settings(home=priced_home.root)) if one.part == "prices")

    assert (finding().state, finding().detail) == ("ok", "contact_amt 250, loss_ratio 0.75")
    (kept,) = priced_home.prices_dir.glob("*.json")
    kept.rename(moved := kept.with_stem("fedcba9876543210"))
    try:
        assert finding().state == "stale"
        assert "fedcba9876543210" in finding().detail
        assert finding().command == "linewise portfolio solve"
    finally:
        moved.rename(kept)


def test_other_prices_leave_every_other_part_as_it_was(recommender: Decider):
    changed = with_prices(recommender.versions, PRICES)
    assert {name for name in changed.digests if changed.digests[name] != recommender.versions.digests[name]} == {
        "prices"
    }


def test_an_archive_of_before_prices_were_kept_is_whole(served_home: Home, recommender: Decider, tmp_path: Path):
    import shutil

    from serving.scoring.archive import read_archived
    from tests.serving.scoring.test_archive import told

    kept = Path(shutil.copytree(served_home.archive_dir / recommender.versions.release_id, tmp_path / "kept"))
    told(kept, lambda parts: parts.pop("prices"))
    assert read_archived(kept).prices == NO_PRICES
